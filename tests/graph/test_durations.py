"""Durations: text to timedelta and back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.durations import format_duration, parse_duration, say_duration


@given(st.integers(min_value=0, max_value=10**8))
def test_a_duration_survives_being_written(seconds: int) -> None:
    value = timedelta(seconds=seconds)
    assert parse_duration(format_duration(value)) == value


@pytest.mark.parametrize(
    "text", ["P1M", "P1Y", "P", "PT", "24H", "", "-PT1H", "PT1.5H", "P1DT", "PT٣H", "P1W2D"]
)
def test_what_is_no_fixed_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        parse_duration(text)


def test_a_day_is_said_in_hours_and_longer_spans_in_days() -> None:
    assert format_duration(timedelta(hours=24)) == "PT24H"
    assert say_duration(timedelta(hours=24), "zh") == "24 小时"
    assert say_duration(timedelta(hours=1), "en") == "1 hour"
    assert say_duration(timedelta(days=30), "en") == "30 days"
    assert say_duration(timedelta(days=2, hours=3), "zh") == "2 天 3 小时"
