"""Rows by key in layers: what a newer layer says of a key stands for all that older ones said of it."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ingest.kept.stored import scan, store

_MOST_LAYERS = 8


class Keyed:
    """Rows of one kind in files, oldest first; `key` is the column that names what a row is about.

    Every kind has columns rank and row_key: who says it, and in which row.
    """

    def __init__(self, name: str, key: str, places: Sequence[Path]) -> None:
        self.name, self.key, self.places = name, key, tuple(places)

    def rows(self, keys: pl.Series) -> pl.DataFrame:
        """All rows in force about these keys."""
        left, found = keys.drop_nulls().unique(), []
        for place in reversed(self.places):
            part = scan(place).filter(pl.col(self.key).is_in(left.implode())).collect()
            found.append(part)
            left = left.filter(~left.is_in(part[self.key].unique().implode()))
        return pl.concat(found).filter(~pl.col("nothing")).drop("nothing")

    def keys_where(self, column: str, values: pl.Series) -> pl.Series:
        """Keys of which a row says, or once said, one of these values in a column."""
        some = pl.col(column).is_in(values.drop_nulls().unique().implode())
        found = [scan(place).filter(some).select(self.key).collect().to_series() for place in self.places]
        return pl.concat(found).unique()

    def changed(self, folder: Path, keys: pl.Series, rows: pl.DataFrame) -> "Keyed":
        """With `rows` as all there is about `keys`; written to the folder, in fewer files when too many."""
        empty = keys.drop_nulls().unique()
        empty = empty.filter(~empty.is_in(rows[self.key].implode()))
        bare = pl.DataFrame({self.key: empty}, schema={self.key: rows.schema[self.key]})
        layer = pl.concat(
            [rows.with_columns(nothing=pl.lit(False)), bare.with_columns(nothing=pl.lit(True))],
            how="diagonal",
        )
        ordered = _ordered(layer.select(*rows.columns, "nothing"), self.key)
        places = [*self.places, store(folder, self.name, ordered)]
        if len(places) > _MOST_LAYERS:
            places = [places[0], self._as_one(folder, places[1:])]
        return Keyed(self.name, self.key, places)

    def _as_one(self, folder: Path, places: Sequence[Path]) -> Path:
        kept = scan(places[-1]).collect()
        for place in reversed(places[:-1]):
            older = scan(place).collect()
            kept = pl.concat([kept, older.filter(~pl.col(self.key).is_in(kept[self.key].implode()))])
        return store(folder, self.name, _ordered(kept, self.key))


def new_keyed(folder: Path, name: str, key: str, rows: pl.DataFrame) -> Keyed:
    """Rows in one file, in the folder."""
    ordered = _ordered(rows.with_columns(nothing=pl.lit(False)), key)
    return Keyed(name, key, [store(folder, name, ordered)])


def _ordered(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """In one order, however the rows were found, so that the same rows are kept as the same bytes."""
    return rows.sort(key, "rank", "row_key", nulls_last=True, maintain_order=True)
