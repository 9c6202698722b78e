"""The lives of ring cards before and after they change hands: silence, emptied balances, dormant years."""

import numpy as np

from simulate.accounts import World
from simulate.clock import DAY, HOUR, START
from simulate.events import ATM, MOBILE, POS, Events, events, join, memo, yuan
from simulate.identifiers import Bools, Ints
from simulate.ring import Ring, RingCard

NEVER = 2**40


def silence(world: World, rings: list[Ring], book: Events, asleep: Ints | None = None) -> Events:
    """Ordinary events without those no account could have: before it was opened, after its holder sold it.

    Accounts `asleep` have none at all here.
    """
    quiet_from = np.full(world.accounts.count + 1, NEVER, dtype=np.int64)
    if asleep is not None:
        quiet_from[asleep] = -NEVER
    for ring in rings:
        for card in ring.cards:
            if card.fresh or card.dormant:
                quiet_from[card.account] = -NEVER
            elif not card.mixed:
                quiet_from[card.account] = card.ready_at - 3 * HOUR
    opened = np.concatenate([world.accounts.opened, [-NEVER]])
    keep: Bools = np.ones(len(book), dtype=np.bool_)
    for side in (book.payer, book.payee):
        keep &= (book.at < quiet_from[side]) & (book.at > opened[side])
    return book.where(keep)


def empty_before_sale(world: World, rings: list[Ring], book: Events) -> tuple[Events, dict[int, int]]:
    """The holder takes the money out before handing a card over; gives these events and fixed opening
    balances.

    Opening balances cover the lowest point of the life before, so that nothing goes below zero.
    """
    rng = world.settings.stream("handover")
    sold = [card for ring in rings for card in ring.cards if not card.mixed and not card.fresh]
    wanted = np.array(sorted(card.account for card in sold), dtype=np.int64)
    legs = _net_by_account(book, wanted)
    opening: dict[int, int] = {}
    parts: list[Events] = []
    for card in sold:
        moves = legs.get(card.account, np.zeros(0, dtype=np.int64))
        running = np.cumsum(moves)
        lowest = int(running.min()) if len(running) else 0
        opening[card.account] = max(0, -lowest) + int(rng.integers(100, 40_000))
        held = opening[card.account] + (int(running[-1]) if len(running) else 0)
        residue = int(rng.integers(1, 900))
        if held - residue > 1_000 and not card.dormant:
            parts.append(_drain(world, rng, card, held - residue))
        elif card.dormant:
            opening[card.account] = residue
    for ring in rings:
        opening.update({card.account: 0 for card in ring.cards if card.fresh})
    return join(parts), opening


def _drain(world: World, rng: np.random.Generator, card: RingCard, amount: int) -> Events:
    at = np.array([card.ready_at - int(rng.integers(1, 3 * HOUR))])
    other = int(world.main[card.holder])
    if other != card.account and rng.random() < 0.5:
        return events(at, card.account, other, np.array([amount]), memo("转账"), MOBILE)
    cash = events(at, card.account, -1, np.array([amount]), memo("现金取款"), ATM)
    cash.terminal[:] = world.people.live_city[card.holder] * 54 + rng.integers(0, 54, 1)
    return cash


def _net_by_account(book: Events, wanted: Ints) -> dict[int, Ints]:
    """Signed amounts of each wanted account in time order, money in before money out at equal times."""
    out, into = np.isin(book.payer, wanted), np.isin(book.payee, wanted)
    account = np.concatenate([book.payee[into], book.payer[out]])
    amount = np.concatenate([book.amount_fen[into], -book.amount_fen[out]])
    at = np.concatenate([book.at[into] + 60, book.at[out]])  # the credit may be booked up to a minute later
    order = np.lexsort((at, account))
    account, amount = account[order], amount[order]
    starts = np.searchsorted(account, wanted)
    ends = np.searchsorted(account, wanted, side="right")
    return {int(a): amount[s:e] for a, s, e in zip(wanted, starts, ends, strict=True)}


def dormant_history(world: World, rings: list[Ring]) -> Events:
    """Small trades 200 to 420 days before the window on dormant cards, of rings and of honest people."""
    rng = world.settings.stream("dormant")
    accounts = [card.account for ring in rings for card in ring.cards if card.dormant]
    old = np.array(accounts, dtype=np.int64)
    count = 6
    account = np.repeat(old, count)
    shops = np.flatnonzero(world.accounts.kind == 1)
    at = START - rng.integers(200, 420, len(account)) * DAY + rng.integers(9 * HOUR, 21 * HOUR, len(account))
    keep = at > world.accounts.opened[account]
    spent = events(
        at, account, rng.choice(shops, len(account)), yuan(rng, len(account), 40.0, 0.8), memo("消费"), POS
    )
    return spent.where(keep)
