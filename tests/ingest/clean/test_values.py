"""Money is exact, times exist, words stay words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.clean.cleaning import clean, codes, value
from tests.ingest.steady import steady

FEN = st.integers(min_value=-(10**17), max_value=10**17)


@steady
@given(FEN)
def test_rendered_money_reads_back_to_the_same_fen(fen: int) -> None:
    sign, whole, cents = "-" if fen < 0 else "", abs(fen) // 100, abs(fen) % 100
    assert value("money", f"{sign}{whole}.{cents:02d}") == fen
    assert value("money", f"{sign}{whole:,}.{cents:02d}") == fen
    assert value("money", f"{sign}{whole}.{cents:02d}元") == fen


@steady
@given(st.integers(min_value=0, max_value=10**12))
def test_a_number_cell_reads_as_what_was_typed(fen: int) -> None:
    assert value("money", f"\x01{fen / 100:.17g}") == fen


@pytest.mark.parametrize(
    "text", ["￥1.2万", "(100)", "1000000000000000000", "0.005", "12,34.5", "1e5", "٣", "1.2.3"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert clean("money", text) == [(None, {"BAD_AMOUNT"})]


def test_small_differences_of_writing_are_none_of_value() -> None:
    assert [v for v, _ in clean("money", "-0", "1.10", "1.1", "￥5", "+5", "１２.５")] == [
        0,
        110,
        110,
        500,
        500,
        1250,
    ]


MOMENTS = st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2199, 1, 1)).map(
    lambda t: t.replace(microsecond=0)
)


@steady
@given(MOMENTS)
def test_each_declared_format_gives_the_same_instant(local: datetime) -> None:
    wanted = (local - timedelta(hours=8)).replace(tzinfo=UTC)
    texts = [
        local.strftime("%Y-%m-%d %H:%M:%S"),
        local.strftime("%Y%m%d%H%M%S"),
        local.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
        f"{local.year}/{local.month}/{local.day} {local.hour}:{local:%M:%S}",
    ]
    assert [v for v, _ in clean("time", *texts)] == [wanted] * 4
    utc = (local - timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert value("time", utc) == wanted


def test_midnight_may_be_written_as_the_end_of_a_day() -> None:
    assert value("time", "2021-06-09 24:00:00") == value("time", "2021-06-10 00:00:00")


@pytest.mark.parametrize(
    "text",
    ["2021-06-31 00:00:00", "0000-00-00 00:00:00", "21/6/9", "2021年6月9日", "1623211200", "1623211200000",
     "2021-06-09 24:00:01", "2021-06-09 12:60:00", "2021-02-29 00:00:00"],
)  # fmt: skip
def test_times_that_do_not_exist_or_are_undeclared_are_refused(text: str) -> None:
    assert clean("time", text) == [(None, {"BAD_TIME"})]


def test_excel_day_numbers_and_bare_days() -> None:
    assert value("time", "44356.5") == datetime(2021, 6, 9, 4, tzinfo=UTC)
    assert codes("time", "2021-06-09") == {"DAY_ONLY"}
    assert codes("time", "1988-05-01 10:00:00") == {"CLOCK_CHANGE"}
    assert value("time", "2038-01-20 00:00:00") == datetime(2038, 1, 19, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["NA", "None", "nan", "TRUE", "1e5", "#N/A", "null"])
def test_words_that_others_take_for_missing_stay_text(text: str) -> None:
    assert clean("name", text) == [(text, set())]


def test_text_through_a_wrong_encoding_is_mojibake() -> None:
    assert "MOJIBAKE" in codes("name", "卡号".encode().decode("gb18030"))


@steady
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4))
def test_chinese_names_are_not_taken_for_mojibake(name: str) -> None:
    try:
        reads_as_utf8 = any(sign > "\u07ff" for sign in name.encode("gb18030").decode("utf-8"))
    except UnicodeDecodeError:
        reads_as_utf8 = False
    assert ("MOJIBAKE" in codes("name", name)) == reads_as_utf8


def test_private_use_and_rare_characters_are_kept() -> None:
    assert clean("name", "\ue5f1样", "𠀀") == [("\ue5f1样", {"PRIVATE_USE"}), ("𠀀", set())]


def test_directions_and_outcomes() -> None:
    assert [v for v, _ in clean("direction", "出", "借", "D", "进", "贷", "C", "O", "1", None)] == [
        "out"
    ] * 3 + ["in"] * 3 + [None] * 3
    assert [v for v, _ in clean("success", "成功", "失败", "Y", "N", None)] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert clean("success", "01") == [(False, {"UNKNOWN_SHAPE"})]


def test_durations_weights_and_cells() -> None:
    assert [v for v, _ in clean("seconds", "95", "01:35", "00:01:35", "1分35秒", "x")] == [
        95,
        95,
        95,
        95,
        None,
    ]
    assert [v for v, _ in clean("weight", "0.364", "0.364kg", "0.0005")] == [364, 364, None]
    assert [v for v, _ in clean("cell", "4099", "0x1003", "100B")] == ["4099", "4099", "4107"]
