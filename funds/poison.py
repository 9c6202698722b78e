"""The upper bound: once a victim's money is in an account, all that leaves is tagged (DOMAIN 7.1, poison)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from funds.book import AMOUNT, BALANCE, CROSSED, EVENT, GAP, LEAVES, LEDGER, SINK_CODE
from funds.cells import FIRST_VICTIM
from funds.claims import Claims
from funds.events import FOLLOWED, SINK, SINKS
from funds.ledgers import Ledgers
from funds.notices import Notice
from funds.reached import reached_notices
from graph.compiled import uncounted
from graph.contract import Ints

_WORD = 62
"""Victims of one pass: each is a bit of a 64-bit integer."""
_RECEIVED = dict.fromkeys(("owner", "ledger", "fen", "transfers", "first_at"), pl.Int64())
_UNRECORDED, _OVERDRAFT, _CROSSED = SINK["unrecorded"], SINK["overdraft"], SINK["crossed"]


@dataclass(frozen=True)
class Poison:
    """Bits of victims, _WORD an integer: carried of each event, tags of each ledger at the end; by word.

    ended: fen at most that left for good, by victim and sink. Sums of several victims mean nothing.
    """

    ledgers: Ledgers
    claims: Claims
    carried: Ints
    tags: Ints
    ended: Ints
    method: str = "poison"

    def carried_by(self, victim: int) -> Ints:
        """The events that may carry a victim's money, by number; victims count from 0."""
        return np.flatnonzero(self.carried[victim // _WORD] >> (victim % _WORD) & 1)

    def of_victims(self, claims: Claims, wanted: npt.NDArray[np.bool_]) -> "Poison":
        """The same tags of these victims alone."""
        masks = np.zeros((len(self.carried), 1), dtype=np.int64)
        for victim in np.flatnonzero(wanted).tolist():
            masks[victim // _WORD] |= 1 << (victim % _WORD)
        ended = self.ended * wanted[:, None]
        return Poison(self.ledgers, claims, self.carried & masks, self.tags & masks, ended)

    def _each(self) -> Iterator[tuple[int, int]]:
        return ((victim, victim + FIRST_VICTIM) for victim in range(len(self.claims.victims)))

    @cached_property
    def told(self) -> pl.DataFrame:
        """Moves as of `Trace.told`, without those into sinks that no row tells of."""
        rows = self.ledgers.rows
        every = [pl.DataFrame(schema={"owner": pl.Int64, "event": pl.Int64})]
        for victim, owner in self._each():
            events = self.carried_by(victim)
            every.append(pl.DataFrame({"owner": np.full(len(events), owner), "event": events}))
        moves = pl.concat(every)
        event = moves["event"]
        sink = self.ledgers.book.end[event.to_numpy(), SINK_CODE]
        return moves.with_columns(
            fen=rows["fen"].gather(event),
            place=rows["payee_ledger"].gather(event),
            at=rows["at"].gather(event),
            sink=pl.Series(sink),
        )

    @cached_property
    def received(self) -> pl.DataFrame:
        """What may have come to each account: as of `Trace.received`."""
        rows, count = self.ledgers.rows, len(self.ledgers.followed)
        place, fen, at = (rows[name].to_numpy() for name in ("payee_ledger", "fen", "at"))
        came = (place >= 0) & (self.ledgers.book.end[:, CROSSED] == 0)
        every = [pl.DataFrame(schema=_RECEIVED)]
        for victim, owner in self._each():
            events = self.carried_by(victim)
            events = events[came[events]]
            sums, first = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
            np.add.at(sums, place[events], fen[events])
            first[place[events[::-1]]] = at[
                events[::-1]
            ]  # rows are in order of time: the earliest is last to write
            transfers = np.bincount(place[events], minlength=count)
            there = np.flatnonzero(transfers)
            every.append(
                pl.DataFrame(
                    [np.full(len(there), owner), there, sums[there], transfers[there], first[there]],
                    schema=_RECEIVED,
                )
            )
        return pl.concat(every)

    @cached_property
    def held(self) -> pl.DataFrame:
        """What may lie on each account at the end: as of `Trace.held`."""
        every = [pl.DataFrame(schema={"owner": pl.Int64, "ledger": pl.Int64, "fen": pl.Int64})]
        for victim, owner in self._each():
            ledgers = np.flatnonzero(self.tags[victim // _WORD] >> (victim % _WORD) & 1)
            fen = self.ledgers.closing[ledgers]
            every.append(pl.DataFrame({"owner": np.full(len(ledgers), owner), "ledger": ledgers, "fen": fen}))
        return pl.concat(every)

    @cached_property
    def sinks(self) -> pl.DataFrame:
        """What may have left for good: as of `Trace.sinks`."""
        victim, sink = np.nonzero(self.ended)
        return pl.DataFrame(
            {
                "owner": victim + FIRST_VICTIM,
                "sink": pl.Series([SINKS[code] for code in sink.tolist()], dtype=pl.String),
                "fen": self.ended[victim, sink],
            }
        )

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """As of `Trace.notices`, and that the sums are bounds."""
        reached = np.flatnonzero(self.tags.any(axis=0))
        left = self.told.filter(pl.col("sink") == SINKS.index("left_data")).unique("event")
        notes = reached_notices(self.ledgers, reached, left)
        return (*self.ledgers.notices, *self.claims.notices, *notes, Notice("NOT_CONSERVED"))


def poison(ledgers: Ledgers, claims: Claims) -> Poison:
    """Tag all that may be victims' money; no claims give no tags. Source: DOMAIN.md 7.1.

    A victim's own payment out of a tagged account carries the other tags too: it is a bound.
    """
    words = max(1, -(-len(claims.victims) // _WORD))
    carried = np.zeros((words, ledgers.rows.height), dtype=np.int64)
    tags = np.zeros((words, len(ledgers.followed)), dtype=np.int64)
    ended = np.zeros((words * _WORD, len(SINKS)), dtype=np.int64)
    victim = claims.of_event - FIRST_VICTIM
    first = int(ledgers.first_entry[claims.of_event >= 0].min(initial=len(ledgers.book.entry)))
    paid = np.flatnonzero(claims.of_event >= FIRST_VICTIM)
    for word in range(words):
        bits = np.zeros(ledgers.rows.height, dtype=np.int64)
        mine = paid[victim[paid] // _WORD == word]
        bits[mine] = 1 << (victim[mine] % _WORD)
        _tag(ledgers.book, first, bits, carried[word], tags[word], ended[word * _WORD : (word + 1) * _WORD])
    return Poison(ledgers, claims, carried, tags, ended[: len(claims.victims)])


@uncounted
def _end(ended: Any, mask: int, sink: int, fen: int) -> None:
    """Add fen to a sink of all victims in the mask."""
    victim = 0
    while mask:
        if mask & 1:
            ended[victim, sink] += fen
        mask >>= 1
        victim += 1


@uncounted
def _tag(book: Any, first: int, bits: Any, carried: Any, tags: Any, ended: Any) -> None:
    """One pass from an entry on; bits: of each event, the victim of this word whose payment it is."""
    for r in range(first, len(book.entry)):
        here, event = book.entry[r, LEDGER], book.entry[r, EVENT]
        fen, balance, gap = book.entry[r, AMOUNT], book.entry[r, BALANCE], book.entry[r, GAP]
        crossed = book.end[event, CROSSED] != 0
        if tags[here] and gap != 0:
            _end(ended, tags[here], _UNRECORDED, min(max(0, -gap), max(0, balance - gap)))
            if balance <= 0:
                tags[here] = 0
        if fen < 0:
            mask = tags[here] | bits[event]
            if mask == 0:
                continue
            carried[event] = mask
            sink = book.end[event, SINK_CODE]
            if crossed or sink != FOLLOWED:
                _end(ended, mask, _CROSSED if crossed else sink, -fen)
        else:
            mask = carried[event]
            if not book.end[event, LEAVES]:
                mask = carried[event] = bits[event]
            if mask == 0 or crossed:
                if tags[here] == 0:
                    continue
                mask = 0
            _end(ended, mask, _OVERDRAFT, min(fen, max(0, -balance)))
            tags[here] |= mask
        if balance + fen <= 0:
            tags[here] = 0
