"""Columns that rows only carry along while they are settled, each read when it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl


@dataclass(frozen=True, slots=True)
class Carried:
    """Rows that stay where they are, in the batches or in a frame, and are spoken of by their spot.

    A spot is a row's number in `rows`. A step of settling moves spots and numbers about, which is a tenth of
    a row; the texts are picked once, at the end, a column at a time, so that one column is in memory.
    """

    rows: pl.LazyFrame

    def take(self, *wanted: tuple[pl.Series, Sequence[str]]) -> list[pl.DataFrame]:
        """For each pair of spots and columns these columns of these rows; a null spot gives nulls."""
        found: list[dict[str, pl.Series]] = [{} for _ in wanted]
        for column in dict.fromkeys(column for _, columns in wanted for column in columns):
            # One piece: picking rows by index out of many costs five times as much.
            values = self.rows.select(column).collect().to_series().rechunk()
            for part, (spots, columns) in zip(found, wanted, strict=True):
                if column in columns:
                    part[column] = values.gather(spots)
        return [
            pl.DataFrame([part[c] for c in columns]) for part, (_, columns) in zip(found, wanted, strict=True)
        ]


def ties(same: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where sorted values equal a neighbour, and the number of the group of equals that each belongs to.

    same: whether a value equals the one before it, from the second one on.
    """
    spots = np.flatnonzero(np.r_[False, same] | np.r_[same, False])
    return spots, np.cumsum(np.r_[True, ~same])[spots]


def first_spots(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The different values of these columns, and the spot of the row of least rank that has them."""
    # One number of both: the least of it is found without looking for the row again.
    packed = rows.select(*by, spot=pl.col("rank").cast(pl.UInt64) * 2**32 + pl.col("spot"))
    return packed.group_by(by).agg(pl.min("spot")).with_columns((pl.col("spot") % 2**32).cast(pl.UInt32))
