"""Finds records that judgements name by a row of a file, once an equal row of another file stands for it."""

import re
from collections.abc import Sequence

import polars as pl

from graph.lake.home import LakeHome
from ingest.judgements import Judgement
from ingest.ledger import BatchRecord, batch_path

# The key of a record without any number: the first row, by file and number, that says exactly this.
_BY_ROW = re.compile(r"^local:([0-9a-f]{64}):([0-9]+)$")


def content_of(home: LakeHome, records: Sequence[BatchRecord], key: str) -> str:
    """The row key (hash of content) of the row behind a local key; empty for any other key."""
    found = _BY_ROW.match(key)
    if found is None:
        return ""
    for record in records:
        if record.sha256 == found[1]:
            rows = pl.scan_parquet(batch_path(home, record)).filter(pl.col("row") == int(found[2]))
            hashes = rows.select("row_key").collect().to_series()
            if not hashes.is_empty():
                return str(hashes[0])
    return ""


def moves(
    home: LakeHome, records: Sequence[BatchRecord], judged: Sequence[Judgement], people: pl.DataFrame | None
) -> dict[str, str]:
    """Judged local key -> the key that the same content has now, for keys no record bears any more.

    people: the Person nodes. Batches are read only when a judged record is missing.
    """
    ends = {key: content for j in judged for key, content in j.ends if content and j.type == "Person"}
    known = set() if people is None else set(people.filter(pl.col("key").str.starts_with("local:"))["key"])
    lost = {key: content for key, content in ends.items() if key not in known}
    if not lost:
        return {}
    now: dict[str, str] = {}
    for record in records:
        rows = pl.scan_parquet(batch_path(home, record)).filter(pl.col("row_key").is_in(list(lost.values())))
        for content, row in rows.select("row_key", "row").sort("row").collect().iter_rows():
            key = f"local:{record.sha256}:{row}"
            if key in known:
                now.setdefault(content, key)
    return {key: now[content] for key, content in sorted(lost.items()) if content in now}
