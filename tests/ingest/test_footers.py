"""Notes under a table are counted apart; nothing that could be a row ever is."""

from pathlib import Path

import pytest

from bench.layout_variants import as_html, as_xlsx
from ingest.limits import DEFAULT_LIMITS
from ingest.parse import Parsed, parse_file
from tests.ingest.build import SHEET, A, sheet_row

NOTES = (
    "注：以上数据仅供参考，以柜台为准。",
    "制表人：张虚构",
    "打印时间：2024-03-05 10:00:00",
    "（备注：本表由系统导出）",
    "说明1：金额单位为元",
    "以上数据为全部交易",
    "----以下空白----",
    "第 1 页 共 3 页",
    "共 2 条记录",
    "联系电话：0731-00000000",
)
NO_NOTES = (
    "转账备注：还款",  # the word does not stand first
    "注意账户",
    "以上 3 笔合并",
    A,
    "张虚构",
    "制表人",
)
DATA = [sheet_row(serial="S1"), sheet_row(serial="S2")]
EMPTY = ("",) * (len(SHEET) - 1)


def text(*lines: str) -> bytes:
    return "\n".join([",".join(cells) for cells in (SHEET, *DATA)] + list(lines)).encode() + b"\n"


def parse(data: bytes, name: str = "a.csv") -> Parsed:
    return parse_file(data, name, None, DEFAULT_LIMITS)


def account(parsed: Parsed) -> tuple[int, int, list[str]]:
    """Rows kept, layout rows, reason codes of the rejects."""
    kept = sum(frame.height for frames in parsed.frames.values() for frame in frames)
    codes = [code for frame in parsed.rejects for code in frame["code"].to_list()]
    return kept, parsed.layout_rows, codes


@pytest.mark.parametrize("note", NOTES)
def test_a_note_is_a_layout_row_as_line_as_row_and_in_a_workbook(note: str) -> None:
    row = (note, *EMPTY)
    assert account(parse(text(note))) == (2, 1, [])
    assert account(parse(text(",".join(row)))) == (2, 1, [])
    assert account(parse(as_xlsx([SHEET, *DATA, row]), "a.xlsx")) == (2, 1, [])
    assert account(parse(as_html([SHEET, *DATA, row]), "a.xls")) == (2, 1, [])
    assert account(parse(text(note).decode().encode("gb18030"))) == (2, 1, [])


def test_several_notes_in_one_row_are_one_layout_row() -> None:
    row = ("制表人：张虚构", "", "复核：李样例", "", "打印日期：2024-03-05", *EMPTY[4:])
    assert account(parse(text(",".join(row)))) == (2, 1, [])


@pytest.mark.parametrize("note", NO_NOTES)
def test_what_only_looks_like_a_note_is_rejected_with_its_reason(note: str) -> None:
    kept, layout_rows, codes = account(parse(text(note)))
    assert (kept, layout_rows, codes) == (2, 0, ["FIELD_COUNT"])


def test_a_row_with_anything_else_in_it_is_no_note() -> None:
    data = list(sheet_row(serial="S3", card="注：1"))
    assert account(parse(text(",".join(data))))[1] == 0
    beside = ("注：以上数据", A, *EMPTY[1:])
    assert account(parse(text(",".join(beside))))[1] == 0
    behind = ("", "注：以上数据", *EMPTY[1:])
    assert account(parse(text(",".join(behind)))) == (2, 0, ["BAD_IDENTIFIER"])


def test_a_line_with_more_than_one_cell_keeps_its_reason() -> None:
    assert account(parse(text("注：一,二"))) == (2, 0, ["FIELD_COUNT"])


def test_what_somebody_wrote_in_a_tip_off_stays_a_row() -> None:
    lines = "举报内容,线索编号,接收时间\n说明：某人卖卡,,\n".encode()
    kept, layout_rows, codes = account(parse_file(lines, "tips.csv", "tips", DEFAULT_LIMITS))
    assert (kept + len(codes), layout_rows) == (1, 0)


def test_rows_keep_their_numbers_around_a_note(tmp_path: Path) -> None:
    lines = text("注：中间", ",".join(sheet_row(serial="S3")))
    parsed = parse(lines)
    (frame,) = parsed.frames["bank_sheet"]
    assert account(parsed) == (3, 1, [])
    assert frame["line"].to_list() == [2, 3, 5] and frame["row"].to_list() == [1, 2, 4]
