"""Parses one source file into typed rows by template: the part that a guarded child process can run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from graph.errors import UnknownColumns
from ingest.layouts import Layouts, built_in
from ingest.limits import Limits
from ingest.mapped import SheetRecord, sheet_record
from ingest.readers import read_source
from ingest.readers.grid import Grid, refuse
from ingest.reasons import Reason
from ingest.recognise import Recognised, recognise
from ingest.rows import REJECT_SCHEMA, Rows, clean_rows


@dataclass(slots=True)
class Parsed:
    """What one file holds: rows by template, rejects, and the two counts that must agree (G1).

    counted: filled rows below the headers as the independent counter saw them. kept: rows by template.
    frames: those rows, unless they were handed on piece by piece.
    """

    kept: dict[str, int] = field(default_factory=dict)
    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    rejects: list[pl.DataFrame] = field(default_factory=list)
    counted: int = 0
    layout_rows: int = 0
    flags: set[str] = field(default_factory=set)
    names_informant: bool = False
    sheets: list[SheetRecord] = field(default_factory=list)
    """By which template, and from which columns, each sheet was read."""

    @property
    def rows_in(self) -> int:
        """Data rows: counted rows without layout rows."""
        return self.counted - self.layout_rows


class _HeaderWatch:
    """The readers' header test, remembering whether a row named an informant column."""

    def __init__(self, layouts: Layouts, informant: Callable[[], None] | None = None) -> None:
        self.informant = False
        self._layouts, self._say = layouts, informant

    def __call__(self, texts: Sequence[str]) -> int:
        if not self.informant and self._layouts.names_informant(texts):
            self.informant = True
            if self._say is not None:
                self._say()
        return self._layouts.header_score(texts)


def parse_file(
    data: bytes,
    name: str,
    wanted: str | None,
    limits: Limits,
    layouts: Layouts | None = None,
    informant: Callable[[], None] | None = None,
    keep: Callable[[str, pl.DataFrame], None] | None = None,
) -> Parsed:
    """All sheets of a file. UnreadableSource or UnknownColumns when the whole file must wait.

    layouts: the templates in force, by default the built-in ones; nothing is read from disk here. informant:
    called as soon as a header names an informant, once. keep: called with a template's name and rows as they
    come, which are then kept nowhere else; they count for nothing if the file is refused after all.

    A sheet without a known header waits alone if another sheet of the file has one: its rows are rejected
    as one entry each time (HEADER_UNKNOWN) and stay readable in the original.
    """
    layouts = layouts or built_in()
    parsed, watch = Parsed(), _HeaderWatch(layouts, informant)
    known: Recognised | None = None
    unknown: list[tuple[Grid, UnknownColumns]] = []
    row_base = sheet_rows = 0
    try:
        for grid in read_source(data, name, watch, limits):
            parsed.flags.update(flag.value for flag in grid.flags)
            if grid.first:
                row_base, sheet_rows = row_base + sheet_rows, 0
                try:
                    known = recognise(grid.header, name, wanted, layouts)
                    parsed.sheets.append(sheet_record(grid, known))
                except UnknownColumns as error:
                    known = None
                    unknown.append((grid, error))
            if known is not None:
                rows = clean_rows(grid, known, row_base)
                _add(parsed, known.template.name, grid, rows, keep)
                sheet_rows = max(sheet_rows, _last_row(grid))
    finally:
        parsed.names_informant = watch.informant
    if not parsed.kept:
        raise unknown[0][1] if unknown else refuse(Reason.HEADER_UNKNOWN, name)
    for grid, _ in unknown:
        _reject_sheet(parsed, grid)
    _check_account(parsed, name)
    return parsed


def holds_informant(data: bytes, name: str, limits: Limits, layouts: Layouts | None = None) -> bool:
    """Whether a file that could not be parsed names an informant column as far as it can be read."""
    watch = _HeaderWatch(layouts or built_in())
    try:
        for _ in read_source(data, name, watch, limits):
            pass
    except Exception:  # whatever stopped the parser stops it here too; what was seen before counts
        return watch.informant
    return watch.informant


def _add(
    parsed: Parsed, template: str, grid: Grid, rows: Rows, keep: Callable[[str, pl.DataFrame], None] | None
) -> None:
    parsed.kept[template] = parsed.kept.get(template, 0) + rows.frame.height
    if keep is None:
        parsed.frames.setdefault(template, []).append(rows.frame)
    else:
        keep(template, rows.frame)
    parsed.rejects.append(rows.rejects)
    parsed.counted += grid.counted
    parsed.layout_rows += rows.layout_rows


def _last_row(grid: Grid) -> int:
    lines = [frame["line"].max() for frame in (grid.cells, grid.faults) if frame.height]
    return max((int(str(line)) for line in lines), default=grid.header_line) - grid.header_line


def _reject_sheet(parsed: Parsed, grid: Grid) -> None:
    row = (grid.sheet, 0, "", Reason.HEADER_UNKNOWN.value, "")
    one = pl.DataFrame([row], schema=REJECT_SCHEMA, orient="row")
    parsed.rejects.append(pl.concat([one] * grid.counted) if grid.counted else one.clear())
    parsed.counted += grid.counted


def _check_account(parsed: Parsed, name: str) -> None:
    kept = sum(parsed.kept.values())
    rejected = sum(frame.height for frame in parsed.rejects)
    if parsed.rows_in != kept + rejected:
        detail = f"{parsed.rows_in} and {kept + rejected}"
        raise refuse(Reason.COUNT_DIFFERS, name, detail)
