"""Money traced by every method equals a slow oracle on random ledgers, and no fen is lost."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from funds.book import GAP
from funds.claims import Claims, claims_of
from funds.ledgers import Ledgers, ledgers_of
from funds.methods import METHODS, Traced, trace_by
from funds.tracing import Trace, trace
from tests.funds.oracle import Answer, oracle
from tests.funds.rows import Row, draw, moved, pay, with_sheets

Sums = dict[tuple[str, str], int]


def sums_of(traced: Traced) -> tuple[Sums, Sums, Sums]:
    """received, held and sinks by names, as the oracle tells them."""
    accounts, names = traced.ledgers.accounts, ["own", "unknown", *traced.claims.victims]
    received = {(names[o], accounts[a]): fen for o, a, fen, *_ in traced.received.iter_rows()}
    held = {(names[o], accounts[a]): fen for o, a, fen in traced.held.iter_rows() if o and fen}
    sinks = {(names[o], sink): fen for o, sink, fen in traced.sinks.iter_rows()}
    return received, held, sinks


def told(answer: Answer) -> tuple[Sums, Sums, Sums]:
    """The oracle's sums without zeros."""
    return tuple(
        {k: v for k, v in part.items() if v} for part in (answer.received, answer.held, answer.sinks)
    )  # type: ignore[return-value]


def worlds(seed: int) -> tuple[list[Row], dict[str, str]]:
    """A small random ledger: ties, cycles, gaps, overdrafts, one-sided rows, accounts without a sheet."""
    dice = random.Random(seed)
    names = [f"K{n}" for n in range(dice.randint(2, 6))]
    outside = {name for name in names[2:] if dice.random() < 0.2}
    blind = {name for name in names if dice.random() < 0.15}
    balance = {name: dice.choice([0, 500, 1_000, 7_777]) for name in names}
    lag = dice.choice([0, 0, 10, -10])
    rows = []
    for place in range(dice.randint(1, 16)):
        minute, fen = 10 * dice.randint(0, 8), dice.choice([10, 100, 333, 1_000, 2_500])
        payer: str | None
        payee: str | None
        payer, payee = dice.sample(names, 2)
        kind = dice.random()
        payer, payee = (None, payee) if kind < 0.1 else (payer, None) if kind < 0.2 else (payer, payee)
        rows.append(
            Row(
                f"r{place:02d}",
                payer,
                payee,
                fen,
                None if payer is None else minute,
                None if payee is None else minute + (lag if payer else 0),
                sink="left_data" if payee else "cash_out",
            )
        )
    rows = _stated(rows, balance, blind, dice)
    rows = [_one_sided(row, outside, dice) for row in rows]
    rows = [row for row in rows if row.out_at is not None or row.in_at is not None]
    sheets = with_sheets(rows)
    victims = {
        row.key: dice.choice(["V1", "V2", "V3"])
        for row in rows
        if row.payer and row.payee and (row.payer in sheets or row.payee in sheets) and dice.random() < 0.25
    }
    return rows, victims


def _stated(rows: Sequence[Row], balance: dict[str, int], blind: set[str], dice: random.Random) -> list[Row]:
    """Balances as banks would state them, with missing money now and then, and serials on some rows."""
    sides = [(row.out_at, 1, n) for n, row in enumerate(rows) if row.out_at is not None]
    sides += [(row.in_at, 0, n) for n, row in enumerate(rows) if row.in_at is not None]
    found = list(rows)
    for number, (_, side, n) in enumerate(sorted(sides)):
        row = found[n]
        account = row.payer if side else row.payee
        assert account is not None
        if dice.random() < 0.08:
            balance[account] += dice.choice([-57, 57, 1_003, -1_003])
        balance[account] += -row.fen if side else row.fen
        stated = None if account in blind or dice.random() < 0.05 else balance[account]
        serial = f"S{number:03d}" if dice.random() < 0.3 else None
        found[n] = (
            replace(row, out_balance=stated, out_serial=serial)
            if side
            else replace(row, in_balance=stated, in_serial=serial)
        )
    return found


def _one_sided(row: Row, outside: set[str], dice: random.Random) -> Row:
    if row.payer in outside or (row.in_at is not None and dice.random() < 0.05):
        row = replace(row, out_at=None, out_balance=None, out_serial=None)
    if row.payee in outside or (row.out_at is not None and dice.random() < 0.05):
        row = replace(row, in_at=None, in_balance=None, in_serial=None)
    return row


def prepared(rows: Sequence[Row], victims: Mapping[str, str]) -> tuple[Ledgers, Claims]:
    ledgers = ledgers_of(moved(rows))
    return ledgers, claims_of(ledgers, victims)


@pytest.mark.parametrize("block", range(10))
def test_every_method_equals_the_oracle_and_no_fen_is_lost_on_a_thousand_ledgers(block: int) -> None:
    for seed in range(100 * block, 100 * block + 100):
        rows, victims = worlds(seed)
        ledgers, claims = prepared(rows, victims)
        for method in METHODS:
            traced = trace_by(ledgers, claims, method)
            assert sums_of(traced) == told(oracle(rows, victims, method)), (seed, method)
            if isinstance(traced, Trace):
                assert traced.unaccounted() == {}, (seed, method)
                assert lies_as_stated(traced), (seed, method)


def lies_as_stated(traced: Trace) -> bool:
    """Whether all owners' money on an account, own included, is the account's last balance."""
    lies: dict[int, int] = {}
    for _, ledger, fen in traced.held.iter_rows():
        lies[ledger] = lies.get(ledger, 0) + fen
    return all(fen == max(0, traced.ledgers.closing[ledger]) for ledger, fen in lies.items())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.randoms(use_true_random=False), st.sampled_from(METHODS))
def test_the_order_of_rows_changes_nothing(seed: int, dice: random.Random, method: str) -> None:
    rows, victims = worlds(seed)
    shuffled = list(rows)
    dice.shuffle(shuffled)
    first, second = (sums_of(trace_by(*prepared(some, victims), method)) for some in (rows, shuffled))
    assert first == second


YUAN = 100
# DOMAIN 7.1: account A: own 1,000; 09:00 +10,000 V1; 09:10 +4,000 own; 09:20 -8,000 to B; 09:40 +6,000 V2;
# 10:00 -9,000 to C; left 4,000.
EXAMPLE = (
    pay("v1", "X1", "A", 10_000 * YUAN, 540, in_balance=11_000 * YUAN),
    pay("o", "O", "A", 4_000 * YUAN, 550, in_balance=15_000 * YUAN),
    pay("b", "A", "B", 8_000 * YUAN, 560, out_balance=7_000 * YUAN),
    pay("v2", "X2", "A", 6_000 * YUAN, 580, in_balance=13_000 * YUAN),
    pay("c", "A", "C", 9_000 * YUAN, 600, out_balance=4_000 * YUAN),
)
VICTIMS = {"v1": "V1", "v2": "V2"}
# method: B's V1; C's V1, V2; left of V1, V2, all in fen.
TABLE = {
    "fifo": (700_000, 300_000, 200_000, 0, 400_000),
    "lifo": (400_000, 300_000, 600_000, 300_000, 0),
    "pro_rata": (533_333, 323_077, 415_385, 143_590, 184_615),
    "libr": (300_000, 484_615, 415_385, 215_385, 184_615),
    "poison": (800_000, 900_000, 900_000, 400_000, 400_000),
}


@pytest.mark.parametrize("method", METHODS)
def test_the_table_of_domain_7_1_comes_out_to_the_fen(method: str) -> None:
    received, held, _ = sums_of(trace_by(*prepared(EXAMPLE, VICTIMS), method))
    cells = (("V1", "B"), ("V1", "C"), ("V2", "C"))
    found = [received.get(cell, 0) for cell in cells] + [held.get((v, "A"), 0) for v in ("V1", "V2")]
    assert tuple(found) == TABLE[method]
    assert (received.get(("V2", "B"), 0), received["V1", "A"], received["V2", "A"]) == (0, 1_000_000, 600_000)


def test_the_left_over_fen_goes_to_the_largest_remainder_then_to_older_money() -> None:
    rows = [
        pay("a", "X1", "A", 1, 1, in_balance=1),
        pay("b", "X2", "A", 1, 2, in_balance=2),
        pay("c", "X3", "A", 1, 3, in_balance=3),
        draw("d", "A", 2, 4, 1),
    ]
    _, held, sinks = sums_of(trace_by(*prepared(rows, {"a": "V3", "b": "V2", "c": "V1"}), "pro_rata"))
    assert sinks == {("V3", "cash_out"): 1, ("V2", "cash_out"): 1}
    assert held == {("V1", "A"): 1}


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 12),
    st.integers(1, 6),
    st.lists(st.tuples(st.booleans(), st.integers(1, 8)), min_size=1, max_size=25),
)
@example(0, 1, [(True, 3), (False, 2)])
@example(3, 1, [(False, 2)])
def test_the_last_fen_of_a_victim_among_small_sums_equal_the_oracle(
    own: int, fen: int, steps: list[tuple[bool, int]]
) -> None:
    """Sums so small that rests tie and a victim's share is often under one fen, own money older or newer."""
    balance = own + fen
    rows = [pay("a", "X", "A", fen, 1, in_balance=balance)]
    for minute, (into, wanted) in enumerate(steps, start=2):
        amount = wanted if into else min(wanted, balance)
        if not amount:
            continue
        balance += amount if into else -amount
        key = f"s{minute:02d}"
        if into:
            rows.append(pay(key, "Y", "A", amount, minute, in_balance=balance))
        else:
            rows.append(pay(key, "A", "B", amount, minute, balance, None))
    for method in METHODS:
        assert sums_of(trace_by(*prepared(rows, {"a": "V1"}), method)) == told(
            oracle(rows, {"a": "V1"}, method)
        )


def test_products_beyond_64_bits_are_split_exactly() -> None:
    big = 10**16 + 1
    rows = [
        pay("a", "X1", "A", big, 1, in_balance=big),
        pay("b", "X2", "A", 2 * big + 3, 2, in_balance=3 * big + 3),
        draw("d", "A", 10**16, 3),
    ]
    victims = {"a": "V1", "b": "V2"}
    for method in METHODS:
        assert sums_of(trace_by(*prepared(rows, victims), method)) == told(oracle(rows, victims, method))


def test_money_that_left_goes_on_only_in_time_order() -> None:
    early = [*EXAMPLE, pay("d", "B", "D", 8_000 * YUAN, 545)]
    received, _, _ = sums_of(trace_by(*prepared(early, VICTIMS), "fifo"))
    assert ("V1", "D") not in received


def test_ends_are_told_by_kind() -> None:
    rows = [
        pay("v", "X", "A", 1_000, 1, in_balance=1_000),
        draw("cash", "A", 100, 2, 900),
        replace(draw("shop", "A", 100, 3, 800), sink="merchant"),
        replace(draw("topup", "A", 100, 4, 700), sink="topup"),
        Row("out", "A", "Z", 100, 5, None, 600),
        replace(Row("pay", "A", "P", 100, 6, None, 500), sink="pay_account"),
        replace(Row("coin", "A", "W", 100, 7, None, 400), sink="crypto"),
        Row("gap", "A", "Z", 100, 8, None, 200),
    ]
    received, held, sinks = sums_of(trace_by(*prepared(rows, {"v": "V"}), "fifo"))
    kinds = {"cash_out": 100, "merchant": 100, "topup": 100, "left_data": 200, "pay_account": 100}
    assert sinks == {("V", kind): fen for kind, fen in (kinds | {"crypto": 100, "unrecorded": 100}).items()}
    assert held == {("V", "A"): 200}
    assert received["V", "Z"] == 200


def test_each_doubt_is_a_notice() -> None:
    rows = [
        Row("v", "X", "A", 1_000, None, 1, None, 1_000),
        pay("on", "A", "B", 600, 2, 400),
        draw("over", "A", 900, 3, -500),
        pay("back", "B", "A", 200, 4, None, -300),
        Row("left", "A", "Z", 50, 5, None, -400),
    ]
    ledgers, claims = prepared(rows, {"v": "V", "none": "V"})
    codes = {notice.code for notice in trace(ledgers, claims).notices}
    assert codes == {"NO_ROW", "VICTIM_WITHOUT_SHEET", "NEGATIVE_BALANCE", "NO_BALANCES", "GAPS"}


def test_currencies_are_never_added_up() -> None:
    rows = [
        pay("v", "X", "A", 1_000, 1, in_balance=1_000),
        replace(pay("w", "X", "A", 500, 2, in_balance=500), currency="USD"),
        pay("c", "A", "B", 800, 3, 200),
    ]
    ledgers, claims = prepared(rows, {"v": "V", "w": "V"})
    traced = trace(ledgers, claims)
    assert list(zip(claims.victims, claims.currencies, claims.paid_fen, strict=True)) == [
        ("V", "CNY", 1_000),
        ("V", "USD", 500),
    ]
    assert traced.unaccounted() == {}
    held: dict[tuple[str, int], int] = {}
    for owner, at, fen in traced.held.iter_rows():
        held[ledgers.currencies[at], owner] = held.get((ledgers.currencies[at], owner), 0) + fen
    assert held == {("CNY", 2): 1_000, ("USD", 3): 500}


def test_a_row_only_the_payer_has_is_placed_by_the_payees_balances() -> None:
    rows = [
        Row("v", "X", "A", 1_000, None, 0, None, 1_000),
        Row("early", "O", "B", 10, None, 50, None, 100),
        Row("a", "A", "B", 1_000, 100, None, 0),
        Row("small", "B", None, 30, 101, None, 70, sink="cash_out"),
        Row("b", "B", "C", 500, 200, 200, 570, 500),
    ]
    ledgers, claims = prepared(rows, {"v": "V"})
    assert not ledgers.book.entry[:, GAP].any()
    _, _, sinks = sums_of(trace(ledgers, claims))
    assert ("V", "cash_out") not in sinks


def test_a_reversal_that_left_the_lake_moves_nothing() -> None:
    rows = [
        Row("v", "X", "A", 1_000, None, 0, None, 1_000),
        draw("one", "A", 100, 10, 400),
        draw("two", "A", 100, 20, 800),
    ]
    traced = trace(*prepared(rows, {"v": "V"}))
    assert sums_of(traced)[2] == {("V", "cash_out"): 200}
    assert [n.count for n in traced.notices if n.code == "UNDONE"] == [1]


def test_no_payments_and_no_rows_give_nothing() -> None:
    for rows, victims in (((), {}), (EXAMPLE, {})):
        for method in METHODS:
            traced = trace_by(*prepared(rows, victims), method)
            assert sums_of(traced) == ({}, {}, {}) and traced.held.height == 0
