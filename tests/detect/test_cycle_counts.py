"""The counts of time-ordered cycles are those of a walk over all of them."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.kernels.cycle_counts import CountBounds, cycle_counts
from tests.detect.ledgers import Payment, facts_of, ledgers

MINUTE = 60_000_000


def _closed(payments: list[Payment], path: list[Payment], bounds: CountBounds) -> Iterator[list[Payment]]:
    """Every cycle that begins with this path, payment by payment."""
    for p in payments:
        late = (p.minute - path[0].minute) * MINUTE > bounds.window
        if p.payer != path[-1].payee or p.minute < path[-1].minute + bounds.strict or late:
            continue
        if p.payee == path[0].payer:
            yield [*path, p]
        elif len(path) + 1 < bounds.longest and p.payee not in {q.payee for q in path}:
            yield from _closed(payments, [*path, p], bounds)


def _expected(payments: list[Payment], bounds: CountBounds) -> dict[int, list[int]]:
    bundles: dict[tuple[int, tuple[str, ...]], set[int]] = {}
    for first in payments:
        for path in _closed(payments, [first], bounds):
            key = path[-1].row, tuple(p.payer for p in path)
            bundles.setdefault(key, set()).update(p.row for p in path)
    counts = {p.row: [0] * (bounds.longest + 1) for p in payments}
    for (_, accounts), rows in bundles.items():
        for row in rows:
            counts[row][len(accounts)] += 1
    return counts


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(ledgers(accounts=4, payments=18), ledgers(accounts=8, payments=22)),
    st.sampled_from([2, 3, 4, 6, 8]),
    st.sampled_from([0, 30, 70, 200]),
    st.sampled_from([0, 1]),
)
def test_counts_are_those_of_a_walk_over_all_cycles(
    payments: list[Payment], longest: int, window: int, strict: int
) -> None:
    bounds = CountBounds(window * MINUTE, longest, strict, 10**9)
    money = facts_of(payments).money
    counts, cut = cycle_counts(money.ins, money.outs, bounds)
    rows = money.proof[0] & ((1 << 40) - 1)
    assert cut == 0
    assert dict(zip(rows.tolist(), counts.tolist(), strict=True)) == _expected(payments, bounds)


def test_a_bundle_is_one_cycle_and_only_payments_that_fit_take_part() -> None:
    ring = [("A", "B", 0), ("A", "B", 5), ("A", "B", 25), ("B", "C", 10), ("B", "C", 12), ("C", "A", 20)]
    payments = [Payment(a, b, at, 100, row=n) for n, (a, b, at) in enumerate(ring)]
    money = facts_of(payments).money
    counts, _ = cycle_counts(money.ins, money.outs, CountBounds(60 * MINUTE, 8, 1, 10**9))
    # A, B, C by C -> A, where minute 25 comes too late; B, C, A by minute 25 (the last event).
    assert counts[:, 3].tolist() == [1, 1, 2, 2, 2, 1]
    assert counts.sum() == 9


def test_a_hub_is_cut_and_said() -> None:
    payments = [Payment("S", "Q", 0, 100, row=0), Payment("H", "S", 50, 100, row=1)]
    payments += [Payment(f"B{n}", "H", n % 20, 100, row=n) for n in range(2, 60)]
    money = facts_of(payments).money
    counts, cut = cycle_counts(money.ins, money.outs, CountBounds(60 * MINUTE, 8, 0, 20))
    assert cut == 1 and not counts.any()


def test_no_transfers_give_no_counts() -> None:
    money = facts_of([]).money
    counts, cut = cycle_counts(money.ins, money.outs, CountBounds(MINUTE, 6, 1, 100))
    assert counts.shape == (0, 7) and counts.dtype == np.int32 and cut == 0
