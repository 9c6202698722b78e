"""Joins two amount columns, one for money out and one for money in, to one amount and its direction."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from ingest.clean.cleaned import Cleaned
from ingest.reasons import Level, Reason
from ingest.template import Template

AMOUNT, DIRECTION = "amount", "direction"


def join_sides(cleaned: Mapping[str, Cleaned], template: Template) -> dict[str, Cleaned]:
    """The cleaned columns with `amount` and `direction` as the columns of sides say them.

    A side (`Column.side`) is one of two amount columns, such as 借方发生额 and 贷方发生额: the one
    that is filled and not zero is the amount and tells the direction; its sign stays. 0.00 beside a value is
    nothing. Rows with both sides, or with a side that the sheet's own amount or direction contradicts, are
    AMOUNTS_DIFFER; rows with neither, MISSING_KEY. Without a column of sides everything stays as it was.
    """
    sides = {
        column.side: cleaned[f] for f, column in template.columns.items() if column.side and f in cleaned
    }
    if not sides:
        return dict(cleaned)
    fields = {column.side: f for f, column in template.columns.items() if column.side in sides}
    height = len(next(iter(sides.values())).values)
    amount = pl.repeat(None, height, dtype=pl.Int64, eager=True)
    direction = pl.repeat(None, height, dtype=pl.String, eager=True)
    filled = pl.repeat(0, height, dtype=pl.Int8, eager=True)
    refused = _none(height)
    for side, one in sides.items():
        says = (one.values != 0).fill_null(False)
        amount, direction = amount.zip_with(~says, one.values), direction.set(says, side)
        filled += says.cast(pl.Int8)
        refused = refused | _refused(one, height)
    own = {field: cleaned[field].values for field in (AMOUNT, DIRECTION) if field in cleaned}
    differs = (filled > 1) | _contradicted(amount, direction, own)
    if own.keys() == {AMOUNT, DIRECTION}:  # a row that only the sheet's own columns speak of
        alone = (filled == 0) & own[AMOUNT].is_not_null()
        amount, direction = amount.zip_with(~alone, own[AMOUNT]), direction.zip_with(~alone, own[DIRECTION])
        filled += alone.cast(pl.Int8)
    first = fields[next(iter(sides))]
    found = {Reason.AMOUNTS_DIFFER: differs, Reason.MISSING_KEY: (filled == 0) & ~refused}
    codes = {**cleaned[first].codes, **{reason: mask for reason, mask in found.items() if mask.any()}}
    joined = {AMOUNT: amount, DIRECTION: direction}
    return {
        **cleaned,
        **{f: replace(cleaned[f], values=v) if f in cleaned else Cleaned(v) for f, v in joined.items()},
        first: replace(cleaned[first], codes=codes),
    }


def _contradicted(amount: pl.Series, direction: pl.Series, own: Mapping[str, pl.Series]) -> pl.Series:
    """Where the sheet's own amount (its sign aside) or direction is another than the sides say."""
    differs = _none(len(amount))
    if AMOUNT in own:
        differs = differs | (own[AMOUNT].abs() != amount.abs()).fill_null(False)
    if DIRECTION in own:
        differs = differs | (own[DIRECTION] != direction).fill_null(False)
    return differs


def _refused(one: Cleaned, height: int) -> pl.Series:
    """Where a cell is empty only because it was refused."""
    masks = [mask for reason, mask in one.codes.items() if reason.level is Level.ROW]
    refused = _none(height)
    for mask in masks:
        refused = refused | mask.fill_null(False)
    return refused


def _none(height: int) -> pl.Series:
    return pl.repeat(False, height, dtype=pl.Boolean, eager=True)
