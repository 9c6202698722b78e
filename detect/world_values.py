"""Turns the values written in an example world into values of the catalog's kinds."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from detect.world_lines import wrong_line
from graph.parameters import read_instant
from graph.schema.kinds import Kind

_REFERENCES = ("key", "number")

Resolve = Callable[[str, str], str | None]
"""(`key` or `number`, name) -> that text of the named node, None when the world has no such name."""


def read_money(text: str) -> int:
    """Yuan with at most two decimals as fen; ValueError otherwise."""
    try:
        fen = Decimal(text) * 100
    except InvalidOperation as error:
        raise ValueError("an amount is yuan such as 1200.00") from error
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise ValueError("an amount has at most two decimals")
    return int(fen)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("a flag is true or false")
    return text == "true"


_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.IDENTIFIER: str,
    Kind.MONEY_FEN: int,
    Kind.INSTANT: read_instant,
    Kind.DAY: date.fromisoformat,
    Kind.COUNT: int,
    Kind.REAL: float,
    Kind.FLAG: _flag,
}


def read_values(
    line: int, raw: Mapping[str, str], kinds: Mapping[str, Kind], resolve: Resolve
) -> dict[str, Any]:
    """Values by property name; `amount=12.50` is short for `amount_fen=1250`.

    `key(K1)` and `number(S1)` stand for the key of a named node and the number of a named SIM.
    InvalidRule for a property that the type lacks or a value that does not fit its kind.
    """
    values: dict[str, Any] = {}
    for name, text in raw.items():
        fen = f"{name}_fen"
        reader: Callable[[str], Any]
        if name not in kinds and fen in kinds:
            name, reader = fen, read_money
        elif name in kinds:
            reader = _READERS[kinds[name]]
        else:
            raise wrong_line(line, f"{name} is no property here, see docs/schema.md")
        if name in values:
            raise wrong_line(line, f"{name} is given twice")
        try:
            values[name] = reader(_resolved(line, text, resolve))
        except ValueError as error:
            raise wrong_line(line, f"{name}: {error}") from error
    return values


def resolved(text: str, resolve: Resolve) -> str | None:
    """What `key(A)` or `number(S)` stands for; other text as it is, None for a name that is not there."""
    what, bracket, rest = text.partition("(")
    if not bracket or what not in _REFERENCES or not rest.endswith(")"):
        return text
    return resolve(what, rest[:-1])


def _resolved(line: int, text: str, resolve: Resolve) -> str:
    found = resolved(text, resolve)
    if found is None:
        raise wrong_line(line, f"{text} names nothing in this world")
    return found
