"""A column cleaned by its different texts says the same of every row as each cell cleaned by itself."""

from collections.abc import Mapping

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean.cleaned import Cleaned
from ingest.clean.column import clean_column, clean_values
from ingest.readers.encoding import utf8_lines
from ingest.reasons import Reason
from ingest.template import Column, template, templates
from tests.ingest.steady import steady

KINDS = sorted({column.kind for each in templates().values() for column in each.columns.values()})
# Marks of number and error cells, empty words, damage, masks, widths, offsets, wrong encodings, line ends.
NASTY = [
    None, "", "-", "无", "NULL", " ", "\t88010001000000001", "\x01123", "\x011.23E+17",
    "\x016000000000000000000", "\x01100.10000000000001", "\x0145000.5", "\x02#N/A", "6222****1234",
    "６０００００００００００００００００", "1.23E+17", "1e5", "O123456789", "88010001000000001",
    "9990010100078924635", "600000000000000000", "990101199003070000", "990101900307000",
    "91990401100214970P", "+8615410733134", "01012345678转12", "0x1A2B", "10.0.0.1",
    "::ffff:192.0.2.7", "203.0.113.9", "02:00:00:00:00:00", "unknown", "000000000000000", "4101",
    "FFFF", "2024-03-04 10:00:00", "2024-03-04T10:00:00+08:00", "20240304100000", "2024/3/4",
    "2024年3月4日", "2024-02-30", "1986-05-04 02:30:00", "24:00:00", "1,234.50", "￥12元", "-0.01",
    "3.999", "99999999999999999.99", "出", "借", "成功", "01", "主叫", "990100", "990102000000",
    "虚构", "\ue000", "浣犲ソ", "浣\n犲ソ", "1分35秒", "00:01:35", "2.5kg",
    "https://www.example.invalid/a?b", "甲,乙", "\"引\"", "\u200b12\u00a034", "①②③", "Ａ１",
]  # fmt: skip


def _column(kind: str) -> Column:
    return Column("x", kind, "x", (), "", "", "Asia/Shanghai", False)


def _held(masks: Mapping[Reason, pl.Series]) -> dict[str, list[bool]]:
    return {r.value: m.fill_null(False).to_list() for r, m in masks.items() if m.any()}


def _shown(cleaned: Cleaned) -> tuple[object, ...]:
    written = None if cleaned.as_written is None else cleaned.as_written.to_list()
    return cleaned.values.to_list(), _held(cleaned.codes), _held(cleaned.refused), written


@pytest.mark.parametrize("kind", KINDS)
def test_every_nasty_cell_is_cleaned_alike_alone_and_among_repeats(kind: str) -> None:
    sheet, column = template("bank_sheet"), _column(kind)
    texts = pl.Series("text", NASTY * 3, dtype=pl.String)
    together = clean_column(texts, column, sheet)
    assert _shown(together) == _shown(clean_values(texts, column, sheet))
    for at, text in enumerate(NASTY):
        alone = clean_values(pl.Series("text", [text], dtype=pl.String), column, sheet)
        assert alone.values[0] == together.values[at], text
        for masks, whole in ((alone.codes, together.codes), (alone.refused, together.refused)):
            assert set(_held(masks)) == {r.value for r, m in whole.items() if m[at]}, text


@steady
@given(st.sampled_from(KINDS), st.lists(st.sampled_from(NASTY), min_size=1, max_size=40), st.integers(1, 4))
def test_repeats_change_nothing_for_any_kind(kind: str, cells: list[str | None], times: int) -> None:
    texts = pl.Series("text", cells * times, dtype=pl.String)
    sheet, column = template("bank_sheet"), _column(kind)
    if texts.null_count() == len(texts):
        return  # a column that the sheet leaves empty is not cleaned at all
    assert _shown(clean_column(texts, column, sheet)) == _shown(clean_values(texts, column, sheet))


def _reads_as_utf8(text: str) -> bool:
    try:
        once = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return any("\u0800" <= sign <= "\uffff" for sign in once)


@steady
@given(
    st.lists(
        st.text(st.sampled_from(list("你好样例甲1a浣犲ソ\u00e9\U00020000鏍蜂緥")), min_size=1, max_size=5)
    )
)
def test_wrong_encodings_are_found_in_one_go_as_one_by_one(texts: list[str]) -> None:
    once_wrong = [text.encode().decode("gb18030", errors="ignore") for text in texts]
    lines = [text for text in [*texts, *once_wrong] if text]
    found = list(utf8_lines("\n".join(lines).encode("gb18030")))
    assert found == [at for at, text in enumerate(lines) if _reads_as_utf8(text)]
