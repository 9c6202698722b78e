"""Writes tables as one XLSX workbook: identifiers as text cells, nothing that could run, fixed bytes."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from export.signs import Language, yuan
from export.table import CELL_LIMIT, Column, Table, plain_text, without_broken_signs
from graph.errors import InputError
from graph.schema.kinds import Kind

_ROW_LIMIT = 1_048_576
_SAFE_COUNT = 10**15  # spreadsheets keep 15 digits
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render_table_xlsx(tables: Sequence[Table], language: Language = "zh", notice: str = "") -> bytes:
    """One sheet a table; the same tables give the same bytes.

    Text cells have the format `@`; money is a number of yuan with two decimals, counts are numbers, instants
    are text in ISO UTC. Texts over 32,767 signs are cut with a mark. notice: printed as every sheet's footer.
    InputError when a table has more rows than a sheet holds.
    """
    import xlsxwriter  # only writers of this format pay for the import

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"created": _EPOCH, "title": "Duanlian 断链", "author": ""})
        formats = {
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "head": book.add_format(
                {"num_format": "@", "bold": True, "bg_color": "#E8EDF2", "bottom": 1, "text_wrap": True}
            ),
            "money": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
            "count": book.add_format({"num_format": "0", "valign": "top"}),
            "real": book.add_format({"num_format": "0.000", "valign": "top"}),
        }
        used: set[str] = set()
        for table in tables:
            _sheet(
                book.add_worksheet(_sheet_name(table.label(language), used)), table, language, formats, notice
            )
    return out.getvalue()


def _sheet(sheet: Any, table: Table, language: Language, formats: dict[str, Any], notice: str) -> None:
    if len(table.rows) >= _ROW_LIMIT:
        raise InputError(
            f"Table {table.name} has {len(table.rows):,} rows, a sheet holds {_ROW_LIMIT - 1:,}; export CSV.",
            table=table.name,
        )
    for number, column in enumerate(table.columns):
        sheet.write_string(0, number, column.label(language), formats["head"])
        sheet.set_column(number, number, _width(table, number, column, language))
    for line, row in enumerate(table.rows, start=1):
        for number, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _cell(sheet, line, number, column, value, formats)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.repeat_rows(0)
    # An ampersand starts a code in a footer.
    sheet.set_footer(f"&L{notice.replace('&', '&&')[:200]}&R&P / &N")


def _cell(sheet: Any, line: int, number: int, column: Column, value: Any, formats: dict[str, Any]) -> None:
    plain_number = (
        isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _SAFE_COUNT
    )
    if value is None:
        return
    if plain_number and column.kind is Kind.MONEY_FEN:
        sheet.write_number(line, number, yuan(value), formats["money"])
    elif plain_number and column.kind is Kind.COUNT:
        sheet.write_number(line, number, value, formats["count"])
    elif plain_number and column.kind is Kind.REAL and value == value:
        sheet.write_number(line, number, value, formats["real"])
    else:
        sheet.write_string(line, number, _fitting(plain_text(value, column.kind)), formats["text"])


def _fitting(text: str) -> str:
    text = without_broken_signs(text)
    # A sheet counts UTF-16 units, of which a sign outside the basic plane takes two.
    if len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT:
        return text
    kept = text.encode("utf-16-le")[: (CELL_LIMIT - 40) * 2].decode("utf-16-le", errors="ignore")
    return f"{kept}… [{len(text):,}]"


def _width(table: Table, number: int, column: Column, language: Language) -> float:
    longest = max(
        (_columns(plain_text(row[number], column.kind)[:60]) for row in table.rows[:200]), default=0
    )
    return min(60.0, max(longest, _columns(column.label(language))) + 2.5)


def _columns(text: str) -> int:
    """Width in Latin letters; a Chinese sign takes two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _sheet_name(wanted: str, used: set[str]) -> str:
    """A name that a workbook accepts: at most 31 signs, none of []:*?/\\, used once."""
    clean = "".join("_" if sign in "[]:*?/\\'" else sign for sign in wanted)[:28] or "_"
    name, number = clean, 2
    while name.lower() in used:
        name, number = f"{clean[:25]} {number}", number + 1
    used.add(name.lower())
    return name
