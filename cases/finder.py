"""Searches for identifiers and names under an access decision; what was typed is kept as a handle only."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cases.access import Action, Context, Subject, Target
from cases.handles import open_handles
from cases.reading import Permit, permitted
from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables
from graph.lookup.finder import Finder, Found, Hit
from graph.lookup.index import index_made, open_index

MOST_CELLS = 2_000
MOST_TEXT = 400_000
"""Characters of a pasted list."""
_CELL = re.compile(r"[\t,;|，；、｜]")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who searches, under which case."""

    home: LakeHome
    tables: LakeTables
    subject: Subject
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One text of a list: the lines it stood on (from 1), what was found; problem: why it can't be."""

    text: str
    lines: tuple[int, ...]
    hits: tuple[Hit, ...] = ()
    cut: bool = False
    problem: str = ""


def ready(tables: LakeTables, home: LakeHome) -> bool:
    """Whether the search index of these tables is made; the first search makes it."""
    return index_made(home.lookups, tables)


def find_one(
    asker: Asker, text: str, types: Sequence[str], guess: bool, now: datetime, limit: int = 100
) -> Found:
    """What one text finds (`Finder.find`); NotPermitted when refused, InputError for an unfit text."""
    if not text.strip():
        return Found()
    with _permit(asker, text, now) as permit:
        found = _finder(asker).find(text, types, limit, guess=guess)
        permit.rows, permit.objects = len(found.hits), [hit.ref for hit in found.hits]
    return found


def find_list(asker: Asker, text: str, types: Sequence[str], now: datetime) -> tuple[Cell, ...]:
    """What each different cell of a pasted list finds exactly, in order of first sight.

    Cells are parted by line ends, tabs, commas, semicolons and bars. InputError above MOST_CELLS cells.
    """
    cells = cells_of(text)
    if not cells:
        return ()
    with _permit(asker, text, now) as permit:
        finder = _finder(asker)
        answers = tuple(_cell(finder, cell, lines, types) for cell, lines in cells.items())
        permit.rows = sum(len(answer.hits) for answer in answers)
        permit.objects = list(dict.fromkeys(hit.ref for answer in answers for hit in answer.hits))
    return answers


def cells_of(text: str) -> dict[str, tuple[int, ...]]:
    """Different cells of a pasted list with the lines they stand on; InputError when they are too many."""
    if len(text) > MOST_TEXT:
        raise InputError(
            f"A list is at most {MOST_TEXT:,} characters; {len(text):,} were given. Search it in parts.",
            reason="characters",
            most=MOST_TEXT,
            n=len(text),
        )
    found: dict[str, list[int]] = {}
    count = 0
    for number, line in enumerate(text.splitlines(), start=1):
        for cell in _CELL.split(line):
            bare = cell.strip().strip("\"'“”‘’").strip()
            if bare:
                count += 1
                found.setdefault(bare, []).append(number)
    if count > MOST_CELLS:
        raise InputError(
            f"A list is at most {MOST_CELLS:,} cells; {count:,} were given. Search it in parts.",
            reason="cells",
            most=MOST_CELLS,
            n=count,
        )
    return {cell: tuple(lines) for cell, lines in found.items()}


def _cell(finder: Finder, text: str, lines: tuple[int, ...], types: Sequence[str]) -> Cell:
    try:
        found = finder.find_exactly(text, types)
    except InputError as error:
        return Cell(text, lines, problem=str(error.facts["reason"]))
    return Cell(text, lines, found.hits, found.cut)


def _permit(asker: Asker, text: str, now: datetime) -> AbstractContextManager[Permit]:
    digest = open_handles(asker.home).of("search", text)
    context = Context(case=asker.case, purpose="search")
    return permitted(
        asker.home, asker.subject, Action.SEARCH, Target("search"), context, now, query_digest=digest
    )


def _finder(asker: Asker) -> Finder:
    return _opened(asker.home, asker.tables.state)


@lru_cache(maxsize=2)
def _opened(home: LakeHome, state: str) -> Finder:
    """The finder of a state; files that are mapped, so that sessions may share it."""
    return Finder(open_index(home.lookups, open_tables(home)))
