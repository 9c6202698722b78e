"""Reads what people type to find something: blanks, dashes, full-width signs and masks."""

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from graph.errors import InputError

LONGEST = 200
"""Characters of one question; no identifier or name is longer."""
_BETWEEN = r"[\s\-\u2010-\u2015\u2212\u00b7\u2027\u30fb\uff65]"
_MASKED = re.compile(r"[*\u2022\u25cf]+")
_FEWEST_OF_A_MASK = 4


@dataclass(frozen=True, slots=True)
class Typed:
    """What was asked for. value: as the index has values. head, tail: around a mask, both "" without one."""

    value: str
    head: str = ""
    tail: str = ""

    @property
    def masked(self) -> bool:
        """Whether a part of the value was hidden."""
        return bool(self.head or self.tail)

    @property
    def letters(self) -> str:
        """The value in small letters when it is nothing but Latin letters, else ""."""
        return self.value.lower() if self.value.isascii() and self.value.isalpha() else ""


def read_typed(text: str) -> Typed | None:
    """The question in `text`, None for a blank one; InputError when it is too long or hides too much."""
    if len(text) > LONGEST:
        raise InputError(
            f"A search is at most {LONGEST} characters; {len(text):,} were given. Paste lists as a list.",
            reason="long",
            most=LONGEST,
            n=len(text),
        )
    # NFKC would make three dots of an ellipsis.
    value = plain(text.replace("\u2026", "*"))
    if not value:
        return None
    parts = _MASKED.split(value)
    if len(parts) == 1:
        return Typed(value)
    if len(parts) != 2 or len(parts[0] + parts[1]) < _FEWEST_OF_A_MASK:
        raise InputError(
            f"A masked value needs one hidden part and at least {_FEWEST_OF_A_MASK} characters beside it, "
            "such as 6222***1234.",
            reason="mask",
            most=_FEWEST_OF_A_MASK,
            n=0,
        )
    return Typed(value, *parts)


def plain(text: str) -> str:
    """A text as the index has values: NFKC, capitals, no blanks, dashes, middle dots, invisible signs."""
    composed = unicodedata.normalize("NFKC", text)
    seen = "".join(
        sign for sign in composed if unicodedata.category(sign) not in ("Cf", "Cc") or sign in "\t\n"
    )
    return re.sub(_BETWEEN, "", seen).upper()


def plain_values(values: pl.Expr) -> pl.Expr:
    """`plain` of a column; null stays null."""
    composed = values.str.normalize("NFKC").str.replace_all(r"[\p{Cf}\p{Cc}]", "")
    return composed.str.replace_all(_BETWEEN, "").str.to_uppercase()
