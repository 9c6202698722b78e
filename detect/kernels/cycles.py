"""Kernel of cycles (F10): money that comes back to its start in time order."""

from typing import Any, NamedTuple

from numba import njit

from detect.kernels.paths import MILLION, first_from, met, store, total
from detect.kernels.room import PathRoom
from detect.money import Side
from graph.contract import Ints


class CycleBounds(NamedTuple):
    """Bounds of a cycle: span of the whole in microseconds (closed), shares in millionths, money in fen.

    share: least share of the first payment that comes back. hop_share: least share of a payment to the one
    before, 0 for none. strict: 1 when times must rise, 0 when equal ones are in order too. steps: payments
    one search may look at.
    """

    span: int
    share: int
    hop_share: int
    strict: int
    shortest: int
    longest: int
    floor: int
    steps: int


@njit(cache=True, error_model="numpy")
def _shortest_cycle(
    starts: Any,
    at: Any,
    amount: Any,
    peer: Any,
    first: int,
    payer: int,
    bounds: Any,
    stack: Any,
    position: Any,
    best: Any,
) -> Any:
    """Fewest hops of a cycle from payment `first` of `payer`, kept in `best`: (hops or 0, whether cut)."""
    span, share, hop_share, strict, fewest, deepest, _, allowed = bounds
    depth, shortest, steps = 0, deepest + 1, 0
    stack[0] = first
    fresh = True
    while depth >= 0:
        here = stack[depth]
        to = peer[here]
        if fresh:
            # One more hop must still beat what was found, else this branch is not worth entering.
            if depth + 2 >= shortest or to >= len(starts) - 1:
                depth -= 1
                fresh = False
                continue
            position[depth] = first_from(at, starts[to], starts[to + 1], at[here] + strict)
        j, fresh = position[depth], False
        while j < starts[to + 1] and at[j] - at[first] <= span and not fresh:
            steps += 1
            if amount[j] * MILLION < hop_share * amount[here]:
                fresh = False
            elif peer[j] != payer:
                fresh = depth + 2 < shortest and not met(peer, stack, depth, peer[j])
            elif fewest <= depth + 2 < shortest and amount[j] * MILLION >= share * amount[first]:
                shortest = depth + 2
                for d in range(depth + 1):
                    best[d] = stack[d]
                best[depth + 1] = j
            j += 1
        position[depth] = j
        if steps > allowed:
            return shortest % (deepest + 1), 1
        if fresh:
            depth += 1
            stack[depth] = j - 1
        else:
            depth -= 1
    return shortest % (deepest + 1), 0


def cycles(
    ins: Side, outs: Side, order: Ints, payer: Ints, bounds: CycleBounds, room: PathRoom
) -> tuple[int, int]:
    """Time-ordered cycles, one at most for each first payment not in an earlier one: (how many, cut).

    A cycle has shortest..longest hops, distinct accounts, times in order, a whole span of at most `span`, a
    sum of at least `floor`, a last amount of at least `share` of the first and each of at least `hop_share`
    of the one before. Of several, the one with fewest hops, then the first found in time order. Found paths
    are in `room`. cut: starts whose search ended at `steps`; a shorter cycle of theirs may be missed.
    """
    got: tuple[int, int] = _cycles(
        *(outs.start, outs.at, outs.amount, outs.peer),
        *(ins.start, ins.at),
        order,
        payer,
        tuple(bounds),
        *room,
    )
    return got


@njit(cache=True, error_model="numpy")
def _cycles(
    starts: Any, at: Any, amount: Any, peer: Any, in_starts: Any, in_at: Any,
    order: Any, payer: Any, bounds: Any,
    used: Any, paths: Any, lengths: Any, stack: Any, position: Any, best: Any,
) -> Any:  # fmt: skip
    found, cut = 0, 0
    span, floor = bounds[0], bounds[6]
    for first in order:
        start = payer[first]
        if used[first]:
            continue
        # Nothing comes back to the payer in time: no cycle, and no search.
        back = first_from(in_at, in_starts[start], in_starts[start + 1], at[first])
        if back == in_starts[start + 1] or in_at[back] - at[first] > span:
            continue
        hops, was_cut = _shortest_cycle(starts, at, amount, peer, first, start, bounds, stack, position, best)
        cut += was_cut
        if hops > 0 and total(amount, best, hops) >= floor:
            store(paths, used, found, best, hops)
            lengths[found] = hops
            found += 1
    return found, cut
