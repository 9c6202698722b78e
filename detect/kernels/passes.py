"""Kernel of pass-through (F03): money that leaves soon after it came, with little left behind."""

from typing import Any, NamedTuple

from detect.money import Side
from graph.compiled import njit
from graph.contract import Ints

MILLION = 1_000_000


class PassBounds(NamedTuple):
    """Bounds of a pass: window in microseconds (closed), share and left in millionths, floor in fen."""

    window: int
    share: int
    left: int
    floor: int
    group: int
    """Most ins of one pass."""
    unknown: int
    """The balance that stands for none stated."""


@njit(cache=True, error_model="numpy")
def _emptied_at(
    at: Any, amount: Any, balance: Any, low: int, behind: int, since: int, paid: int, bounds: Any
) -> Any:
    """The first out, `window` after `since` at most, that completes a pass: (out or -1, sum out).

    paid: what left before `since`. bounds: window, least sum out, most left, unknown balance.
    """
    window, least, left, unknown = bounds
    j = low
    while j < behind and at[j] - since <= window:
        paid += amount[j]
        if paid >= least and balance[j] != unknown and balance[j] <= left:
            return j, paid
        j += 1
    return -1, paid


def passed(ins: Side, outs: Side, bounds: PassBounds, hits: Ints) -> int:
    """Passes of each account, in time order and without overlap, written to `hits` (ins, 7): how many.

    A pass is one in, or all ins of a span <= window, whose sum is at least `floor`, and outs from the first
    in until `window` after the last in that reach `share` of the sum, the balance after the last of them, not
    before the last in, being at most `left` of the sum. An unknown balance proves nothing.
    Columns: account, first in, last in (inclusive), first out, last out (inclusive), sum in, sum out.
    """
    got: int = _passed(
        *(ins.start, ins.at, ins.amount),
        *(outs.start, outs.at, outs.amount, outs.balance),
        tuple(bounds),
        hits,
    )
    return got


@njit(cache=True, error_model="numpy")
def _passed(
    starts: Any, at: Any, amount: Any,
    out_starts: Any, out_at: Any, out_amount: Any, balance: Any,
    bounds: Any, hits: Any,
) -> Any:  # fmt: skip
    found = 0
    window, share, left, floor, most, unknown = bounds
    for a in range(len(starts) - 1):
        low, behind, i = out_starts[a], out_starts[a + 1], starts[a]
        while i < starts[a + 1] and low < behind:
            while low < behind and out_at[low] < at[i]:
                low += 1
            g, since, total, before, out = i, low, 0, 0, -1
            while out < 0 and g < starts[a + 1] and at[g] - at[i] <= window and g - i < most:
                total += amount[g]
                while since < behind and out_at[since] < at[g]:
                    before += out_amount[since]
                    since += 1
                if total >= floor:
                    least = (share * total + MILLION - 1) // MILLION
                    limits = (window, least, left * total // MILLION, unknown)
                    out, paid = _emptied_at(out_at, out_amount, balance, since, behind, at[g], before, limits)
                    if out >= 0:
                        hits[found, 0], hits[found, 1], hits[found, 2], hits[found, 3] = a, i, g, low
                        hits[found, 4], hits[found, 5], hits[found, 6] = out, total, paid
                g += 1
            if out < 0:
                i += 1
                continue
            found += 1
            low, i = out + 1, g
    return found
