"""A table ready for any writer, and the texts that every writer needs: neutralised, visible, cut."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from export.signs import Language, utc_text, yuan
from graph.schema.kinds import Kind

# A spreadsheet takes a cell that starts so for a formula (GUARANTEES 9).
FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
CELL_LIMIT = 32_767
_LINE_SIGNS = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code name, its labels and what its values are."""

    name: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT

    def label(self, language: Language) -> str:
        """The heading people read; money says its unit."""
        unit = {"zh": "(元)", "en": " (CNY)"}[language] if self.kind is Kind.MONEY_FEN else ""
        unit = unit or (" (UTC)" if self.kind is Kind.INSTANT else "")
        return (self.zh if language == "zh" else self.en) + unit


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain values in the order of the columns; None is an empty cell."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]

    def label(self, language: Language) -> str:
        """The table's name for people."""
        return self.zh if language == "zh" else self.en


def plain_text(value: Any, kind: Kind) -> str:
    """A value as text: money in yuan with two decimals, instants in ISO UTC, everything else as it is."""
    if value is None:
        return ""
    if kind is Kind.MONEY_FEN and isinstance(value, int):
        return f"{yuan(value):.2f}"
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet might run the text: its first sign, trimmed or not, starts a formula."""
    stripped = text.strip(" \u00a0\u3000\ufeff\u200b\n\v\f\0")
    return bool(text[:1] and (text[0] in FORMULA_STARTS or stripped[:1] in FORMULA_STARTS))


def without_broken_signs(text: str) -> str:
    """Text with what no file may carry (lone surrogates, NUL) replaced by U+FFFD."""
    if "\0" not in text and text.isprintable():
        return text
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def visible(text: str, limit: int = 200) -> str:
    """Text for a chart or page: control and direction signs written out (‹U+202E›), cut to `limit` signs."""
    whole = len(text)
    text = text[:limit]
    if not text.isprintable():
        text = "".join(_written_out(c) for c in text)
    return text if whole <= limit else f"{text}… (+{whole - limit:,})"


def _written_out(sign: str) -> str:
    if sign in _LINE_SIGNS:
        return " "
    if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return f"‹U+{ord(sign):04X}›"
    return sign
