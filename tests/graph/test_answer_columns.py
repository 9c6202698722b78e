"""Answers of queries: keys and personal values are masked, nodes are named for the chart."""

from datetime import UTC, datetime
from typing import Any

from graph.answer_columns import Column, answer_refs, masked_answer
from graph.contract import QueryResult, Ref


def _column(**meaning: Any) -> Column:
    return Column.model_validate({"zh": "列", "en": "column", **meaning})


PERSON, ACCOUNT = "999999197001010017", "88000000000000001"
COLUMNS = {
    "subject": _column(node="Account"),
    "nodes": _column(node_from="types", many=True),
    "types": _column(kind="text", many=True),
    "holder": _column(node_from="holder_type"),
    "holder_type": _column(kind="text"),
    "name": _column(property="Person.name"),
    "bank": _column(property="Account.bank"),
    "at": _column(kind="instant"),
}
ROW = {
    "subject": ACCOUNT,
    "nodes": [PERSON, ACCOUNT],
    "types": ["Person", "Account"],
    "holder": None,
    "holder_type": None,
    "name": "张三四",
    "bank": "甲银行",
    "at": datetime(2024, 3, 1, tzinfo=UTC),
    "undeclared": PERSON,
    "nested": [{"key": ACCOUNT, "n": 1}],
}
ANSWER = QueryResult(tuple(ROW), (tuple(ROW.values()),))


def test_no_whole_key_or_name_is_left() -> None:
    masked = masked_answer(COLUMNS, ANSWER)
    assert PERSON not in repr(masked.rows) and ACCOUNT not in repr(masked.rows)
    row = dict(zip(masked.columns, masked.rows[0], strict=True))
    assert row["subject"] == "880000*******0001" and row["nodes"] == [
        "999***********0017",
        "880000*******0001",
    ]
    assert row["name"] == "张**" and row["holder"] is None


def test_what_is_not_personal_stays() -> None:
    masked = masked_answer(COLUMNS, ANSWER)
    row = dict(zip(masked.columns, masked.rows[0], strict=True))
    assert (row["bank"], row["at"], row["types"]) == ("甲银行", ROW["at"], ["Person", "Account"])


def test_nodes_are_named_once_in_order_of_first_sight() -> None:
    twice = QueryResult(ANSWER.columns, ANSWER.rows * 2)
    assert answer_refs(COLUMNS, twice) == (Ref("Account", ACCOUNT), Ref("Person", PERSON))
    assert answer_refs(COLUMNS, QueryResult(ANSWER.columns, ())) == ()


def test_a_list_of_keys_without_their_types_is_hidden() -> None:
    answer = QueryResult(("nodes", "types"), (([PERSON], None),))
    assert PERSON not in repr(masked_answer(COLUMNS, answer).rows)
    assert answer_refs(COLUMNS, answer) == ()
