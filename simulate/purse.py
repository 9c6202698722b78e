"""The hand of a ring: writes its payments with device and address, and keeps what each card still holds."""

from dataclasses import dataclass, field

import numpy as np

from simulate import access
from simulate.accounts import World
from simulate.clock import START
from simulate.events import ATM, DONE, MOBILE, POS, Events
from simulate.patterns import PatternBook
from simulate.people import CITIES
from simulate.ring import Ring, RingCard

Row = tuple[int, int, int, int, int, int, int, int, int, int, int, int]


@dataclass(slots=True)
class Lot:
    """Ring money that has arrived on a card and rests there."""

    card: RingCard
    amount_fen: int
    at: int
    event: int  # handle of the payment that brought it


@dataclass(slots=True)
class Purse:
    """Writes ring events; handles count from 0 in the order of writing."""

    world: World
    rng: np.random.Generator
    book: PatternBook
    rows: list[Row] = field(default_factory=list)
    ring: Ring | None = None
    stash: list[Lot] = field(default_factory=list)
    logins: list[tuple[int, int, int, int]] = field(default_factory=list)  # at, account, device, ip

    def pay(
        self,
        at: int,
        payer: int,
        payee: int,
        amount_fen: int,
        memo: int,
        channel: int = MOBILE,
        case: int = -1,
        card: RingCard | None = None,
        terminal: int = -1,
    ) -> int:
        """One payment; with `card` it is worked from the ring's device and address. Returns its handle."""
        ring = self.ring
        device, ip = -1, -1
        if card is not None and ring is not None and channel == MOBILE:
            device, ip = self._where(ring, card, at)
        index = ring.index if ring is not None else -1
        self.rows.append(
            (at, payer, payee, amount_fen, memo, channel, DONE, index, case, device, ip, terminal)
        )
        return len(self.rows) - 1

    def _where(self, ring: Ring, card: RingCard, at: int) -> tuple[int, int]:
        """Device and address of the hand that works a card: the holder's own, or the house's phone."""
        noise = self.world.settings.noise
        if card.controller == card.holder and card.controller not in ring.phones:
            return -1, -1
        device = ring.device_at(card.controller, at, START)
        if self.rng.random() < noise.nat_share:
            city, number = np.array([ring.house_city]), self.rng.integers(0, access.GATEWAYS_PER_CITY, 1)
            return device, int(access.gateway_ip(city, number)[0])
        days = max(1, self.world.settings.days)
        turn = (at - START) * len(ring.house_ips) // (days * 86_400)
        return device, ring.house_ips[min(len(ring.house_ips) - 1, max(0, turn))]

    def hop(self) -> int:
        """Seconds money rests on one card."""
        median = self.world.settings.noise.hop_delay_min * 60
        return int(min(5_400, max(45, median * np.exp(0.6 * self.rng.standard_normal()))))

    def parts(self, amount_fen: int, count: int) -> list[int]:
        """Split a sum into uneven parts of at least 100 yuan that add up to it."""
        count = max(1, min(count, amount_fen // 20_000))
        weight = self.rng.random(count) + 0.5
        parts = [int(amount_fen * w / weight.sum()) // 100 * 100 for w in weight]
        parts[0] += amount_fen - sum(parts)
        return parts

    def keep(self, share: float) -> float:
        """Share handed on when about `share` is taken as commission."""
        return 1.0 - share * (0.5 + float(self.rng.random()))

    def atm(self, city: int) -> int:
        """One of the cash machines of a city, three at each of its branches."""
        return city * 54 + int(self.rng.integers(0, 54))

    def shop(self, at: int, card: RingCard, amount_fen: int, memo: int) -> int:
        """Buy at one of the honest shops the ring uses."""
        ring = self.ring
        assert ring is not None, "a ring pays"  # noqa: S101 - set by the caller for all payments
        return self.pay(
            at,
            card.account,
            ring.merchants[int(self.rng.integers(0, len(ring.merchants)))],
            amount_fen,
            memo,
            POS,
        )

    def withdraw(self, at: int, card: RingCard, amount_fen: int, terminal: int, memo: int) -> int:
        """Cash from a machine."""
        return self.pay(at, card.account, -1, amount_fen, memo, ATM, terminal=terminal)

    def events(self) -> Events:
        """All ring events in order of their handles."""
        table = np.array(self.rows, dtype=np.int64).reshape(len(self.rows), 12)
        return Events(*(table[:, column].copy() for column in range(12)))


def machine_city(terminal: int) -> int:
    """City in which a cash machine stands."""
    return terminal // 54 % CITIES
