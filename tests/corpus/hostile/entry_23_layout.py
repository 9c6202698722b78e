"""Entry 23: a header of three merged rows, hidden rows, columns and sheets, a filter, totals and blanks."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.ingest.build import A, B, sheet_xml, write_package

ROWS = [
    ("交易明细", "", "", "", "", ""),
    ("账户", "交易", "", "", "对手", ""),
    ("交易账号", "交易时间", "交易金额", "收付标志", "交易对手账卡号", "交易流水号"),
]
DATA = [(A, f"2024-03-04 10:00:{i:02d}", f"{i}.00", "出", B, f"S{i}") for i in range(4)]


def workbook(folder: Path) -> Path:
    body = [
        *ROWS,
        DATA[0],
        DATA[1],
        ("", "", "", "", "", ""),
        DATA[2],
        ("合计", "", "6.00", "", "", ""),
        DATA[3],
    ]
    xml = sheet_xml(body)
    xml = xml.replace('<row r="5">', '<row r="5" hidden="1">').replace(
        "<sheetData>", '<cols><col min="6" max="6" hidden="1"/></cols><sheetData>'
    )
    merged = '</sheetData><autoFilter ref="A3:F9"/><mergeCells count="3"><mergeCell ref="A1:F1"/>'
    merged += '<mergeCell ref="B2:D2"/><mergeCell ref="E2:F2"/></mergeCells>'
    return write_package(folder / "layout.xlsx", {"s": xml.replace("</sheetData>", merged)})


CASES = (
    Case(
        "hidden rows are read, totals and blanks are counted apart",
        workbook,
        loaded=4,
        layout_rows=2,
        file_flags=["HIDDEN_PART"],
        values={"serial": [row[5] for row in DATA], "line": [4, 5, 7, 9]},
    ),
)
