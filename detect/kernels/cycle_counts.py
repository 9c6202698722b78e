"""Kernel of cycle counts: in how many time-ordered cycles of each length every payment takes part."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detect.kernels.paths import first_from
from detect.money import Side
from graph.compiled import njit

Counts = npt.NDArray[np.int32]


class CountBounds(NamedTuple):
    """Bounds of the count: window from first to last payment (closed, unit of the times), most hops.

    strict: 1 when times must rise, 0 when equal ones are in order too. steps: payments looked at for one last
    payment, after which its cycles are counted as far as found.
    """

    window: int
    longest: int
    strict: int
    steps: int


def cycle_counts(ins: Side, outs: Side, bounds: CountBounds) -> tuple[Counts, int]:
    """Cycles each payment takes part in: int32 (events, longest + 1) by hops, and how many counts were cut.

    ins, outs: both sides of the same transfers (cash belongs to neither end of a cycle and is passed over). A
    cycle is a last payment and the distinct accounts before it, each paid in time by the one before: several
    payments between two accounts make one cycle, and all that fit its times take part in it (the bundles of
    Kumar, Calders 2018). 2 hops at least.
    """
    events = int(max(ins.event.max(initial=-1), outs.event.max(initial=-1))) + 1
    counts = np.zeros((events, bounds.longest + 1), np.int32)
    cut: int = _cycle_counts(
        *(ins.start, ins.at, ins.peer, ins.event),
        *(outs.start, outs.at, outs.peer),
        *(tuple(bounds), counts),
    )
    return counts, cut


@njit(cache=True, error_model="numpy")
def _reached(
    starts: Any, at: Any, peer: Any, account: int, since: int, until: int, strict: int,
    stamp: int, one: Any, two: Any, near: Any,
) -> Any:  # fmt: skip
    """Marks what an account reaches in one and in two payments from `since` on: how many in one.

    one, two: (stamp, earliest time) of each account; near: scratch. until: the last time that counts.
    """
    found = 0
    accounts = len(starts) - 1
    for j in range(first_from(at, starts[account], starts[account + 1], since), starts[account + 1]):
        if at[j] > until:
            break
        to = peer[j]
        if to < accounts and to != account and one[to, 0] != stamp:
            one[to, 0], one[to, 1] = stamp, at[j]
            near[found] = to
            found += 1
    for k in range(found):
        by = near[k]
        for j in range(first_from(at, starts[by], starts[by + 1], one[by, 1] + strict), starts[by + 1]):
            if at[j] > until:
                break
            to = peer[j]
            if to < accounts and (two[to, 0] != stamp or at[j] < two[to, 1]):
                two[to, 0], two[to, 1] = stamp, at[j]
    return found


@njit(cache=True, error_model="numpy")
def _takes_part(
    starts: Any, at: Any, peer: Any, event: Any, account: int, since: int, strict: int,
    path: Any, limit: Any, depth: int, counts: Any,
) -> None:  # fmt: skip
    """Counts a found cycle for every payment before the last that fits between two of its accounts."""
    by, earliest = account, since
    for d in range(depth, -1, -1):
        to, first = path[d], True
        arrived = earliest
        for j in range(first_from(at, starts[to], starts[to + 1], earliest), starts[to + 1]):
            if at[j] > limit[d]:
                break
            if peer[j] == by:
                counts[event[j], depth + 2] += 1
                if first:
                    arrived, first = at[j], False
        by, earliest = to, arrived + strict


@njit(cache=True, error_model="numpy")
def _leads_back(account: int, left: int, latest: int, stamp: int, one: Any, two: Any) -> Any:
    """Whether `left` payments may come before one out of `account`, the last of them by `latest`."""
    if left > 2 or (one[account, 0] == stamp and one[account, 1] <= latest):
        return True
    return left == 2 and two[account, 0] == stamp and two[account, 1] <= latest


@njit(cache=True, error_model="numpy")
def _is_among(path: Any, depth: int, account: int) -> Any:
    """Whether an account is on the path already."""
    for d in range(depth + 1):  # noqa: SIM110 - compiled loop
        if path[d] == account:
            return True
    return False


@njit(cache=True, error_model="numpy")
def _cycle_counts(
    starts: Any, at: Any, peer: Any, event: Any, out_starts: Any, out_at: Any, out_peer: Any,
    bounds: Any, counts: Any,
) -> Any:  # fmt: skip
    window, longest, strict, allowed = bounds
    accounts = len(starts) - 1
    one, two = np.full((accounts, 2), -1, np.int64), np.full((accounts, 2), -1, np.int64)
    near, seen = np.empty(accounts, np.int32), np.full(accounts * longest, -1, np.int64)
    path, limit, place, frame = np.zeros((4, longest), np.int64)
    stamp, cut = 0, 0
    for account in range(accounts):
        if out_starts[account] == out_starts[account + 1]:
            continue
        for last in range(starts[account], starts[account + 1]):
            since, until = at[last] - window, at[last] - strict
            stamp += 1
            if not _reached(
                out_starts, out_at, out_peer, account, since, until, strict, stamp, one, two, near
            ):
                continue
            # From the last payment back in time: of several payments between two accounts the latest will do.
            depth, steps, fresh = 0, 0, peer[last] != account
            path[0], limit[0], place[0] = peer[last], until, -1
            while depth >= 0:
                x = path[depth]
                left = longest - depth - 2  # payments that may still come before one into x
                if fresh:
                    if one[x, 0] == stamp and one[x, 1] <= limit[depth]:
                        counts[event[last], depth + 2] += 1
                        _takes_part(
                            starts, at, peer, event, account, since, strict, path, limit, depth, counts
                        )
                    if left < 1:
                        depth, fresh = depth - 1, False
                        continue
                    place[depth] = first_from(at, starts[x], starts[x + 1], limit[depth] + 1) - 1
                    frame[depth] += 1
                j, entered = place[depth], False
                while j >= starts[x] and at[j] >= since:
                    steps, u, j = steps + 1, peer[j], j - 1
                    # Who is not reached from the account in so few payments leads back to nowhere.
                    if not _leads_back(u, left, at[j + 1] - strict, stamp, one, two):
                        continue
                    if u == account or seen[depth * accounts + u] == frame[depth]:
                        continue
                    seen[depth * accounts + u] = frame[depth]
                    entered = not _is_among(path, depth, u)
                    if entered:
                        break
                place[depth], fresh = j, entered
                if steps > allowed:
                    cut += 1
                    break
                if entered:
                    depth += 1
                    path[depth], limit[depth] = u, at[j + 1] - strict
                else:
                    depth -= 1
    return cut
