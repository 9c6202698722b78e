"""Parameters: text becomes typed values inside their bounds, or one sentence without the value."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graph.errors import InputError
from graph.parameters import Parameter, ParameterType, parameter_values, typed, written

WORDS = {"zh": "数", "en": "number"}


def parameter(**changes: Any) -> Parameter:
    return Parameter.model_validate({"meaning": WORDS, **changes})


COUNT = {"type": "integer", "default": 3, "min": 2, "max": 50}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "12", 12),
        ("number", "1.5", 1.5),
        ("share", "0.9", 0.9),
        ("money_fen", "500000", 500_000),
        ("duration", "PT24H", timedelta(hours=24)),
        ("instant", "2024-03-01T09:00+08:00", datetime(2024, 3, 1, 1, tzinfo=UTC)),
        ("instant", "2024-03-01", datetime(2024, 2, 29, 16, tzinfo=UTC)),
        ("day", "2024-03-01", date(2024, 3, 1)),
        ("text", " 甲 ", "甲"),
        ("identifier", "00123", "00123"),
        ("flag", "false", False),
    ],
)
def test_text_of_a_command_line_becomes_a_value(kind: str, text: str, value: object) -> None:
    assert typed(ParameterType(kind), text) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("integer", "1.0"), ("integer", True), ("integer", "٣"), ("integer", ""), ("number", "nan"),
        ("number", "inf"), ("number", True), ("duration", 5), ("duration", "P1M"), ("instant", "yesterday"),
        ("day", datetime(2024, 3, 1, tzinfo=UTC)), ("text", "a\nb"), ("text", "x" * 201), ("identifier", 123),
        ("flag", "yes"), ("flag", 1),
    ],
)  # fmt: skip
def test_what_is_of_another_kind_is_refused(kind: str, raw: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed(ParameterType(kind), raw)


def test_an_instant_is_offset_utc_so_that_neo4j_compares_it_right() -> None:
    value = typed(ParameterType.INSTANT, "2024-03-01T09:00")
    assert isinstance(value, datetime) and value.tzinfo is UTC


def test_bounds_are_closed() -> None:
    count = parameter(**COUNT)
    assert (count.value("2"), count.value(50)) == (2, 50)
    for outside in (1, 51, "1"):
        with pytest.raises(ValueError, match="from 2 to 50"):
            count.value(outside)


def test_a_share_lies_between_nothing_and_all() -> None:
    share = parameter(type="share", default=0.8)
    with pytest.raises(ValueError, match=r"from 0\.0 to 1\.0"):
        share.value(1.01)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "integer", "default": 3},
        {"type": "duration", "default": "PT1H", "min": "PT2H", "max": "PT3H"},
        {"type": "identifier", "default": "x"},
        {"type": "text", "default": "a", "required": True},
        {"type": "text", "default": "c", "choices": ["a", "b"]},
        {"type": "integer", "default": 3, "min": 1, "max": 9, "choices": ["3"]},
        {"type": "integer", "default": 3, "min": 1, "max": 9, "unit": "day"},
    ],
)
def test_a_parameter_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parameter(**changes)


def test_values_fall_back_to_defaults_in_the_declared_order() -> None:
    declared = {"least": parameter(**COUNT), "since": parameter(type="instant")}
    assert list(parameter_values(declared, {}).items()) == [("least", 3), ("since", None)]
    assert parameter_values(declared, {"least": "", "since": None}) == {"least": 3, "since": None}
    assert parameter_values(declared, {"least": "7"})["least"] == 7


@pytest.mark.parametrize(
    ("given_values", "says"),
    [
        ({"leest": "1"}, "this query has: person"),
        ({}, "person is needed"),
        ({"person": "\x00secret"}, "person must"),
    ],
)
def test_a_wrong_parameter_is_named_without_its_value(given_values: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        parameter_values({"person": parameter(type="identifier", required=True)}, given_values)
    assert "secret" not in caught.value.message


@given(st.integers(min_value=2, max_value=50), st.integers(min_value=0, max_value=10**9))
def test_a_value_survives_being_written(count: int, seconds: int) -> None:
    assert typed(ParameterType.INTEGER, written(count)) == count
    assert typed(ParameterType.DURATION, written(timedelta(seconds=seconds))) == timedelta(seconds=seconds)
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert typed(ParameterType.INSTANT, written(at)) == at
