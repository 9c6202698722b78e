"""The lake as it stood at an instant: rows of later times taken out, so that a test can't know the future."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import polars as pl

from graph.durable import make_folder
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, write_tables
from graph.parameters import CHINA
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES, stored_tables

# Nodes that come into being when somebody writes them down, and the column that says when.
_WRITTEN_AT = {"Case": "opened_at", "ControlOrder": "started_at", "Tip": "received_at"}
# Columns that say what was so at another column's time, and are unknown before it.
_TOLD_AT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Account": {"closed_at": ("closed_at",), "balance_at": ("balance_at", "balance_fen")},
    "Sim": {"verified_at": ("verified_at", "verify_result")},
    "ControlOrder": {"ended_at": ("ended_at",)},
}
# Columns that say how things stand now, without saying since when; before the end they are unknown.
_UNDATED = {
    "Account": ("status", "grade"),
    "Sim": ("status",),
    "Case": ("status",),
    "ControlOrder": ("executed_fen",),
}

_OPENED = frozenset({"Account", "Sim"})
_ALWAYS = frozenset({"key", "source", "row", "bank", "number", "synthetic"})


def frames_as_of(tables: LakeTables, at: datetime) -> dict[str, pl.DataFrame]:
    """Every table with what its own rows' times say was known at the instant `at`; empty ones are left out.

    Events after `at` go, those known by day until their day is over; edges that begin later go, ends that lie
    later become open. Cases, orders, tips, entries of lists and what hangs on them go when written later; a
    report goes with its case. Of accounts and SIMs opened later only the bare key stays. What
    stands without a time (names, addresses, status, counted uses of a device) can't be dated: status and
    grades are taken out, the rest stays as it is in the lake.
    """
    frames = {name: tables.frame(name) for name in stored_tables() if tables.rows.get(name)}
    kept = {name: _nodes(name, frame, at) for name, frame in frames.items() if name in NODE_TYPES}
    if "Report" in kept:
        kept["Report"] = _reports(kept["Report"], frames.get("Case"), kept.get("Case"), at)
    gone = _named({name: frames[name].join(frame, on="key", how="anti") for name, frame in kept.items()})
    unopened = _named({name: frames[name].filter(pl.col("opened_at") > at) for name in _OPENED & set(frames)})
    for name, frame in frames.items():
        if name in RELATION_TYPES:
            event = RELATION_TYPES[name].event
            rows = _without_ends(_events(frame, at) if event else _edges(name, frame, at), gone)
            kept[name] = rows if event else _without_ends(rows, unopened)
    return {name: frame for name, frame in kept.items() if frame.height}


@contextmanager
def lake_as_of(home: LakeHome, tables: LakeTables, at: datetime) -> Iterator[LakeTables]:
    """Tables of `frames_as_of` as files below `<home>/spill` (mode 0700), removed when the block ends."""
    folder = home.root / "spill" / str(os.getpid()) / f"as-of-{int(at.timestamp())}"
    make_folder(folder, 0o700)
    try:
        yield write_tables(LakeHome(folder), frames_as_of(tables, at))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # Polars may have files of its own there
            folder.parent.rmdir()


def _named(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The nodes of these frames as type, key."""
    none = pl.DataFrame(schema={"type": pl.String(), "key": pl.String()})
    named = [frame.select(pl.lit(name).alias("type"), "key") for name, frame in sorted(frames.items())]
    return pl.concat([none, *named])


def _without_ends(rows: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    for end in ("from", "to"):
        rows = rows.join(nodes, left_on=[f"{end}_type", f"{end}_key"], right_on=["type", "key"], how="anti")
    return rows


def _nodes(name: str, frame: pl.DataFrame, at: datetime) -> pl.DataFrame:
    written = _WRITTEN_AT.get(name)
    if written is not None:
        frame = frame.filter(pl.col(written).is_null() | (pl.col(written) <= at))
    if name == "ListEntry":
        day = at.astimezone(CHINA).date()
        frame = frame.filter(pl.col("valid_from_on").is_null() | (pl.col("valid_from_on") <= day))
        later = pl.col("valid_to_on") > day
        frame = frame.with_columns(pl.when(~later.fill_null(False)).then("valid_to_on").alias("valid_to_on"))
    for column, told in _TOLD_AT.get(name, {}).items():
        known = (pl.col(column) <= at).fill_null(False)
        frame = frame.with_columns([pl.when(known).then(pl.col(one)).alias(one) for one in told])
    for one in _UNDATED.get(name, ()):
        frame = frame.with_columns(pl.lit(None, dtype=frame.schema[one]).alias(one))
    if name in _OPENED:
        properties = [column for column in frame.columns if column not in _ALWAYS]
        unopened = (pl.col("opened_at") > at).fill_null(False)
        frame = frame.with_columns([pl.when(~unopened).then(pl.col(one)).alias(one) for one in properties])
    return frame


def _reports(
    reports: pl.DataFrame, cases: pl.DataFrame | None, kept: pl.DataFrame | None, at: datetime
) -> pl.DataFrame:
    """Reports of payments made by then whose case, where it has one, was opened by then."""
    reports = reports.filter(pl.col("paid_at").is_null() | (pl.col("paid_at") <= at))
    if cases is None or kept is None:
        return reports
    later = cases.join(kept, on="key", how="anti").select("key")
    return reports.join(later, left_on="case_number", right_on="key", how="anti")


def _events(frame: pl.DataFrame, at: datetime) -> pl.DataFrame:
    known = pl.col("at")
    if "precision" in frame.columns:
        whole_day = pl.col("precision").eq_missing("day")
        known = pl.when(whole_day).then(pl.col("at") + timedelta(days=1)).otherwise(pl.col("at"))
    if "ended_at" in frame.columns:
        known = pl.max_horizontal(known, "ended_at")
    return frame.filter(known <= at)


def _edges(name: str, frame: pl.DataFrame, at: datetime) -> pl.DataFrame:
    frame = frame.filter(pl.col("valid_from_at").is_null() | (pl.col("valid_from_at") <= at))
    if name == "SAME_AS":
        frame = frame.filter(pl.col("judged_at").is_null() | (pl.col("judged_at") <= at))
    over = (pl.col("valid_to_at") <= at).fill_null(False)
    return frame.with_columns(pl.when(over).then("valid_to_at").alias("valid_to_at"))
