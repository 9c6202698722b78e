"""Writes one table in every way that offices send it: order, names, encodings, formats, headers."""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

import xlsxwriter

from bench.old_workbook import old_workbook
from ingest.template import Template

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Plain:
    """A table as plain CSV would hold it: template, header texts, rows of texts."""

    kind: Template
    header: list[str]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of writing: the file's ending and bytes; aliases: field -> names a user declares."""

    ending: str
    write: Callable[[Plain], bytes]
    aliases: Callable[[Plain], dict[str, list[str]]] | None = None
    adds_rows: bool = False
    """Rows below the header that are no data: tables whose order of rows counts (AMLSim) are left out."""


def as_csv(
    header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\r\n"
) -> str:
    """Delimited text, quoted where needed."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows([header, *rows])
    return out.getvalue()


def shuffled(plain: Plain, seed: int = 1) -> Plain:
    """The columns in another order."""
    order = list(range(len(plain.header)))
    random.Random(seed).shuffle(order)
    return replace(
        plain, header=[plain.header[i] for i in order], rows=[[row[i] for i in order] for row in plain.rows]
    )


def renamed(plain: Plain, seed: int = 2) -> Plain:
    """Each known column under another of its built-in names, with the decoration that offices add."""
    chance = random.Random(seed)
    header = []
    for text in plain.header:
        field = plain.kind.field_of(text)
        column = plain.kind.columns[field] if field else None
        names = [n for n in (column.header, *column.aliases) if n != text] if column else []
        header.append(f" {chance.choice(names or [text])}＊")
    return replace(plain, header=header)


def own_names(plain: Plain) -> dict[str, list[str]]:
    """Field -> a name that no template knows."""
    fields = [plain.kind.field_of(text) for text in plain.header]
    return {field: [f"{plain.kind.zh}第{number}列"] for number, field in enumerate(fields) if field}


def with_own_names(plain: Plain) -> Plain:
    """Each known column under a name of the user's own."""
    own = own_names(plain)
    header = [own[field][0] if (field := plain.kind.field_of(text)) else text for text in plain.header]
    return replace(plain, header=header)


def with_more_columns(plain: Plain) -> Plain:
    """Three columns that no template knows, one of them empty."""
    more = ["星座", "内部编号", "打印批次"]
    header = [more[0], *plain.header[:2], more[1], *plain.header[2:], more[2]]
    rows = [["白羊", *row[:2], f"N{i}", *row[2:], ""] for i, row in enumerate(plain.rows)]
    return replace(plain, header=header, rows=rows)


def two_amounts(plain: Plain) -> Plain:
    """A column for money out and one for money in instead of amount and direction, where a table has both."""
    places = {plain.kind.field_of(text): at for at, text in enumerate(plain.header)}
    sides = {column.side: column.header for column in plain.kind.columns.values() if column.side}
    if not sides or "amount" not in places or "direction" not in places:
        return plain
    amount, direction = places["amount"], places["direction"]
    header, rows = list(plain.header), []
    header[amount], header[direction] = sides["out"], sides["in"]
    for number, cells in enumerate(plain.rows):
        row, nothing = list(cells), "0.00" if number % 2 else ""
        inward = cells[direction] == "进"
        row[amount], row[direction] = (nothing, cells[amount]) if inward else (cells[amount], nothing)
        rows.append(row)
    return replace(plain, header=header, rows=rows)


def titled(plain: Plain) -> Rows:
    """Title and note rows above the header."""
    width = len(plain.header)
    titles = [["某单位反馈表"], ["调取时间：2024年3月5日", "经办：虚构"], [""]]
    return [*(row + [""] * (width - len(row)) for row in titles), plain.header, *plain.rows]


def with_layout_rows(plain: Plain) -> Rows:
    """A header repeated half-way, blank rows and totals."""
    half, width = len(plain.rows) // 2, len(plain.header)
    total = ["合计", *[""] * (width - 1)]
    blank = [""] * width
    return [plain.header, *plain.rows[:half], total, blank, plain.header, *plain.rows[half:], total]


def tall_header(plain: Plain, height: int = 2) -> tuple[Rows, list[tuple[int, int, int, int]]]:
    """Header rows whose joined texts are the names, and their merged cells (top, left, bottom, right).

    A name is cut after its second sign; neighbours of one beginning share a merged cell, short names are
    merged downwards. Three rows get a title group over everything.
    """
    top, low, merges = [], [], []
    for text in plain.header:
        cut = len(text) > 3 and not text.isascii()
        top.append(text[:2] if cut else text)
        low.append(text[2:] if cut else "")
    left = 0
    for at in range(1, len(top) + 1):
        run = at < len(top) and low[at] and low[left] and top[at] == top[left]
        if run:
            continue
        if at - left > 1:
            merges.append((0, left, 0, at - 1))
            top[left + 1 : at] = [""] * (at - left - 1)
        elif not low[left]:
            merges.append((0, left, 1, left))
        left = at
    if height == 2:
        return [top, low], merges
    lifted = [(a + 1, b, c + 1, d) for a, b, c, d in merges]
    return [["基本信息", *[""] * (len(top) - 1)], top, low], [(0, 0, 0, len(top) - 1), *lifted]


def as_xlsx(rows: Sequence[Sequence[str]], merges: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A workbook of text cells."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("明细")
    for top, left, bottom, right in merges:
        sheet.merge_range(top, left, bottom, right, "")
    for line, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(line, column, text)
    book.close()
    return out.getvalue()


def as_html(rows: Sequence[Sequence[str]]) -> bytes:
    """A page with one table."""
    lines = "\n".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f'<html><head><meta charset="gb18030"></head><table>{lines}</table></html>'.encode("gb18030")


def as_xml_book(rows: Sequence[Sequence[str]]) -> bytes:
    """An XML Spreadsheet 2003 of text cells; empty cells are left out, as such writers do."""
    lines = []
    for row in rows:
        cells = [
            f'<Cell ss:Index="{at}"><Data ss:Type="String">{escape(text)}</Data></Cell>'
            for at, text in enumerate(row, 1)
            if text
        ]
        lines.append(f"<Row>{''.join(cells)}</Row>")
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    table = f'<Worksheet ss:Name="明细"><Table>{"".join(lines)}</Table></Worksheet>'
    return f'<?xml version="1.0"?>\n<Workbook xmlns="{name}" xmlns:ss="{name}">{table}</Workbook>'.encode()


def as_zip(plain: Plain) -> bytes:
    """An archive whose entry is named in GBK without saying so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AAAA.csv", as_csv(plain.header, plain.rows).encode("gb18030"))
    return out.getvalue().replace(b"AAAA.csv", "明细".encode("gbk") + b".csv")


def _text(change: Callable[[Plain], Plain], encoding: str = "utf-8") -> Callable[[Plain], bytes]:
    def write(plain: Plain) -> bytes:
        changed = change(plain)
        return as_csv(changed.header, changed.rows).encode(encoding)

    return write


def _same(plain: Plain) -> Plain:
    return plain


def _parted(delimiter: str, end: str = "\n") -> Callable[[Plain], bytes]:
    return lambda plain: as_csv(plain.header, plain.rows, delimiter, end).encode()


def _tall(height: int, sheet: bool) -> Callable[[Plain], bytes]:
    def write(plain: Plain) -> bytes:
        head, merges = tall_header(plain, height)
        rows = [*head, *plain.rows]
        return as_xlsx(rows, merges) if sheet else as_csv(rows[0], rows[1:]).encode()

    return write


def _whole(plain: Plain) -> Rows:
    return [plain.header, *plain.rows]


VARIANTS: dict[str, Variant] = {
    "shuffled columns": Variant(".csv", _text(shuffled)),
    "renamed by alias": Variant(".csv", _text(renamed)),
    "renamed by the user's alias": Variant(".csv", _text(with_own_names), own_names),
    "three unknown columns": Variant(".csv", _text(with_more_columns)),
    "two amount columns": Variant(".csv", _text(two_amounts)),
    "two amount columns, XLSX": Variant(".xlsx", lambda p: as_xlsx(_whole(two_amounts(p)))),
    "two amount columns, XLS": Variant(".xls", lambda p: old_workbook(_whole(two_amounts(p)))),
    "GB18030": Variant(".csv", _text(_same, "gb18030")),
    "UTF-8 with mark": Variant(".csv", _text(_same, "utf-8-sig")),
    "UTF-16, little end first": Variant(".csv", _text(_same, "utf-16")),
    "UTF-16, big end first": Variant(
        ".csv", lambda p: b"\xfe\xff" + as_csv(p.header, p.rows).encode("utf-16-be")
    ),
    "tab": Variant(".txt", _parted("\t")),
    "semicolon": Variant(".csv", _parted(";")),
    "bar": Variant(".csv", _parted("|")),
    "full-width comma": Variant(".csv", _parted("，")),
    "bare CR": Variant(".csv", _parted(",", "\r")),
    "XLSX": Variant(".xlsx", lambda p: as_xlsx(_whole(p))),
    "XLSX, shuffled and renamed": Variant(".xlsx", lambda p: as_xlsx(_whole(renamed(shuffled(p))))),
    "XLSX named .csv": Variant(".csv", lambda p: as_xlsx(_whole(p))),
    "XLS": Variant(".xls", lambda p: old_workbook(_whole(p))),
    "HTML named .xls": Variant(".xls", lambda p: as_html(_whole(p))),
    "XML Spreadsheet named .xls": Variant(".xls", lambda p: as_xml_book(_whole(p))),
    "tab text named .xls": Variant(".xls", _parted("\t")),
    "title rows": Variant(".csv", lambda p: as_csv(titled(p)[0], titled(p)[1:]).encode()),
    "title rows, XLSX": Variant(".xlsx", lambda p: as_xlsx(titled(p))),
    "two header rows": Variant(".csv", _tall(2, sheet=False), adds_rows=True),
    "two header rows, merged XLSX": Variant(".xlsx", _tall(2, sheet=True), adds_rows=True),
    "three header rows, merged XLSX": Variant(".xlsx", _tall(3, sheet=True), adds_rows=True),
    "header repeated, totals, blanks": Variant(
        ".csv", lambda p: as_csv(p.header, with_layout_rows(p)[1:]).encode(), adds_rows=True
    ),
    "zip, name in GBK": Variant(".zip", as_zip),
}
