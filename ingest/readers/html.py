"""Reads HTML tables, which many banking systems save under the name .xls."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import polars as pl

from graph.errors import UnreadableSource
from ingest.limits import Limits
from ingest.readers.encoding import decode
from ingest.readers.grid import Grid, HeaderTest, refuse
from ingest.readers.header import Merge
from ingest.readers.sheet_grid import CELL_SCHEMA, SheetCells, check_bounds, sheet_grid
from ingest.reasons import Reason

_START = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|style|body|div|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_UNSEEN = re.compile(r"<(script|style|title|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_TABLE_END = re.compile(r"</?table\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ACTIVE = re.compile(r"<(?:script|object|embed|applet|iframe|frame)\b", re.IGNORECASE)
_BLANK = re.compile(r"[\s\u00a0]+")
_TAG_NAME = re.compile(r"[a-z][a-z0-9:_-]*")
_SPAN_MOST = 1_000


def looks_like_html(head: str) -> bool:
    """Whether a text begins like a web page or a bare table."""
    return _START.match(head) is not None


def read_html(data: bytes, name: str, test: HeaderTest, limits: Limits) -> Iterator[Grid]:
    """One grid a table that has cells; `line` is the table's own row number.

    Nothing is fetched and no script is run. A value in cells merged downwards stands in the first row only.
    UnreadableSource when the encoding is in doubt, a table stands inside another, is out of bounds or broken.
    """
    text = decode(data, name).utf8.decode("utf-8")
    reader = _TableReader(name, limits)
    reader.feed(text)
    reader.close()
    flags = {Reason.ACTIVE_CONTENT} if _ACTIVE.search(text) else set()
    counts = _count_rows(text)
    if len(counts) != len(reader.tables):
        raise refuse(Reason.COUNT_DIFFERS, name, f"{len(counts)} and {len(reader.tables)} tables")
    for number, (table, counted) in enumerate(zip(reader.tables, counts, strict=True), start=1):
        cells = pl.DataFrame(table.cells, schema=CELL_SCHEMA, orient="row")
        check_bounds(cells, name, limits)
        if cells.height:
            sheet = SheetCells(f"table {number}", cells, counted, table.merges, flags=set(flags))
            yield sheet_grid(sheet, test, limits)


def _count_rows(text: str) -> list[int]:
    """Rows with visible text of each table, by cutting at row starts: independent of the parser (G1)."""
    seen = _UNSEEN.sub("", text)
    tables = _TABLE_END.split(seen)[1::2]
    return [sum(1 for row in _ROW.split(table)[1:] if _visible(row)) for table in tables]


def _visible(row: str) -> bool:
    return bool(_BLANK.sub("", html.unescape(_TAG.sub("", "<" + row))))


class _Table:
    """A table being read: filled cells, merges near the top, and which places a rowspan has taken."""

    def __init__(self) -> None:
        self.cells: list[tuple[int, int, str]] = []
        self.merges: list[Merge] = []
        self.line = 0
        self.column = 0
        self.taken: dict[int, int] = {}
        """Column -> last line that a cell above reaches down to."""

    def next_free(self) -> int:
        """The first column from here on that no cell above reaches into."""
        while self.taken.get(self.column, 0) >= self.line:
            self.column += 1
        return self.column


class _TableReader(HTMLParser):
    """Collects the cells of every table; text outside tables is no data.

    Text inside a table but outside its cells, rows outside a table, and a tag with a broken name mean that a
    start or an end is lost: what follows would stand in the wrong column or row, so such a page is refused.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._name, self._limits = name, limits
        self._open = False
        self._texts: list[str] | None = None
        self._place = (0, 0)
        self._unseen = 0
        self._caption = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell."""
        if tag == "table":
            if self._open:
                raise refuse(Reason.UNKNOWN_FORMAT, self._name, "a table stands inside another")
            self.tables.append(_Table())
            self._open = True
        elif tag in ("script", "style", "title"):
            self._unseen += 1
        elif not self._open:
            if tag in ("tr", "td", "th"):
                raise self._broken()
        elif not _TAG_NAME.fullmatch(tag):
            raise self._broken()
        elif tag == "caption":
            self._caption = True
        elif tag == "tr":
            self._end_cell()
            table = self.tables[-1]
            table.line, table.column = table.line + 1, 0
        elif tag in ("td", "th"):
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag == "br" and self._texts is not None:
            self._texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell or table; many writers leave out the end of rows and cells."""
        if tag in ("script", "style", "title"):
            self._unseen = max(self._unseen - 1, 0)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "caption":
            self._caption = False
        elif tag == "table" and self._open:
            self._end_cell()
            self._open = False
        elif tag == "table" or (self._open and not _TAG_NAME.fullmatch(tag)):
            raise self._broken()

    def handle_data(self, data: str) -> None:
        """Text of the cell that is open."""
        if self._unseen:
            return
        if self._texts is not None:
            self._texts.append(data)
        elif self._open and not self._caption and _BLANK.sub("", data):
            raise self._broken()

    def close(self) -> None:
        """End the last cell of a page that was cut off or left open."""
        super().close()
        self._end_cell()

    def _broken(self) -> UnreadableSource:
        line = self.tables[-1].line if self.tables else 0
        return refuse(Reason.XML_UNSAFE, self._name, f"near row {line} of table {len(self.tables)}")

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        table = self.tables[-1]
        table.line = max(table.line, 1)
        column = table.next_free()
        across, down = (_span(attributes.get(word)) for word in ("colspan", "rowspan"))
        if column + across > self._limits.columns or table.line > self._limits.rows:
            raise refuse(Reason.SHEET_BOUNDS, self._name, f"row {table.line}, column {column + across}")
        if (across > 1 or down > 1) and table.line <= self._limits.header_rows:
            table.merges.append((table.line, column, table.line + down - 1, column + across - 1))
        if down > 1:
            table.taken.update(dict.fromkeys(range(column, column + across), table.line + down - 1))
        self._place = (table.line, column)
        table.column = column + across
        self._texts = []

    def _end_cell(self) -> None:
        if self._texts is None:
            return
        text = _BLANK.sub(" ", "".join(self._texts)).strip()
        self._texts = None
        if text:
            self.tables[-1].cells.append((*self._place, text))


def _span(text: str | None) -> int:
    """How many cells a cell spans; nonsense counts as one."""
    digits = (text or "").strip()
    return min(max(int(digits), 1), _SPAN_MOST) if digits.isascii() and digits.isdecimal() else 1
