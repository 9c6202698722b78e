"""Orders ledger entries: inside an instant by balances, over all ledgers so that money leaves first."""

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

import numpy as np

from funds.balances import UNSTATED
from graph.compiled import njit
from graph.contract import Ints

_FEW = 8


def fit_instants(ledger: Ints, at: Ints, amount: Ints, balance: Ints) -> Ints:
    """Places of the entries with those of one ledger and instant in an order that makes balances hold.

    Entries come in the order to keep where it holds, or where none does. Only instants with several entries
    and a broken link in them or right behind them are looked at, as the load does (DOMAIN 3.1).
    """
    count = len(ledger)
    order = np.arange(count, dtype=np.int64)
    if count == 0:
        return order
    same = np.diff(ledger) == 0
    fresh = np.r_[True, ~(same & (np.diff(at) == 0))]
    starts = np.flatnonzero(fresh)
    sizes = np.diff(np.r_[starts, count])
    stated = balance != UNSTATED
    before = np.where(stated, balance - amount, UNSTATED)
    broken = np.flatnonzero(same & stated[1:] & stated[:-1] & (before[1:] != balance[:-1])) + 1
    near = np.unique(np.searchsorted(starts, broken, "right") - 1).tolist()
    while near:
        group = near.pop(0)
        low, size = int(starts[group]), int(sizes[group])
        part = slice(low, low + size)
        if size == 1 or not stated[part].all():
            continue
        front = int(balance[order[low - 1]]) if low and ledger[low - 1] == ledger[low] else UNSTATED
        fitted = low + np.array(fitting(before[part].tolist(), balance[part].tolist(), front))
        if fitted[-1] != order[low + size - 1] and group + 1 < len(starts) and group + 1 not in near[:1]:
            near.insert(0, group + 1)
        order[part] = fitted
    return order


def fitting(before: Sequence[int], after: Sequence[int], front: int) -> list[int]:
    """Indices in an order in which each balance leads to the next, from `front` on where that can be.

    Of several such orders the first, counted from the given one; for more than _FEW rows any. The given order
    where there is none. A row is a step from one balance to another, so an order is a trail that uses each
    once (Hierholzer 1873).
    """
    given = list(range(len(before)))
    for begins in ([i for i in given if before[i] == front], given):
        if len(given) <= _FEW:
            trail = _first_trail(before, after, begins)
        else:
            trail = _any_trail(before, after, begins)
        if len(trail) == len(given):
            return trail
    return given


def _first_trail(before: Sequence[int], after: Sequence[int], begins: Sequence[int]) -> list[int]:
    """The first whole trail by backtracking; empty where there is none."""
    steps = range(len(before))
    waiting = [[step] for step in reversed(begins)]
    while waiting:
        trail = waiting.pop()
        if len(trail) == len(before):
            return trail
        last = after[trail[-1]]
        waiting += [[*trail, n] for n in reversed(steps) if n not in trail and before[n] == last]
    return []


def _any_trail(before: Sequence[int], after: Sequence[int], begins: Sequence[int]) -> list[int]:
    """A whole trail in linear time; shorter than all rows where there is none."""
    if not begins:
        return []
    ways: dict[int, list[int]] = {}
    excess: dict[int, int] = {}
    for step in reversed(range(len(before))):
        ways.setdefault(before[step], []).append(step)
        excess[before[step]] = excess.get(before[step], 0) + 1
        excess[after[step]] = excess.get(after[step], 0) - 1
    found: list[int] = []
    start = next((n for n in begins if excess[before[n]] > 0), begins[0])
    stack = [(before[start], -1)]
    while stack:
        here = ways.get(stack[-1][0])
        if here:
            step = here.pop()
            stack.append((after[step], step))
        else:
            found.append(stack.pop()[1])
    trail = [step for step in reversed(found) if step >= 0]
    return trail if all(after[a] == before[b] for a, b in pairwise(trail)) else []


@njit(cache=True, error_model="numpy")
def over_all(
    start: Any,
    ledger: Any,
    at: Any,
    event: Any,
    amount: Any,
    debit: Any,
    credit: Any,
    order: Any,
    crossed: Any,
) -> None:
    """Fill `order`: all entries, each ledger's in its own order, a debit before its credit, then time, event.

    debit, credit: entry of each event's two sides, -1 without. Where two ledgers wait for each other (their
    clocks contradict), the earliest waiting credit goes ahead and its event is marked in `crossed`.
    """
    ledgers = len(start) - 1
    head = start[:-1].copy()
    gone = np.zeros(len(debit), dtype=np.bool_)
    heap = [(np.int64(0), np.int64(0), np.int64(0)) for _ in range(0)]
    for one in range(ledgers):
        k = start[one]
        if k < start[one + 1] and (amount[k] < 0 or debit[event[k]] < 0):
            heappush(heap, (at[k], event[k], k))
    done = 0
    while done < len(at):
        if len(heap) == 0:
            k = _earliest(start, head, at, event)
            crossed[event[k]] = True
        else:
            k = heappop(heap)[2]
        order[done] = k
        done += 1
        if amount[k] < 0:
            gone[event[k]] = True
            other = credit[event[k]]
            if other >= 0 and not crossed[event[k]] and head[ledger[other]] == other:
                heappush(heap, (at[other], event[other], other))
        one = ledger[k]
        head[one] += 1
        k = head[one]
        if k < start[one + 1] and (amount[k] < 0 or debit[event[k]] < 0 or gone[event[k]]):
            heappush(heap, (at[k], event[k], k))


@njit(cache=True, error_model="numpy")
def _earliest(start: Any, head: Any, at: Any, event: Any) -> Any:
    """Among the ledgers that wait: the entry that is first by time, then event."""
    best = -1
    for ledger in range(len(head)):
        k = head[ledger]
        if k < start[ledger + 1] and (
            best < 0 or at[k] < at[best] or (at[k] == at[best] and event[k] < event[best])
        ):
            best = k
    return best
