"""Writes a table as CSV: all fields quoted, formulas made harmless and named in a flag column."""

import csv
import io

from export.signs import Language
from export.table import Table, is_formula_like, plain_text, without_broken_signs
from graph.schema.kinds import Kind

FLAG = "neutralised"
_NUMBERS = frozenset({Kind.MONEY_FEN, Kind.COUNT, Kind.REAL})
BOM = "\ufeff"  # without it spreadsheet programs in China read UTF-8 as GBK


def render_table_csv(table: Table, language: Language | None = None) -> bytes:
    """The table as CSV in UTF-8 with BOM and CRLF; the same table gives the same bytes.

    language: of the headings, None for code names. A text that a spreadsheet might run gets a leading `'`
    and its column's code name in the last column, `neutralised` (names joined by `;`).
    A table without rows gives the headings.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([c.label(language) if language else c.name for c in table.columns] + [FLAG])
    for row in table.rows:
        cells, flagged = [], []
        for column, value in zip(table.columns, row, strict=True):
            text = without_broken_signs(plain_text(value, column.kind))
            number = column.kind in _NUMBERS and isinstance(value, (int, float))
            if not number and is_formula_like(text):
                text = "'" + text
                flagged.append(column.name)
            cells.append(text)
        writer.writerow([*cells, ";".join(flagged)])
    return (BOM + out.getvalue()).encode("utf-8")
