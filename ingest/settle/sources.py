"""Reads the rows that batches in force hold, each different row once."""

from collections.abc import Sequence

import polars as pl

from graph.lake.home import LakeHome
from ingest.batch import read_batches
from ingest.ledger import BatchRecord


class Sources:
    """Rows by template, read when asked for."""

    def __init__(self, home: LakeHome, records: Sequence[BatchRecord]) -> None:
        self._home, self._records = home, records

    def rows(self, name: str) -> pl.DataFrame:
        """The different rows of a template (G1: identical rows are one), sorted by their content's key.

        Columns as of `rows.batch_columns`, then `source`; of identical rows the first by (source, row) stays.
        """
        frame = read_batches(self._home, self._records, name)
        ordered = frame.sort("row_key", "source", "row")
        return ordered.unique("row_key", keep="first", maintain_order=True)

    def read_rows(self, name: str) -> int:
        """Rows that the batches of a template hold, repeated ones included."""
        return sum(record.rows for record in self._records if record.template == name)


def flagged(code: str, field: str) -> pl.Expr:
    """Whether a row carries a flag on a field."""
    return pl.col("flags").str.contains(f"{code}@{field}", literal=True).fill_null(False)
