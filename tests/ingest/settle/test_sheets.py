"""Rows that leave their texts in the batches settle as rows that carry them do."""

from pathlib import Path

import polars as pl
import pytest

from graph.lake.home import lake_home
from ingest.ledger import Ledger
from ingest.rows import batch_columns
from ingest.settle.bank import settle_bank
from ingest.settle.cards import card_book
from ingest.settle.collect import Collector
from ingest.settle.sheets import Sheets, sheets_of
from ingest.settle.sources import SHEET_FIELDS, Sources
from ingest.template import template
from tests.ingest.build import CARD_A, CARD_B, A, B, C, load, sheet_row, write_sheet

SCHEMA = {**batch_columns(template("bank_sheet")), "source": pl.String()}


def rows(*told: dict[str, object]) -> pl.LazyFrame:
    """Rows as batches hold them, all other columns null."""
    return pl.LazyFrame([{"amount": 100, **row} for row in told], schema=SCHEMA, orient="row")


def kept(sheets: Sheets) -> list[tuple[int, int]]:
    """spot and rank of the rows that stay, in the order of their keys."""
    return sheets.rows.sort("rank").select("spot", "rank").rows()


def test_keys_that_agree_in_their_first_half_are_told_apart_and_ordered() -> None:
    half = "0123456789abcdef"
    keys = [half + "f" * 16, "f" * 32, half + "0" * 16, "0" * 32]
    assert kept(sheets_of(rows(*({"row_key": key} for key in keys)))) == [(3, 0), (2, 1), (0, 2), (1, 3)]


def test_of_identical_rows_the_first_by_file_and_row_stays() -> None:
    key = {"row_key": "a" * 32}
    told = [
        {**key, "source": "b", "row": 1},
        {**key, "source": "a", "row": 9},
        {**key, "source": "a", "row": 2},
    ]
    sheets = sheets_of(rows(*told, {"row_key": "b" * 32, "source": "c", "row": 1}))
    assert sheets.rows["spot"].to_list() == [2, 3]


def test_a_serial_has_a_code_only_where_another_row_has_it_too() -> None:
    serials = ["S1", None, "S2", "S1", None]
    sheets = sheets_of(rows(*({"row_key": f"{i:032x}", "serial": s} for i, s in enumerate(serials))))
    codes = sheets.rows.sort("spot")["serial"]
    assert codes.is_null().to_list() == [False, True, True, False, True]
    assert codes[0] == codes[3]


def test_no_rows_give_no_rows() -> None:
    assert sheets_of(rows()).rows.is_empty()


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """Overlapping exports with mirror rows, equal serials, a reversal, cards and an unclear direction."""
    first = [
        sheet_row(own=A, card=CARD_A, peer=CARD_B, balance="900.00", serial="S1"),
        sheet_row(own=A, peer=C, amount="5.00", balance="895.00", serial="S2", at="2024-03-04 10:00:00"),
        sheet_row(own=A, peer=C, amount="7.00", balance="888.00", direction="O", at="2024-03-04 10:05:00"),
        sheet_row(own=A, peer=C, amount="9.00", balance="879.00", serial="S5", at="2024-03-04 11:00:00"),
        sheet_row(own=A, peer=C, amount="-9.00", balance="888.00", memo="冲正", at="2024-03-04 12:00:00"),
        sheet_row(own=C, peer="", amount="1.00", memo="取现", at="2024-03-04 10:00:00"),
        sheet_row(own=C, peer=A, success="失败", serial="S9"),
    ]
    second = [
        sheet_row(own=B, card=CARD_B, peer=CARD_A, direction="进", balance="300.00", serial="S1"),
        (*sheet_row(own=A, peer=C, amount="5.00", balance="895.00", serial="S2")[:8], "更多说明", "成功"),
        first[3],
    ]
    load(tmp_path, write_sheet(tmp_path / "a.csv", first), write_sheet(tmp_path / "b.csv", second))
    home = lake_home(tmp_path)
    return Sources(home, Ledger(home).batches())


def test_sheets_in_batches_settle_as_sheets_in_a_frame(sources: Sources) -> None:
    frame = sources.rows("bank_sheet", SHEET_FIELDS)
    registers = sources.rows("account_register")
    told = []
    for sheets in (frame, sheets_of(sources.stored("bank_sheet"))):
        found = Collector()
        bank = settle_bank(sheets, registers, card_book(registers, sheets), found)
        tables = {name: sorted(table.rows(), key=repr) for name, table in found.tables().items()}
        told.append(
            (tables, bank.report, bank.rows_by_file, bank.ledgers.grades.rows(), bank.ledgers.gaps.rows())
        )
    assert told[0] == told[1]
    assert told[0][1]["money"]["mirrored"] == 1
    assert told[0][1]["reversals"]["pairs"] == 1
