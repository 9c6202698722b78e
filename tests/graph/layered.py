"""Writes a world into a lake in layers: rows come late, are mended, and wrong ones go."""

from collections.abc import Mapping

import polars as pl

from graph.lake.home import LakeHome
from graph.lake.layers import Change, LayerLimits, net, write_changes
from graph.lake.tables import LakeTables, write_tables
from graph.schema.catalog import RELATION_TYPES

ANY_SHARE = LayerLimits(layers=8, share=1000.0)
"""Keeps the layers of tables of a few rows."""


def write_layered(home: LakeHome, frames: Mapping[str, pl.DataFrame]) -> LakeTables:
    """Tables with the rows of `frames`, each type in a whole file and two or three layers over it."""
    first, mended, late, gone = {}, {}, {}, {}
    for name, frame in frames.items():
        head, tail, nothing = frame[:1], frame[1:2], frame.clear()
        wrong = head.with_columns(pl.col("row") + 70, pl.lit("9" * 64).alias("source"))
        stray = _renamed(name, head)
        first[name] = pl.concat([wrong, frame[2:], stray])
        mended[name] = Change(wrong, head)
        late[name] = Change(nothing, tail)
        gone[name] = Change(stray, nothing)
    tables = write_tables(home, first)
    for changes in (mended, late, gone):
        tables = write_changes(home, tables, changes, limits=ANY_SHARE)
    return tables


def changes_between(old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame]) -> dict[str, Change]:
    """What makes the one world the other."""
    return {name: net(name, Change(old[name], new[name])) for name in new}


def _renamed(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows as others, at the same ends where they have ends."""
    if name not in RELATION_TYPES:
        return rows.with_columns(pl.lit("invented-0").alias("key"))
    if RELATION_TYPES[name].event:
        return rows.with_columns(pl.lit("e0").alias("event_key"))
    return rows.with_columns(pl.col("valid_from_at") - pl.duration(days=9))
