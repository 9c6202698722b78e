"""What was known at an instant: rows of later times change nothing, and at the end nothing is missing."""

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from detect.worlds import build_world
from funds.claims import reported_payments
from funds.controls.reading import read_controls
from funds.known import known_at, last_instant
from funds.ledgers import load_ledgers
from graph.errors import InputError, SchemaError
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, empty_tables, open_tables
from graph.schema.catalog import stored_tables
from tests.detect.ledgers import in_memory
from tests.funds.controls.orders import local

NOW = local("2024-03-02T12:00")
READ = (
    "TRANSFER CASH_OUT CASH_IN TOPUP PAID_FROM PAID_TO FILED Case Report CONTROL ControlOrder Account"
).split()
BEFORE = [
    "R1 : Report",
    "C1 : Case opened_at=2024-03-01T18:00+08:00",
    "R1 FILED C1",
    "R1 PAID_FROM V at=2024-03-01T09:00+08:00 amount=1000",
    "R1 PAID_TO A at=2024-03-01T09:00+08:00 amount=1000",
    "V TRANSFER A at=2024-03-01T09:00+08:00 amount=1000",
    "A TRANSFER B at=2024-03-02T12:00+08:00 amount=400",
    "O1 : ControlOrder kind=止付 document=D1 started_at=2024-03-02T09:00+08:00",
    "O1 CONTROL A at=2024-03-02T09:00+08:00 state=executed",
]
LATER = [
    "R2 : Report",
    "C2 : Case opened_at=2024-03-02T12:01+08:00",
    "R2 FILED C2",
    "R2 PAID_FROM V2 at=2024-03-01T10:00+08:00 amount=70",
    "R2 PAID_TO B at=2024-03-01T10:00+08:00 amount=70",
    "A TRANSFER D at=2024-03-02T12:01+08:00 amount=600",
    "O2 : ControlOrder kind=冻结 document=D2 started_at=2024-03-02T12:01+08:00",
    "O2 CONTROL B at=2024-03-02T12:01+08:00 state=executed",
]


def lake(*lines: str) -> LakeTables:
    return in_memory(build_world(list(lines)).frames)


def test_rows_after_now_change_nothing() -> None:
    frames = build_world([*BEFORE, *LATER]).frames
    alone = in_memory({name: rows.filter(pl.col("row") <= len(BEFORE)) for name, rows in frames.items()})
    both = known_at(in_memory(frames), NOW)
    for name in READ:
        if name != "Account":  # an account that only a later row names stands there with nothing but its key
            assert_frame_equal(both.frame(name), alone.frame(name), check_row_order=False)
    assert_frame_equal(reported_payments(both), reported_payments(alone))
    assert load_ledgers(both).closing.tolist() == load_ledgers(alone).closing.tolist()
    readings = [read_controls(one, NOW) for one in (both, alone)]
    assert readings[0] == readings[1] and len(readings[0]) == 1


def test_a_microsecond_later_the_next_row_is_known() -> None:
    whole = lake(*BEFORE, *LATER)
    at = local("2024-03-02T12:01")
    for moment, transfers, orders in ((at - timedelta(microseconds=1), 2, 1), (at, 3, 2)):
        known = known_at(whole, moment)
        assert (known.frame("TRANSFER").height, known.frame("CONTROL").height) == (transfers, orders)


def test_at_the_end_of_the_data_it_is_the_whole_lake(sample_home: LakeHome) -> None:
    whole = open_tables(sample_home)
    end = last_instant(whole)
    assert end is not None
    for name in READ:
        assert_frame_equal(known_at(whole, end).frame(name), whole.frame(name), check_row_order=False)
    before = known_at(whole, end - timedelta(days=30))
    assert 0 < before.frame("TRANSFER").height < whole.rows["TRANSFER"]
    assert 0 < before.frame("PAID_TO").height < whole.rows["PAID_TO"]
    assert before.frame("Account")["balance_at"].max() <= end - timedelta(days=30)  # type: ignore[operator]


def test_a_payment_is_known_with_its_case_or_from_its_own_instant_where_no_case_says_when() -> None:
    lines = ["R1 : Report", "R1 PAID_TO A at=2024-03-02T12:01+08:00 amount=10"]
    assert known_at(lake(*lines), NOW).frame("PAID_TO").is_empty()
    assert known_at(lake(*lines), NOW + timedelta(minutes=1)).frame("PAID_TO").height == 1
    told = [*lines, "C1 : Case opened_at=2024-03-02T10:00+08:00", "R1 FILED C1"]
    known = known_at(lake(*told), NOW)  # a report's time of payment is vague, that of its case is not
    assert known.frame("PAID_TO").height == known.frame("FILED").height == known.frame("Report").height == 1


def test_the_payees_side_of_a_transfer_is_known_from_its_own_time_on() -> None:
    whole = lake(
        "V TRANSFER A at=2024-03-02T12:00+08:00 amount=10 to_at=2024-03-02T12:01+08:00 to_balance_fen=99"
    )
    (row,) = known_at(whole, NOW).frame("TRANSFER").iter_rows(named=True)
    assert (row["to_at"], row["to_balance_fen"]) == (None, None)
    assert known_at(whole, NOW + timedelta(minutes=1)).frame("TRANSFER")["to_balance_fen"].item() == 99


def test_a_day_is_known_when_it_is_over() -> None:
    whole = lake("V TRANSFER A at=2024-03-02T00:00+08:00 amount=10 precision=day")
    assert known_at(whole, NOW).frame("TRANSFER").is_empty()
    assert last_instant(whole) == local("2024-03-03T00:00")
    assert known_at(whole, local("2024-03-03T00:00")).frame("TRANSFER").height == 1


def test_an_order_told_of_again_later_keeps_its_measure_and_start_alone() -> None:
    whole = lake(
        "O1 : ControlOrder kind=冻结 document=D9 started_at=2024-03-02T09:00+08:00 "
        "ended_at=2024-03-03T09:00+08:00",
        "O1 CONTROL A at=2024-03-02T09:00+08:00 state=executed",
        "O1 CONTROL A at=2024-03-03T09:00+08:00 state=lifted",
    )
    known = known_at(whole, NOW)
    (order,) = known.frame("ControlOrder").iter_rows(named=True)
    assert (order["kind"], order["started_at"]) == ("冻结", local("2024-03-02T09:00"))
    assert (order["document"], order["ended_at"]) == (None, None)
    (reading,) = read_controls(known, NOW).values()
    assert reading.controls.deadline == local("2024-09-02T09:00")


def test_a_balance_and_a_closing_of_later_are_not_known() -> None:
    whole = lake(
        "A : Account balance_fen=500 balance_at=2024-03-02T12:01+08:00 status=正常",
        "B : Account balance_fen=600 balance_at=2024-03-02T11:00+08:00 status=正常",
        "C : Account closed_at=2024-03-05T11:00+08:00 status=销户",
    )
    columns = ["balance_fen", "closed_at", "status"]
    found = known_at(whole, NOW).frame("Account").sort("key").select(columns).rows()
    assert sorted(found, key=str) == sorted([(None,) * 3, (600, None, "正常"), (None,) * 3], key=str)
    assert known_at(whole, NOW + timedelta(days=9)).frame("Account")["status"].null_count() == 0


def test_an_empty_lake_knows_nothing_and_an_instant_names_its_zone() -> None:
    assert last_instant(empty_tables()) is None
    known = known_at(empty_tables(), NOW)
    assert all(known.frame(name).is_empty() for name in stored_tables())
    with pytest.raises(InputError, match="time zone"):
        known_at(empty_tables(), NOW.replace(tzinfo=None))
    with pytest.raises(SchemaError, match="scan"):
        known.relation("TRANSFER")


def test_columns_stay_those_of_the_catalog() -> None:
    whole = lake(*BEFORE, *LATER)
    for name in stored_tables():
        assert known_at(whole, NOW).frame(name).schema == whole.frame(name).schema
    assert isinstance(known_at(whole, NOW).scan("CONTROL"), pl.LazyFrame)
