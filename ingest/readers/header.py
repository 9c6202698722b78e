"""Finds a table's header below its title rows, over one row or up to three with merged cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.grid import HeaderTest

_TALLEST = 3
# A cell of data rather than of a header: a long number, an amount, a date, a clock time.
_DATA = re.compile(r"^[\x01\x02]|[0-9]{5,}|[0-9]\.[0-9]|[0-9]{1,4}[-/年][0-9]{1,2}|[0-9]{1,2}:[0-9]{2}")
_ENDING = re.compile(r"(?:信息|资料|情况|要素|内容|明细|数据)$")
# A group that says whose column it is. Without it "对手信息" over "账号" would be read as one's own account.
_SIDE = re.compile(r"[对他彼收付转本己我寄代受嫌举被主甲乙]")

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells; rows as indexes of the rows given."""


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """A header: its rows (indexes, first and last), one text a column, and how many names it holds."""

    first: int
    last: int
    texts: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    score: int


def find_header(
    rows: Sequence[Sequence[str]], test: HeaderTest, merges: Sequence[Merge] = ()
) -> FoundHeader | None:
    """The run of one to three rows with the most known column names, None when none has two.

    Of equals the lowest, then the first. Texts of a header over several rows are joined by column, top to
    bottom; a group such as 基本信息 that names no side is left out where only then the name is known.
    """
    best: FoundHeader | None = None
    for first in range(len(rows)):
        found = FoundHeader(first, first, tuple(rows[first]), (tuple(rows[first]),), test(rows[first]))
        best = _better(best, found)
        for last in range(first + 1, min(first + _TALLEST, len(rows))):
            if not _may_be_part(rows[first]) or not _may_be_part(rows[last]):
                break
            best = _better(best, _joined(rows, first, last, test, merges))
    return best if best is not None and best.score >= 2 else None


def looks_like_data(text: str) -> bool:
    """Whether a cell holds a value rather than a column's name: long digits, an amount, a date, a time."""
    return _DATA.search(text) is not None


def _better(best: FoundHeader | None, found: FoundHeader) -> FoundHeader:
    if best is None or (found.score, best.last - best.first) > (best.score, found.last - found.first):
        return found
    return best


def _may_be_part(row: Sequence[str]) -> bool:
    """Whether a row can be part of a header over several rows: it has a gap or a neighbour's, and no data."""
    return len(row) > 1 and not any(looks_like_data(text) for text in row)


def _joined(
    rows: Sequence[Sequence[str]], first: int, last: int, test: HeaderTest, merges: Sequence[Merge]
) -> FoundHeader:
    width = max(len(row) for row in rows[first : last + 1])
    raw = [[*row, *[""] * (width - len(row))] for row in rows[first : last + 1]]
    filled = _by_merges(raw, first, merges) if merges else _by_gaps(raw)
    texts = []
    for column in range(width):
        parts = list(dict.fromkeys(row[column].strip() for row in filled if row[column].strip()))
        texts.append(_name(parts, test))
    return FoundHeader(first, last, tuple(texts), tuple(tuple(row) for row in raw), test(texts))


def _by_merges(rows: list[list[str]], first: int, merges: Sequence[Merge]) -> list[list[str]]:
    """Rows with the text of merged cells in each of their columns."""
    filled = [list(row) for row in rows]
    for top, left, bottom, right in merges:
        for row in range(max(top - first, 0), min(bottom - first, len(rows) - 1) + 1):
            if 0 <= top - first < len(rows):
                for column in range(left, min(right, len(rows[0]) - 1) + 1):
                    filled[row][column] = filled[row][column] or rows[top - first][left]
    return filled


def _by_gaps(rows: list[list[str]]) -> list[list[str]]:
    """Without merges on record: an empty cell above a text belongs to the group that stands left of it.

    A text with nothing below it is a column's whole name and no group.
    """
    filled = [list(row) for row in rows]
    for above, below in reversed(list(pairwise(filled))):
        group = ""
        for column, text in enumerate(above):
            under = below[column].strip()
            if text.strip():
                group = text if under else ""
            elif under:
                above[column] = group
            else:
                group = ""
    return filled


def _name(parts: list[str], test: HeaderTest) -> str:
    """A column's name out of its texts from top to bottom: the first form that is a known name, else all."""
    whole = "".join(parts)
    if len(parts) < 2:
        return whole
    short = [*(_ENDING.sub("", part) for part in parts[:-1]), parts[-1]]
    forms = [whole, "".join(short)]
    for start in range(1, len(parts)):
        if not all(_ENDING.search(part) and not _SIDE.search(part) for part in parts[:start]):
            break
        forms += ["".join(parts[start:]), "".join(short[start:])]
    return next((form for form in forms if test([form])), whole)
