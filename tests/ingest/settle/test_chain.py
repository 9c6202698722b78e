"""Rows of one instant are put in the order of their balances, however many there are."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.settle.chain import chain
from tests.ingest.steady import steady


def broken(order: list[int], before: list[int], after: list[int]) -> int:
    return sum(1 for a, b in pairwise(order) if after[a] != before[b])


@steady
@given(
    st.lists(st.integers(-3, 3).filter(bool), min_size=1, max_size=40), st.integers(0, 10**6), st.booleans()
)
def test_a_shuffled_ledger_is_chained_whole(amounts: list[int], seed: int, start_known: bool) -> None:
    steps, balance = [], 10
    for amount in amounts:
        steps.append((balance, balance + amount))
        balance += amount
    random.Random(seed).shuffle(steps)
    before, after = [a for a, _ in steps], [b for _, b in steps]
    order = chain(before, after, 10 if start_known else None)
    assert sorted(order) == list(range(len(steps)))
    assert broken(order, before, after) == 0


def test_a_crowd_in_one_instant_takes_no_time() -> None:
    whole, apart = [(i, i + 1) for i in range(50_000)], [(10 * i, 10 * i + 1) for i in range(50_000)]
    for steps, breaks in ((whole, 0), (apart, 49_999)):
        random.Random(1).shuffle(steps)
        before, after = [a for a, _ in steps], [b for _, b in steps]
        assert broken(chain(before, after, 0), before, after) == breaks


def test_an_order_that_fits_as_well_stays() -> None:
    assert chain([5, 9, 1], [6, 10, 2], None) == [0, 1, 2]
