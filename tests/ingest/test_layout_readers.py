"""Headers over several rows, title rows, hidden parts and tables under a false name are read as they are."""

from pathlib import Path

import pytest

from graph.errors import UnreadableSource
from ingest.layouts import built_in
from ingest.limits import DEFAULT_LIMITS
from ingest.parse import Parsed, parse_file
from ingest.readers.header import find_header
from tests.ingest.build import SHEET, A, B, load, only, sheet_row, sheet_xml, write_package

ROW = sheet_row()
CALLS = ("15400000001", "460010000000001", "15400000002", "460010000000002", "主叫", "2024-03-04 10:00:00")


def parse(data: bytes, name: str) -> Parsed:
    return parse_file(data, name, None, DEFAULT_LIMITS)


def header(*rows: tuple[str, ...]) -> tuple[str, ...]:
    found = find_header(rows, built_in().header_score)
    assert found is not None
    return found.texts


def test_a_header_over_two_rows_is_joined_by_column() -> None:
    top = ("本端", "", "对端", "", "通联类型", "开始时间")
    texts = header(("某话单",), top, ("号码", "IMSI", "号码", "IMSI", "", ""), CALLS)
    assert texts == ("本端号码", "本端IMSI", "对端号码", "对端IMSI", "通联类型", "开始时间")


def test_a_group_that_names_no_side_is_left_out_and_one_that_does_never() -> None:
    texts = header(
        ("基本信息", "", "交易信息", "", ""),
        ("交易卡号", "账户开户名称", "交易时间", "交易金额", "收付标志"),
        (A, "虚构人", "2024-03-04 10:00:00", "1.00", "出"),
    )
    assert texts == ("交易卡号", "账户开户名称", "交易时间", "交易金额", "收付标志")
    merged = header(
        ("交易卡号", "对手信息", "", "交易时间", "交易金额", "收付标志"),
        ("", "户名", "交易账号", "", "", ""),
    )
    assert merged == ("交易卡号", "对手户名", "对手信息交易账号", "交易时间", "交易金额", "收付标志")


def test_a_single_header_with_repeated_texts_below_stays_single() -> None:
    assert header(SHEET, SHEET, ROW) == SHEET
    assert find_header([("甲", "乙"), ("丙", "丁")], built_in().header_score) is None


def three_row_sheet() -> str:
    title = ["某银行交易明细"]
    first = ["账户信息", "", "交易信息", "", "", "交易对手", ""]
    second = ["", "", "时间金额信息", "", "", "", ""]
    third = ["交易卡号", "交易账号", "交易时间", "交易金额", "收付标志", "账卡号", "备注"]
    row = ["", A, "2024-03-04 10:00:00", "100.00", "出", B, ""]
    xml = sheet_xml([title, ["打印日期"], first, second, third, row, third, ["合计", "", "", "100.00"]])
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("A1:G1", "A3:B4", "C3:E3", "C4:E4", "F3:F4"))
    return xml.replace("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>")


def test_a_merged_header_over_three_rows_below_titles_with_totals_and_repeats(tmp_path: Path) -> None:
    path = write_package(tmp_path / "a.xlsx", {"明细": three_row_sheet()})
    parsed = parse(path.read_bytes(), path.name)
    (frame,) = parsed.frames["bank_sheet"]
    assert frame.select("own_account", "peer_account", "amount").row(0) == (A, B, 10_000)
    assert (frame.height, parsed.rows_in, parsed.layout_rows) == (1, 1, 2)
    (sheet,) = parsed.sheets
    assert sheet.header_line == 5
    assert sheet.columns["peer_account"] == (5, "交易对手账卡号")


def test_hidden_rows_and_columns_are_counted_read_and_said(tmp_path: Path) -> None:
    xml = sheet_xml([SHEET, ROW, sheet_row(amount="2.00")]).replace('<row r="3"', '<row r="3" hidden="1"')
    xml = xml.replace("<sheetData>", '<cols><col min="2" max="3" width="9" hidden="1"/></cols><sheetData>')
    path = write_package(tmp_path / "a.xlsx", {"s": xml})
    parsed = parse(path.read_bytes(), path.name)
    assert parsed.rows_in == 2
    assert parsed.flags == {"HIDDEN_PART"}
    assert parsed.sheets[0].hidden == {"rows": 1, "columns": 2}
    slow = write_package(tmp_path / "b.xlsx", {"s": xml.replace("<sheetData>", "<!-- x --><sheetData>")})
    assert parse(slow.read_bytes(), slow.name).sheets[0].hidden == {"rows": 1, "columns": 2}


def as_html(rows: list[tuple[str, ...]], tag: str = "td") -> str:
    body = "".join("<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>\n" for row in rows)
    return f"<html><head><style>td {{}}</style></head><body><table border=1>{body}</table></body></html>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_html_table_named_xls_is_read_by_its_content(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(as_html([SHEET, ROW]).encode(encoding))
    parsed = parse(path.read_bytes(), path.name)
    assert parsed.frames["bank_sheet"][0]["own_account"].to_list() == [A]
    assert parsed.flags == {"TYPE_MISMATCH"}
    assert only(load(tmp_path / "v", path)).loaded == 1


def test_an_html_header_with_spans_is_joined_and_cells_keep_their_places() -> None:
    page = (
        "<table><tr><th rowspan=2>通联类型<th colspan=2>本端<th colspan=2>对端<th rowspan=2>开始时间</tr>"
        "<tr><th>号码<th>IMSI<th>号码<th>IMSI</tr>"
        "<tr><td>主叫<td>15400000001<td>&nbsp;<td>15400000002<td><td>2024-03-04 10:00:00</table>"
    )
    parsed = parse(page.encode(), "a.xls")
    (frame,) = parsed.frames["call_records"]
    assert frame.select("own_number", "peer_number", "kind").row(0) == ("15400000001", "15400000002", "out")
    assert frame["own_imsi"].to_list() == [None]


def test_scripts_in_a_page_are_flagged_and_not_read() -> None:
    page = as_html([SHEET, ROW]).replace("<body>", "<body><script>document.write('<table>')</script>")
    parsed = parse(page.encode(), "a.xls")
    assert parsed.flags == {"TYPE_MISMATCH", "ACTIVE_CONTENT"}
    assert parsed.rows_in == 1


def test_a_table_inside_a_table_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="inside another"):
        parse(as_html([SHEET, (*ROW[:-1], "<table></table>")]).encode(), "a.xls")


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ("<tr><td></td><td>8801", "<tr.<td></td><td>8801"),  # the row would join the one above it
        ("<tr><td></td><td>8801", "<tr.<td>x</td><td>8801"),
        ("</td><td>2024", "</td>td>2024"),  # the cells behind it would stand one column too far left
        ("</td><td>2024", "</td><|d>2024"),
        ("</td><td>2024", "</td><td!>2024"),
        ("<tr><td></td>", "</tr.<tr><td></td>"),
        ("<tr><td></td>", "</table></table><table><tr><td></td>"),
        ("<tr><td></td>", "</table><tr><td></td>"),
    ],
)
def test_a_page_whose_cells_lost_their_places_is_refused(whole: str, broken: str) -> None:
    page = as_html([SHEET, ROW, ROW])
    assert page.count(whole) == 2
    with pytest.raises(UnreadableSource) as error:
        parse(broken.join(page.rsplit(whole, 1)).encode(), "a.xls")
    assert error.value.facts["code"] == "XML_UNSAFE"


def test_a_caption_and_blanks_between_cells_are_no_damage() -> None:
    page = as_html([SHEET, ROW]).replace("<tr>", "\n<caption>交易<b>明细</b></caption> <tr>&nbsp;", 1)
    assert parse(page.encode(), "a.xls").frames["bank_sheet"][0].height == 1


def test_a_float_shown_in_a_page_is_never_an_identifier() -> None:
    parsed = parse(as_html([SHEET, ("6.22202E+18", *ROW[1:])]).encode(), "a.xls")
    assert parsed.rejects[0]["code"].to_list() == ["SCIENTIFIC_TEXT"]


def test_other_types_under_a_false_name_are_read_and_said(tmp_path: Path) -> None:
    tabs = "\t".join(SHEET) + "\n" + "\t".join(ROW) + "\n"
    assert parse(tabs.encode("utf-16"), "a.xls").flags == {"TYPE_MISMATCH"}
    path = write_package(tmp_path / "a.csv", {"s": sheet_xml([SHEET, ROW])})
    parsed = parse(path.read_bytes(), path.name)
    assert (parsed.flags, parsed.rows_in) == ({"TYPE_MISMATCH"}, 1)


def test_totals_and_repeated_rows_of_a_tall_header_are_counted_apart_and_a_row_with_a_number_never() -> None:
    top = ("本端", "", "对端", "", "通联类型", "开始时间")
    low = ("号码", "IMSI", "号码", "IMSI", "", "")
    rows = [
        top,
        low,
        CALLS,
        top,
        low,
        ("共 1 条", "", "", "", "", ""),
        ("合计：1", "", "", "", "", ""),
        CALLS,
    ]
    text = "\n".join(",".join(row) for row in rows)
    parsed = parse(text.encode(), "a.csv")
    assert (parsed.rows_in, parsed.layout_rows, parsed.rejects[0].height) == (2, 4, 0)
    about = ",".join(SHEET) + "\n" + ",".join(sheet_row(card="小计")) + "\n"
    assert parse(about.encode(), "b.csv").layout_rows == 0


def test_status_says_by_which_columns_a_sheet_was_read_and_what_was_hidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from ingest.__main__ import main

    xml = sheet_xml([SHEET, ROW]).replace('<row r="2"', '<row r="2" hidden="1"')
    load(tmp_path / "v", write_package(tmp_path / "a.xlsx", {"明细": xml}))
    assert main(["status", "--json", "--lake", str(tmp_path / "v")]) == 0
    (sheet,) = json.loads(capsys.readouterr().out)[0]["sheets"]
    assert sheet["hidden"] == {"rows": 1}
    assert sheet["columns"]["own_account"] == "交易账号"
    assert main(["status", "--lake", str(tmp_path / "v")]) == 0
    assert "a.xlsx 明细: hidden and read too: 1 rows." in capsys.readouterr().out


def test_a_cited_row_is_found_by_the_columns_that_read_it_whatever_is_declared_today(tmp_path: Path) -> None:
    from graph.lake.home import lake_home
    from ingest.citation import original_row

    root = tmp_path / "v"
    (root / "templates").mkdir(parents=True)
    declared = root / "templates" / "aliases.yml"
    declared.write_text(
        "bank_sheet: {columns: {own_account: [某号], peer_account: [对手某号]}}", encoding="utf-8"
    )
    title = ["某银行", "", "", "", ""]
    top = ["某号", "对手", "交易时间", "交易金额", "收付标志"]
    low = ["", "某号", "", "", ""]
    row = [A, B, "2024-03-04 10:00:00", "100.00", "出"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(cells) for cells in (title, top, low, row)), encoding="utf-8")
    record = only(load(root, path))
    assert record.loaded == 1
    declared.unlink()
    said = original_row(lake_home(root), record.sha256, 1)
    assert said["对手某号"] == "880200*******0002"
    assert said["交易金额"] == "100.00"
    assert original_row(lake_home(root), record.sha256, 1, full=True)["某号"] == A
