"""A template is recognised by its header, in any order and spelling."""

import random

import pytest

from graph.errors import SchemaError, UnknownColumns
from ingest.recognise import recognise
from ingest.template import template, templates


@pytest.mark.parametrize("name", list(templates()))
def test_every_template_is_recognised_shuffled_and_by_its_aliases(name: str) -> None:
    spec = template(name)
    for seed in range(5):
        chance = random.Random(seed)
        columns = list(spec.columns.values())
        chance.shuffle(columns)
        header = [chance.choice((c.header, *c.aliases, c.field)) for c in columns]
        found = recognise([f" {text}＊\t" for text in header], "x.csv")
        assert found.template.name == name
        assert list(found.positions) == [c.field for c in columns]
        assert found.unmapped == ()


def test_unknown_columns_are_named_and_kept_aside() -> None:
    found = recognise(["姓名", "证件号码", "星座"], "x.csv")
    assert (found.template.name, found.unmapped) == ("person_register", ("星座",))


def test_wrong_columns_are_refused_with_a_sentence() -> None:
    with pytest.raises(UnknownColumns) as caught:
        recognise(["品名", "单价"], "price.csv")
    assert caught.value.facts["code"] == "HEADER_UNKNOWN"
    assert "price.csv" in caught.value.message


def test_a_column_twice_is_ambiguous() -> None:
    with pytest.raises(UnknownColumns) as caught:
        recognise(["姓名", "证件号码", "身份证号"], "x.csv")
    assert caught.value.facts["code"] == "HEADER_AMBIGUOUS"


def test_a_wanted_template_must_have_its_columns() -> None:
    with pytest.raises(UnknownColumns, match="lacks 交易卡号"):
        recognise(["姓名", "证件号码"], "x.csv", "bank_sheet")
    with pytest.raises(SchemaError, match="bank_sheet"):
        recognise(["姓名"], "x.csv", "no_such_template")


def test_the_sheets_code_names_are_recognised() -> None:
    assert recognise(["BFKH", "BFZH", "JYSJ", "JYJE", "JDBZ", "JYDFZH", "BZ"], "x").positions["currency"] == 6
