"""How values are said to people: units, local time, words, masks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from detect.said import say_cell, say_parameter, say_value
from graph.answer_columns import Column
from graph.contract import Ref
from graph.parameters import Parameter

PERSON = "999999197001010017"


def column(**meaning: Any) -> Column:
    return Column.model_validate({"zh": "列", "en": "column", **meaning})


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        ("money_fen", 123_456_789, "1,234,567.89元", "1,234,567.89 yuan"),
        ("money_fen", 5, "0.05元", "0.05 yuan"),
        ("share", 0.125, "12.5%", "12.5%"),
        ("share", 1.0, "100%", "100%"),
        ("count", 12_345, "12,345", "12,345"),
        ("instant", datetime(2024, 2, 29, 16, tzinfo=UTC), "2024-03-01 00:00:00", "2024-03-01 00:00:00"),
        ("day", date(2024, 3, 1), "2024-03-01", "2024-03-01"),
        ("duration", timedelta(minutes=90), "1 小时 30 分钟", "1 hour 30 minutes"),
        ("duration", 3600, "1 小时", "1 hour"),
        ("flag", True, "是", "yes"),
        ("text", "甲", "甲", "甲"),
    ],
)
def test_a_value_is_said_with_its_unit(kind: str, value: object, zh: str, en: str) -> None:
    assert (say_value(kind, value, "zh"), say_value(kind, value, "en")) == (zh, en)


def test_keys_are_masked_by_their_type_unless_asked_for() -> None:
    person = column(node="Person")
    assert say_cell(person, PERSON, {}, "zh") == "999***********0017"
    assert say_cell(person, PERSON, {}, "zh", show_keys=True) == PERSON
    assert say_cell(column(node_from="kind"), PERSON, {"kind": "Person"}, "zh") == "999***********0017"
    assert PERSON not in say_cell(column(node_from="kind"), PERSON, {"kind": "Ghost"}, "zh")
    assert PERSON not in say_cell(column(kind="text"), Ref("Person", PERSON), {}, "zh")


def test_a_list_is_joined_in_the_languages_own_way_and_cut_when_long() -> None:
    many = column(node="Case", many=True)
    assert say_cell(many, ["C1", "C2"], {}, "zh") == "C1、C2"
    assert say_cell(many, ["C1", "C2"], {}, "en") == "C1, C2"
    assert say_cell(many, [f"C{n}" for n in range(30)], {}, "en").endswith("C19, …")
    types = column(node_from="types", many=True)
    said = say_cell(types, [PERSON, "C1"], {"types": ["Person", "Case"]}, "en")
    assert said == "999***********0017, C1"


def test_a_personal_property_has_its_mask_and_another_none() -> None:
    assert say_cell(column(property="Person.name"), "张三四", {}, "zh") == "张**"
    assert say_cell(column(property="Account.bank"), "甲银行", {}, "zh") == "甲银行"


def test_nothing_is_a_dash_and_an_identifier_of_a_parameter_is_masked() -> None:
    asked = Parameter.model_validate({"type": "identifier", "meaning": {"zh": "号", "en": "number"}})
    assert say_cell(column(kind="count"), None, {}, "zh") == "—"
    assert say_parameter(asked, None, "zh") == "—"
    assert say_parameter(asked, "15400000001", "zh") == "15*******01"
