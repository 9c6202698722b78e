"""One pass over all ledgers in order that follows victims' money by a conserving method."""

from typing import Any

from numba import njit

from funds.book import AMOUNT, ARRIVES, BALANCE, CROSSED, EVENT, GAP, LEAVES, LEDGER
from funds.cells import (
    FREE,
    HEAD,
    LENGTH,
    LOGGED,
    MOVED,
    OWN,
    TRACED,
    UNKNOWN,
    append,
    empty,
    lay,
    lift,
    log,
    only_part,
    pour,
)
from funds.events import SINK
from funds.splits import LIFO, take

_UNRECORDED, _OVERDRAFT = SINK["unrecorded"], SINK["overdraft"]
_INTO_PAYMENT, _CROSSED = SINK["into_payment"], SINK["crossed"]
_SPARE = 8


@njit(cache=True, error_model="numpy")
def follow(s: Any, book: Any, claim: Any, ledgers: int, method: int, first: int) -> Any:
    """Follow from entry `first` on; the entry where room ran out, with nothing of it done, or their count.

    claim: owner of each event that is a victim's payment, else -1. A ledger has layers from the moment that
    traced money reaches it until none is left; before and after all there is its own.
    """
    for r in range(first, len(book.entry)):
        here, event, fen = book.entry[r, LEDGER], book.entry[r, EVENT], book.entry[r, AMOUNT]
        under_way = ledgers + event
        active = s.chain[here, HEAD] >= 0
        if fen > 0:
            arriving = s.chain[under_way, HEAD] >= 0 or (claim[event] >= 0 and not book.end[event, LEAVES])
        else:
            arriving = claim[event] >= 0
        if not (active or arriving):
            continue
        need = s.chain[here, LENGTH] + s.chain[under_way, LENGTH] + _SPARE
        if s.used[FREE] < 2 * need or s.used[LOGGED] + 2 * need > len(s.log):
            return r
        if active and book.entry[r, GAP] != 0:
            _cross_gap(s, book, r, here, method)
            active = s.chain[here, HEAD] >= 0
        if fen > 0 and (active or arriving):
            _credit(s, book, claim, r, under_way, method)
        elif fen < 0 and (active or arriving):
            _debit(s, book, claim, r, under_way, method)
        if s.chain[here, TRACED] == 0 and s.chain[here, HEAD] >= 0:
            empty(s, here)
    return len(book.entry)


@njit(cache=True, error_model="numpy")
def _put(s: Any, chain: int, method: int, before: int, fen: int, entry: int) -> None:
    """Put what is in the hand, `fen` in all, on a ledger; what fills a balance below zero is gone at once."""
    if method <= LIFO:
        lay(s, chain)
    else:
        pour(s, chain)
    filled = min(fen, max(0, -before))
    if filled > 0:
        take(s, method, chain, filled)
        log(s, entry, _OVERDRAFT)


@njit(cache=True, error_model="numpy")
def _cross_gap(s: Any, book: Any, r: int, here: int, method: int) -> None:
    """A missing row: what came in is unknown, what went out left unrecorded."""
    gap = book.entry[r, GAP]
    before = book.entry[r, BALANCE] - gap
    if gap > 0:
        only_part(s, UNKNOWN, gap)
        _put(s, here, method, before, gap, r)
    else:
        take(s, method, here, min(-gap, max(0, before)))
        log(s, r, _UNRECORDED)
    if s.chain[here, TRACED] == 0:
        empty(s, here)


@njit(cache=True, error_model="numpy")
def _credit(s: Any, book: Any, claim: Any, r: int, under_way: int, method: int) -> None:
    here, event = book.entry[r, LEDGER], book.entry[r, EVENT]
    fen, before = book.entry[r, AMOUNT], book.entry[r, BALANCE]
    if s.chain[here, HEAD] < 0 and before > 0:
        append(s, here, OWN, before)
    if s.chain[under_way, HEAD] >= 0:
        lift(s, under_way)
    elif claim[event] >= 0 and not book.end[event, LEAVES]:
        only_part(s, claim[event], fen)
        log(s, r, MOVED)
    else:
        only_part(s, UNKNOWN if book.end[event, CROSSED] else OWN, fen)
    _put(s, here, method, before, fen, r)


@njit(cache=True, error_model="numpy")
def _debit(s: Any, book: Any, claim: Any, r: int, under_way: int, method: int) -> None:
    """What the balance can't pay was lent: `own`. A victim's payment is the victim's, whatever lay there."""
    here, event, fen = book.entry[r, LEDGER], book.entry[r, EVENT], -book.entry[r, AMOUNT]
    what = _CROSSED if book.end[event, CROSSED] else MOVED
    some = False
    if s.chain[here, HEAD] >= 0:
        lent = fen - max(0, book.entry[r, BALANCE])
        if lent > 0:
            only_part(s, OWN, lent)
            if method <= LIFO:
                lay(s, here)
            else:
                pour(s, here)
        take(s, method, here, fen)
        some = log(s, r, _INTO_PAYMENT if claim[event] >= 0 else what)
    if claim[event] >= 0:
        only_part(s, claim[event], fen)
        some = log(s, r, what)
    if some and book.end[event, ARRIVES] and not book.end[event, CROSSED]:
        lay(s, under_way)
