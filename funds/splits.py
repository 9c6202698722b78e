"""Takes fen out of an account by FIFO, LIFO, pro rata or the lowest intermediate balance (DOMAIN 7.1)."""

from typing import Any

from funds.cells import (
    AFTER,
    BEFORE,
    FEN,
    FIRST_VICTIM,
    HEAD,
    LENGTH,
    OWN,
    OWNER,
    PARTS,
    REST,
    TAIL,
    TRACED,
    WEIGHT,
    lower,
    part,
)
from graph.compiled import uncounted

FIFO, LIFO, PRO_RATA, LIBR = 0, 1, 2, 3
_SAFE = 2**31
_MOST = 2**63 - 1


@uncounted
def share_of(fen: int, weight: int, total: int) -> tuple[int, int]:
    """Quotient and rest of fen * weight / total, exact for any 0 <= weight <= total < 2^62, 0 < total.

    The product of two sums of fen may need more than 64 bits; then it is divided bit by bit.
    """
    if (fen < _SAFE and weight < _SAFE) or weight == 0 or fen <= _MOST // weight:
        product = fen * weight
        return product // total, product % total
    quotient = rest = 0
    for bit in range(62, -1, -1):
        quotient, rest = 2 * quotient, 2 * rest
        if rest >= total:
            quotient, rest = quotient + 1, rest - total
        if fen >> bit & 1:
            rest += weight
            if rest >= total:
                quotient, rest = quotient + 1, rest - total
    return quotient, rest


@uncounted
def _before(part: Any, one: int, other: int) -> bool:
    """Whether a part is served before another: by the larger rest, among equals the older one."""
    mine, its = part[one, REST], part[other, REST]
    return bool(mine > its or (mine == its and one < other))


@uncounted
def _sift(part: Any, heap: Any, root: int, count: int) -> None:
    """Let the part at the root sink to its place among the first `count` of a heap of parts' numbers."""
    while 2 * root + 1 < count:
        child = 2 * root + 1
        if child + 1 < count and _before(part, heap[child + 1], heap[child]):
            child += 1
        if not _before(part, heap[child], heap[root]):
            return
        heap[root], heap[child] = heap[child], heap[root]
        root = child


@uncounted
def give_rest(part: Any, heap: Any, count: int, left: int) -> None:
    """One fen more to each of the `left` largest rests among the first `count`; among equals the older.

    heap: room for as many numbers.
    """
    if left == 0:
        return
    for n in range(count):
        heap[n] = n
    for root in range(count // 2 - 1, -1, -1):
        _sift(part, heap, root, count)
    for _ in range(left):
        part[heap[0], WEIGHT] += 1
        count -= 1
        heap[0] = heap[count]
        _sift(part, heap, 0, count)


@uncounted
def _take_shares(s: Any, chain: int, fen: int, total: int, like_own: bool, victims: bool) -> None:
    """Take fen from the owners of the kinds asked for, in proportion to their sums, which make `total`.

    Largest remainder; among equal remainders the older money gives the fen.
    """
    count, given = 0, 0
    cell = s.chain[chain, HEAD]
    while cell >= 0:
        is_victim = s.cell[cell, OWNER] >= FIRST_VICTIM
        if (is_victim and victims) or (not is_victim and like_own):
            s.part[count, WEIGHT], s.part[count, REST] = share_of(fen, s.cell[cell, FEN], total)
            given += s.part[count, WEIGHT]
            count += 1
        cell = s.cell[cell, AFTER]
    # What is in the hand already keeps its place; behind it the column is free for the while.
    give_rest(s.part, s.part[s.used[PARTS] :, OWNER], count, fen - given)
    count = 0
    cell = s.chain[chain, HEAD]
    while cell >= 0:
        newer = s.cell[cell, AFTER]
        is_victim = s.cell[cell, OWNER] >= FIRST_VICTIM
        if (is_victim and victims) or (not is_victim and like_own):
            if s.part[count, WEIGHT] > 0:
                part(s, s.cell[cell, OWNER], s.part[count, WEIGHT])
                lower(s, chain, cell, s.part[count, WEIGHT])
            count += 1
        cell = newer


@uncounted
def _sums(s: Any, chain: int) -> tuple[int, int]:
    """Fen that the methods handle as own, and victims' fen."""
    own = victims = 0
    cell = s.chain[chain, HEAD]
    while cell >= 0:
        if s.cell[cell, OWNER] >= FIRST_VICTIM:
            victims += s.cell[cell, FEN]
        else:
            own += s.cell[cell, FEN]
        cell = s.cell[cell, AFTER]
    return own, victims


@uncounted
def _take_newest(s: Any, chain: int, fen: int) -> None:
    cell = s.chain[chain, TAIL]
    while fen > 0:
        older, one = s.cell[cell, BEFORE], min(fen, s.cell[cell, FEN])
        part(s, s.cell[cell, OWNER], one)
        lower(s, chain, cell, one)
        fen -= one
        cell = older
    low, high = 0, s.used[PARTS] - 1
    while low < high:
        s.part[low, OWNER], s.part[high, OWNER] = s.part[high, OWNER], s.part[low, OWNER]
        s.part[low, FEN], s.part[high, FEN] = s.part[high, FEN], s.part[low, FEN]
        low, high = low + 1, high - 1


@uncounted
def own_alone(cell: Any, chain: Any, here: int, fen: int, balance: int) -> bool:
    """Book an entry that pro rata lets move own money alone and say so; else change nothing.

    Only where own money and one other owner's lie: the last fen of one victim, which most entries of a long
    trace meet. What `take` and `pour` would do, at a tenth of the time.
    """
    if chain[here, LENGTH] != 2 or balance < 0:
        return False
    first, last = chain[here, HEAD], chain[here, TAIL]
    own = first if cell[first, OWNER] == OWN else last
    if cell[own, OWNER] != OWN:
        return False
    if fen >= 0:
        cell[own, FEN] += fen
        return True
    weight, there = chain[here, TRACED], cell[own, FEN]
    if -fen >= there or -fen > _MOST // (2 * weight):
        return False
    # The two rests make one fen, so the larger is at least a half; of two halves the older money gives.
    double = -fen * weight * 2
    if double > there + weight or (double == there + weight and own == last):
        return False
    cell[own, FEN] = there + fen
    return True


@uncounted
def take(s: Any, method: int, chain: int, fen: int) -> None:
    """Take fen, which the chain has, into the hand, older money first."""
    s.used[PARTS] = 0
    if fen == 0:
        return
    if method == LIFO:
        _take_newest(s, chain, fen)
    elif method == FIFO:
        cell = s.chain[chain, HEAD]
        while fen > 0:
            newer, one = s.cell[cell, AFTER], min(fen, s.cell[cell, FEN])
            part(s, s.cell[cell, OWNER], one)
            lower(s, chain, cell, one)
            fen -= one
            cell = newer
    else:
        own, victims = _sums(s, chain)
        if method == PRO_RATA:
            _take_shares(s, chain, fen, own + victims, True, True)
            return
        if min(fen, own) > 0:
            _take_shares(s, chain, min(fen, own), own, True, False)
        if fen > own:
            _take_shares(s, chain, fen - own, victims, False, True)
