"""The running balance decides what a sheet leaves open and grades what it can't."""

from pathlib import Path

import pytest

from graph.lake.home import lake_home
from ingest.doctor import examine
from tests.ingest.build import A, load, sheet_row, table, write_sheet


def ledger(amounts: list[int], start: int = 100_000, mark: bool = True) -> list[tuple[str, ...]]:
    """A complete ledger: positive amounts (fen) come in, negative go out."""
    rows, balance = [], start
    for minute, amount in enumerate(amounts):
        balance += amount
        direction = ("进" if amount > 0 else "出") if mark else "O"
        rows.append(
            sheet_row(
                amount=f"{abs(amount) / 100:.2f}",
                direction=direction,
                balance=f"{balance / 100:.2f}",
                at=f"2024-03-04 10:{minute:02d}:00",
            )
        )
    return rows


def grade(root: Path) -> str:
    (value,) = table(root, "Account").filter(key=A)["grade"].to_list()
    return str(value)


def test_a_whole_ledger_is_graded_a(tmp_path: Path) -> None:
    load(tmp_path, write_sheet(tmp_path / "a.csv", ledger([500, -200, -100, 900])))
    assert grade(tmp_path) == "A"


def test_a_missing_row_is_a_gap_of_known_size_and_place(tmp_path: Path) -> None:
    rows = ledger([500, -200, -100, 900, -50, 20])
    load(tmp_path, write_sheet(tmp_path / "a.csv", rows[:2] + rows[3:]))
    gaps = examine(lake_home(tmp_path)).gaps.to_dicts()
    assert [(g["ledger"], g["missing_fen"]) for g in gaps] == [(A, -100)]
    assert (gaps[0]["to_at"] - gaps[0]["from_at"]).total_seconds() == 120
    assert grade(tmp_path) == "D"


def test_rows_of_one_second_are_put_into_the_order_of_their_balances(tmp_path: Path) -> None:
    rows = [(*row[:2], "2024-03-04 10:00:00", *row[3:]) for row in ledger([500, -200, -100, 900, -700, 31])]
    load(tmp_path, write_sheet(tmp_path / "a.csv", rows[::-1]))
    assert grade(tmp_path) == "A"


def test_an_unclear_direction_is_what_the_balance_says(tmp_path: Path) -> None:
    rows = ledger([500]) + ledger([500, -200, -100, 900], mark=False)[1:]
    load(tmp_path, write_sheet(tmp_path / "a.csv", rows))
    events = table(tmp_path, "TRANSFER").sort("at").select("from_key", "amount_fen").rows()
    assert [amount if key != A else -amount for key, amount in events] == [500, -200, -100, 900]


def test_a_direction_that_no_balance_settles_makes_no_event(tmp_path: Path) -> None:
    load(tmp_path, write_sheet(tmp_path / "a.csv", [sheet_row(direction="O"), sheet_row(amount="3.00")]))
    assert table(tmp_path, "TRANSFER")["amount_fen"].to_list() == [300]


@pytest.mark.parametrize("swap", [True, False])
def test_swapped_debit_and_credit_are_turned_round(tmp_path: Path, swap: bool) -> None:
    rows = ledger([500, -200, -100, 900, -50, 20, 70])
    if swap:
        turned = {"进": "出", "出": "进"}
        rows = [(*row[:5], turned[row[5]], *row[6:]) for row in rows]
    load(tmp_path, write_sheet(tmp_path / "a.csv", rows))
    paid = table(tmp_path, "TRANSFER").filter(from_key=A)["amount_fen"].sort().to_list()
    assert paid == [50, 100, 200]


def test_overlapping_exports_with_other_columns_count_a_serial_once(tmp_path: Path) -> None:
    row = sheet_row(serial="S1", balance="10.00")
    fuller = (*row[:8], "更多说明", row[9])
    load(tmp_path, write_sheet(tmp_path / "a.csv", [row]), write_sheet(tmp_path / "b.csv", [fuller]))
    assert table(tmp_path, "TRANSFER").height == 1
