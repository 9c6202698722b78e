"""Stores the proposals beside the detection results, sealed, and reads them back."""

import os
from collections.abc import Sequence
from typing import Any

import polars as pl

from detect.changes.find import find_changes
from detect.changes.values import Against, Change, Changes, Sign
from detect.plain import ref_record, rows_of_records
from detect.results import Row
from graph import durable
from graph.contract import Ref
from graph.durable import disk, make_folder, put, remove
from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.seal import read_sealed, seal, unbroken, write_sealed
from graph.lake.tables import open_tables

MANIFEST, FORMAT = "changes.json", 1
_REMEDY = "remove it and run `python -m detect changes`"
_REF = pl.Struct({"type": pl.String, "key": pl.String})
_ROWS = pl.List(pl.Struct({"source": pl.String, "row": pl.Int64}))
_INSTANT = pl.Datetime("us", "UTC")
_SCHEMA: dict[str, Any] = {
    "change_id": pl.String,
    "old": _REF,
    "new": _REF,
    "how": pl.String,
    "ended_at": _INSTANT,
    "began_at": _INSTANT,
    "score": pl.Float64,
    "weight": pl.Float64,
    "margin": pl.Float64,
    "stability": pl.Float64,
    "decided": pl.Boolean,
    "together": pl.Int64,
    "rivals": pl.List(_REF),
    "signs": pl.List(
        pl.Struct(
            {
                "kind": pl.String,
                "before": _REF,
                "after": _REF,
                "value": pl.Float64,
                "before_rows": _ROWS,
                "after_rows": _ROWS,
            }
        )
    ),
    "against": pl.List(pl.Struct({"name": pl.String, "value": pl.Float64, "rows": _ROWS})),
}


def write_changes(home: LakeHome, changes: Changes) -> None:
    """Put the proposals in force; a reader sees the old ones or the new ones. Equal values, equal bytes."""
    frame = pl.DataFrame([_record(change) for change in changes.changes], schema=_SCHEMA)
    with disk(home.findings):
        make_folder(home.findings)
        path = home.findings / f"changes.{os.getpid()}.tmp"
        durable.step("write", path)
        frame.write_parquet(path, compression="zstd", compression_level=1)
        durable.step("written", path)
        said = seal(path)
        place = home.findings / f"changes-{said[:16]}.parquet"
        put(path, place)
        manifest = {
            "format": FORMAT,
            "file": place.name,
            "seal": said,
            "lake_digest": changes.lake_digest,
            "unseen": list(changes.unseen),
            "ended": dict(changes.ended),
            "began": dict(changes.began),
        }
        write_sealed(home.findings / MANIFEST, {"changes": manifest})
        for other in home.findings.glob("changes*"):
            if other.name not in (MANIFEST, place.name):
                remove(other)


def open_changes(home: LakeHome) -> Changes | None:
    """The stored proposals; None when none were ever looked for. UnreadableSource when they are damaged."""
    try:
        body = read_sealed(home.findings / MANIFEST)
    except ValueError as error:
        raise UnreadableSource(
            f"The list of proposed changes is damaged on disk; {_REMEDY}.", file=MANIFEST
        ) from error
    if body is None:
        return None
    manifest = body["changes"]
    path = home.findings / manifest["file"]
    if not unbroken(path, manifest["seal"]):
        raise UnreadableSource(
            f"The proposed changes are missing or damaged on disk; {_REMEDY}.", file=manifest["file"]
        )
    return Changes(
        manifest["lake_digest"],
        tuple(_change(r) for r in pl.read_parquet(path).iter_rows(named=True)),
        tuple(manifest["unseen"]),
        tuple(sorted(manifest["ended"].items())),
        tuple(sorted(manifest["began"].items())),
    )


def current_changes(home: LakeHome) -> Changes:
    """The proposals of the lake as it is now: those stored, else found, stored and given."""
    tables = open_tables(home)
    found = open_changes(home)
    if found is None or found.lake_digest != tables.digest.digest:
        found = find_changes(tables)
        write_changes(home, found)
    return found


def changes_of(changes: Changes, refs: Sequence[Ref]) -> tuple[Change, ...]:
    """The proposals that name one of the nodes on either side, in stored order."""
    wanted = set(refs)
    return tuple(change for change in changes.changes if change.old in wanted or change.new in wanted)


def _record(change: Change) -> dict[str, Any]:
    plain = {
        name: getattr(change, name)
        for name in _SCHEMA
        if name not in ("old", "new", "rivals", "signs", "against")
    }
    return plain | {
        "old": ref_record(change.old),
        "new": ref_record(change.new),
        "rivals": [ref_record(rival) for rival in change.rivals],
        "signs": [
            {
                "kind": s.kind,
                "before": ref_record(s.before),
                "after": ref_record(s.after),
                "value": s.value,
                "before_rows": _rows(s.before_rows),
                "after_rows": _rows(s.after_rows),
            }
            for s in change.signs
        ],
        "against": [{"name": a.name, "value": a.value, "rows": _rows(a.rows)} for a in change.against],
    }


def _change(record: dict[str, Any]) -> Change:
    signs = tuple(
        Sign(
            s["kind"],
            Ref(**s["before"]),
            Ref(**s["after"]),
            s["value"],
            rows_of_records(s["before_rows"]),
            rows_of_records(s["after_rows"]),
        )
        for s in record["signs"]
    )
    against = tuple(Against(a["name"], a["value"], rows_of_records(a["rows"])) for a in record["against"])
    return Change(
        **record
        | {
            "old": Ref(**record["old"]),
            "new": Ref(**record["new"]),
            "rivals": tuple(Ref(**rival) for rival in record["rivals"]),
            "signs": signs,
            "against": against,
        }
    )


def _rows(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    return [{"source": source, "row": row} for source, row in rows]
