"""Writes what was not loaded: one line a rejected row or file, with its place, raw text and reason."""

import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import polars as pl

from graph.durable import remove, replacing
from graph.lake.home import LakeHome
from ingest.reasons import Reason


def write_rejects(home: LakeHome, sha256: str, file: str, rejects: Iterable[pl.DataFrame]) -> Path | None:
    """Replace a file's quarantine lines (JSON Lines); no rejects remove the old lines.

    rejects: pieces in order, with sheet, line, column, code, raw (hexadecimal) as of `rows.REJECT_SCHEMA`.
    """
    pieces = (piece for piece in rejects if piece.height)
    first = next(pieces, None)
    place = home.quarantine / f"{sha256}.jsonl"
    if first is None:
        remove(place)
        return None
    with replacing(place) as temporary, temporary.open("w", encoding="utf-8") as handle:
        for piece in chain([first], pieces):
            for row in piece.iter_rows(named=True):
                reason = Reason(row["code"])
                line = {"file": file, "sha256": sha256, **row, "zh": reason.zh, "en": reason.en}
                handle.write(json.dumps(line, ensure_ascii=False) + "\n")
        handle.flush()
    return place


def read_rejects(home: LakeHome, sha256: str) -> list[dict[str, object]]:
    """The quarantine lines of a file, none when all its rows were loaded."""
    place = home.quarantine / f"{sha256}.jsonl"
    if not place.exists():
        return []
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
