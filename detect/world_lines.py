"""Reads the lines of an example world: names, ranges of names, relations and their values."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from graph.durations import parse_duration
from graph.errors import InvalidRule
from graph.schema.catalog import STORED_NODES, STORED_RELATIONS

_NAME = re.compile(r"(?:(?P<type>[A-Z][A-Za-z]*):)?(?P<name>[A-Za-z][A-Za-z0-9_]*)", re.ASCII)
_RANGE = re.compile(r"(?P<stem>.*?)(?P<low>\d{1,5})\.\.(?P<stem2>.*?)(?P<high>\d{1,5})", re.ASCII)
_MOST_ROWS = 20_000
REPEAT_WORDS = ("every", "times")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, with its type where the line says it (`Person:A`)."""

    text: str
    type: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One row to make: a node with values (`relation` None, `end` None) or a relation between two names.

    row: 1-based number of the row among all rows of the world; line: 1-based line it comes from.
    shift: how much later than `at` this repetition happens.
    """

    line: int
    row: int
    start: Name
    relation: str | None
    end: Name | None
    values: Mapping[str, str]
    shift: timedelta = timedelta(0)


def wrong_line(line: int, problem: str) -> InvalidRule:
    """The error for line `line` of an example's `given`."""
    return InvalidRule(f"Line {line} of the example world: {problem}.", line=line)


def read_lines(lines: Sequence[str]) -> tuple[Statement, ...]:
    """All rows that the lines make, in order; no lines give no rows, an unreadable line InvalidRule."""
    statements: list[Statement] = []
    for number, text in enumerate(lines, start=1):
        statements.extend(_read_line(number, text, len(statements)))
        if len(statements) > _MOST_ROWS:
            raise wrong_line(number, f"the world has more than {_MOST_ROWS} rows, make it smaller")
    return tuple(statements)


def _read_line(number: int, text: str, rows_before: int) -> list[Statement]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise wrong_line(number, "a quote is not closed") from error
    if len(words) < 3:
        raise wrong_line(number, "write `A RELATION B name=value` or `A : Type name=value`")
    if words[1] == ":":
        return _node_rows(number, words, rows_before)
    if words[1] not in STORED_RELATIONS:
        raise wrong_line(number, f"{words[1]} is no stored relation of the catalog, see docs/schema.md")
    starts, ends = _names(number, words[0]), _names(number, words[2])
    values = _values(number, words[3:])
    every = _every(number, values.pop("every", None))
    times = _times(number, values.pop("times", None))
    count = max(len(starts), len(ends), times)
    for names in (starts, ends):
        if len(names) not in (1, count):
            raise wrong_line(number, "ranges on both sides (and times) must have one length")
    return [
        Statement(
            number,
            rows_before + i + 1,
            starts[i % len(starts)],
            words[1],
            ends[i % len(ends)],
            values,
            every * i,
        )
        for i in range(count)
    ]


def _node_rows(number: int, words: list[str], rows_before: int) -> list[Statement]:
    if words[2] not in STORED_NODES:
        raise wrong_line(number, f"{words[2]} is no stored node type of the catalog, see docs/schema.md")
    values = _values(number, words[3:])
    for word in REPEAT_WORDS:
        if word in values:
            raise wrong_line(number, f"{word} repeats events, not nodes")
    return [
        Statement(number, rows_before + i + 1, Name(name.text, words[2]), None, None, values)
        for i, name in enumerate(_names(number, words[0]))
    ]


def _names(number: int, word: str) -> list[Name]:
    found = _RANGE.fullmatch(word)
    if found is None:
        return [_name(number, word)]
    if found["stem"] != found["stem2"] or int(found["low"]) > int(found["high"]):
        raise wrong_line(number, f"{word} is no range such as K1..K5")
    if int(found["high"]) - int(found["low"]) >= _MOST_ROWS:
        raise wrong_line(number, f"the range {word} is longer than {_MOST_ROWS}")
    return [_name(number, f"{found['stem']}{i}") for i in range(int(found["low"]), int(found["high"]) + 1)]


def _name(number: int, word: str) -> Name:
    found = _NAME.fullmatch(word)
    if found is None:
        raise wrong_line(number, f"{word} is no name (letters, digits, _; a type in front as Person:A)")
    if found["type"] is not None and found["type"] not in STORED_NODES:
        raise wrong_line(number, f"{found['type']} is no stored node type of the catalog, see docs/schema.md")
    return Name(found["name"], found["type"])


def _values(number: int, words: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise wrong_line(number, f"{word} is not of the form name=value")
        if name in values:
            raise wrong_line(number, f"{name} is given twice")
        values[name] = value
    return values


def _every(number: int, text: str | None) -> timedelta:
    if text is None:
        return timedelta(0)
    try:
        return parse_duration(text)
    except ValueError as error:
        raise wrong_line(number, str(error)) from error


def _times(number: int, text: str | None) -> int:
    if text is None:
        return 1
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= _MOST_ROWS:
        raise wrong_line(number, f"times is a whole number from 1 to {_MOST_ROWS}")
    return int(text)
