"""Everyday money of ordinary people: shopping, hubs, wages, friends, own accounts, trade and rent."""

from collections.abc import Iterator

import numpy as np

from simulate import clock
from simulate.accounts import COMPANY, HUB, MERCHANT, OUTSIDE, PERSONAL, World
from simulate.events import BATCH, MOBILE, POS, WEB, Events, events, join, memo, yuan
from simulate.identifiers import Floats, Ints
from simulate.people import CITIES


def everyday(world: World) -> Iterator[Events]:
    """All ordinary parts, each from its own random stream; together about nine tenths of all transfers."""
    wants = world.settings.scale
    yield from _shopping(world, int(0.395 * wants))
    yield _hub_payments(world, int(0.13 * wants))
    yield _hub_payouts(world, int(0.06 * wants))
    yield _wages(world)
    yield _friends(world, int(0.13 * wants))
    yield _own_moves(world, int(0.05 * wants))
    yield _supply(world, int(0.06 * wants))
    yield _outside(world, int(0.06 * wants))
    yield _rents(world)


def activity(world: World) -> Floats:
    """How often each local person pays, heavy-tailed, adding up to one."""
    rng = world.settings.stream("activity")
    people = world.people
    level: Floats = np.exp(0.8 * rng.standard_normal(people.locals_)).astype(np.float64)
    level[people.birth_year[: people.locals_] <= 1957] *= 0.35
    share: Floats = (level / float(level.sum())).astype(np.float64)
    return share


def _popularity(count: int, slope: float = 0.8) -> Floats:
    weight = (1.0 / np.arange(3, count + 3) ** slope).astype(np.float64)
    share: Floats = weight / float(weight.sum())
    return share


def shops_of(world: World, city: int) -> Ints:
    """Accounts that take payments in a city: shops, and persons who trade on their own account."""
    accounts = world.accounts
    shops = np.flatnonzero(
        (accounts.kind == MERCHANT) & (world.orgs.city[np.maximum(accounts.org, 0)] == city)
    )
    return np.concatenate([shops, world.main[traders(world, city)]])


def traders(world: World, city: int) -> Ints:
    """Persons of a city in small trade (second-hand dealers, stalls); the same on every call."""
    people = world.people
    persons = np.arange(people.locals_)
    chosen: Ints = persons[
        (people.job[: people.locals_] == 4) & (people.live_city[: people.locals_] == city)
    ][::3]
    return chosen


def _shopping(world: World, wanted: int) -> Iterator[Events]:
    rng = world.settings.stream("shopping")
    people, weight = world.people, activity(world)
    for city in range(CITIES):
        shops = shops_of(world, city)
        buyers = np.flatnonzero(people.live_city[: people.locals_] == city)
        if not len(shops) or not len(buyers):
            continue
        share = weight[buyers] / weight[buyers].sum()
        count = int(wanted * weight[buyers].sum())
        buyer = rng.choice(buyers, count, p=share)
        shops = rng.permutation(shops)
        shop = shops[rng.choice(len(shops), count, p=_popularity(len(shops)))]
        at = clock.moments(rng, count, world.settings.days, clock.SHOPPING)
        amount = yuan(rng, count, 46.0, 1.25, 0.45)
        yield events(at, world.main[buyer], shop, amount, memo("消费"), POS)


def _hub_payments(world: World, wanted: int) -> Events:
    rng = world.settings.stream("hubs")
    hubs = np.flatnonzero(world.accounts.kind == HUB)
    payer = world.main[rng.choice(world.people.locals_, wanted, p=activity(world))]
    pick = rng.choice(len(hubs), wanted, p=_popularity(len(hubs), 1.0))
    memos = np.array(
        [memo(m) for m in ("网购", "外卖", "网购", "水电费", "话费充值", "车费", "缴费", "理财")]
    )
    at = clock.moments(rng, wanted, world.settings.days, clock.EVENING)
    return events(at, payer, hubs[pick], yuan(rng, wanted, 60.0, 1.1, 0.4), memos[pick % 8], POS)


def _hub_payouts(world: World, wanted: int) -> Events:
    """Settlements to shops in the small hours and pay-outs to riders and drivers at the end of their
    night."""
    rng = world.settings.stream("payouts")
    people, accounts = world.people, world.accounts
    hubs = np.flatnonzero(accounts.kind == HUB)
    gig = np.flatnonzero(np.isin(people.job[: people.locals_], (8, 5)))
    shops = np.flatnonzero(accounts.kind == MERCHANT)
    riders = int(wanted * 0.45)
    payee = np.concatenate([world.main[rng.choice(gig, riders)], rng.choice(shops, wanted - riders)])
    night = clock.day_seconds(rng, riders, clock.NIGHT)
    early = 2 * clock.HOUR + rng.integers(0, clock.HOUR, wanted - riders)
    day = rng.integers(0, world.settings.days, wanted)
    at = clock.START + day * clock.DAY + np.concatenate([night, early])
    amount = np.concatenate(
        [yuan(rng, riders, 260.0, 0.5, 0.1), yuan(rng, wanted - riders, 1_900.0, 1.0, 0.0)]
    )
    memos = np.where(np.arange(wanted) < riders, memo("报酬"), memo("结算款"))
    return events(
        at, hubs[rng.choice(len(hubs), wanted, p=_popularity(len(hubs), 1.0))], payee, amount, memos, BATCH
    )


def _wages(world: World) -> Events:
    """Each company pays its staff on its own day of the month within minutes, one payer and many payees."""
    rng = world.settings.stream("wages")
    people, accounts = world.people, world.accounts
    staff = np.flatnonzero(people.employer[: people.locals_] >= 0)
    staff = staff[rng.random(len(staff)) < 0.8]
    company = people.employer[staff]
    account_of = np.full(world.orgs.companies, -1, dtype=np.int64)
    owned = np.flatnonzero(accounts.kind == COMPANY)[::-1]
    account_of[accounts.org[owned]] = owned
    pay_day = rng.choice(np.array([5, 10, 15, 25]), world.orgs.companies)
    hour = rng.integers(9, 17, world.orgs.companies)
    wage = yuan(rng, len(staff), 6_200.0, 0.45, 0.3)
    at, who = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for day_of_month in (5, 10, 15, 25):
        chosen = np.flatnonzero(pay_day[company] == day_of_month)
        for day in clock.month_days(world.settings.days, day_of_month):
            at.append(
                clock.START
                + day * clock.DAY
                + hour[company[chosen]] * clock.HOUR
                + rng.integers(0, 400, len(chosen))
            )
            who.append(chosen)
    who_all = np.concatenate(who)
    amount = wage[who_all] + rng.integers(-200, 900, len(who_all)) * 100
    return events(
        np.concatenate(at),
        account_of[company[who_all]],
        world.main[staff[who_all]],
        np.maximum(amount, 180_000),
        memo("工资"),
        BATCH,
    )


def _friends(world: World, wanted: int) -> Events:
    """Transfers inside families and among a few friends of the same city; friendships last."""
    rng = world.settings.stream("friends")
    people = world.people
    order = np.argsort(people.live_city[: people.locals_], kind="stable")
    place = np.zeros(people.locals_, dtype=np.int64)
    place[order] = np.arange(people.locals_)
    payer = rng.choice(people.locals_, wanted, p=activity(world))
    near = rng.choice(np.array([-41, -17, -5, 3, 11, 29, 400]), wanted) * (1 + payer % 3)
    friend = order[(place[payer] + near) % people.locals_]
    relative = np.clip(payer + rng.choice(np.array([-2, -1, 1, 2]), wanted), 0, people.locals_ - 1)
    kin = (people.family[relative] == people.family[payer]) & (rng.random(wanted) < 0.7)
    payee = np.where(kin, relative, friend)
    keep = payee != payer
    at = clock.moments(rng, wanted, world.settings.days, clock.EVENING)
    amount = np.where(kin, yuan(rng, wanted, 700.0, 1.2, 0.8), yuan(rng, wanted, 180.0, 1.4, 0.8))
    memos = rng.choice(np.array([memo(m) for m in ("转账", "红包", "还款", "借款", "生活费", "")]), wanted)
    return events(at, world.main[payer], world.main[payee], amount, memos, MOBILE).where(keep)


def _own_moves(world: World, wanted: int) -> Events:
    """Moves between accounts of one holder: savings, card payments, a company's sweeps."""
    rng = world.settings.stream("own")
    accounts = world.accounts
    second = np.flatnonzero((accounts.kind == PERSONAL) & (accounts.person >= 0))
    second = second[world.main[accounts.person[second]] != second]
    pick = rng.choice(second, wanted)
    main = world.main[accounts.person[pick]]
    back = rng.random(wanted) < 0.45
    at = clock.moments(rng, wanted, world.settings.days, clock.EVENING)
    amount = yuan(rng, wanted, 1_500.0, 1.3, 0.85)
    return events(at, np.where(back, pick, main), np.where(back, main, pick), amount, memo("转账"), MOBILE)


def _supply(world: World, wanted: int) -> Events:
    """Shops and companies pay suppliers; large sums, often out again within hours of coming in."""
    rng = world.settings.stream("supply")
    firms = np.flatnonzero(np.isin(world.accounts.kind, (MERCHANT, COMPANY)))
    payer = rng.choice(firms, wanted)
    shuffled = rng.permutation(firms)
    place = np.zeros(world.accounts.count, dtype=np.int64)
    place[shuffled] = np.arange(len(firms))
    payee = shuffled[(place[payer] + rng.choice(np.array([1, 2, 7, 30]), wanted)) % len(firms)]
    at = clock.moments(rng, wanted, world.settings.days, clock.OFFICE)
    amount = yuan(rng, wanted, 7_000.0, 1.3, 0.5)
    first = events(at, payer, payee, amount, memo("货款"), WEB)
    onward = rng.random(wanted) < 0.12
    third = shuffled[(place[payee] + 3) % len(firms)]
    passed = events(
        at + rng.integers(600, 5 * clock.HOUR, wanted),
        payee,
        third,
        amount * rng.integers(88, 100, wanted) // 100,
        memo("货款"),
        WEB,
    ).where(onward)
    keep = np.concatenate([(payer != payee), np.ones(len(passed), dtype=np.bool_)])
    return join([first, passed]).where(keep)


def _outside(world: World, wanted: int) -> Events:
    """Payments to and from people whose banks report nothing."""
    rng = world.settings.stream("outside")
    others = np.flatnonzero(world.accounts.kind == OUTSIDE)
    person = world.main[rng.choice(world.people.locals_, wanted, p=activity(world))]
    other = others[(person * 7 + rng.integers(0, 3, wanted)) % len(others)]
    incoming = rng.random(wanted) < 0.5
    at = clock.moments(rng, wanted, world.settings.days, clock.EVENING)
    amount = yuan(rng, wanted, 420.0, 1.5, 0.7)
    memos = rng.choice(np.array([memo(m) for m in ("转账", "货款", "借款", "还款", "")]), wanted)
    return events(
        at, np.where(incoming, other, person), np.where(incoming, person, other), amount, memos, MOBILE
    )


def _rents(world: World) -> Events:
    """Tenants pay an agent each month; the agent forwards nearly all to the owners the same day."""
    rng = world.settings.stream("rents")
    people = world.people
    tenants = np.flatnonzero(rng.random(people.locals_) < 0.05)
    agents = rng.choice(people.locals_, max(2, people.locals_ // 150), replace=False)
    owners = rng.choice(people.locals_, len(tenants))
    agent = agents[tenants % len(agents)]
    rent = yuan(rng, len(tenants), 1_800.0, 0.4, 1.0)
    day = 1 + agent % 27
    parts = []
    for month in range(max(1, world.settings.days // 30)):
        at = (
            clock.START
            + (month * 30 + day) * clock.DAY
            + clock.day_seconds(rng, len(tenants), clock.SHOPPING)
        )
        later = np.minimum(
            at + rng.integers(900, 9 * clock.HOUR, len(tenants)),
            clock.START + world.settings.days * clock.DAY - 1,
        )
        keep = (agent != tenants) & (agent != owners)
        parts.append(
            events(at, world.main[tenants], world.main[agent], rent, memo("房租"), MOBILE).where(keep)
        )
        net = rent * 95 // 100
        parts.append(
            events(later, world.main[agent], world.main[owners], net, memo("房租"), MOBILE).where(keep)
        )
    return join(parts)
