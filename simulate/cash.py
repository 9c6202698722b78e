"""Rows that are no transfers between accounts: cash, fees, interest, failed trades and reversals."""

import numpy as np

from simulate import clock
from simulate.accounts import PERSONAL, World
from simulate.clock import DAY, HOUR, START
from simulate.events import (
    ATM,
    BATCH,
    COUNTER,
    DONE,
    FAILED,
    MOBILE,
    REVERSAL,
    REVERSED,
    Events,
    events,
    join,
    memo,
    yuan,
)
from simulate.ordinary import activity

MACHINES_PER_CITY = 54  # three at each of three branches of six banks


def cash_and_fees(world: World) -> Events:
    """Cash in and out at machines and counters, message fees and quarterly interest."""
    rng = world.settings.stream("cash")
    wanted = int(0.035 * world.settings.scale)
    people = world.people
    person = rng.choice(people.locals_, wanted, p=activity(world))
    account, city = world.main[person], people.live_city[person]
    at = clock.moments(rng, wanted, world.settings.days, clock.SHOPPING)
    amount = np.maximum(10_000, yuan(rng, wanted, 1_000.0, 0.9, 1.0) // 10_000 * 10_000)
    amount = np.minimum(amount, 2_000_000)
    out = rng.random(wanted) < 0.8
    both = events(at, np.where(out, account, -1), np.where(out, -1, account), amount, memo("现金取款"), ATM)
    both.memo[:] = np.where(out, memo("现金取款"), memo("现金存款"))
    both.terminal[:] = city * MACHINES_PER_CITY + rng.integers(0, MACHINES_PER_CITY, wanted)
    both.channel[:] = np.where(rng.random(wanted) < 0.85, ATM, COUNTER)
    personal = np.flatnonzero((world.accounts.kind == PERSONAL) & (world.accounts.person >= 0))
    parts = [both]
    for month in range(max(1, world.settings.days // 30)):
        holders = personal[rng.random(len(personal)) < 0.06]
        fee_at = START + (month * 30 + 2) * DAY + 3 * HOUR + rng.integers(0, HOUR, len(holders))
        parts.append(events(fee_at, holders, -1, np.full(len(holders), 200), memo("短信服务费"), BATCH))
    holders = personal[rng.random(len(personal)) < 0.15]
    quarter_at = (
        START + min(17, world.settings.days - 1) * DAY + 4 * HOUR + rng.integers(0, HOUR, len(holders))
    )
    parts.append(events(quarter_at, -1, holders, rng.integers(5, 4_000, len(holders)), memo("结息"), BATCH))
    return join(parts)


def mishaps(world: World, book: Events) -> Events:
    """Failed trades and reversals beside ordinary phone payments; they move nothing in the end.

    A failed trade is a row without effect; a reversal takes back an equal debit minutes to hours later.
    """
    rng = world.settings.stream("mishaps")
    base = np.flatnonzero(
        (book.channel == MOBILE) & (book.payee >= 0) & (book.state == DONE) & (book.ring < 0)
    )
    failed = book.where(rng.choice(base, len(base) // 120))
    failed.state[:] = FAILED
    failed.at[:] -= rng.integers(20, 200, len(failed))
    first = book.where(rng.choice(base, len(base) // 200))
    first.state[:] = REVERSED
    first.at[:] -= rng.integers(4_000, 8_000, len(first))
    back = first.where(np.arange(len(first)))
    back.state[:] = REVERSAL
    back.memo[:] = memo("冲正")
    back.at[:] += rng.integers(30, 3_900, len(first))
    return join([failed, first, back])
