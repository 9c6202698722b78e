"""Cleans a column by its kind: each different text is cleaned once, then spread back over the rows."""

from collections.abc import Callable

import polars as pl

from graph.contract import Ints
from graph.errors import SchemaError
from ingest.clean import accounts, marks, money, network, person_ids, phones, times, words
from ingest.clean.cleaned import Cleaned
from ingest.plain import kernels_help
from ingest.template import Column, Template

_PLAIN: dict[str, Callable[[pl.Series], Cleaned]] = {
    "account": accounts.clean_account,
    "peer": accounts.clean_peer,
    "login": accounts.clean_login,
    "subject": accounts.clean_login,
    "id": person_ids.clean_id,
    "phone": phones.clean_phone,
    "digits": phones.clean_digits,
    "imei": phones.clean_imei,
    "cell": phones.clean_cell,
    "ip": network.clean_ip,
    "mac": network.clean_mac,
    "device": network.clean_device,
    "money": money.clean_money,
    "flag": marks.clean_flag,
    "call_kind": marks.clean_call_kind,
    "region": marks.clean_region,
    "text": words.clean_text,
    "name": words.clean_text,
    "address": words.clean_address,
    "code": words.clean_code,
    "node": words.clean_node,
    "numbers": words.clean_numbers,
    "site": words.clean_site,
    "count": words.clean_count,
    "real": words.clean_real,
    "seconds": words.clean_seconds,
    "weight": words.clean_weight,
}
_TYPES: dict[str, pl.DataType] = {
    "money": pl.Int64(),
    "time": pl.Datetime("us", "UTC"),
    "day": pl.Date(),
    "success": pl.Boolean(),
    "flag": pl.Boolean(),
    "count": pl.Int64(),
    "seconds": pl.Int64(),
    "weight": pl.Int64(),
    "real": pl.Float64(),
}
_FEW = 16
"""A column with one different text in so many rows is cleaned text by text."""
# Kinds whose text is kept beside the value where it can't be used as an identifier.
KEPT_AS_WRITTEN = frozenset({"account", "peer", "login", "subject", "id", "phone"})


def stored_type(kind: str) -> pl.DataType:
    """The column type of a kind in a batch; text unless the kind says more."""
    return _TYPES.get(kind, pl.String())


def clean_values(texts: pl.Series, column: Column, template: Template, from_1904: bool = False) -> Cleaned:
    """Clean texts one by one (usually the different texts of a column)."""
    if column.kind == "time":
        return times.clean_time(texts, template.times, column.zone, from_1904)
    if column.kind == "day":
        return times.clean_day(texts, template.times, from_1904)
    if column.kind == "success":
        return marks.clean_success(texts, template.success_codes)
    if column.kind == "direction":
        return marks.clean_direction(texts, template.direction_codes)
    if column.kind not in _PLAIN:
        raise SchemaError(
            f"Template {template.name} has a column of the unknown kind {column.kind!r}; see column.py."
        )
    return _PLAIN[column.kind](texts)


def clean_column(texts: pl.Series, column: Column, template: Template, from_1904: bool = False) -> Cleaned:
    """Clean a whole column; same result as cleaning each cell, at the cost of its different texts."""
    if texts.null_count() == len(texts) and column.kind != "success":
        return Cleaned(pl.repeat(None, len(texts), dtype=stored_type(column.kind), eager=True))
    if kernels_help(len(texts)):
        return _clean_many(texts, column, template, from_1904)
    return _clean_different(texts, column, template, from_1904)


def _clean_many(texts: pl.Series, column: Column, template: Template, from_1904: bool) -> Cleaned:
    """A long column by kernels: its different texts where they are few, else its plain cells."""
    from ingest.plain.columns import places_of, plain_cells
    from ingest.plain.views import texts_of

    seen = texts_of(texts)
    known = places_of(seen, len(texts) // _FEW)
    if known is not None:
        place, first = known
        return _spread(clean_values(texts.gather(first), column, template, from_1904), pl.Series(place))
    found = plain_cells(seen, column.kind, template.times, column.zone)
    if found is None or 2 * len(found[1]) > len(texts):
        return _clean_different(texts, column, template, from_1904)
    values, rest = found
    if not len(rest):
        return Cleaned(values)
    return _with_rest(values, rest, _clean_different(texts.gather(rest), column, template, from_1904))


def _with_rest(values: pl.Series, rest: Ints, cleaned: Cleaned) -> Cleaned:
    """Plain values with what the cleaner said of the other cells."""
    places = pl.Series(rest)
    nothing = pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)
    codes = {reason: nothing.clone().scatter(places, mask) for reason, mask in cleaned.codes.items()}
    refused = {reason: nothing.clone().scatter(places, mask) for reason, mask in cleaned.refused.items()}
    written = cleaned.as_written
    if written is not None:
        written = pl.repeat(None, len(values), dtype=pl.String, eager=True).scatter(places, written)
    return Cleaned(values.scatter(places, cleaned.values), codes, written, refused)


def _clean_different(texts: pl.Series, column: Column, template: Template, from_1904: bool) -> Cleaned:
    different = texts.unique(maintain_order=False)
    if 2 * len(different) > len(texts):
        return clean_values(texts, column, template, from_1904)
    cleaned = clean_values(different, column, template, from_1904)
    # A dictionary lookup by row: exact, because the keys are the texts themselves.
    place = pl.DataFrame({"text": texts}).join(
        pl.DataFrame({"text": different}).with_row_index("at"),
        on="text",
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )["at"]
    return _spread(cleaned, place)


def _spread(cleaned: Cleaned, place: pl.Series) -> Cleaned:
    """What was found about different texts, by row."""
    written = cleaned.as_written.gather(place) if cleaned.as_written is not None else None
    codes = {reason: mask.gather(place) for reason, mask in cleaned.codes.items()}
    refused = {reason: mask.gather(place) for reason, mask in cleaned.refused.items()}
    return Cleaned(cleaned.values.gather(place), codes, written, refused)
