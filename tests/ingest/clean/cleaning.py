"""Runs one cleaner over texts and shows value and codes of each."""

from typing import Any

import polars as pl

from ingest.clean.column import clean_values
from ingest.template import Column, template


def clean(kind: str, *texts: str | None, zone: str = "Asia/Shanghai") -> list[tuple[Any, set[str]]]:
    """Value and reason codes of each text cleaned as `kind`."""
    column = Column("x", kind, "x", (), "", "", zone, False)
    done = clean_values(pl.Series("text", texts, dtype=pl.String), column, template("bank_sheet"))
    found = []
    for index in range(len(texts)):
        codes = {r.value for r, mask in {**done.codes}.items() if mask[index]}
        refused = {f"refused {r.value}" for r, mask in done.refused.items() if mask[index]}
        found.append((done.values[index], codes | refused))
    return found


def value(kind: str, text: str | None) -> Any:
    """The cleaned value of one text."""
    return clean(kind, text)[0][0]


def codes(kind: str, text: str) -> set[str]:
    """The reason codes of one text."""
    return clean(kind, text)[0][1]
