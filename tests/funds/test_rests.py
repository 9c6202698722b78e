"""How long victims' money rested: parts add up to what came, and what is left of them to what is held."""

from random import Random

import polars as pl
import pytest

from funds.cells import FIRST_VICTIM
from funds.claims import claims_of
from funds.ledgers import ledgers_of
from funds.rests import REST_COLUMNS, exits_of, rests_of, steps_of
from funds.tracing import CONSERVING, Trace, trace
from tests.funds.rows import MINUTE, Row, draw, moved, pay


def traced(rows: list[Row], payments: dict[str, str], method: str = "fifo") -> Trace:
    ledgers = ledgers_of(moved(rows))
    return trace(ledgers, claims_of(ledgers, payments), method)


def parts(found: Trace) -> list[tuple[str, int, int, int | None]]:
    """Account, fen, minute of arrival and of exit."""
    return [
        (found.ledgers.accounts[ledger], fen, came // MINUTE, None if left is None else left // MINUTE)
        for _, ledger, fen, came, left in rests_of(found).select(list(REST_COLUMNS)).iter_rows()
    ]


ROWS = [
    pay("p1", "V", "A", 100, 0, 900, 100),
    pay("p2", "V", "A", 50, 30, 850, 150),
    pay("t1", "A", "B", 120, 60, 30, 120),
    draw("d1", "B", 20, 90, 100),
]


def test_each_part_rests_from_its_arrival_to_its_exit() -> None:
    found = traced(ROWS, {"p1": "C", "p2": "C"})
    assert parts(found) == [
        ("A", 100, 0, 60),
        ("A", 20, 30, 60),
        ("A", 30, 30, None),
        ("B", 20, 60, 90),
        ("B", 100, 60, None),
    ]
    exits = exits_of(rests_of(found), found)
    assert [(one.account, one.level, one.rested.total_seconds() / 60) for one in exits] == [
        ("A", 1, 60),
        ("A", 1, 30),
        ("B", 2, 30),
    ]


def test_a_victims_own_payment_is_no_exit_and_no_claims_give_no_rests() -> None:
    assert "V" not in {account for account, *_ in parts(traced(ROWS, {"p1": "C", "p2": "C"}))}
    nothing = traced(ROWS, {})
    assert rests_of(nothing).height == steps_of(nothing).height == 0
    assert exits_of(rests_of(nothing), nothing) == []


@pytest.mark.parametrize("method", CONSERVING)
@pytest.mark.parametrize("seed", range(25))
def test_random_ledgers_add_up_by_every_method(method: str, seed: int) -> None:
    dice = Random(f"{seed}")
    names = [f"A{n}" for n in range(5)]
    rows = []
    for n in range(60):
        payer, payee = dice.sample(["V", "W", *names], 2)
        balances = [dice.choice([None, dice.randrange(-50, 400)]) for _ in range(2)]
        rows.append(pay(f"t{n:02}", payer, payee, dice.randrange(1, 200), n, *balances))
    payments = {row.key: row.payer for row in rows if row.payer in ("V", "W") and dice.random() < 0.7}
    found = traced(rows, {key: name or "" for key, name in payments.items()}, method)
    rests = rests_of(found)
    keys = ["owner", "ledger"]
    lying = rests.filter(pl.col("left").is_null()).group_by(keys).agg(pl.col("fen").sum()).sort(keys)
    assert lying.equals(found.held.filter(pl.col("owner") >= FIRST_VICTIM))
    steps = steps_of(found)
    came = steps.filter("into").group_by(keys).agg(pl.col("fen").sum()).sort(keys)
    assert came.equals(rests.group_by(keys).agg(pl.col("fen").sum()).sort(keys))
    assert (rests["fen"] > 0).all() and found.unaccounted() == {}
