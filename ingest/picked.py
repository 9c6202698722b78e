"""Reads single rows back out of batches, each proved by its own key."""

from collections.abc import Mapping

import polars as pl

from graph.lake.home import LakeHome
from ingest.batch import damaged, rows_of
from ingest.ledger import BatchRecord
from ingest.rows import batch_columns, content_fields, row_keys
from ingest.template import template


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
        rows = rows_of(home, record, columns).filter(pl.col("row").is_in(numbers.implode())).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise damaged(record) from error
    fields = content_fields(columns)
    identity = ["row", *fields] if template(record.template).order_counts else fields
    if rows.height < numbers.n_unique() or not (row_keys(rows, identity) == rows["row_key"]).all():
        raise damaged(record)
    return rows
