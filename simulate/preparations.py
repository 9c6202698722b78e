"""What a house does with cards before the victims' money: wake them, test them, turn money in circles."""

import numpy as np

from simulate.accounts import World
from simulate.clock import DAY, HOUR
from simulate.events import ATM, memo
from simulate.purse import Purse
from simulate.ring import Ring, RingCard, Wave


def prepare(world: World, purse: Purse, ring: Ring, wave: Wave) -> None:
    """Pay the providers, wake and try the cards of a wave, run one circle of money among them."""
    cards = [card for level in sorted(wave.layers) for card in wave.layers[level]]
    for card in cards:
        _pay_provider(world, purse, ring, card)
        if card.dormant or purse.rng.random() < 0.3:
            _try_out(purse, ring, card, 11 if card.dormant else 3)
    _circle(purse, ring, wave, cards)


def _pay_provider(world: World, purse: Purse, ring: Ring, card: RingCard) -> None:
    """The dealer pays each provider the same small sum, on another account if there is one, else in cash."""
    lent = {one.account for one in ring.cards}
    target, dealer = int(world.main[card.holder]), int(world.main[card.dealer])
    if target in lent or dealer in lent or purse.rng.random() < 0.3:
        return
    price = (50_000, 60_000, 80_000)[ring.index % 3]
    purse.pay(card.ready_at + int(purse.rng.integers(HOUR, 30 * HOUR)), dealer, target, price, memo("报酬"))


def pay_runners(world: World, purse: Purse, ring: Ring, wave: Wave) -> None:
    """A dealer pays the runner who took the holders to the branches of this wave."""
    dealers, runners = ring.members["card_dealer"], ring.members["card_runner"]
    dealer = int(world.main[dealers[wave.number % len(dealers)]])
    runner = int(world.main[runners[wave.number % len(runners)]])
    at = wave.first_at + int(purse.rng.integers(HOUR, 2 * DAY))
    purse.pay(at, dealer, runner, 200_000 + int(purse.rng.integers(0, 10)) * 10_000, memo("报酬"))


def _try_out(purse: Purse, ring: Ring, card: RingCard, purchases: int) -> None:
    """Cash in, then small purchases at honest shops: the card works (F06 on cards asleep until then)."""
    at = card.ready_at + int(purse.rng.integers(HOUR, 5 * HOUR))
    purse.pay(at, -1, card.account, 60_000, memo("现金存款"), ATM, terminal=purse.atm(ring.house_city))
    for _ in range(purchases):
        at += int(purse.rng.integers(600, 4 * HOUR))
        purse.shop(at, card, int(purse.rng.integers(5, 50)) * 100, memo("消费"))


def _circle(purse: Purse, ring: Ring, wave: Wave, cards: list[RingCard]) -> None:
    """Cash goes in on one card, round three to five holders in a day or two, and out again (F10)."""
    by_holder = {card.holder: card for card in cards}
    members = [by_holder[holder] for holder in sorted(by_holder)]
    if len(members) < 3:
        return
    purse.rng.shuffle(members)
    members = members[: 3 + int(purse.rng.integers(0, min(3, len(members) - 2)))]
    amount = int(purse.rng.integers(20, 90)) * 10_000
    at = max(card.ready_at for card in members) + int(purse.rng.integers(6 * HOUR, DAY))
    terminal = purse.atm(ring.house_city)
    purse.pay(at, -1, members[0].account, amount, memo("现金存款"), ATM, terminal=terminal)
    path = []
    for place, card in enumerate(members):
        at += int(purse.rng.integers(900, 8 * HOUR))
        following = members[(place + 1) % len(members)]
        path.append(purse.pay(at, card.account, following.account, amount, memo("往来款"), card=card))
        amount = amount * int(purse.rng.integers(97, 101)) // 100
    purse.book.plant("F10", path)
    purse.withdraw(at + HOUR, members[0], amount // 10_000 * 10_000, terminal, memo("现金取款"))


def probe(purse: Purse, at: int, payer: int, card: RingCard, case: int) -> int:
    """A victim first pays a few yuan as a test (F05); gives the event."""
    amount = int(np.clip(purse.rng.integers(1, 10), 1, 10)) * 100
    return purse.pay(at, payer, card.account, amount, memo("转账"), case=case)
