"""CSV and XLSX: identifiers stay text, nothing can run, the same table gives the same bytes."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export.csv_table import render_table_csv
from export.map_tables import map_tables
from export.table import FORMULA_STARTS, Column, Table, visible
from export.xlsx_table import render_table_xlsx
from graph.errors import InputError
from graph.schema.kinds import Kind
from tests.export.payloads import ALL, FORMULAS, LONG
from tests.export.ring import FULL, account, ring_map

COLUMNS = (
    Column("text", "文本", "text"),
    Column("card", "卡号", "card", Kind.IDENTIFIER),
    Column("amount", "金额", "amount", Kind.MONEY_FEN),
    Column("n", "笔数", "count", Kind.COUNT),
    Column("at", "时间", "time", Kind.INSTANT),
)
AT = datetime(2024, 3, 1, 1, 5, tzinfo=UTC)


def one(text: str) -> Table:
    return Table("t", "表", "Table", COLUMNS, [[text, "6222020000000000123", -150, 3, AT]])


def parsed(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells(content: bytes) -> list[tuple[openpyxl.cell.Cell, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book.worksheets[0].iter_rows())


@pytest.mark.parametrize("payload", ALL)
def test_no_csv_cell_starts_a_formula_and_the_flag_says_what_was_changed(payload: str) -> None:
    row = parsed(render_table_csv(one(payload)))[1]
    trimmed = row[0].strip(" \u00a0\u3000\ufeff\u200b\n\v\f\0")
    assert row[0][0] not in FORMULA_STARTS and trimmed[:1] not in FORMULA_STARTS
    assert row[-1] == ("text" if payload in FORMULAS else "")
    assert row[1:4] == ["6222020000000000123", "-1.50", "3"], "a negative sum is a number, not a formula"


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30))
@settings(deadline=None)
def test_csv_gives_back_every_text(text: str) -> None:
    row = parsed(render_table_csv(one(text)))[1]
    assert (row[0].removeprefix("'") if row[-1] == "text" else row[0]) == text


def test_all_csv_fields_are_quoted_and_headings_speak_the_language() -> None:
    content = render_table_csv(one("a"), "zh").decode("utf-8-sig")
    assert content.splitlines()[0] == '"文本","卡号","金额(元)","笔数","时间 (UTC)","neutralised"'
    assert content.splitlines()[1] == '"a","6222020000000000123","-1.50","3","2024-03-01T01:05:00+00:00",""'


@pytest.mark.parametrize("payload", [*ALL, "https://example.invalid", "1e5", "00123", "mailto:a@b.c"])
def test_xlsx_texts_are_text_cells_and_links_and_formulas_do_not_arise(payload: str) -> None:
    content = render_table_xlsx([one(payload)])
    text, card, amount, count, _ = cells(content)[1]
    assert (text.data_type, text.number_format, text.hyperlink) == ("s", "@", None)
    assert (card.value, card.data_type, card.number_format) == ("6222020000000000123", "s", "@")
    assert (amount.value, count.value) == (-1.5, 3)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert b"<f>" not in everything and b"TargetMode" not in everything


def test_xlsx_keeps_ordinary_texts_and_cuts_what_a_cell_can_not_hold() -> None:
    assert cells(render_table_xlsx([one("虚甲")]))[1][0].value == "虚甲"
    for text, size in ((LONG, "1,000,000"), ("\U00020000" * 20_000, "20,000")):
        cut = cells(render_table_xlsx([one(text)]))[1][0].value
        assert isinstance(cut, str) and cut.endswith(f"… [{size}]")
        assert len(cut.encode("utf-16-le")) // 2 <= 32_767


def test_a_number_with_more_than_15_digits_becomes_text() -> None:
    table = Table("t", "表", "T", (Column("n", "数", "n", Kind.COUNT),), [[10**18 + 1], [None], [True]])
    shown = [row[0].value for row in cells(render_table_xlsx([table]))[1:]]
    assert shown == ["1000000000000000001", None, "true"]


def test_the_same_tables_give_the_same_bytes() -> None:
    first, second = (render_table_xlsx([one("a"), one("b")], "en", "A & B") for _ in range(2))
    assert first == second and render_table_csv(one("a")) == render_table_csv(one("a"))
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert b"2000-01-01" in parts.read("docProps/core.xml")


def test_two_tables_of_one_name_get_two_sheets_and_bad_signs_leave_the_name() -> None:
    odd = Table("t", "a[]:*?/\\'" * 9, "x", COLUMNS, [])
    book = openpyxl.load_workbook(io.BytesIO(render_table_xlsx([odd, odd])))
    assert len(set(book.sheetnames)) == 2 and all(len(n) <= 31 for n in book.sheetnames)


def test_more_rows_than_a_sheet_holds_is_one_sentence() -> None:
    class Many(list[list[object]]):
        def __len__(self) -> int:
            return 1_048_576

    with pytest.raises(InputError, match="export CSV"):
        render_table_xlsx([Table("rows", "行", "Rows", COLUMNS, Many())])


def test_the_tables_of_a_map_name_every_edge_and_row(tmp_path: Path) -> None:
    data = ring_map(tmp_path, FULL)
    nodes, edges, rows = map_tables(data, "zh")
    assert len(nodes.rows) == len(data.nodes) and len(edges.rows) == len(data.edges)
    assert len(rows.rows) == sum(len(edge.citations) for edge in data.edges)
    names = [c.name for c in edges.columns]
    moved = [dict(zip(names, row, strict=True)) for row in edges.rows]
    first = next(m for m in moved if m["start_key"] == account(1).key and m["kind_code"] == "TRANSFER")
    assert (first["kind"], first["sureness"], first["start_type"]) == ("转账", "有记录", "银行账户")
    money = sum(row[3] or 0 for row in rows.rows)
    assert money == sum(m["amount"] or 0 for m in moved)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202eabc", "‹U+202E›abc"),
        ("a\u200bb", "a‹U+200B›b"),
        ("a\nb", "a b"),
        ("虚甲", "虚甲"),
        ("x" * 25, "x" * 20 + "… (+5)"),
        ("\ud800", "‹U+D800›"),
    ],
)
def test_signs_that_hide_are_written_out(text: str, shown: str) -> None:
    assert visible(text, 20) == shown


def test_days_and_flags_are_plain() -> None:
    table = Table("t", "表", "T", (Column("d", "日", "day", Kind.DAY), Column("f", "旗", "flag", Kind.FLAG)),
                  [[date(2024, 3, 1), False]])  # fmt: skip
    assert parsed(render_table_csv(table))[1] == ["2024-03-01", "false", ""]
