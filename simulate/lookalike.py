"""Honest life that looks like a ring: clubs, savings circles, dealers, loans, sleepers that wake."""

from collections.abc import Iterator

import numpy as np

from simulate import clock
from simulate.accounts import COMPANY, MERCHANT, PERSONAL, World
from simulate.clock import DAY, HOUR, START
from simulate.events import ATM, BATCH, COUNTER, POS, Events, events, join, memo, yuan
from simulate.identifiers import Ints
from simulate.ordinary import traders
from simulate.people import CITIES, JOB_STUDENT


def lookalikes(world: World, spared: set[int]) -> Iterator[Events]:
    """All honest look-alikes; `spared` are the accounts of rings, which take no part."""
    yield _clubs(world)
    yield _savings_circles(world)
    yield _second_hand(world)
    yield _loans(world)
    yield _big_purchases(world)
    yield _sleepers(world, spared)
    yield _payday_queue(world)


def _times(world: World, a_day: float) -> int:
    """How many of something happen in the window when a world of 20,000 accounts sees `a_day` a day."""
    return max(1, round(a_day * world.settings.days * world.settings.accounts / 20_000))


def _neighbours(world: World, rng: np.random.Generator, count: int) -> Ints:
    """Persons of one city, a random stretch of them."""
    people = world.people
    city = int(
        rng.choice(
            CITIES, p=np.bincount(people.live_city[: people.locals_], minlength=CITIES) / people.locals_
        )
    )
    there = np.flatnonzero(people.live_city[: people.locals_] == city)
    return rng.choice(there, min(count, len(there)), replace=False)


def _clubs(world: World) -> Events:
    """A student collects dues of a club within a day and pays the venue the next (fan-in, gather-out)."""
    rng = world.settings.stream("clubs")
    people = world.people
    students = np.flatnonzero(people.job[: people.locals_] == JOB_STUDENT)
    shops = np.flatnonzero(world.accounts.kind == MERCHANT)
    parts = []
    for _ in range(_times(world, 0.5)):
        members = rng.choice(students, min(int(rng.integers(12, 40)), len(students)), replace=False)
        due = int(rng.integers(2, 30)) * 1_000
        day = START + int(rng.integers(0, world.settings.days - 2)) * DAY + 12 * HOUR
        at = day + rng.integers(0, 10 * HOUR, len(members) - 1)
        head = int(world.main[members[0]])
        parts.append(events(at, world.main[members[1:]], head, np.full(len(at), due), memo("会费")))
        total = np.array([due * (len(members) - 1) * 97 // 100])
        later = np.array([int(at.max()) + int(rng.integers(HOUR, 20 * HOUR))])
        parts.append(events(later, head, int(rng.choice(shops)), total, memo("活动费"), POS))
    return join(parts)


def _savings_circles(world: World) -> Events:
    """Rotating savings among friends: all pay the one whose turn it is, and small loans that come
    round again."""
    rng = world.settings.stream("circles")
    parts = []
    for _ in range(_times(world, 0.35)):
        members = world.main[_neighbours(world, rng, int(rng.integers(5, 10)))]
        stake = int(rng.integers(5, 40)) * 10_000
        for month in range(max(1, world.settings.days // 30)):
            winner = int(members[month % len(members)])
            payers = members[members != winner]
            day = START + (month * 30 + int(rng.integers(0, 5))) * DAY + 19 * HOUR
            at = day + rng.integers(0, 3 * HOUR, len(payers))
            parts.append(events(at, payers, winner, np.full(len(payers), stake), memo("会费")))
    for _ in range(_times(world, 1.0)):
        ring = world.main[_neighbours(world, rng, int(rng.integers(3, 6)))]
        start = START + int(rng.integers(0, max(1, world.settings.days - 4))) * DAY + 10 * HOUR
        at = start + np.cumsum(rng.integers(HOUR, 14 * HOUR, len(ring)))
        sum_fen = int(rng.integers(5, 90)) * 10_000
        amount = sum_fen - np.arange(len(ring)) * rng.integers(0, 3) * 1_000
        parts.append(events(at, ring, np.roll(ring, -1), np.maximum(amount, 10_000), memo("还款")))
    return join(parts)


def _second_hand(world: World) -> Events:
    """Dealers in used phones and cars: many strangers pay in, the sellers are paid within the hour."""
    rng = world.settings.stream("second-hand")
    people = world.people
    dealers = np.concatenate([traders(world, city)[::3] for city in range(CITIES)])
    wanted = _times(world, 30.0)
    dealer = world.main[rng.choice(dealers, wanted)]
    buyer = world.main[rng.integers(0, people.locals_, wanted)]
    seller = world.main[rng.integers(0, people.locals_, wanted)]
    at = clock.moments(rng, wanted, world.settings.days, clock.SHOPPING)
    price = yuan(rng, wanted, 900.0, 1.0, 0.8)
    paid = price * rng.integers(85, 97, wanted) // 100
    sold = events(at, buyer, dealer, price, memo("货款"))
    bought = events(at + rng.integers(300, 3 * HOUR, wanted), dealer, seller, paid, memo("货款"))
    keep = (buyer != dealer) & (seller != dealer)
    return join([sold.where(keep), bought.where(keep)])


def _loans(world: World) -> Events:
    """A lender pays out and the borrower hands the sum on within the hour, then pays back month by month."""
    rng = world.settings.stream("loans")
    firms = np.flatnonzero(world.accounts.kind == COMPANY)[:3]
    shops = np.flatnonzero(world.accounts.kind == MERCHANT)
    wanted = _times(world, 3.0)
    borrower = world.main[rng.integers(0, world.people.locals_, wanted)]
    sum_fen = yuan(rng, wanted, 28_000.0, 0.7, 1.0)
    at = clock.moments(rng, wanted, max(1, world.settings.days - 5), clock.OFFICE)
    lender = rng.choice(firms, wanted)
    out = events(at, lender, borrower, sum_fen, memo("借款"), BATCH)
    spent = events(
        at + rng.integers(200, 2 * HOUR, wanted),
        borrower,
        rng.choice(shops, wanted),
        sum_fen,
        memo("首付款"),
        POS,
    )
    back = events(at + 30 * DAY, borrower, lender, sum_fen // 12, memo("还款"))
    last = START + world.settings.days * DAY
    return join([out, spent, back.where(back.at < last)])


def _big_purchases(world: World) -> Events:
    """A family puts money together in a day and one of them pays for a flat or a car."""
    rng = world.settings.stream("purchases")
    sellers = np.flatnonzero(world.accounts.kind == COMPANY)
    parts = []
    for _ in range(_times(world, 1.2)):
        kin = world.main[_neighbours(world, rng, int(rng.integers(4, 9)))]
        day = START + int(rng.integers(0, max(1, world.settings.days - 2))) * DAY + 9 * HOUR
        at = day + rng.integers(0, 9 * HOUR, len(kin) - 1)
        given = yuan(rng, len(kin) - 1, 25_000.0, 0.8, 1.0)
        parts.append(events(at, kin[1:], int(kin[0]), given, memo("借款")))
        later = np.array([int(at.max()) + int(rng.integers(HOUR, 16 * HOUR))])
        total = np.array([int(given.sum()) * 98 // 100])
        parts.append(events(later, int(kin[0]), int(rng.choice(sellers)), total, memo("首付款"), COUNTER))
    return join(parts)


def _sleepers(world: World, spared: set[int]) -> Events:
    """Second accounts asleep for most of a year that wake for honest reasons: a new home, a baby, a move."""
    rng = world.settings.stream("sleepers")
    accounts = world.accounts
    personal = np.flatnonzero((accounts.kind == PERSONAL) & (accounts.opened < START - 450 * DAY))
    second = personal[world.main[accounts.person[personal]] != personal]
    second = np.array([a for a in second.tolist() if a not in spared], dtype=np.int64)
    asleep = rng.choice(second, min(len(second), max(3, world.settings.accounts // 220)), replace=False)
    shops = np.flatnonzero(accounts.kind == MERCHANT)
    before = np.repeat(asleep, 5)
    past = START - rng.integers(200, 420, len(before)) * DAY + rng.integers(9 * HOUR, 20 * HOUR, len(before))
    parts = [
        events(
            past, before, rng.choice(shops, len(before)), yuan(rng, len(before), 60.0, 0.9), memo("消费"), POS
        )
    ]
    start = START + rng.integers(2, max(3, world.settings.days - 5), len(asleep)) * DAY + 9 * HOUR
    fill = yuan(rng, len(asleep), 9_000.0, 0.6, 1.0)
    parts.append(events(start, world.main[accounts.person[asleep]], asleep, fill, memo("转账")))
    after = np.repeat(asleep, 12)
    at = np.repeat(start, 12) + rng.integers(HOUR, 60 * HOUR, len(after))
    parts.append(
        events(at, after, rng.choice(shops, len(after)), yuan(rng, len(after), 300.0, 0.8), memo("消费"), POS)
    )
    return join(parts)


def asleep_accounts(world: World, spared: set[int]) -> Ints:
    """The honest sleepers, ascending; their ordinary life is left out."""
    return np.unique(_sleepers(world, spared).payer[: 5 * max(3, world.settings.accounts // 220)])


def _payday_queue(world: World) -> Events:
    """Workers of one plant draw cash from the machine at its gate on payday, one after the other."""
    rng = world.settings.stream("queue")
    people = world.people
    parts = []
    large = np.argsort(-np.bincount(people.employer[: people.locals_] + 1, minlength=2)[1:], kind="stable")[
        :12
    ]
    for company in large.tolist():
        staff = np.flatnonzero(people.employer[: people.locals_] == company)
        for day in clock.month_days(world.settings.days, 15):
            queue = rng.choice(staff, min(9, len(staff)), replace=False)
            at = START + day * DAY + 18 * HOUR + np.arange(len(queue)) * 120 + int(rng.integers(0, HOUR))
            drawn = events(
                at, world.main[queue], -1, rng.integers(3, 20, len(queue)) * 10_000, memo("现金取款"), ATM
            )
            drawn.terminal[:] = people.live_city[queue[0]] * 54 + company % 54
            parts.append(drawn)
    return join(parts)
