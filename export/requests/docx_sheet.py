"""Writes a request sheet as DOCX: Chinese fonts named, nothing that could run, fixed bytes."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from export.fixed_zip import rezipped
from export.signs import Language
from export.table import Table, plain_text, visible
from funds.yuan import yuan_text
from graph.schema.kinds import Kind

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FIRST = "[Content_Types].xml"
_TEXT_FONT, _HEAD_FONT = "仿宋", "黑体"
_SHOWN = 200
"""Rows of a table that a printed sheet shows; the workbook beside it has all."""


def render_docx(
    title: str, marking: str, watermark: str, tables: Sequence[Table], language: Language
) -> bytes:
    """The tables under a title, the marking above and the watermark in every page's footer.

    The same input gives the same bytes. Control and direction signs are written out. Fonts are named, not
    embedded. A table without rows is left out; one of over 200 says how many are in the workbook.
    """
    import docx  # only writers of this format pay for the import
    from docx.shared import Mm, Pt

    page = docx.Document()
    _fonts(page)
    core = page.core_properties
    core.author = core.last_modified_by = core.comments = ""
    core.title, core.created, core.modified, core.revision = visible(title), _EPOCH, _EPOCH, 1
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.header.paragraphs[0].text = visible(marking)
    section.footer.paragraphs[0].text = visible(watermark, 400)
    page.add_heading(visible(title), level=1)
    for number, table in enumerate(table for table in tables if table.rows):
        if number:
            page.add_heading(visible(table.label(language)), level=2)
        _table(page, table, language, head=bool(number))
    for paragraph in (*section.header.paragraphs, *section.footer.paragraphs):
        for run in paragraph.runs:
            run.font.size = Pt(9)
    out = io.BytesIO()
    page.save(out)
    return rezipped(out.getvalue(), _FIRST)


def _fonts(page: Any) -> None:
    """Name the fonts of every script; theme fonts would win over them in a word processor."""
    from docx.oxml.ns import qn

    for name, font in (("Normal", _TEXT_FONT), ("Heading 1", _HEAD_FONT), ("Heading 2", _HEAD_FONT)):
        style = page.styles[name]
        style.font.name = font
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), font)
            theme = qn("w:cstheme" if script == "cs" else f"w:{script}Theme")
            fonts.attrib.pop(theme, None)


def _said(value: Any, kind: Kind) -> str:
    money = kind is Kind.MONEY_FEN and isinstance(value, int)
    return yuan_text(value) if money else plain_text(value, kind)


def _table(page: Any, table: Table, language: Language, *, head: bool) -> None:
    from docx.shared import Pt

    size = 9 if head else 11
    shown = list(table.rows[:_SHOWN])
    drawn = page.add_table(rows=len(shown) + int(head), cols=len(table.columns))
    drawn.style = "Table Grid"
    if head:
        for cell, column in zip(drawn.rows[0].cells, table.columns, strict=True):
            run = cell.paragraphs[0].add_run(visible(column.label(language)))
            run.bold, run.font.size = True, Pt(size)
    for line, row in zip(drawn.rows[int(head) :], shown, strict=True):
        for cell, column, value in zip(line.cells, table.columns, row, strict=True):
            cell.paragraphs[0].add_run(visible(_said(value, column.kind), 2_000)).font.size = Pt(size)
    if len(table.rows) > len(shown):
        said = {
            "zh": f"共 {len(table.rows):,} 行，此处列前 {_SHOWN} 行，其余见同名 XLSX。",
            "en": f"{len(table.rows):,} rows, the first {_SHOWN} shown; the XLSX of this name has all.",
        }
        page.add_paragraph(said[language])
