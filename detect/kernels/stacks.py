"""Kernel of stacked layers (F12): where three or more accounts share payers before and payees after."""

from typing import Any, NamedTuple

import numpy as np

from detect.kernels.paths import first_from
from detect.money import Side
from graph.compiled import njit
from graph.contract import Ints


class SeedBounds(NamedTuple):
    """Bounds of a seed: window in microseconds (closed), fewest middles, fewest neighbours on either side.

    peers: an account with more payers, or more payees, in the window is a hub and is passed over.
    """

    window: int
    side: int
    links: int
    peers: int


def stack_seeds(ins: Side, outs: Side, bounds: SeedBounds, seeds: Ints, hubs: Ints) -> int:
    """Payments in that may open a stack, written to `seeds` (as many as ins) by account and time: how many.

    A seed is a payment to an account that, from then on inside the window, is paid by and pays `links` others
    at least, and with which so many further accounts share a payer and a payee that they are `side` together.
    Needed for a stack that it opens, not enough for one. hubs: zeros, one place an account; 1 for those met.
    """
    count = len(ins.start)
    mark, held = np.full(count, -1, np.int64), np.zeros(count, np.int64)
    lists = np.zeros((3, bounds.peers + 1), np.int64)
    got: int = _stack_seeds(
        *(ins.start, ins.at, ins.peer, outs.start, outs.at, outs.peer),
        *(tuple(bounds), seeds, hubs, mark, held, lists),
    )
    return got


@njit(cache=True, error_model="numpy")
def _distinct(
    starts: Any, at: Any, peer: Any, account: int, since: int, until: int, found: Any, mark: Any, step: int
) -> Any:
    """Distinct accounts that an account trades with in a closed span, to `found`; -1 when it is too short."""
    count = 0
    for j in range(first_from(at, starts[account], starts[account + 1], since), starts[account + 1]):
        if at[j] > until:
            break
        other = peer[j]
        # Cash counters stand behind the accounts and belong to no layer.
        if other >= len(starts) - 1 or mark[other] == step:
            continue
        if count == len(found) - 1:
            return -1
        mark[other] = step
        found[count] = other
        count += 1
    return count


@njit(cache=True, error_model="numpy")
def _stack_seeds(
    starts: Any, at: Any, peer: Any, out_starts: Any, out_at: Any, out_peer: Any,
    bounds: Any, seeds: Any, hubs: Any, mark: Any, held: Any, lists: Any,
) -> Any:  # fmt: skip
    window, side, links, _ = bounds
    payers, payees, near = lists
    found, step = 0, 0
    for a in range(len(starts) - 1):
        # Most accounts are never paid by or never pay enough others to stand between two layers.
        if out_starts[a + 1] - out_starts[a] < links or starts[a + 1] - starts[a] < links:
            continue
        for i in range(starts[a], starts[a + 1]):
            since, until = at[i], at[i] + window
            step += 2
            paid = _distinct(out_starts, out_at, out_peer, a, since, until, payees, mark, step - 1)
            if 0 <= paid < links:
                continue
            got = _distinct(starts, at, peer, a, since, until, payers, mark, step)
            if paid < 0 or got < 0:
                hubs[a] = 1
                continue
            if got < links:
                continue
            first = step
            for k in range(got):
                step += 1
                count = _distinct(out_starts, out_at, out_peer, payers[k], since, until, near, mark, step)
                hubs[payers[k]] |= count < 0
                for n in range(count):
                    held[near[n]] = first
            middles = 1
            for k in range(paid):
                step += 1
                count = _distinct(starts, at, peer, payees[k], since, until, near, mark, step)
                hubs[payees[k]] |= count < 0
                for n in range(count):
                    if held[near[n]] == first and near[n] != a:
                        held[near[n]] = 0
                        middles += 1
            if middles >= side:
                seeds[found] = i
                found += 1
    return found
