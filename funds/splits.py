"""Takes fen out of an account by FIFO, LIFO, pro rata or the lowest intermediate balance (DOMAIN 7.1)."""

from typing import Any

import numpy as np
from numba import njit

from funds.cells import AFTER, BEFORE, FEN, FIRST_VICTIM, HEAD, OWNER, PARTS, REST, TAIL, WEIGHT, lower, part

FIFO, LIFO, PRO_RATA, LIBR = 0, 1, 2, 3
_SAFE = 2**31
_MOST = 2**63 - 1
_FEW = 16


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def _give_rest(part: Any, count: int, left: int) -> None:
    """One fen more to each of the `left` largest rests among the first `count`; among equals the older."""
    if left > _FEW:
        order = np.argsort(-part[:count, REST], kind="mergesort")
        for n in range(left):
            part[order[n], WEIGHT] += 1
        return
    for _ in range(left):
        best = 0
        for n in range(1, count):
            if part[n, REST] > part[best, REST]:
                best = n
        part[best, WEIGHT] += 1
        part[best, REST] = -1


@njit(cache=True, error_model="numpy")
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
    _give_rest(s.part, count, fen - given)
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


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
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
