"""Mirror rows are one transfer, undone ones none, and doubtful ones stay apart."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.settle.mirror import match_mirrors
from tests.ingest.build import CARD_A, CARD_B, A, B, C, load, sheet_row, table, write_sheet
from tests.ingest.steady import steady


def load_rows(tmp_path: Path, *sheets: list[tuple[str, ...]]) -> pl.DataFrame:
    files = [write_sheet(tmp_path / f"{i}.csv", rows) for i, rows in enumerate(sheets)]
    load(tmp_path / "var", *files)
    return table(tmp_path / "var", "TRANSFER")


def test_both_banks_rows_of_a_transfer_are_one_event_with_both_sides(tmp_path: Path) -> None:
    out = sheet_row(own=A, peer=B, balance="900.00", serial="S1", at="2024-03-04 10:00:00")
    into = sheet_row(own=B, peer=A, direction="进", balance="300.00", serial="S2", at="2024-03-04 10:01:59")
    (event,) = load_rows(tmp_path, [out], [into]).to_dicts()
    assert (event["from_key"], event["to_key"], event["amount_fen"]) == (A, B, 10_000)
    assert (event["from_balance_fen"], event["to_balance_fen"]) == (90_000, 30_000)
    assert (event["serial"], event["to_serial"]) == ("S1", "S2")
    assert event["at"] == event["from_at"] == datetime(2024, 3, 4, 2, tzinfo=UTC)
    assert event["to_at"] - event["from_at"] == timedelta(seconds=119)
    assert event["other_source"] is not None
    assert event["source"] != event["other_source"]


@pytest.mark.parametrize(
    "other",
    [
        {"at": "2024-03-04 10:02:01"},
        {"amount": "100.01"},
        {"peer": C},
        {"direction": "出"},
    ],
)
def test_rows_that_differ_in_what_a_transfer_is_stay_apart(tmp_path: Path, other: dict[str, str]) -> None:
    out = sheet_row(own=A, peer=B)
    into = sheet_row(**{"own": B, "peer": A, "direction": "进", **other})
    assert load_rows(tmp_path, [out], [into]).height == 2


def test_equal_payments_in_one_instant_are_a_tie_and_stay_apart(tmp_path: Path) -> None:
    out = [sheet_row(own=A, peer=B, serial=f"S{i}") for i in range(2)]
    into = [
        sheet_row(own=B, peer=A, direction="进", serial=f"T{i}", at="2024-03-04 10:00:01") for i in range(2)
    ]
    assert load_rows(tmp_path, out, into).height == 4


def test_one_serial_for_both_rows_settles_a_tie(tmp_path: Path) -> None:
    out = [sheet_row(own=A, peer=B, serial=f"S{i}") for i in range(2)]
    into = [
        sheet_row(own=B, peer=A, direction="进", serial=f"S{i}", at="2024-03-04 10:00:01") for i in range(2)
    ]
    events = load_rows(tmp_path, out, into)
    assert events["serial"].to_list() == events["to_serial"].to_list()
    assert events.height == 2


# Twenty seconds in front of a border of the time slots of a 20 s match: offsets lie on both sides of it.
START = datetime(2024, 3, 4, 0, 5, tzinfo=UTC)
OFFSETS = st.lists(st.integers(0, 40), min_size=1, max_size=5)


def side(seconds: list[int]) -> pl.DataFrame:
    at = [START + timedelta(seconds=s) for s in seconds]
    schema = {"id": pl.UInt32(), "at": pl.Datetime("us", "UTC"), "k": pl.Int64()}
    return pl.DataFrame({"id": range(len(at)), "at": at, "k": [1] * len(at)}, schema=schema)


def best_assignments(left: list[int], right: list[int], within: int) -> list[set[tuple[int, int]]]:
    """Every assignment of most pairs and least total difference, by trying all."""
    found: list[tuple[tuple[int, int], set[tuple[int, int]]]] = []
    for size in range(min(len(left), len(right)) + 1):
        for chosen in itertools.combinations(range(len(left)), size):
            for others in itertools.permutations(range(len(right)), size):
                gaps = [abs(left[i] - right[j]) for i, j in zip(chosen, others, strict=True)]
                if all(gap <= within for gap in gaps):
                    found.append(((-size, sum(gaps)), set(zip(chosen, others, strict=True))))
    best = min(cost for cost, _ in found)
    return [pairs for cost, pairs in found if cost == best]


@steady
@given(OFFSETS, OFFSETS)
def test_matching_keeps_what_every_best_assignment_holds(left: list[int], right: list[int]) -> None:
    within = 20
    found = match_mirrors(side(left), side(right), ["k"], within)
    assert set(found.pairs.iter_rows()) == set.intersection(*best_assignments(left, right, within))


def test_matching_a_crowd_stays_exact() -> None:
    chance = np.random.default_rng(5)
    seconds = sorted(chance.choice(400_000, 3_000, replace=False).tolist())
    left, right = (
        side(seconds),
        side([s + int(d) for s, d in zip(seconds, chance.integers(0, 9, 3_000), strict=True)]),
    )
    found = match_mirrors(left, right, ["k"], 120)
    right_pairs = sum(1 for a, b in found.pairs.iter_rows() if a == b)
    assert right_pairs / found.pairs.height > 0.98


@pytest.mark.parametrize(
    "undoing",
    [
        {"direction": "进", "memo": "冲正", "at": "2024-03-04 11:00:00"},
        {"amount": "-100.00", "memo": "转账", "at": "2024-03-06 10:00:00"},
        {"direction": "进", "memo": "退汇", "at": "2024-03-04 10:00:05", "serial": "S9"},
    ],
)
def test_a_reversed_transfer_leaves_the_graph(tmp_path: Path, undoing: dict[str, str]) -> None:
    rows = [sheet_row(serial="S1"), sheet_row(**undoing), sheet_row(amount="5.00")]
    assert load_rows(tmp_path, rows)["amount_fen"].to_list() == [500]


def test_a_reversal_without_its_payment_is_no_payment(tmp_path: Path) -> None:
    rows = [
        sheet_row(direction="进", memo="冲正"),
        sheet_row(direction="进", memo="冲正", amount="7.00", at="2024-03-09 10:00:00"),
        sheet_row(amount="7.00"),
    ]
    assert load_rows(tmp_path, rows)["amount_fen"].to_list() == [700]  # five days are too long


def test_failed_rows_masked_peers_and_fees_make_no_event(tmp_path: Path) -> None:
    rows = [
        sheet_row(success="失败"),
        sheet_row(peer="6222****1234"),
        sheet_row(peer="", memo="手续费"),
        sheet_row(amount="8.00"),
    ]
    assert load_rows(tmp_path, rows)["amount_fen"].to_list() == [800]


def test_cards_are_resolved_to_their_accounts_on_both_sides(tmp_path: Path) -> None:
    first = [sheet_row(own=A, card=CARD_A, peer=CARD_B)]
    second = [sheet_row(own=B, card=CARD_B, peer=CARD_A, direction="进")]
    (event,) = load_rows(tmp_path, first, second).to_dicts()
    assert (event["from_key"], event["to_key"]) == (A, B)
    cards = table(tmp_path / "var", "CARD_OF").select("from_key", "to_key").rows()
    assert sorted(cards) == [(CARD_A, A), (CARD_B, B)]


def test_a_card_of_two_accounts_stands_for_itself(tmp_path: Path) -> None:
    first = [sheet_row(own=A, card=CARD_A, amount="1.00"), sheet_row(own=B, card=CARD_A, amount="2.00")]
    second = [sheet_row(own=C, peer=CARD_A, amount="3.00")]
    events = load_rows(tmp_path, first, second)
    assert events.filter(pl.col("amount_fen") == 300)["to_key"].to_list() == [CARD_A]


def test_cash_goes_to_its_counter_and_terminals_are_not_accounts(tmp_path: Path) -> None:
    from tests.ingest.build import SHEET, write_text

    header = (*SHEET, "现金标志", "终端号", "交易网点代码")
    rows = [
        (*sheet_row(peer="", memo="取款"), "现金", "ATM001", ""),
        (*sheet_row(peer="", direction="进", at="2024-03-05 10:00:00"), "是", "", "9901000101"),
        (*sheet_row(peer="", at="2024-03-06 10:00:00"), "是", "", ""),
    ]
    load(tmp_path / "var", write_text(tmp_path / "a.csv", header, rows))
    assert table(tmp_path / "var", "CASH_OUT").select("from_key", "to_key").rows() == [(A, "terminal:ATM001")]
    assert table(tmp_path / "var", "CASH_IN").select("from_key", "to_key").rows() == [
        ("branch:9901000101", A)
    ]
    assert table(tmp_path / "var", "TRANSFER").is_empty()


def test_a_counter_lies_where_its_latest_row_says(tmp_path: Path) -> None:
    from tests.ingest.build import SHEET, write_text

    header = (*SHEET, "现金标志", "终端号", "交易发生地")
    rows = [
        (*sheet_row(peer="", memo="取款"), "现金", "ATM001", "样东市"),
        (*sheet_row(peer="", memo="取款", at="2024-03-05 10:00:00"), "现金", "ATM001", "样西市"),
        (*sheet_row(peer="", memo="取款", at="2024-03-06 10:00:00"), "现金", "ATM001", ""),
    ]
    load(tmp_path / "var", write_text(tmp_path / "a.csv", header, rows))
    assert table(tmp_path / "var", "Merchant")["place"].to_list() == ["样西市"]
