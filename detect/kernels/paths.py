"""Kernels of time-ordered paths: layering chains (F09), cycles (F10) and two-leg relays (F11)."""

from typing import Any, NamedTuple

from detect.kernels.room import PathRoom
from detect.money import Side
from graph.compiled import njit
from graph.contract import Ints

MILLION = 1_000_000


class PathBounds(NamedTuple):
    """Bounds of a path: wait of a hop and span of the whole in microseconds (closed), share in millionths.

    share: a hop's least share of the hop before (chains), the last hop's of the first (cycles).
    steps: payments one search may look at.
    """

    wait: int
    share: int
    shortest: int
    longest: int
    floor: int
    steps: int


@njit(cache=True, error_model="numpy")
def first_from(times: Any, low: int, high: int, at: int) -> Any:
    """The first index in low..high whose time is not before `at`; times are sorted there."""
    while low < high:
        middle = (low + high) // 2
        if times[middle] < at:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, error_model="numpy")
def met(peer: Any, stack: Any, depth: int, account: int) -> Any:
    """Whether one of the payments stack[0..depth] already went to `account`."""
    for d in range(depth + 1):  # noqa: SIM110 - compiled loop
        if peer[stack[d]] == account:
            return True
    return False


@njit(cache=True, error_model="numpy")
def total(amount: Any, path: Any, hops: int) -> Any:
    """Sum of a path's payments: what the floor is held against."""
    fen = 0
    for d in range(hops):
        fen += amount[path[d]]
    return fen


@njit(cache=True, error_model="numpy")
def store(paths: Any, used: Any, found: int, best: Any, hops: int) -> None:
    """Write the best path as number `found` and mark its payments as used."""
    for d in range(hops):
        paths[found, d] = best[d]
        used[best[d]] = True


@njit(cache=True, error_model="numpy")
def _longest_chain(
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
    """Longest chain from the payment `first` of account `payer`, kept in `best`: (hops, whether cut)."""
    wait, share, allowed, deepest = bounds
    depth, longest, steps = 0, 0, 0
    stack[0] = first
    fresh = True
    while depth >= 0:
        here = stack[depth]
        to = peer[here]
        if fresh:
            if depth + 1 > longest:
                longest = depth + 1
                for d in range(longest):
                    best[d] = stack[d]
            if to >= len(starts) - 1 or depth + 1 >= deepest:
                depth -= 1
                fresh = False
                continue
            position[depth] = first_from(at, starts[to], starts[to + 1], at[here])
        j, fresh = position[depth], False
        while j < starts[to + 1] and at[j] - at[here] <= wait and not fresh:
            steps += 1
            fits = amount[j] <= amount[here] and amount[j] * MILLION >= share * amount[here]
            fresh = fits and peer[j] != payer and not met(peer, stack, depth, peer[j])
            j += 1
        position[depth] = j
        if steps > allowed:
            return longest, 1
        if fresh:
            depth += 1
            stack[depth] = j - 1
        else:
            depth -= 1
    return longest, 0


def chains(outs: Side, order: Ints, payer: Ints, bounds: PathBounds, room: PathRoom) -> tuple[int, int]:
    """Longest chains, started in time order from payments no earlier chain has used: (how many, cut).

    order: all outs by time. payer: account of each out. A hop follows 0..wait after the one before, to an
    account not yet in the chain, with an amount in [share, 1] of it; all together are at least `floor`. Found
    paths are in `room`; ties: the first found in time order. cut: starts whose search ended at
    `bounds.steps`. A withdrawal (a peer behind the accounts) ends a chain.
    """
    got: tuple[int, int] = _chains(
        *(outs.start, outs.at, outs.amount, outs.peer), order, payer, tuple(bounds), *room
    )
    return got


@njit(cache=True, error_model="numpy")
def _chains(
    starts: Any, at: Any, amount: Any, peer: Any, order: Any, payer: Any, bounds: Any,
    used: Any, paths: Any, lengths: Any, stack: Any, position: Any, best: Any,
) -> Any:  # fmt: skip
    found, cut = 0, 0
    wait, share, shortest, longest, floor, steps = bounds
    limits = (wait, share, steps, longest)
    for first in order:
        if used[first]:
            continue
        hops, was_cut = _longest_chain(
            starts, at, amount, peer, first, payer[first], limits, stack, position, best
        )
        cut += was_cut
        if hops >= shortest and total(amount, best, hops) >= floor:
            store(paths, used, found, best, hops)
            lengths[found] = hops
            found += 1
    return found, cut


def relays(outs: Side, payer: Ints, bounds: PathBounds, most: int, legs: Ints) -> tuple[int, int]:
    """Two-leg payments S -> middle -> T with T not S, as pairs of outs: (how many, cut).

    The second leg follows within 0..wait and has an amount in [share, 1] of the first. At most `most` second
    legs are taken of one first leg, the earliest; cut counts first legs with more. Pairs go to `legs` (n, 2)
    as far as it reaches; when more were found than fit, call again with room for all.
    """
    got: tuple[int, int] = _relays(
        *(outs.start, outs.at, outs.amount, outs.peer), payer, bounds.wait, bounds.share, most, legs
    )
    return got


@njit(cache=True, error_model="numpy")
def _relays(
    starts: Any, at: Any, amount: Any, peer: Any, payer: Any, wait: int, share: int, most: int, legs: Any
) -> Any:
    found, cut = 0, 0
    accounts = len(starts) - 1
    for i in range(len(at)):
        to = peer[i]
        if to >= accounts:
            continue
        taken = 0
        for j in range(first_from(at, starts[to], starts[to + 1], at[i]), starts[to + 1]):
            if at[j] - at[i] > wait:
                break
            fits = amount[j] <= amount[i] and amount[j] * MILLION >= share * amount[i]
            if not fits or peer[j] == payer[i]:
                continue
            if taken == most:
                cut += 1
                break
            if found < len(legs):
                legs[found, 0], legs[found, 1] = i, j
            found += 1
            taken += 1
    return found, cut
