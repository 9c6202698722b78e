"""Reads the first rows of a table whose columns no template knows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.errors import UnknownColumns
from ingest.layouts import Layouts
from ingest.limits import Limits
from ingest.readers.grid import NUMBER_MARK, Grid
from ingest.readers.header import looks_like_data
from ingest.readers.source import read_source
from ingest.reasons import Reason
from ingest.template import simple_name

ROWS = 2_000
_LONGEST = 40
_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """One sheet of a file: its header as joined texts, and its first rows."""

    file: str
    grid: Grid

    def texts(self, index: int) -> list[str]:
        """The filled cells of a column, without the mark of number cells."""
        cells = self.grid.cells[f"c{index}"].drop_nulls()
        return [text for cell in cells.to_list() if (text := cell.removeprefix(NUMBER_MARK).strip())]


def read_unknown(
    data: bytes, file: str, layouts: Layouts, limits: Limits, sheet: str | None = None
) -> UnknownTable:
    """The named sheet's first 2,000 rows, by default of the sheet with the most columns that have a name.

    UnreadableSource when the file can't be read; UnknownColumns when no row looks like a header.
    """

    def test(texts: Sequence[str]) -> int:
        return _names(texts, layouts)

    best: Grid | None = None
    for grid in read_source(data, file, test, limits):
        wanted = sheet is None or grid.sheet == sheet
        if grid.first and grid.header and wanted and (best is None or _wider(grid, best)):
            best = grid
        if not grid.sheet:
            break  # delimited text is one sheet, and its first piece is more than enough
    if best is None:
        raise UnknownColumns(
            f"{file} has no row that looks like a header; put the columns' names above the data.",
            code=Reason.HEADER_UNKNOWN.value,
            file=file,
            zh="没有像表头的一行；请在数据上方补上列名。",
        )
    return UnknownTable(file, replace(best, cells=best.cells.head(ROWS)))


def _names(texts: Sequence[str], layouts: Layouts) -> int:
    """How many cells of a row could be column names; known ones count double, rows of data nothing."""
    filled = [text.strip() for text in texts if text.strip()]
    if len(filled) == 1:
        return int(simple_name(filled[0]) in layouts.names)
    names = {
        simple_name(t) for t in filled if len(t) <= _LONGEST and not looks_like_data(t) and not t.isdigit()
    }
    if len(names) < 2 or len(names) < _SHARE * len(filled):
        return 0
    return len(names) + len(names & layouts.names)


def _wider(grid: Grid, other: Grid) -> bool:
    return sum(1 for t in grid.header if t.strip()) > sum(1 for t in other.header if t.strip())
