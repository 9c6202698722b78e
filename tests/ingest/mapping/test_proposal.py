"""Proposals come from names and values, name what is ambiguous, and load nothing."""

from pathlib import Path

import polars as pl
import pytest

from graph.errors import UnknownColumns
from ingest.mapping.balance import directions, running
from ingest.mapping.names import likeness
from ingest.template import template, templates
from tests.ingest.build import write_text
from tests.ingest.mapping.odd import (
    CARDS,
    HEADER,
    TWO_SIDED,
    proposal_of,
    rows,
    table_of,
    two_sided,
    write_odd,
)


def test_an_unknown_bank_sheet_is_proposed_with_reasons(tmp_path: Path) -> None:
    found = proposal_of(table_of(write_odd(tmp_path)))
    assert found.template.name == "bank_sheet"
    assert found.runner_up is not None and found.runner_up[1] < found.score
    fields = {column.header: column.field for column in found.columns}
    assert fields == {
        "流水": "serial",
        "记账日期": "time",
        "账户1": "own_account",
        "账户2": "peer_account",
        "CD": "direction",
        "发生额": "amount",
        "Bal": "balance",
        "对方名": "peer_name",
        "其他": None,
    }
    assert found.missing == ()
    assert found.direction_codes == {"0": "out", "1": "in"}
    amount = next(column for column in found.columns if column.header == "发生额")
    assert any("running balance" in reason for reason in amount.candidates[0].en)
    assert all(len(c.zh) == len(c.en) for column in found.columns for c in column.candidates)


def test_without_balances_two_account_columns_are_ambiguous(tmp_path: Path) -> None:
    found = proposal_of(table_of(write_odd(tmp_path, balances=False)))
    by_name = {column.header: column for column in found.columns}
    assert by_name["账户1"].field is None and by_name["账户2"].field is None
    assert "账户2" in by_name["账户1"].ambiguous
    assert ("own_card", "own_account") in found.missing
    assert found.direction_codes == {}


def test_two_card_columns_are_never_chosen_between(tmp_path: Path) -> None:
    header = ("卡号A", "卡号B", "交易时间", "交易金额", "收付标志")
    body = [
        (CARDS[i % 3], CARDS[(i + 1) % 3], f"2024-03-04 10:00:{i:02d}", f"{i}.00", "出") for i in range(30)
    ]
    found = proposal_of(table_of(write_text(tmp_path / "two.csv", header, body)))
    assert {c.header for c in found.columns if c.ambiguous} == {"卡号A", "卡号B"}
    assert {"own_card", "peer_account"} & set(found.fields.values()) == set()


def test_values_speak_against_a_name(tmp_path: Path) -> None:
    header = ("交易卡号", "交易日期", "交易金额", "收付标志")
    body = [(CARDS[0], "not a time", f"{i}.00", "出") for i in range(20)]
    found = proposal_of(table_of(write_text(tmp_path / "bad.csv", header, body)))
    assert next(c for c in found.columns if c.header == "交易日期").field is None
    assert ("time",) in found.missing


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("JYSJ", "time"),
        ("JYRQ", "time"),
        ("jiaoyijine", "amount"),
        ("TXN_DATE", "time"),
        ("counterparty account", "peer_account"),
        ("对方账户", "peer_account"),
        ("客户账号", "own_account"),
        ("发生额(元)", "amount"),
    ],
)
def test_a_name_is_close_to_its_field_in_other_words_letters_and_tongues(header: str, field: str) -> None:
    columns = template("bank_sheet").columns
    best = max(columns, key=lambda name: (likeness(header, columns[name], False).score, name))
    assert best == field


def test_a_name_of_the_other_side_is_never_close() -> None:
    columns = template("bank_sheet").columns
    assert likeness("对方账号", columns["own_account"], False).score < 0.5
    assert likeness("本方账号", columns["peer_account"], False).score < 0.5


def test_a_plain_header_is_proposed_as_its_own_template(tmp_path: Path) -> None:
    for name in ("account_register", "lists", "tips"):
        kind = templates()[name]
        header = [column.header for column in kind.columns.values()]
        found = proposal_of(
            table_of(write_text(tmp_path / f"{name}.csv", header, [["1"] * len(header)], "\t"))
        )
        assert found.template.name == name


def test_a_file_without_header_is_said(tmp_path: Path) -> None:
    path = write_text(tmp_path / "none.csv", ("8801000100000001", "1.00"), [("8801000100000002", "2.00")])
    with pytest.raises(UnknownColumns, match="looks like a header"):
        table_of(path)


def test_a_running_balance_finds_its_columns_up_and_down() -> None:
    made = rows()
    for order in (made, made[::-1]):
        columns = list(zip(*order, strict=True))
        accounts = {i: pl.Series(columns[i]) for i in (2, 3)}
        money = {i: (pl.Series(columns[i]).cast(pl.Float64) * 100).round().cast(pl.Int64) for i in (5, 6)}
        found = running(accounts, money)
        assert found is not None
        assert (found.own, found.places, found.share) == (2, {"amount": 5, "balance": 6}, 1.0)
        assert directions(found, columns[4]) == {"0": "out", "1": "in"}
        mixed = ["0" if i % 2 else "1" for i in range(len(order))]
        assert directions(found, mixed) == {}
    assert running({}, {}) is None
    assert HEADER


def test_two_amount_columns_are_told_apart_by_the_running_balance(tmp_path: Path) -> None:
    for turned in (two_sided(), two_sided()[::-1]):
        found = proposal_of(table_of(write_text(tmp_path / "two.csv", TWO_SIDED, turned)))
        fields = {column.header: column.field for column in found.columns}
        assert (fields["甲额"], fields["乙额"], fields["Bal"]) == ("amount_out", "amount_in", "balance")
        assert found.template.name == "bank_sheet" and found.missing == ()
        assert fields["账户1"] == "own_account"
