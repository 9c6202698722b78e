"""Searches along money, compiled: the way that arrives first, and the way whose weakest link is strongest."""

from heapq import heappop, heappush
from typing import Any

import numpy as np

from graph.compiled import njit
from graph.lookup.payments import Payments

_NEVER = np.iinfo(np.int64).max
_LATEST = _NEVER - 1
MOST_LOOKED_AT = 60_000_000
"""Transfers that one search for the strongest way may look at."""


def earliest_way(
    payments: Payments,
    starts: list[int],
    ends: list[int],
    since: int | None,
    until: int | None,
    strict: bool,
) -> list[tuple[int, int, int]]:
    """The steps (payer, payee, at) of the way along payments that reaches one of `ends` first; [] for none.

    Every step is later than the one before (strict), else not before it; times in microseconds, bounds
    included. An account is reached by its first possible payment, of several at one instant by the one with
    the first event key; ends are reached likewise. A connection scan (Dibbelt, Pajor, Strasser, Wagner 2013).
    """
    if not len(payments.at) or not starts or not ends:
        return []
    first = 0 if since is None else int(np.searchsorted(payments.at, since, side="left"))
    last = len(payments.at) if until is None else int(np.searchsorted(payments.at, until, side="right"))
    reached_by = np.full(len(payments.accounts), -1, np.int64)
    met = _scan(
        payments.payer, payments.payee, payments.at, first, last,
        np.array(starts), np.array(ends), strict, reached_by,
    )  # fmt: skip
    steps: list[tuple[int, int, int]] = []
    while met >= 0 and reached_by[met] >= 0:
        by = int(reached_by[met])
        steps.append((int(payments.payer[by]), int(payments.payee[by]), int(payments.at[by])))
        met = steps[-1][0]
    return steps[::-1]


@njit(cache=True)
def _scan(
    payer: Any, payee: Any, at: Any, first: int, last: int, starts: Any, ends: Any, strict: bool, by: Any
) -> Any:
    """The end that was reached first, -1 for none; `by` tells which payment reached each account first."""
    reached = np.full(len(by), _NEVER, np.int64)
    wanted = np.zeros(len(by), np.bool_)
    for account in starts:
        reached[account] = -_LATEST
    for account in ends:
        wanted[account] = True
    group = first
    while group < last:
        now = at[group]
        behind = group
        while behind < last and at[behind] == now:
            behind += 1
        changed = True
        while changed:
            changed = False
            for place in range(group, behind):
                here = reached[payer[place]]
                if reached[payee[place]] == _NEVER and (here < now or (here == now and not strict)):
                    reached[payee[place]] = now
                    by[payee[place]] = place
                    if wanted[payee[place]]:
                        return payee[place]
                    changed = not strict
        group = behind
    return -1


def strongest_way(
    payments: Payments,
    starts: list[int],
    ends: list[int],
    since: int | None,
    until: int | None,
    most: int = MOST_LOOKED_AT,
) -> tuple[list[int], int, bool]:
    """Accounts of the way whose smallest link is largest, that link's fen, and whether the search was cut.

    A link is all that one account paid another within the bounds. Of equal ways the one with the fewest
    links, of those the one whose accounts come first in order, compared from the start. ([], 0, cut) for
    none. Order in time is not asked for.
    """
    if not len(payments.at) or not starts or not ends:
        return [], 0, False
    low = -_LATEST if since is None else since
    high = _LATEST if until is None else until
    arrays = (payments.starts, payments.pair_payee, payments.pair_at, payments.pair_fen)
    first, last = np.array(starts), np.array(ends)
    width, cut = _widest(*arrays, first, last, low, high, most)
    if width <= 0:
        return [], 0, bool(cut)
    before = np.full(len(payments.accounts), -1, np.int64)
    met = _fewest_links(*arrays, first, last, low, high, width, before)
    way = [int(met)]
    while before[way[-1]] >= 0:
        way.append(int(before[way[-1]]))
    return way[::-1], int(width), bool(cut)


@njit(cache=True)
def _widest(
    begin: Any, payee: Any, at: Any, fen: Any, starts: Any, ends: Any, low: int, high: int, most: int
) -> Any:
    """The largest sum that all links of some way reach, 0 for no way, and whether `most` cut the search."""
    count = len(begin) - 1
    best = np.zeros(count, np.int64)
    done = np.zeros(count, np.bool_)
    wanted = np.zeros(count, np.bool_)
    for account in ends:
        wanted[account] = True
    heap = [(np.int64(0), np.int64(0))]
    heap.clear()
    for account in starts:
        best[account] = _LATEST
        heappush(heap, (-best[account], np.int64(account)))
    looked = 0
    while len(heap):
        top: Any = heappop(heap)
        width, account = top[0], top[1]
        if done[account]:
            continue
        done[account] = True
        if wanted[account]:
            return -width, False
        place = begin[account]
        last = begin[account + 1]
        looked += last - place
        if looked > most:
            return 0, True
        while place < last:
            other = payee[place]
            paid = 0
            while place < last and payee[place] == other:
                if low <= at[place] <= high:
                    paid += fen[place]
                place += 1
            reach = min(-width, paid)
            if reach > best[other] and not done[other]:
                best[other] = reach
                heappush(heap, (-reach, np.int64(other)))
    return 0, False


@njit(cache=True)
def _fewest_links(
    begin: Any, payee: Any, at: Any, fen: Any, starts: Any, ends: Any, low: int, high: int, least: int,
    before: Any,
) -> Any:  # fmt: skip
    """The first end met by links of at least `least`, breadth first in order; `before` tells the way back."""
    count = len(begin) - 1
    seen = np.zeros(count, np.bool_)
    wanted = np.zeros(count, np.bool_)
    queue = np.empty(count, np.int64)
    for account in ends:
        wanted[account] = True
    head, tail = 0, 0
    for account in starts:
        seen[account] = True
        queue[tail] = account
        tail += 1
    while head < tail:
        account = queue[head]
        head += 1
        place = begin[account]
        last = begin[account + 1]
        while place < last:
            other = payee[place]
            paid = 0
            while place < last and payee[place] == other:
                if low <= at[place] <= high:
                    paid += fen[place]
                place += 1
            if paid >= least and not seen[other]:
                seen[other] = True
                before[other] = account
                queue[tail] = other
                tail += 1
                # The queue is in order of the ways: no later account leads to a better end.
                if wanted[other]:
                    return other
    return -1
