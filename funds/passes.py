"""Follows victims' money in order through the ledgers it reaches, by a conserving method."""

from typing import Any

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
    arrive,
    empty,
    lay,
    log,
    only_part,
    pour,
    send,
)
from funds.events import SINK
from funds.splits import LIFO, PRO_RATA, own_alone, take
from graph.compiled import uncounted

_UNRECORDED, _OVERDRAFT = SINK["unrecorded"], SINK["overdraft"]
_INTO_PAYMENT, _CROSSED = SINK["into_payment"], SINK["crossed"]
_ROOM = 8


@uncounted
def follow(s: Any, book: Any, claim: Any, method: int, due: Any, first: int) -> int:
    """Do the entries due from `first` on and all they lead to; gives where room ran out, else their count.

    claim: owner of each event that is a victim's payment, else -1. A ledger has layers from the moment that
    traced money reaches it until none is left; before and after all there is its own. So only the entries of
    such ledgers are looked at: each makes its ledger's next one due, and money under way its arrival.
    """
    entry, end, following = book.entry, book.end, book.following
    for r in range(first, len(due)):
        if not due[r]:
            continue
        here, event, fen = entry[r, LEDGER], entry[r, EVENT], entry[r, AMOUNT]
        if (
            method == PRO_RATA
            and s.way[event] == 0
            and claim[event] < 0
            and entry[r, GAP] == 0
            and end[event, CROSSED] == 0
            and own_alone(s.cell, s.chain, here, fen, entry[r, BALANCE])
        ):
            if following[r] >= 0:
                due[following[r]] = True
            continue
        need = s.chain[here, LENGTH] + _ROOM
        if s.way[event] > 0:
            need += s.chain[s.way[event], LENGTH]
        if s.used[FREE] < 2 * need or s.used[LOGGED] + 2 * need > len(s.log):
            return r
        if s.chain[here, HEAD] >= 0 and book.entry[r, GAP] != 0:
            _cross_gap(s, book, r, here, method)
        if fen > 0:
            _credit(s, book, claim, r, method)
        else:
            _debit(s, book, claim, r, method)
        if s.way[event] > 0:
            due[book.arrival[event]] = True
        if s.chain[here, TRACED] == 0:
            empty(s, here)
        elif book.following[r] >= 0:
            due[book.following[r]] = True
    return len(due)


@uncounted
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


@uncounted
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


@uncounted
def _credit(s: Any, book: Any, claim: Any, r: int, method: int) -> None:
    here, event = book.entry[r, LEDGER], book.entry[r, EVENT]
    fen, before = book.entry[r, AMOUNT], book.entry[r, BALANCE]
    arriving = s.way[event] > 0 or (claim[event] >= 0 and not book.end[event, LEAVES])
    if s.chain[here, HEAD] < 0:
        if not arriving:
            return
        if before > 0:
            append(s, here, OWN, before)
    if s.way[event] > 0:
        arrive(s, event)
    elif claim[event] >= 0 and not book.end[event, LEAVES]:
        only_part(s, claim[event], fen)
        log(s, r, MOVED)
    else:
        only_part(s, UNKNOWN if book.end[event, CROSSED] else OWN, fen)
    _put(s, here, method, before, fen, r)


@uncounted
def _debit(s: Any, book: Any, claim: Any, r: int, method: int) -> None:
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
        send(s, event)
