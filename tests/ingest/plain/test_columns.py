"""Plain cells: what the kernels decide is what the cleaners say, and no cell is decided differently."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import clean_column
from ingest.clean.cleaned import Cleaned
from ingest.clean.column import KEPT_AS_WRITTEN, stored_type
from ingest.plain.columns import places_of, plain_cells
from ingest.plain.views import texts_of
from ingest.template import Column, template
from tests.ingest.plain.switch import with_kernels, without_kernels

SHEET = template("bank_sheet")
KINDS = ("account", "peer", "login", "text", "name", "code", "id", "money", "time", "flag", "ip", "region")
# What cells are made of: digits and signs of amounts and times, what surrounds values, Chinese text, marks.
PARTS = st.sampled_from(
    [
        *"0123456789",
        *("-", ".", ":", " ", "\t", "/", "*", "X", "x", "O", "E", "+", ",", "元", "¥", '"', "'", "“", "”"),
        *("NULL", "无", "样", "例", "银行", "鍗″彿", "\ue5f1", "\U00020000", "é", "\x01", "\x02", "\ufeff"),
        *(
            "\u200b",
            "\u3000",
            "Ａ",
            "①",
            "２",
            "（",
            "）",
            "00",
            "000",
            "2024-02-29",
            " 23:59:59",
            "1991-04-14",
        ),
        *("99030219900101", "91990101100623459G", "6222020000000000", "9990010100078924635", "88010001"),
    ]
)
PLAIN = st.one_of(
    st.from_regex(r"\A[0-9]{3,33}\t?\Z"),
    st.from_regex(r"\A[3-6][0-9]{14,19}\Z"),
    st.from_regex(r"\A[0-9]{15}0{1,4}\Z"),
    st.from_regex(r"\A(9[0-4]|43)[0-9]{15}[0-9X]\Z"),
    st.from_regex(r"\A-?[0-9]{1,18}(\.[0-9]{0,3})?\Z"),
    st.from_regex(r"\A(19[0-9]{2}|2[0-9]{3})-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9]\Z"),
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=6),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20),
    st.text(max_size=8),
)
CELLS = st.lists(
    st.one_of(st.none(), PLAIN, st.lists(PARTS, max_size=6).map("".join)), min_size=1, max_size=12
)


def column_of_kind(kind: str) -> Column:
    return Column("field", kind, "列", (), "列", "column", SHEET.columns["time"].zone, vault=False)


def said(cleaned: Cleaned, kind: str) -> dict[str, list[object]]:
    """Everything a cleaned column says, in one form."""
    nothing = [None] * len(cleaned.values)
    written = cleaned.as_written.to_list() if cleaned.as_written is not None else nothing
    return {
        "values": cleaned.values.cast(stored_type(kind)).to_list(),
        "written": written if kind in KEPT_AS_WRITTEN else nothing,
        **{
            f"{reason}": mask.fill_null(False).to_list()
            for reason, mask in cleaned.codes.items()
            if mask.any()
        },
        **{
            f"refused {r}": mask.fill_null(False).to_list()
            for r, mask in cleaned.refused.items()
            if mask.any()
        },
    }


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None)
@given(cells=CELLS, times=st.sampled_from([1, 40]))
def test_a_column_says_the_same_with_kernels_and_without(
    kind: str, cells: list[str | None], times: int
) -> None:
    usable = [c if c is None else c.encode("utf-8", "ignore").decode() for c in cells] * times
    texts = pl.Series("c0", [c or None for c in usable], dtype=pl.String)
    column = column_of_kind(kind)
    fast, slow = (run(lambda: clean_column(texts, column, SHEET)) for run in (with_kernels, without_kernels))
    assert said(fast, kind) == said(slow, kind)


def test_plain_values_need_no_cleaner() -> None:
    rows = {
        "money": (["12.30\t", "-0.05", "7", None, "-"], [1230, -5, 700, None, None]),
        "account": (["88010001000000001\t", "无", "1234"], ["88010001000000001", None, "1234"]),
        "code": (["JY1-2", "NULL"], ["JY1-2", None]),
        "text": (["转账", " ATM 01 "], ["转账", "ATM 01"]),
        "time": (["2024-02-29 08:00:01"], [datetime(2024, 2, 29, 0, 0, 1, tzinfo=UTC)]),
    }
    for kind, (cells, values) in rows.items():
        found = plain_cells(texts_of(pl.Series(cells)), kind, SHEET.times, "Asia/Shanghai")
        assert found is not None
        assert found[0].to_list() == values, kind
        assert not len(found[1]), kind


def test_what_may_be_wrong_is_left_to_the_cleaner() -> None:
    doubtful = {
        "money": ["1,234.56", "1.234", "+1", "１", "1e3", "1.", "12345678901234567.00"],
        "account": ["6222020000000000000", "123", "6222****1234", "622202000000000001", "A1234", "１２３４"],
        "code": ["1.23E+17", "a b", "码"],
        "text": ["鍗″彿", "“转账”", "\ue5f1", "\x01" + "1", "é"],
        "id": ["990302199001010019", "91990101100623459G", "11010119900307000X"],
        "time": ["1991-12-31 23:59:59", "2023-02-29 00:00:00", "2024-01-01 24:00:00", "2024-01-01T00:00:00"],
    }
    for kind, cells in doubtful.items():
        found = plain_cells(texts_of(pl.Series(cells)), kind, SHEET.times, "Asia/Shanghai")
        assert found is not None
        assert found[1].tolist() == list(range(len(cells))), kind


def test_kinds_and_zones_without_a_plain_shape_are_left_alone() -> None:
    texts = texts_of(pl.Series(["2024-01-01 00:00:00"]))
    assert plain_cells(texts, "phone", SHEET.times, "Asia/Shanghai") is None
    assert plain_cells(texts, "time", SHEET.times, "Europe/Berlin") is None
    assert plain_cells(texts, "time", ("slash",), "Asia/Shanghai") is None


@settings(deadline=None)
@given(
    cells=st.lists(st.sampled_from(["a", "b", "longer than twelve", "longer than twelvf", None]), min_size=1)
)
def test_equal_texts_have_one_number_and_others_another(cells: list[str | None]) -> None:
    found = places_of(texts_of(pl.Series("c", cells, dtype=pl.String)), 5)
    assert found is not None
    place, first = found
    assert [cells[first[number]] for number in place] == cells
    assert len(first) == len(set(cells))


def test_more_different_texts_than_asked_for_are_not_numbered() -> None:
    assert places_of(texts_of(pl.Series(["a", "b", "c"])), 2) is None


def test_texts_of_several_buffers_of_slices_and_without_any_are_read_alike() -> None:
    for texts in (
        pl.concat([pl.Series(["the first of two buffers"]), pl.Series(["and the second", None, "x"])]),
        pl.Series(["left out because sliced", "a text of some length", None, "y"])[1:],
        pl.Series(["", None], dtype=pl.String),
        pl.Series([], dtype=pl.String),
    ):
        found = plain_cells(texts_of(texts), "text", (), "UTC")
        assert found is not None
        assert found[0].to_list() == [text or None for text in texts.to_list()]
