"""Which files report the same rows: overlapping exports, counted by pair."""

from collections.abc import Sequence

import polars as pl

from graph.lake.home import LakeHome
from ingest.batch import read_batches
from ingest.ledger import BatchRecord

SCHEMA: dict[str, pl.DataType] = {
    "template": pl.String(),
    "first": pl.String(),
    "second": pl.String(),
    "rows": pl.Int64(),
}


def overlaps(home: LakeHome, records: Sequence[BatchRecord]) -> pl.DataFrame:
    """Pairs of files that hold equal rows (SCHEMA; first and second are sha256), most rows first.

    A row that stands in three files counts in each of their pairs.
    """
    found = []
    for name in sorted({record.template for record in records}):
        keys = read_batches(home, records, name, ["row_key"]).unique()
        shared = keys.filter(pl.col("row_key").is_duplicated())
        pairs = (
            shared.join(shared, on="row_key", suffix="_other")
            .filter(pl.col("source") < pl.col("source_other"))
            .group_by(first="source", second="source_other")
            .agg(rows=pl.len().cast(pl.Int64))
        )
        found.append(pairs.select(pl.lit(name).alias("template"), "first", "second", "rows"))
    if not found:
        return pl.DataFrame(schema=SCHEMA)
    order = ["rows", "template", "first", "second"]
    return pl.concat(found).sort(order, descending=[True, False, False, False])
