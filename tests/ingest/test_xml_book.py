"""XML Spreadsheet 2003 is read by its content, as raw text, and never beyond what is safe."""

from dataclasses import replace

import pytest

from bench.layout_variants import as_xml_book
from graph.errors import UnreadableSource
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.parse import Parsed, parse_file
from tests.ingest.build import SHEET, A, sheet_row

ROWS = [sheet_row(serial="S1"), sheet_row(serial="S2", memo="样例 & <转账>")]
BOOK = as_xml_book([SHEET, *ROWS])


def parse(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Parsed:
    return parse_file(data, "a.xls", None, limits)


def refused(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(UnreadableSource) as caught:
        parse(data, limits)
    return str(caught.value.facts["code"])


def test_an_xml_spreadsheet_named_xls_is_read_by_its_content() -> None:
    parsed = parse(BOOK)
    (frame,) = parsed.frames["bank_sheet"]
    assert frame["serial"].to_list() == ["S1", "S2"]
    assert frame["memo"].to_list() == ["转账", "样例 & <转账>"]
    assert frame["own_account"].to_list() == [A, A]
    assert frame["line"].to_list() == [2, 3] and frame["sheet"].to_list() == ["明细", "明细"]
    assert (parsed.rows_in, parsed.flags) == (2, {"TYPE_MISMATCH"})


def typed(kind: str, text: str, place: str = "交易卡号") -> Parsed:
    """The book with one more cell of another type in its first row of data."""
    at = SHEET.index(place) + 1
    cell = f'<Cell ss:Index="{at}"><Data ss:Type="{kind}">{text}</Data></Cell>'
    rows = [(*row[: at - 1], "", *row[at:]) for row in ROWS[:1]]
    data = as_xml_book([SHEET, *rows]).decode()
    head, _, row = data.rpartition("<Row>")
    cells = row.split("<Cell")
    later = next((i for i, one in enumerate(cells) if i and int(one.split('"')[1]) > at), len(cells))
    tail = "<Cell".join(["", *cells[later:]])
    return parse((head + "<Row>" + "<Cell".join(cells[:later]) + cell + tail).encode())


def test_numbers_stay_the_text_the_file_holds() -> None:
    lost = typed("Number", "6.2220212345678899E+18")
    assert [code for frame in lost.rejects for code in frame["code"]] == ["PRECISION_LOST"]
    exact = typed("Number", "9990010100078924635").frames["bank_sheet"][0]
    assert exact["own_card"].to_list() == ["9990010100078924635"]
    assert "NUMERIC_CELL@own_card" in exact["flags"][0]


def test_times_errors_and_formulas() -> None:
    timed = typed("DateTime", "2024-03-05T11:12:13.000", "交易时间").frames["bank_sheet"][0]
    assert str(timed["time"][0]) == "2024-03-05 03:12:13+00:00"
    broken = typed("Error", "#REF!", "交易金额")
    assert [code for frame in broken.rejects for code in frame["code"]] == ["CELL_ERROR"]


def test_blank_rows_and_left_out_rows_keep_their_numbers() -> None:
    third = BOOK.decode().rpartition("<Row>")[2].split("</Row>")[0]
    data = BOOK.replace(b"</Table>", f'<Row ss:Index="7">{third}</Row></Table>'.encode())
    parsed = parse(data)
    assert parsed.frames["bank_sheet"][0]["line"].to_list() == [2, 3, 7]
    assert parse(BOOK.replace(b"</Table>", b'<Row ss:Index="9"/><Row/></Table>')).rows_in == 2


@pytest.mark.parametrize(
    ("whole", "changed"),
    [
        (b'<?xml version="1.0"?>', b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'),
        (b'<?xml version="1.0"?>', b'<?xml version="1.0"?><!doctype x SYSTEM "file:///etc/passwd">'),
        (b'<?xml version="1.0"?>', b'<?xml version="1.0" encoding="GB2312"?>'),
        (b"</Workbook>", b""),
        (b'ss:Index="2"', b'ss:Index="x"'),
        (b'ss:Index="4"', b'ss:Index="1"'),
        (b"</Row><Row>", b"</Row><Row ss:Index=\"1\">"),
    ],
)  # fmt: skip
def test_what_is_unsafe_or_broken_is_refused(whole: bytes, changed: bytes) -> None:
    assert whole in BOOK
    assert refused(BOOK.replace(whole, changed)) == "XML_UNSAFE"


def test_another_encoding_can_hide_nothing() -> None:
    text = BOOK.decode().replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
    assert refused(b"\xff\xfe" + text.encode("utf-16-le")) == "XML_UNSAFE"


def test_it_ends_at_the_limits_of_every_workbook() -> None:
    assert refused(BOOK, replace(DEFAULT_LIMITS, rows=2)) == "SHEET_BOUNDS"
    assert refused(BOOK, replace(DEFAULT_LIMITS, columns=5)) == "SHEET_BOUNDS"
    assert refused(BOOK.replace(b'ss:Index="4"', b'ss:Index="9999999"')) in ("SHEET_BOUNDS", "XML_UNSAFE")
    sheet = BOOK.decode().partition("<Worksheet")[2].partition("</Worksheet>")[0]
    many = BOOK.decode().replace("</Workbook>", f"<Worksheet{sheet}</Worksheet></Workbook>")
    assert len(parse(many.encode()).frames["bank_sheet"]) == 2
    assert refused(many.encode(), replace(DEFAULT_LIMITS, sheets=1)) == "SHEET_BOUNDS"


def test_a_row_that_only_one_of_two_counts_sees_is_never_lost_silently() -> None:
    hidden = BOOK.replace(b"</Table>", b"<Row><Cell><Data ss:Type='String'>x</Data></Cell></Row></Table>")
    parsed = parse(hidden)
    assert parsed.rows_in == 3 and sum(frame.height for frame in parsed.rejects) == 1
