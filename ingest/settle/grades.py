"""Grades A to D of files, by rows kept and, for bank sheets, by balances that follow (DOMAIN 3.1)."""

from collections.abc import Mapping, Sequence

import polars as pl
from polars.dataframe.group_by import GroupBy

from ingest.ledger import LOADED, FileRecord
from ingest.settle.ledgers import BOUNDS, Ledgers

SCHEMA: dict[str, pl.DataType] = {
    "sha256": pl.String(),
    "file": pl.String(),
    "grade": pl.String(),
    "kept": pl.Float64(),
    "links": pl.Int64(),
    "held": pl.Int64(),
}


def grade(share: float | None) -> str:
    """A from 99.9 %, B from 99 %, C from 95 %, else D; unknown is D too."""
    if share is None:
        return "D"
    return next((name for least, name in reversed(BOUNDS) if share >= least), "D")


def links_by_file(checked: Ledgers) -> dict[str, tuple[int, int]]:
    """sha256 -> balances of its rows that could be compared with the row before, and those that follow."""
    by_source = by_file(checked).agg(
        links=pl.col("holds").count().cast(pl.Int64), held=pl.col("holds").sum().cast(pl.Int64)
    )
    return {source: (links, held) for source, links, held in by_source.sort("source").iter_rows()}


def by_file(checked: Ledgers) -> GroupBy:
    """Ledger rows grouped by `source`."""
    rows = checked.rows.select("spot", "holds") if checked.carried else checked.rows.select("source", "holds")
    if checked.carried is not None:
        rows = rows.hstack(checked.carried.take((rows["spot"], ["source"]))[0])
    return rows.group_by("source")


def file_grades(files: Sequence[FileRecord], links: Mapping[str, Sequence[int]]) -> pl.DataFrame:
    """One row a loaded file (SCHEMA), in the order of loading; links as of `links_by_file`.

    kept: share of its rows that were not rejected. links, held: both 0 where it has no balances. A bank
    sheet's grade is the worse of the two shares (D without balances), any other file's that of rows kept.
    """
    rows = []
    for record in files:
        if record.state != LOADED:
            continue
        kept = 1 - record.rejected / record.rows_in if record.rows_in else 1.0
        compared, held = links.get(record.sha256, (0, 0))
        worst = grade(kept)
        if "bank_sheet" in record.template.split("+"):
            worst = max(worst, grade(held / compared if compared else None))
        rows.append((record.sha256, record.file, worst, kept, compared, held))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
