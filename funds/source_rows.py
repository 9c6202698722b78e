"""The rows of source files behind movements: a sum's way back to its evidence."""

from collections.abc import Sequence

import polars as pl

from graph.lake.tables import LakeTables

_TABLES = ("TRANSFER", "CASH_OUT", "CASH_IN", "TOPUP")
_PROOF = ("source", "row", "other_source", "other_row")


def rows_behind(tables: LakeTables, event_keys: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """(file's sha256, row) of these events, mirror rows included, sorted, each once; no keys give none."""
    wanted = pl.Series(list(event_keys), dtype=pl.String)
    found: set[tuple[str, int]] = set()
    for name in _TABLES:
        table = tables.scan(name).filter(pl.col("event_key").is_in(wanted.implode())).select(_PROOF).collect()
        for source, row, other, other_row in table.iter_rows():
            found.add((source, row))
            if other is not None:
                found.add((other, other_row))
    return tuple(sorted(found))
