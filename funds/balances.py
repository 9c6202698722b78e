"""Running balances of ledgers: openings, gaps between rows, and gaps that undo each other."""

from typing import Any

from graph.compiled import njit

UNSTATED = -(2**62)
"""Balance of an entry whose sheet states none."""
UNDONE_WITHIN = 3 * 24 * 3600 * 1_000_000
"""Reversals pair within three days (DOMAIN 3.1); both rows have left the lake, their balances have not."""


@njit(cache=True, error_model="numpy")
def _opening(amount: Any, balance: Any, low: int, first: int) -> Any:
    """The balance before entry `low`; `first` is the first entry that states one.

    Rows that others' sheets tell of may lie in front of it; where they would not fit, the opening is the
    least that never sends them below zero, and the rest shows as a gap.
    """
    running = lowest = 0
    for k in range(low, first):
        running += amount[k]
        lowest = min(lowest, running)
    opening = balance[first] - amount[first] - running
    if first > low and opening + lowest < 0:
        return max(opening, -lowest)
    return opening


@njit(cache=True, error_model="numpy")
def _borne_out(amount: Any, balance: Any, k: int, high: int, running: int) -> bool:
    """Whether the next stated balance is what entries k and behind make of the running one."""
    while k < high and balance[k] == UNSTATED:
        running += amount[k]
        k += 1
    return k < high and balance[k] == running + amount[k]


@njit(cache=True, error_model="numpy")
def run_balances(start: Any, amount: Any, balance: Any, before: Any, gap: Any, closing: Any) -> None:
    """Fill the gap in front of each entry and the balance before it, gap included; the last one of each.

    start: ledger i has entries start[i]:start[i+1]. amount: fen, below zero for debits. Without a stated
    balance a debit that the running balance can't pay shows a gap as well, unless the next stated balance
    bears it out. DOMAIN 7.1.
    """
    for ledger in range(len(start) - 1):
        low, high = start[ledger], start[ledger + 1]
        first = low
        while first < high and balance[first] == UNSTATED:
            first += 1
        running = _opening(amount, balance, low, first) if first < high else 0
        for k in range(low, high):
            missing = 0
            if balance[k] != UNSTATED:
                missing = balance[k] - amount[k] - running
            elif (
                running >= 0 and running + amount[k] < 0 and not _borne_out(amount, balance, k, high, running)
            ):
                missing = -amount[k] - running
            gap[k] = missing
            before[k] = running + missing
            running = before[k] + amount[k]
        closing[ledger] = running


@njit(cache=True, error_model="numpy")
def undo_gaps(start: Any, at: Any, before: Any, gap: Any, undone: Any) -> None:
    """Take back gaps of -x that the next gap, +x within three days, makes good; between them x is added.

    undone: of each entry, 1 where such a pair began.
    """
    for ledger in range(len(start) - 1):
        open_at = -1
        for k in range(start[ledger], start[ledger + 1]):
            if gap[k] == 0:
                continue
            since = at[open_at - 1] if open_at > start[ledger] else 0
            if open_at >= 0 and gap[k] == -gap[open_at] and gap[k] > 0 and at[k] - since <= UNDONE_WITHIN:
                for between in range(open_at, k):
                    before[between] += gap[k]
                gap[open_at] = gap[k] = 0
                undone[open_at] = 1
                open_at = -1
            else:
                open_at = k


@njit(cache=True, error_model="numpy")
def better_places(
    start: Any, at: Any, amount: Any, balance: Any, told: Any, gap: Any, within: int, place: Any
) -> None:
    """For entries only the other side's sheet tells of: the entry in front of which the balances want them.

    Such an entry has the other side's time, up to `within` off. A credit told too early shows -x at the next
    stated balance and +x later; a debit told too late shows -x earlier and +x behind it. place: -1 to stay.
    """
    for ledger in range(len(start) - 1):
        low, high = start[ledger], start[ledger + 1]
        for k in range(low, high):
            place[k] = -1
            if not told[k] or balance[k] != UNSTATED:
                continue
            fen = abs(amount[k])
            after = k + 1
            while after < high and gap[after] == 0 and balance[after] == UNSTATED:
                after += 1
            if after == high:
                continue
            if amount[k] > 0 and gap[after] == -fen:
                later = after + 1
                while later < high and gap[later] == 0 and at[later - 1] <= at[k] + within:
                    later += 1
                if later < high and gap[later] == fen and at[later - 1] <= at[k] + within:
                    place[k] = later
            elif amount[k] < 0 and gap[k] + gap[after] == fen:
                earlier = k - 1
                while earlier > low and gap[earlier] == 0 and at[earlier] >= at[k] - within:
                    earlier -= 1
                if earlier > low and gap[earlier] == -fen and at[earlier] >= at[k] - within:
                    place[k] = earlier
