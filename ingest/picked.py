"""Reads single rows back out of batches, each proved by its own key."""

from collections.abc import Mapping

import polars as pl

from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from ingest.ledger import BatchRecord, batch_path
from ingest.rows import batch_columns, row_keys
from ingest.template import template

_FRAME = ("sheet", "line", "row", "row_key", "flags")


def picked_rows(home: LakeHome, name: str, wanted: Mapping[BatchRecord, pl.Series]) -> pl.DataFrame:
    """The rows of a template with these numbers (`row`): columns as of `rows.batch_columns`, then `source`.

    UnreadableSource when a row's content is not what its key was made of: the file was damaged.
    """
    columns = batch_columns(template(name))
    frames = [_picked(home, record, rows, columns) for record, rows in wanted.items() if rows.len()]
    if not frames:
        return pl.DataFrame(schema={**columns, "source": pl.String()})
    return pl.concat(frames, rechunk=True)


def _picked(
    home: LakeHome, record: BatchRecord, numbers: pl.Series, columns: dict[str, pl.DataType]
) -> pl.DataFrame:
    try:
        scanned = pl.scan_parquet(batch_path(home, record))
        stored = scanned.collect_schema().names()
        found = scanned.filter(pl.col("row").is_in(numbers.implode())).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _damaged(record) from error
    missing = [pl.lit(None, dtype=dtype).alias(c) for c, dtype in columns.items() if c not in stored]
    rows = found.with_columns(missing).select(list(columns))
    fields = [name for name in columns if name not in _FRAME]
    identity = ["row", *fields] if template(record.template).order_counts else fields
    if rows.height < numbers.n_unique() or not (row_keys(rows, identity) == rows["row_key"]).all():
        raise _damaged(record)
    return rows.with_columns(source=pl.lit(record.sha256))


def _damaged(record: BatchRecord) -> UnreadableSource:
    return UnreadableSource(
        f"The batch {record.template}/{record.sha256[:12]} is damaged; load that file again first,"
        " or unload it.",
        file=record.path,
    )
