"""Ring accounts that are frozen and replaced by a stocked one, with truth: only with `--swaps`."""

from dataclasses import replace

import numpy as np

from simulate.accounts import PERSONAL, World
from simulate.clock import DAY, HOUR, START
from simulate.events import Events
from simulate.laundering import Case
from simulate.names import REPORTING_BANKS
from simulate.reports import ControlRow, control_row
from simulate.ring import Ring, RingCard
from simulate.swaps import Change, Swaps

_STOCK = 2  # accounts a ring keeps in reserve
_FEWEST = 3  # payments on each side of the freeze
_QUIET_S = 2 * HOUR  # no money may be on its way when the account is frozen


def stock(world: World, rings: list[Ring]) -> dict[int, list[RingCard]]:
    """Accounts put by for each ring, as cards of it, so that nobody else lives on them."""
    taken = {card.account for ring in rings for card in ring.cards}
    left = [
        int(a) for a in world.fresh if int(a) not in taken and int(world.accounts.bank[a]) < REPORTING_BANKS
    ]
    kept: dict[int, list[RingCard]] = {}
    for ring in rings:
        for _ in range(min(_STOCK, len(left))):
            holder = ring.members["card_provider"][-1 - len(kept.get(ring.index, []))]
            account = left.pop()
            world.accounts.person[account], world.accounts.kind[account] = holder, PERSONAL
            world.accounts.phone[account] = world.people.phone[holder]
            card = RingCard(account, holder, holder, "card_provider", 0, -1, START, True, False)
            kept.setdefault(ring.index, []).append(card)
            ring.cards.append(card)
    return kept


def exchange(
    world: World,
    rings: list[Ring],
    kept: dict[int, list[RingCard]],
    book: Events,
    cases: list[Case],
    swaps: Swaps,
) -> list[ControlRow]:
    """In place: freeze busy accounts and go on with stocked ones; gives the freezes as control rows.

    Only accounts that a laundry phone works are chosen: what changes is the account, not who works it. A
    stocked account that is not needed leaves the ring.
    """
    rng = world.settings.stream("replaced")
    orders: list[ControlRow] = []
    for ring in rings:
        spare = list(kept.get(ring.index, []))
        for card, at in _busiest(ring, book)[: len(spare)]:
            new = spare.pop()
            account, number = new.account, len(orders)
            new.controller, new.level, new.wave, new.dealer = (
                card.controller, card.level, card.wave, card.dealer,
            )  # fmt: skip
            world.accounts.opened[account] = at // DAY * DAY - int(rng.integers(4, 15)) * DAY + 10 * HOUR
            world.accounts.phone[account] = world.accounts.phone[card.account]
            if rng.random() < 0.5:  # else opened on the number of the dealer, as the first one was
                world.accounts.phone[account] = world.people.phone[new.holder]
            for side in (book.payer, book.payee):
                side[(book.at >= at) & (side == card.account)] = account
            for case in cases:
                case.payments = [
                    replace(p, payee=account) if p.payee == card.account and p.at >= at else p
                    for p in case.payments
                ]
            swaps.changes.append(Change("account", card.account, account, at, ring.index, "frozen"))
            orders.append(control_row(world, f"K9902{number + 1:07d}", card.account, at, ring.den_city))
        unused = {card.account for card in spare}
        ring.cards = [card for card in ring.cards if card.account not in unused]
    return orders


def _busiest(ring: Ring, book: Events) -> list[tuple[RingCard, int]]:
    """Cards with enough payments on both sides of a quiet moment, most first, and that moment."""
    found: list[tuple[int, int, RingCard, int]] = []
    for card in ring.cards:
        if card.mixed or card.controller == card.holder or card.role != "card_provider" or card.level == 0:
            continue
        own = (book.payer == card.account) | (book.payee == card.account)
        rows = np.flatnonzero(own & (book.ring == ring.index))
        rows = rows[np.argsort(book.at[rows], kind="stable")]
        at, into = book.at[rows], book.payee[rows] == card.account
        quiet = np.flatnonzero(~into[:-1] & into[1:] & (np.diff(at) >= _QUIET_S)).tolist()
        best = max(((min(p + 1, len(rows) - p - 1), -p) for p in quiet), default=(0, 0))
        if best[0] >= _FEWEST:
            found.append((best[0], -card.account, card, int(at[-best[1]]) + HOUR))
    found.sort(key=lambda one: (-one[0], -one[1]))
    return [(card, at) for _, _, card, at in found]
