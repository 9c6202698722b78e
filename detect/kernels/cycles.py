"""Kernel of cycles (F10): money that comes back to its start in time order."""

from typing import Any, NamedTuple

import numpy as np

from detect.kernels.paths import MILLION, first_from, met
from detect.kernels.room import CycleRoom
from detect.money import Side
from graph.compiled import njit
from graph.contract import Ints


class CycleBounds(NamedTuple):
    """Bounds of a cycle: span of the whole in microseconds (closed), shares in millionths, money in fen.

    share: least share of the first payment that comes back. carried: least share of it that the smallest
    payment carries. hop_share: least share of a payment to the one before, 0 for none. strict: 1 when times
    must rise, 0 when equal ones are in order too. steps: payments one search may look at.
    """

    span: int
    share: int
    carried: int
    hop_share: int
    strict: int
    shortest: int
    longest: int
    floor: int
    steps: int


class _Paid(NamedTuple):
    """Payments by payer and time, and the same by payee and time (`back`: their places among the former)."""

    start: Ints
    at: Ints
    amount: Ints
    peer: Ints
    payer: Ints
    back_start: Ints
    back_at: Ints
    back: Ints


def cycles(outs: Side, order: Ints, payer: Ints, bounds: CycleBounds, room: CycleRoom) -> tuple[int, int]:
    """Time-ordered cycles that are told: (how many, starts whose search was cut); found paths are in `room`.

    order: all outs by time. payer: account of each out. A cycle has shortest..longest hops, distinct
    accounts, times in order and a whole span of at most `span`; its last amount is at least `share` and its
    smallest at least `carried` of the first, each at least `hop_share` of the one before, and hops times the
    smallest at least `floor`. Told first: for each first payment that no cycle has yet, by time, the cycle
    with the greatest smallest payment, then fewest hops, then first in time order. Then for every first
    payment, by time, the best of the rest, until all are hidden. A cycle is hidden when one told cycle holds
    half or more of its payments, or when told cycles hold all of them; so no more are told than payments
    are. cut: a search that ended at `steps` tells its best so far and may miss others of its start.
    """
    # By the payer's time, as everywhere in a cycle; cash counters lie behind the accounts and never pay back.
    back = np.lexsort((outs.at, outs.peer))
    places = np.searchsorted(outs.peer[back], np.arange(len(outs.start)))
    paid = _Paid(
        outs.start, outs.at, outs.amount, outs.peer, payer, places.astype(np.int64), outs.at[back], back
    )
    got: tuple[int, int] = _cycles(paid, order, bounds, room)
    return got


@njit(cache=True, error_model="numpy")
def _ends(paid: Any, first: int, least: int, bounds: Any, search: int, room: Any) -> Any:
    """Marks who can pay the first payer in one payment and in two, and until when: payments looked at.

    A mark is (number of the search, latest time); -1 when nobody can pay back.
    """
    start, since, looked = paid.payer[first], paid.at[first] + bounds.strict, 0
    until, enough = paid.at[first] + bounds.span, bounds.share * paid.amount[first]
    one, two, near = room.one, room.two, 0
    low = first_from(paid.back_at, paid.back_start[start], paid.back_start[start + 1], since)
    high = first_from(paid.back_at, low, paid.back_start[start + 1], until + 1)
    for k in range(high - 1, low - 1, -1):
        j, looked = paid.back[k], looked + 1
        u = paid.payer[j]
        if paid.amount[j] < least or paid.amount[j] * MILLION < enough or one[u, 0] == search:
            continue
        one[u, 0], one[u, 1] = search, paid.at[j]
        room.near[near] = u
        near += 1
    for n in range(near):
        u = room.near[n]
        low = first_from(paid.back_at, paid.back_start[u], paid.back_start[u + 1], since)
        high = first_from(paid.back_at, low, paid.back_start[u + 1], one[u, 1] - bounds.strict + 1)
        for k in range(low, high):
            j, looked = paid.back[k], looked + 1
            v = paid.payer[j]
            if paid.amount[j] >= least and (two[v, 0] != search or two[v, 1] < paid.at[j]):
                two[v, 0], two[v, 1] = search, paid.at[j]
    return looked if near else -1


@njit(cache=True, error_model="numpy")
def _leads_back(account: int, left: int, since: int, search: int, one: Any, two: Any) -> Any:
    """Whether the account can pay the first payer within `left` payments from `since` on."""
    if left > 2 or (left >= 1 and one[account, 0] == search and one[account, 1] >= since):
        return True
    return left == 2 and two[account, 0] == search and two[account, 1] >= since


@njit(cache=True, error_model="numpy")
def _hidden(room: Any, depth: int, last: int, longest: int) -> Any:
    """Whether the cycle on the stack and `last` is hidden by told ones, and payments looked at for it."""
    hops, most, known, looked = depth + 2, 0, True, 0
    for d in range(hops):
        slot = room.head[room.stack[d] if d <= depth else last]
        known = known and slot >= 0
        while slot >= 0:
            room.shared[slot // longest] += 1
            most, looked = max(most, room.shared[slot // longest]), looked + 1
            slot = room.following[slot]
    for d in range(hops):
        slot = room.head[room.stack[d] if d <= depth else last]
        while slot >= 0:
            room.shared[slot // longest] = 0
            slot = room.following[slot]
    return known or 2 * most >= hops, looked


@njit(cache=True, error_model="numpy")
def _closes(small: int, last: int, whole: int, hops: int, bounds: Any) -> Any:
    """Whether a path back to its start is long enough, returns enough of `whole` and reaches the floor."""
    enough = hops >= bounds.shortest and last * MILLION >= bounds.share * whole
    return enough and small * hops >= bounds.floor


@njit(cache=True, error_model="numpy")
def _best_cycle(paid: Any, first: int, bounds: Any, search: int, room: Any) -> Any:
    """Best cycle from payment `first` that is not hidden, kept in `room.best`: (hops or 0, whether cut)."""
    at, amount, peer, stack, low = paid.at, paid.amount, paid.peer, room.stack, room.low
    whole, until, accounts = amount[first], at[first] + bounds.span, len(paid.start) - 1
    # A cycle with a smaller payment than this can't reach its share or the floor.
    least = max(-(-bounds.carried * whole // MILLION), -(-bounds.floor // bounds.longest))
    best, best_hops, depth, fresh = 0, 0, 0, True
    stack[0], low[0] = first, whole
    steps = -1 if whole < least else _ends(paid, first, least, bounds, search, room)
    if steps < 0:
        return 0, 0
    while depth >= 0:
        here, left = stack[depth], bounds.longest - depth - 1  # payments that may still follow
        to = peer[here]
        if fresh:
            enters = to < accounts and _leads_back(
                to, left, at[here] + bounds.strict, search, room.one, room.two
            )
            # One payment more must beat what was found, else this branch is not worth entering.
            if not enters or low[depth] < best or (low[depth] == best and depth + 2 >= best_hops > 0):
                depth, fresh = depth - 1, False
                continue
            room.position[depth] = first_from(
                at, paid.start[to], paid.start[to + 1], at[here] + bounds.strict
            )
        j, fresh = room.position[depth], False
        while j < paid.start[to + 1] and at[j] <= until and not fresh:
            steps += 1
            small = min(low[depth], amount[j])
            better = small > best or (small == best and depth + 2 < best_hops)
            fits = small >= least and amount[j] * MILLION >= bounds.hop_share * amount[here]
            if not fits or not better:
                fresh = False
            elif peer[j] != paid.payer[first]:
                fresh = left > 1 and not met(peer, stack, depth, peer[j])
            elif _closes(small, amount[j], whole, depth + 2, bounds):
                hidden, looked = _hidden(room, depth, j, bounds.longest)
                steps += looked
                if not hidden:
                    best, best_hops = small, depth + 2
                    room.best[: depth + 1] = stack[: depth + 1]
                    room.best[depth + 1] = j
            j += 1
        room.position[depth] = j
        if steps > bounds.steps:
            return best_hops, 1
        depth += 1 if fresh else -1
        if fresh:
            stack[depth], low[depth] = j - 1, min(low[depth - 1], amount[j - 1])
    return best_hops, 0


@njit(cache=True, error_model="numpy")
def _cycles(paid: Any, order: Any, bounds: Any, room: Any) -> Any:
    found, cut, search = 0, 0, 0
    for again in range(2):
        for first in order:
            if room.done[first] or (not again and room.head[first] >= 0):
                continue
            while not room.done[first]:
                search += 1
                hops, was_cut = _best_cycle(paid, first, bounds, search, room)
                cut += was_cut
                room.done[first] = was_cut or not hops
                if hops:
                    for d in range(hops):
                        payment, slot = room.best[d], found * bounds.longest + d
                        room.paths[found, d] = payment
                        room.following[slot] = room.head[payment]
                        room.head[payment] = slot
                    room.lengths[found] = hops
                    found += 1
                if not again:
                    break
    return found, cut
