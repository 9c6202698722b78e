"""Cleans account and card numbers: own accounts strictly, counterparties with what banks put there."""

import polars as pl

from ingest.clean.check_digits import luhn_ok
from ingest.clean.cleaned import Cleaned, half_width, mark, only_set, prepare, whole_numbers
from ingest.reasons import Reason

_ACCOUNT = r"^[A-Z]{0,4}[0-9]{4,32}$"
_CARD = r"^[3-6][0-9]{15,18}$"
# A letter that someone read for a digit: O, I, l inside what is otherwise a long number.
_LETTER_FOR_DIGIT = r"^[0-9OoIl]*[OoIl][0-9OoIl]*$"


def clean_account(texts: pl.Series) -> Cleaned:
    """Own account or card: digits, at most four letters in front; a masked or other text is refused."""
    text, codes = _number_text(texts)
    shape = text.str.contains(_ACCOUNT)
    masked = text.str.contains("*", literal=True)
    codes[Reason.MASKED] = masked
    mark(codes, Reason.BAD_IDENTIFIER, ~shape & ~masked)
    refused = _damage(text, codes)
    return _result(text, shape, masked, codes, refused)


def clean_peer(texts: pl.Series) -> Cleaned:
    """Counterparty: an account, or a merchant, terminal or e-mail text; masked or Chinese never matches."""
    text, codes = _number_text(texts)
    shape = text.str.contains(_ACCOUNT)
    masked = text.str.contains("*", literal=True)
    odd_digit = text.str.replace_all(r"[\x00-\x7F]", "").str.contains(r"[\p{Nd}\p{No}]")
    confused = text.str.contains(_LETTER_FOR_DIGIT) & (text.str.count_matches(r"[0-9]") >= 8)
    other = ~shape & ~masked & text.str.contains(r"^[!-~]{3,64}$")
    codes[Reason.MASKED] = masked
    codes[Reason.UNKNOWN_SHAPE] = ~shape & ~masked
    mark(codes, Reason.BAD_IDENTIFIER, odd_digit | confused)
    refused = _damage(text, codes)
    return _result(text, shape | other, ~shape & ~other, codes, refused)


def clean_login(texts: pl.Series) -> Cleaned:
    """An account name of some platform: any text; long numbers are guarded like accounts."""
    prepared = prepare(texts)
    text, codes = whole_numbers(prepared)
    text = text.set(text == "0", None)
    masked = text.str.contains("*", literal=True)
    codes[Reason.MASKED] = masked
    refused = _damage(text, codes)
    return _result(text, ~masked, masked, codes, refused)


def _number_text(texts: pl.Series) -> tuple[pl.Series, dict[Reason, pl.Series | None]]:
    prepared = prepare(texts)
    raw, codes = whole_numbers(prepared)
    text = half_width(raw)
    upper = text.str.to_uppercase()
    text = text.zip_with(~upper.str.contains(_ACCOUNT).fill_null(False), upper)
    joined = text.str.replace_all(r"[ -]", "")
    joined = joined.set(joined.is_in(["0", ""]), None)
    mark(codes, Reason.NORMALISED, joined != raw)
    return joined.alias("text"), codes


def _damage(text: pl.Series, codes: dict[Reason, pl.Series | None]) -> dict[Reason, pl.Series]:
    """Zeros from the 16th digit on are suspicious; with a wrong check digit they are a lost number."""
    card = text.str.contains(_CARD)
    suspect = text.str.contains(r"^[0-9]{15}0+$")
    wrong = card & ~luhn_ok(text)
    codes[Reason.CHECK_DIGIT] = wrong
    codes[Reason.SUSPECT_15_DIGIT] = suspect
    return only_set({Reason.SUSPECT_15_DIGIT: suspect & wrong})


def _result(
    text: pl.Series,
    keep: pl.Series,
    written: pl.Series,
    codes: dict[Reason, pl.Series | None],
    refused: dict[Reason, pl.Series],
) -> Cleaned:
    values = text.set(~keep.fill_null(False), None)
    as_written = text.set(~written.fill_null(False), None)
    return Cleaned(values, only_set(codes), as_written, refused)
