"""What every cleaner shares: its result, and the first look at raw cell text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from ingest.readers.grid import ERROR_MARK, NUMBER_MARK
from ingest.reasons import Reason

# Blanks, quotes and invisibles around a value; tabs are put in front of numbers to stop Excel.
_AROUND = " \t\r\n\"'“”‘’`\u3000\u00a0\ufeff\u200b"
_UNSEEN = "[\ufeff\u200b]"
_EMPTY = ("-", "无", "NULL", "")
_FULL_WIDTH = [chr(code) for code in range(0xFF01, 0xFF5F)]
_HALF_WIDTH = [chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)]
# Listed one by one: a general normal form (NFKC) would also turn a circled digit into a digit.
_INVISIBLE = [
    *map(chr, range(0x200B, 0x2010)),
    *map(chr, range(0x202A, 0x202F)),
    "\u2060",
    "\ufeff",
    "\u00ad",
]
_DASHES = [*map(chr, range(0x2010, 0x2016)), "\u2212", "\ufe63"]
_BLANKS = ["\u00a0", "\u3000", "\u2002", "\u2003", "\u2009", "\u202f"]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned column.

    values: the stored value, null when the cell is empty or can't be used. as_written: the text kept
    beside it where it is masked or of unknown shape. codes: where each reason holds; level row rejects.
    refused: rows that a reason of level flag rejects all the same, for that reason.
    """

    values: pl.Series
    codes: Mapping[Reason, pl.Series] = field(default_factory=dict)
    as_written: pl.Series | None = None
    refused: Mapping[Reason, pl.Series] = field(default_factory=dict)


# Anything that makes a cell more than its plain value: marks, blanks or quotes around it, an empty word.
_ODD = (
    "[\\x01\\x02\\t\\r\\n]|^[ \"'“”‘’`\u3000\u00a0\ufeff\u200b]|[ \"'“”‘’`\u3000\u00a0\ufeff\u200b]$"
    "|^(-|无|NULL)$|^$"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Raw texts split into what they say and how the cell was stored.

    number: cells that a workbook stored as numbers; error: error cells; unseen: cells around whose value an
    invisible sign stood, which is more than a blank. None where there are none at all.
    """

    text: pl.Series
    number: pl.Series | None
    error: pl.Series | None
    unseen: pl.Series | None = None


def prepare(texts: pl.Series) -> Prepared:
    """Take off marks and what surrounds the value; empty words become null."""
    if not texts.str.contains(_ODD).any():
        return Prepared(texts.alias("text"), None, None)
    number = texts.str.starts_with(NUMBER_MARK).fill_null(False)
    error = texts.str.starts_with(ERROR_MARK).fill_null(False)
    text = texts.str.strip_prefix(NUMBER_MARK).str.strip_chars(_AROUND)
    unseen = (texts.str.contains(_UNSEEN) & ~text.str.contains(_UNSEEN)).fill_null(False)
    text = text.set(text.is_in(_EMPTY) | error, None)
    masks = (mask if mask.any() else None for mask in (number, error, unseen))
    return Prepared(text.alias("text"), *masks)


def half_width(text: pl.Series) -> pl.Series:
    """Full-width forms to ASCII, blanks to a space, dashes to a hyphen, invisibles removed."""
    if not text.str.contains(r"[^\x00-\x7F]").any():
        return text
    signs = [*_FULL_WIDTH, *_DASHES, *_BLANKS, *_INVISIBLE]
    plain = [*_HALF_WIDTH, *["-"] * len(_DASHES), *[" "] * len(_BLANKS), *[""] * len(_INVISIBLE)]
    return text.str.replace_many(signs, plain)


def only_set(codes: Mapping[Reason, pl.Series | None]) -> dict[Reason, pl.Series]:
    """The codes that hold somewhere, with null as false."""
    return {r: mask.fill_null(False) for r, mask in codes.items() if mask is not None and mask.any()}


def mark(codes: dict[Reason, pl.Series | None], reason: Reason, mask: pl.Series) -> None:
    """Add the rows of `mask` to a reason's rows; null counts as false."""
    known = codes.get(reason)
    filled = mask.fill_null(False)
    codes[reason] = filled if known is None else known.fill_null(False) | filled


def whole_numbers(prepared: Prepared) -> tuple[pl.Series, dict[Reason, pl.Series | None]]:
    """Identifier texts with number cells written out, and which of them lost digits (GUARANTEES 3.4).

    Raw digits are exact. `E` or `.` with 16 or more digits, or 2^53 and beyond, is PRECISION_LOST; a fraction
    is BAD_IDENTIFIER. Text in E-notation is SCIENTIFIC_TEXT.
    """
    text, number = prepared.text, prepared.number
    codes: dict[Reason, pl.Series | None] = {
        Reason.CELL_ERROR: prepared.error,
        Reason.NORMALISED: prepared.unseen,
    }
    scientific = text.str.contains(r"^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$")
    if number is None:
        codes[Reason.SCIENTIFIC_TEXT] = scientific
        return text, codes
    codes[Reason.SCIENTIFIC_TEXT] = ~number & scientific
    codes[Reason.NUMERIC_CELL] = number & text.is_not_null()
    odd = (number & text.str.contains(r"[^0-9]")).fill_null(False)
    if odd.any():
        results = [_exact(t) if o else (t, None) for t, o in zip(text.to_list(), odd.to_list(), strict=True)]
        text = pl.Series("text", [value for value, _ in results], dtype=pl.String)
        for reason in (Reason.PRECISION_LOST, Reason.BAD_IDENTIFIER):
            codes[reason] = pl.Series([found is reason for _, found in results], dtype=pl.Boolean)
    return text, codes


def _exact(text: str) -> tuple[str | None, Reason | None]:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text, Reason.BAD_IDENTIFIER
    digits = len(text.upper().partition("E")[0].replace(".", "").lstrip("+-0"))
    if digits >= 16 or abs(number) >= 2**53:
        return text, Reason.PRECISION_LOST
    if number < 0 or number != number.to_integral_value():
        return text, Reason.BAD_IDENTIFIER
    return str(int(number)), None
