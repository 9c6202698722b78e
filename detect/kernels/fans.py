"""Kernels of fans: many payers in and few out (F01), one big payment in and many out (F02)."""

from typing import Any, NamedTuple

from detect.money import Side
from graph.compiled import njit
from graph.contract import Ints

MILLION = 1_000_000


class FanBounds(NamedTuple):
    """Bounds of both fans: window in microseconds (closed), share in millionths, money in fen."""

    window: int
    least: int
    """Fewest payers (F01) or payees (F02)."""
    most_payees: int
    share: int
    floor: int
    rows: int
    """Most rows of a window that are looked at."""


@njit(cache=True, error_model="numpy")
def _largest_payees(party: Any, amount: Any, low: int, high: int, most: int, paid: Any) -> Any:
    """What the `most` payees with the largest sums got in outs low..high; `paid` is scratch."""
    for j in range(low, high):
        paid[party[j]] = 0
    for j in range(low, high):
        paid[party[j]] += amount[j]
    total = 0
    for _ in range(most):
        top = party[low]
        for j in range(low, high):
            if paid[party[j]] > paid[top]:
                top = party[j]
        total += paid[top]
        paid[top] = 0
    return total


@njit(cache=True, error_model="numpy")
def _widest_before(
    party: Any, amount: Any, low: int, last: int, covered: int, least: int, floor: int, seen: Any
) -> Any:
    """The widest run of ins low..last ending at `last` with a sum of at most `covered`: (first, payers, sum).

    payers is 0 when no such run has enough payers and money. seen holds the last index that met a payer.
    """
    payers, total = 0, 0
    best_first, best_payers, best_sum = last, 0, 0
    for j in range(last, low - 1, -1):
        total += amount[j]
        if total > covered:
            break
        if seen[party[j]] != last:
            seen[party[j]] = last
            payers += 1
        if payers >= least and total >= floor:
            best_first, best_payers, best_sum = j, payers, total
    return best_first, best_payers, best_sum


def gathered(ins: Side, outs: Side, bounds: FanBounds, hits: Ints, seen: Ints, paid: Ints) -> tuple[int, int]:
    """The widest fan-in with gather-out that ends at each payment in, written to `hits`: (how many, cut).

    hits: int64 (ins, 8): account, first in, last in (inclusive), first out, behind last out (indices
    into the sides), distinct payers, sum in, sum out to its largest payees. Ins lie in one window, outs in
    the window after the last in. cut: accounts with windows of more than `bounds.rows`, of which only the
    latest rows were looked at. seen (-1) and paid are scratch, one place a party.
    """
    got: tuple[int, int] = _gathered(
        *(ins.start, ins.at, ins.amount, ins.party),
        *(outs.start, outs.at, outs.amount, outs.party),
        tuple(bounds),
        *(hits, seen, paid),
    )
    return got


@njit(cache=True, error_model="numpy")
def _gathered(
    starts: Any, at: Any, amount: Any, party: Any,
    out_starts: Any, out_at: Any, out_amount: Any, out_party: Any,
    limits: Any, hits: Any, seen: Any, paid: Any,
) -> Any:  # fmt: skip
    found, cut = 0, 0
    window, least, most_payees, share, floor, rows = limits
    for a in range(len(starts) - 1):
        low, out_low, behind = starts[a], out_starts[a], out_starts[a + 1]
        if starts[a + 1] - low < least or out_low == behind:
            continue
        was_cut = 0
        for i in range(starts[a], starts[a + 1]):
            while at[i] - at[low] > window:
                low += 1
            if i - low >= rows:
                was_cut = 1
                low = i + 1 - rows
            while out_low < behind and out_at[out_low] < at[i]:
                out_low += 1
            high = out_low
            while high < behind and out_at[high] - at[i] <= window and high - out_low < rows:
                high += 1
            if i + 1 - low < least or high == out_low:
                continue
            out_sum = _largest_payees(out_party, out_amount, out_low, high, most_payees, paid)
            covered = out_sum * MILLION // share
            first, payers, in_sum = _widest_before(party, amount, low, i, covered, least, floor, seen)
            if payers > 0:
                hits[found, 0], hits[found, 1], hits[found, 2], hits[found, 3] = a, first, i, out_low
                hits[found, 4], hits[found, 5], hits[found, 6], hits[found, 7] = high, payers, in_sum, out_sum
                found += 1
        cut += was_cut
    return found, cut


def scattered(ins: Side, outs: Side, bounds: FanBounds, hits: Ints, seen: Ints) -> int:
    """The scatter after each payment in of at least the floor, written to `hits` (ins, 7): how many.

    Columns: account, in, first out, behind last out, distinct payees, amount in, sum out. seen: scratch, -1.
    """
    got: int = _scattered(
        *(ins.start, ins.at, ins.amount),
        *(outs.start, outs.at, outs.amount, outs.party),
        tuple(bounds),
        *(hits, seen),
    )
    return got


@njit(cache=True, error_model="numpy")
def _scattered(
    starts: Any, at: Any, amount: Any,
    out_starts: Any, out_at: Any, out_amount: Any, party: Any,
    limits: Any, hits: Any, seen: Any,
) -> Any:  # fmt: skip
    found = 0
    window, least, _, share, floor, _ = limits
    for a in range(len(starts) - 1):
        low, behind = out_starts[a], out_starts[a + 1]
        if behind - low < least:
            continue
        for i in range(starts[a], starts[a + 1]):
            if amount[i] < floor:
                continue
            while low < behind and out_at[low] < at[i]:
                low += 1
            payees, total, j = 0, 0, low
            while j < behind and out_at[j] - at[i] <= window:
                total += out_amount[j]
                if seen[party[j]] != i:
                    seen[party[j]] = i
                    payees += 1
                j += 1
            if payees >= least and total * MILLION >= share * amount[i]:
                hits[found, 0], hits[found, 1], hits[found, 2], hits[found, 3] = a, i, low, j
                hits[found, 4], hits[found, 5], hits[found, 6] = payees, amount[i], total
                found += 1
    return found
