"""Follows each victim's fen through every account, first in first out, as the world is played."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from simulate.events import DONE, Events
from simulate.ledger import IN, Ledger

OWN = -1
Layer = tuple[int, int]  # (owner: case index or OWN, fen)


@dataclass(slots=True)
class Flows:
    """What became of the victims' money.

    received: (case, account) -> [fen received, first local second]; main_case: event -> case whose
    money is the
    largest part of it; level: account -> least card level over all cases.
    """

    received: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    main_case: dict[int, int] = field(default_factory=dict)
    level: dict[int, int] = field(default_factory=dict)


class Tracer:
    """Layers of money of the accounts that victim money has reached; all others hold only their own."""

    def __init__(self, losses: dict[int, int]) -> None:
        self.losses = losses
        self.layers: dict[int, deque[Layer]] = {}
        self.carried: dict[int, list[Layer]] = {}
        self.level_at: dict[tuple[int, int], int] = {}
        self.flows = Flows()

    def debit(self, event: int, account: int, amount: int, case: int) -> None:
        """Take the oldest layers; a victim's own payment carries the victim's name whatever was below."""
        layers = self.layers.get(account)
        parts = _take(layers, amount) if layers is not None else []
        if case >= 0:
            parts = [(case, amount)]
        if any(owner != OWN for owner, _ in parts):
            self.carried[event] = parts
        if layers is not None and all(owner == OWN for owner, _ in layers):
            del self.layers[account]

    def credit(self, event: int, payer: int, account: int, amount: int, before: int, at: int) -> None:
        """Put what arrived on top; `before` is the balance just before, all own if no victim
        money was here."""
        parts = self.carried.pop(event, None)
        layers = self.layers.get(account)
        if parts is None:
            if layers is not None:
                layers.append((OWN, amount))
            return
        if layers is None:
            layers = self.layers[account] = deque([(OWN, before)] if before > 0 else [])
        layers.extend(parts)
        self._note(event, payer, account, parts, at)

    def leave(self, event: int, payer: int, account: int, at: int) -> None:
        """Money that goes to an account outside the reporting banks: noted, then out of sight."""
        parts = self.carried.pop(event, None)
        if parts is not None:
            self._note(event, payer, account, parts, at)

    def _note(self, event: int, payer: int, account: int, parts: list[Layer], at: int) -> None:
        total: dict[int, int] = {}
        for owner, fen in parts:
            if owner != OWN:
                total[owner] = total.get(owner, 0) + fen
        for case, fen in total.items():
            entry = self.flows.received.setdefault((case, account), [0, at])
            entry[0] += fen
            self._raise_level(case, payer, account, fen)
        self.flows.main_case[event] = max(sorted(total), key=lambda case: total[case])

    def _raise_level(self, case: int, payer: int, account: int, fen: int) -> None:
        """Card level of DOMAIN.md 7.2: a transfer counts from one hundredth of the case's money."""
        if fen * 100 < self.losses[case]:
            return
        level = 1 + self.level_at.get((case, payer), 0)
        if level < self.level_at.get((case, account), 1_000):
            self.level_at[(case, account)] = level
        if level < self.flows.level.get(account, 1_000):
            self.flows.level[account] = level


def _take(layers: deque[Layer], amount: int) -> list[Layer]:
    """Remove `amount` fen from the front; what the layers lack is the holder's own."""
    parts: list[Layer] = []
    while amount > 0 and layers:
        owner, fen = layers.popleft()
        used = min(fen, amount)
        parts.append((owner, used))
        amount -= used
        if fen > used:
            layers.appendleft((owner, fen - used))
    if amount > 0:
        parts.append((OWN, amount))
    return parts


def trace(book: Events, ledger: Ledger) -> Flows:
    """Play all booked rows in time order and follow the victims' money.

    Failed rows and reversed pairs leave the ledgers, as in the product. A victim's own money is `own`
    until the
    moment of payment. Credits to outside accounts end the trace, their later life is unknown.
    """
    tracer = Tracer(losses_of(book))
    follow(tracer, book, ledger)
    return tracer.flows


def losses_of(book: Events) -> dict[int, int]:
    """What the victim of each case paid."""
    paid = np.flatnonzero(book.case >= 0)
    losses: dict[int, int] = {}
    for case, fen in zip(book.case[paid].tolist(), book.amount_fen[paid].tolist(), strict=True):
        losses[case] = losses.get(case, 0) + fen
    return losses


def follow(tracer: Tracer, book: Events, ledger: Ledger) -> None:
    """Let a tracer see every row from the first payment of a victim on, in order of time."""
    rows = np.flatnonzero(book.state[ledger.event] == DONE)
    paid = np.flatnonzero(book.case >= 0)
    if not len(paid):
        return
    rows = rows[ledger.at[rows] >= book.at[paid].min()]
    rows = rows[np.lexsort((rows, 1 - ledger.side[rows], ledger.at[rows]))]
    booked_in = np.zeros(len(book), dtype=np.bool_)
    booked_in[ledger.event[ledger.side == IN]] = True
    columns = (
        ledger.event,
        ledger.side,
        ledger.account,
        ledger.peer,
        ledger.at,
        ledger.delta_fen,
        ledger.balance_fen,
    )
    lists = [column[rows].tolist() for column in columns] + [
        book.case[ledger.event[rows]].tolist(),
        booked_in[ledger.event[rows]].tolist(),
    ]
    for event, side, account, peer, at, delta, balance, case, arrives in zip(*lists, strict=True):
        if side == IN:
            if event not in tracer.carried and account not in tracer.layers:
                continue  # the rule for nearly all rows: nobody's victim money is near
            tracer.credit(event, peer, account, delta, balance - delta, at)
        elif account in tracer.layers or case >= 0:
            tracer.debit(event, account, -delta, case)
            if peer >= 0 and not arrives:
                tracer.leave(event, account, peer, at)
