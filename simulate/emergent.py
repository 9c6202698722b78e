"""Patterns that show only once all accounts are booked, checked on the final ledgers and registers."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simulate.accounts import World
from simulate.clock import DAY, HOUR
from simulate.events import DONE, Events
from simulate.identifiers import Ints
from simulate.laundering import Case
from simulate.ledger import IN, Ledger
from simulate.patterns import PatternBook
from simulate.ring import Ring

PASS_WINDOW_S, KEEP_SHARE, REST_SHARE = 2 * HOUR, 0.9, 0.01


@dataclass(slots=True)
class Rows:
    """Booked rows of one account in ledger order."""

    event: list[int]
    side: list[int]
    at: list[int]
    delta: list[int]
    balance: list[int]
    peer: list[int]


def rows_of(book: Events, ledger: Ledger, accounts: Ints) -> dict[int, Rows]:
    """Completed, delivered rows of each of the accounts, ordered as the bank booked them."""
    wanted = np.flatnonzero(
        np.isin(ledger.account, accounts) & ledger.written & (book.state[ledger.event] == DONE)
    )
    wanted = wanted[np.lexsort((ledger.serial[wanted], ledger.account[wanted]))]
    found: dict[int, Rows] = {}
    columns = (
        ledger.account,
        ledger.event,
        ledger.side,
        ledger.at,
        ledger.delta_fen,
        ledger.balance_fen,
        ledger.peer,
    )
    for account, event, side, at, delta, balance, peer in zip(
        *(c[wanted].tolist() for c in columns), strict=True
    ):
        rows = found.setdefault(account, Rows([], [], [], [], [], []))
        for column, value in zip(
            (rows.event, rows.side, rows.at, rows.delta, rows.balance, rows.peer),
            (event, side, at, delta, balance, peer),
            strict=True,
        ):
            column.append(value)
    return found


def record(
    world: World, rings: list[Ring], cases: list[Case], book: Events, ledger: Ledger, plan: PatternBook
) -> None:
    """Drop planned F03 that final balances or losses in delivery undo, add F03, F04, F06, F07, F08,
    F19, C03, C04."""
    accounts = np.array(sorted(card.account for ring in rings for card in ring.cards), dtype=np.int64)
    delivered = set(ledger.event[ledger.written].tolist())
    plan.drop({p.pattern_id for p in plan.patterns if any(event not in delivered for event in p.events)})
    opened = world.accounts.opened
    for account, rows in sorted(rows_of(book, ledger, accounts).items()):
        for events in _pass_through(rows):
            plan.plant("F03", events)
        plan.plant_if("F04", _daily_zero(rows))
        plan.plant_if("F06", _wake(rows))
        plan.plant_if("F07", _burst(rows, int(opened[account])))
        plan.plant_if("F08", _night(rows))
    _shared_payees(cases, plan)
    for ring in rings:
        _openings(world, ring, plan)


def _pass_through(rows: Rows) -> list[list[int]]:
    """F03: debits within two hours of a credit of 5,000 yuan make up nine tenths, and hardly anything
    is left."""
    found = []
    for place, delta in enumerate(rows.delta):
        if delta < 500_000:
            continue
        out, events = 0, [rows.event[place]]
        for later in range(place + 1, len(rows.at)):
            if rows.at[later] - rows.at[place] > PASS_WINDOW_S:
                break
            if rows.delta[later] < 0:
                out -= rows.delta[later]
                events.append(rows.event[later])
            if out >= KEEP_SHARE * delta and rows.balance[later] <= REST_SHARE * delta:
                if out <= delta * 1.02:
                    found.append(events)
                break
    return found


def _daily_zero(rows: Rows) -> list[int]:
    """F04: the last balance of the day is under 100 yuan on three days of thirty; the last rows of
    those days."""
    last = {at // DAY: place for place, at in enumerate(rows.at)}
    low = [place for day, place in sorted(last.items()) if rows.balance[place] < 10_000]
    moved = [
        p
        for p in low
        if any(d != 0 and rows.at[i] // DAY == rows.at[p] // DAY for i, d in enumerate(rows.delta))
    ]
    for first in range(len(moved) - 2):
        if rows.at[moved[first + 2]] // DAY - rows.at[moved[first]] // DAY < 30:
            return [rows.event[place] for place in moved[first : first + 3]]
    return []


def _wake(rows: Rows) -> list[int]:
    """F06: no trade for 180 days, then ten within three days; those ten."""
    trades = [place for place in range(len(rows.at)) if rows.peer[place] >= 0]
    for one, following in pairwise(trades):
        if rows.at[following] - rows.at[one] >= 180 * DAY:
            soon = [p for p in trades if rows.at[following] <= rows.at[p] <= rows.at[following] + 3 * DAY]
            return [rows.event[place] for place in soon] if len(soon) >= 10 else []
    return []


def _burst(rows: Rows, opened: int) -> list[int]:
    """F07: the first day with ten trades or 50,000 yuan in comes within thirty days of opening."""
    for place, at in enumerate(rows.at):
        if at - opened > 30 * DAY:
            return []
        day = [p for p in range(place, len(rows.at)) if rows.at[p] - at <= DAY]
        if len(day) >= 10 or sum(rows.delta[p] for p in day if rows.side[p] == IN) >= 5_000_000:
            return [rows.event[p] for p in day]
    return []


def _night(rows: Rows) -> list[int]:
    """F08: twenty trades, three in ten of them before six in the morning; the rows of the night."""
    night = [p for p, at in enumerate(rows.at) if at % DAY < 6 * HOUR]
    return [rows.event[p] for p in night] if len(rows.at) >= 20 and len(night) >= 0.3 * len(rows.at) else []


def _shared_payees(cases: list[Case], plan: PatternBook) -> None:
    """F19: accounts that two or more victims paid."""
    paid: dict[int, dict[int, list[int]]] = {}
    for case in cases:
        for payment in case.payments:
            paid.setdefault(payment.payee, {}).setdefault(case.victim, []).append(payment.event)
    for _, victims in sorted(paid.items()):
        if len(victims) >= 2:
            plan.plant("F19", [event for victim in sorted(victims) for event in victims[victim]])


def _openings(world: World, ring: Ring, plan: PatternBook) -> None:
    """C03: three holders at one branch of a bank within two hours; C04: one reserved phone, two or
    more holders."""
    accounts = world.accounts
    branches: dict[tuple[int, int], list[int]] = {}
    phones: dict[int, list[int]] = {}
    for card in ring.cards:
        account = card.account
        branches.setdefault((int(accounts.bank[account]), int(accounts.branch[account])), []).append(account)
        phones.setdefault(int(accounts.phone[account]), []).append(account)
    for key in sorted(branches):
        party = sorted(branches[key], key=lambda account: (int(accounts.opened[account]), account))
        for place, first in enumerate(party):
            close = [a for a in party[place:] if accounts.opened[a] - accounts.opened[first] <= 2 * HOUR]
            if len({int(accounts.person[a]) for a in close}) >= 3:
                plan.plant_rows("C03", [("account", accounts.numbers[a]) for a in close])
                break
    for phone in sorted(phones):
        if len({int(accounts.person[a]) for a in phones[phone]}) >= 2:
            rows = [("account", accounts.numbers[a]) for a in sorted(phones[phone])]
            plan.plant_rows("C04", [("phone", str(phone)), *rows])
