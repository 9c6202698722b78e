"""XLSX: identifier cells come from the raw text, and an unsafe package is refused before it can do harm."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from graph.errors import UnreadableSource
from ingest.limits import DEFAULT_LIMITS
from ingest.parse import Parsed, parse_file
from tests.ingest.build import SHEET, A, B, sheet_row, sheet_xml, write_package

ROW = sheet_row()


def parse(path: Path) -> Parsed:
    return parse_file(path.read_bytes(), path.name, None, DEFAULT_LIMITS)


def refused(path: Path) -> str:
    with pytest.raises(UnreadableSource) as caught:
        parse(path)
    return str(caught.value.facts["code"])


def with_card(value: tuple[str, str] | str) -> list[tuple[str, str] | str]:
    return [value, *ROW[1:]]


def test_a_float_of_a_card_number_is_rejected_and_raw_digits_are_exact(tmp_path: Path) -> None:
    rows = [SHEET, with_card(("6.2220212345678899E+18", "n")), with_card(("6222021234567890123", "n"))]
    parsed = parse(write_package(tmp_path / "a.xlsx", {"明细": sheet_xml(rows)}))
    (frame,), (rejects,) = parsed.frames["bank_sheet"], parsed.rejects
    assert frame["own_card"].to_list() == ["6222021234567890123"]
    assert "NUMERIC_CELL@own_card" in frame["flags"][0]
    assert rejects["code"].to_list() == ["PRECISION_LOST"]
    assert bytes.fromhex(rejects["raw"][0]).decode() == "6.2220212345678899E+18"


def test_three_cards_in_one_float_never_merge(tmp_path: Path) -> None:
    rows = [SHEET, *(with_card((f"{float(6222021234567890123 + i)!r}", "n")) for i in range(3))]
    parsed = parse(write_package(tmp_path / "a.xlsx", {"s": sheet_xml(rows)}))
    assert parsed.rejects[0]["code"].to_list() == ["PRECISION_LOST"] * 3
    assert parsed.frames["bank_sheet"][0].is_empty()


def test_text_in_e_notation_is_rejected(tmp_path: Path) -> None:
    parsed = parse(
        write_package(tmp_path / "a.xlsx", {"s": sheet_xml([SHEET, with_card("6.22202E+18"), ROW])})
    )
    assert parsed.rejects[0]["code"].to_list() == ["SCIENTIFIC_TEXT"]
    assert parsed.frames["bank_sheet"][0].height == 1


def test_errors_and_formulas_without_result_are_rejected_and_cached_values_read(tmp_path: Path) -> None:
    bad: list[list[tuple[str, str] | str]] = [
        [*ROW[:3], ("#REF!", "e"), *ROW[4:]],
        [*ROW[:3], ("A1+1", "f"), *ROW[4:]],
    ]
    xml = sheet_xml([SHEET, *bad, ROW]).replace("<f>A1+1</f>", "<f>A1+1</f>", 1)
    cached = sheet_xml([SHEET, [*ROW[:3], ("12.5", "n"), *ROW[4:]]]).replace(
        "<v>12.5</v>", "<f>A1</f><v>12.5</v>"
    )
    parsed = parse(write_package(tmp_path / "a.xlsx", {"a": xml, "b": cached}))
    codes = [code for frame in parsed.rejects for code in frame["code"].to_list()]
    assert codes == ["CELL_ERROR", "CELL_ERROR"]
    assert [f["amount"].to_list() for f in parsed.frames["bank_sheet"]] == [[10_000], [1_250]]
    assert [f["row"].to_list() for f in parsed.frames["bank_sheet"]] == [[3], [4]]


def test_day_numbers_follow_the_workbooks_epoch(tmp_path: Path) -> None:
    xml = sheet_xml([SHEET, [*ROW[:2], ("44356.5", "n"), *ROW[3:]]])
    usual = parse(write_package(tmp_path / "a.xlsx", {"s": xml})).frames["bank_sheet"][0]["time"][0]
    pr = '<workbookPr date1904="1"/>'
    other = parse(write_package(tmp_path / "b.xlsx", {"s": xml}, workbook_pr=pr)).frames["bank_sheet"][0][
        "time"
    ][0]
    assert usual.isoformat() == "2021-06-09T04:00:00+00:00"
    assert (other - usual).days == 1462


@pytest.mark.parametrize("constant_memory", [True, False])
def test_xlsxwriter_and_openpyxl_files_read_alike(tmp_path: Path, constant_memory: bool) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": constant_memory})
    sheet = book.add_worksheet()
    for number, cells in enumerate([SHEET, ROW, sheet_row(memo="a<b> & _x0041_")]):
        for column, text in enumerate(cells):
            sheet.write_string(number, column, text)
    book.close()
    other = openpyxl.Workbook()
    assert other.active is not None
    for cells in [SHEET, ROW, sheet_row(memo="a<b> & _x0041_")]:
        other.active.append(cells)
    other.save(tmp_path / "b.xlsx")
    first, second = (parse(tmp_path / name).frames["bank_sheet"][0] for name in ("a.xlsx", "b.xlsx"))
    assert first["own_account"].to_list() == [A, A]
    assert first.drop("sheet", "memo", "row_key").equals(second.drop("sheet", "memo", "row_key"))
    assert first["memo"].to_list() == ["转账", "a<b> & _x0041_"]


def test_cells_without_references_and_prefixed_names_are_read(tmp_path: Path) -> None:
    xml = sheet_xml([SHEET, ROW])
    plain = write_package(tmp_path / "a.xlsx", {"s": xml})
    import re

    bare = write_package(tmp_path / "b.xlsx", {"s": re.sub(r'<c r="\w+"', "<c", xml)})
    prefixed = re.sub(r"<(/?)(worksheet|sheetData|row|c|is|t|v)\b", r"<\1x:\2", xml).replace(
        "xmlns=", "xmlns:x="
    )
    keys = [
        parse(path).frames["bank_sheet"][0]["own_account"].to_list()
        for path in (plain, write_package(tmp_path / "c.xlsx", {"s": prefixed}))
    ]
    assert keys == [[A], [A]]
    # Without references an empty cell has no place of its own, so only full rows line up.
    assert parse(bare).rows_in == 1


def test_hidden_sheets_are_read_and_said(tmp_path: Path) -> None:
    path = write_package(tmp_path / "a.xlsx", {"s": sheet_xml([SHEET, ROW])})
    data = path.read_bytes()
    hidden = tmp_path / "h.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(hidden, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b'sheetId="1"', b'sheetId="1" state="hidden"')
            new.writestr(name, text)
    assert data
    parsed = parse(hidden)
    assert parsed.rows_in == 1
    assert parsed.flags == {"HIDDEN_PART"}


def test_a_half_written_package_is_refused(tmp_path: Path) -> None:
    path = write_package(tmp_path / "a.xlsx", {"s": sheet_xml([SHEET, ROW])})
    data = path.read_bytes()
    for cut in (40, len(data) // 2, len(data) - 10):
        path.write_bytes(data[:cut])
        assert refused(path) == "ARCHIVE_UNSAFE"


def test_a_sheet_cut_off_inside_its_xml_is_refused(tmp_path: Path) -> None:
    xml = sheet_xml([SHEET, ROW])
    assert refused(write_package(tmp_path / "a.xlsx", {"s": xml[: len(xml) * 2 // 3]})) == "XML_UNSAFE"


def test_declarations_are_refused(tmp_path: Path) -> None:
    xml = sheet_xml([SHEET, ROW]).replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet')
    assert refused(write_package(tmp_path / "a.xlsx", {"s": xml})) == "XML_UNSAFE"


@pytest.mark.parametrize("name", ["../../x", "/abs", "a/../../b"])
def test_entries_that_lead_outside_are_refused(tmp_path: Path, name: str) -> None:
    assert (
        refused(write_package(tmp_path / "a.xlsx", {"s": sheet_xml([SHEET])}, {name: b"x"}))
        == "ARCHIVE_UNSAFE"
    )


def test_a_part_that_unpacks_too_far_is_refused_while_streaming(tmp_path: Path) -> None:
    path = write_package(tmp_path / "a.xlsx", {"s": sheet_xml([SHEET, sheet_row(memo="0" * 3_000_000)])})
    assert refused(path) == "ARCHIVE_UNSAFE"


def test_a_cell_far_out_is_out_of_bounds(tmp_path: Path) -> None:
    xml = sheet_xml([SHEET, ROW]).replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    assert refused(write_package(tmp_path / "a.xlsx", {"s": xml})) == "SHEET_BOUNDS"


def test_macros_and_links_are_flagged_and_not_followed(tmp_path: Path) -> None:
    path = write_package(tmp_path / "a.xlsx", {"s": sheet_xml([SHEET, ROW])}, {"xl/vbaProject.bin": b"x"})
    assert parse(path).flags == {"ACTIVE_CONTENT"}


def test_a_sheet_without_known_header_waits_alone(tmp_path: Path) -> None:
    other = sheet_xml([["说明", "内容"], ["一", "二"]])
    parsed = parse(write_package(tmp_path / "a.xlsx", {"s": sheet_xml([SHEET, ROW]), "说明": other}))
    assert parsed.rows_in == 3
    assert [code for frame in parsed.rejects for code in frame["code"].to_list()] == ["HEADER_UNKNOWN"] * 2
    assert parsed.frames["bank_sheet"][0]["peer_account"].to_list() == [B]
