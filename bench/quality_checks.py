"""Whether the rows of one planted pattern satisfy a rule's definition (DOMAIN 5), by trying all choices.

Written apart from the detectors, over the pattern's own rows; only F04, F06 and F08, which speak of a whole
account, look at its other rows too. Each check takes (rows that count, parameter values, ledger).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from bench.quality_ledger import CASH, Ledger, Move
from graph.parameters import CHINA

Check = Callable[[Sequence[Move], Mapping[str, Any], Ledger], bool]
_NOTHING = timedelta(0)
_MILLION = 1_000_000


def _reaches(part: int, share: float, whole: int) -> bool:
    return part * _MILLION >= round(share * _MILLION) * whole


def _accounts(rows: Sequence[Move]) -> list[str]:
    return sorted({end for m in rows for end in (m.payer, m.payee)} - {CASH})


def _whose(rows: Sequence[Move]) -> list[str]:
    """The accounts that every row touches: whose account a pattern about a whole account is."""
    return [account for account in _accounts(rows) if all(account in (m.payer, m.payee) for m in rows)]


def _runs(rows: Sequence[Move], account: str, window: timedelta, cash: bool) -> Iterator[list[Move]]:
    """Every run of payments into an account that lies inside the window."""
    ins = sorted(
        (m for m in rows if m.payee == account and (cash or m.payer != CASH)),
        key=lambda m: (m.in_at, m.event),
    )
    for first in range(len(ins)):
        for last in range(first, len(ins)):
            if ins[last].in_at - ins[first].in_at <= window:
                yield ins[first : last + 1]


def _outs(rows: Sequence[Move], account: str) -> list[Move]:
    return sorted((m for m in rows if m.payer == account), key=lambda m: (m.out_at, m.event))


def fan_in(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F01: enough payers in one window, most of their sum to few payees in the window after the last."""
    for account in _accounts(rows):
        for run in _runs(rows, account, p["window"], cash=False):
            paid: Counter[str] = Counter()
            for out in _outs(rows, account):
                if _NOTHING <= out.out_at - run[-1].in_at <= p["window"]:
                    paid[out.payee_party] += out.fen
            most = sum(fen for _, fen in paid.most_common(p["max_payees"]))
            total = sum(m.fen for m in run)
            enough = len({m.payer_party for m in run}) >= p["min_payers"] and total >= p["floor"]
            if enough and _reaches(most, p["share"], total):
                return True
    return False


def scatter(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F02: one big payment in, most of it out to many inside the window."""
    for big in rows:
        if big.payer == CASH or big.fen < p["big"]:
            continue
        outs = [o for o in _outs(rows, big.payee) if _NOTHING <= o.out_at - big.in_at <= p["window"]]
        if len({o.payee_party for o in outs}) >= p["min_payees"] and _reaches(
            sum(o.fen for o in outs), p["share"], big.fen
        ):
            return True
    return False


def passes(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F03: a group in, most of it out inside the window, next to nothing left; a stated balance is needed."""
    for account in _accounts(rows):
        for run in _runs(rows, account, p["window"], cash=True):
            total, paid = sum(m.fen for m in run), 0
            for out in _outs(rows, account):
                if out.out_at < run[0].in_at or out.out_at - run[-1].in_at > p["window"]:
                    continue
                paid += out.fen
                low = out.payer_balance is not None and _reaches(total, 1 / p["left"], out.payer_balance)
                done = out.out_at >= run[-1].in_at and _reaches(paid, p["share"], total)
                if total >= p["floor"] and low and done:
                    return True
    return False


def _day(move: Move) -> date:
    return move.at.astimezone(CHINA).date()


def emptied(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F04: enough days with next to nothing left at their end, while others paid in the floor."""
    days = {_day(m) for m in rows}
    for account in _whose(rows):
        every = ledger.all_of(account)
        low = sorted(day for day in days if _ends_low([m for m in every if _day(m) == day], account, p))
        for first in low:
            span = [day for day in low if 0 <= (day - first).days < p["span_days"]]
            income = sum(
                m.fen
                for m in every
                if m.counts and m.payee == account and 0 <= (_day(m) - first).days < p["span_days"]
            )
            if len(span) >= p["min_days"] and income >= p["floor"]:
                return True
    return False


def _ends_low(rows: Sequence[Move], account: str, p: Mapping[str, Any]) -> bool:
    if not rows or any(m.by_day for m in rows):
        return False
    sides = [(m.out_at, m.payer_balance) for m in rows if m.payer == account]
    sides += [(m.in_at, m.payee_balance) for m in rows if m.payee == account]
    last = max(at for at, _ in sides)
    return all(balance is not None and balance < p["below"] for at, balance in sides if at == last)


def probe(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F05: a trial, then a big sum of the same payer in time; earlier trades of the two are not asked."""
    return any(
        small.payer_party == big.payer_party
        and small.payee == big.payee
        and small.fen <= p["probe"]
        and big.fen >= p["big"]
        and _NOTHING <= big.at - small.at <= p["window"]
        for small in rows
        for big in rows
        if small.event != big.event
    )


def wakes(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F06: long silence between two rows of an account, then many trades."""
    for account in _whose(rows):
        trades = [m for m in ledger.all_of(account) if m.counts]
        for before, woke in pairwise(trades):
            soon = [m for m in trades if _NOTHING <= m.at - woke.at <= p["window"]]
            asleep = woke.at - before.at >= p["silence"]
            if asleep and len(soon) >= p["min_trades"] and any(m in rows for m in soon):
                return True
    return False


def bursts(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F07: many trades or much money in within a window that starts soon after opening."""
    for account in _whose(rows):
        opened = ledger.opened.get(account)
        own = [m for m in rows if account in (m.payer, m.payee) and opened is not None and m.at >= opened]
        for first in own:
            inside = [m for m in own if _NOTHING <= m.at - first.at <= p["window"]]
            total = sum(m.fen for m in inside if m.payee == account)
            early = opened is not None and first.at < opened + p["after_opening"]
            if early and (len(inside) >= p["min_trades"] or total >= p["big"]):
                return True
    return False


def by_night(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F08: many trades of an account at night, or trades in nearly every hour of one day."""
    for account in _whose(rows):
        trades = [m for m in ledger.all_of(account) if m.counts]
        night = sum(m.at.astimezone(CHINA).hour < 6 for m in trades)
        total = sum(m.fen for m in trades if m.payee == account)
        many = len(trades) >= p["min_trades"] and _reaches(night, p["night_share"], len(trades))
        if many and total >= p["floor"]:
            return True
        for day in {_day(m) for m in rows}:
            then = [m for m in trades if _day(m) == day]
            hours = {m.at.astimezone(CHINA).hour for m in then}
            total = sum(m.fen for m in then if m.payee == account)
            if len(hours) >= p["min_hours"] and total >= p["floor"]:
                return True
    return False


def _path(rows: Sequence[Move], p: Mapping[str, Any]) -> list[Move]:
    """The rows in time order when each starts where the one before ended and they are enough, else none."""
    path = sorted(rows, key=lambda m: (m.out_at, m.event))
    joined = all(one.payee == following.payer for one, following in pairwise(path))
    enough = p["min_hops"] <= len(path) and sum(m.fen for m in path) >= p["floor"]
    return path if joined and enough else []


def chain(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F09: a sum handed on between distinct accounts in short waits, each payment most of the one before.

    A longer path than the rule follows counts: its first hops are a chain.
    """
    path = _path(rows, p)
    apart = len({m.payer for m in path} | {m.payee for m in path}) == len(path) + 1
    return apart and all(
        following.out_at - one.out_at <= p["wait"]
        and following.fen <= one.fen
        and _reaches(following.fen, p["share"], one.fen)
        for one, following in pairwise(path)
    )


def cycle(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F10: a path back to its start inside the span, the last payment most of the first, none too small.

    The floor is held against what can have gone round: the smallest payment, once for every hop.
    """
    path = _path(rows, p)
    smallest = min((m.fen for m in path), default=0)
    return (
        0 < len(path) <= p["max_hops"]
        and _reaches(smallest, p["carried"], path[0].fen)
        and len(path) * smallest >= p["floor"]
        and path[0].payer == path[-1].payee
        and len({m.payer for m in path}) == len(path)
        and path[-1].out_at - path[0].out_at <= p["span"]
        and _reaches(path[-1].fen, 1 - p["loss"], path[0].fen)
    )


def relayed(rows: Sequence[Move], p: Mapping[str, Any], ledger: Ledger) -> bool:
    """F11: one account over enough middles to another, second legs after first, all in one window."""
    legs = [
        (one, two)
        for one in rows
        for two in rows
        if one.payee == two.payer
        and one.payer != two.payee != CASH
        and _NOTHING <= two.out_at - one.out_at <= p["window"]
        and two.fen <= one.fen
        and _reaches(two.fen, p["share"], one.fen)
    ]
    for opens, ends in legs:
        inside = [
            (one, two)
            for one, two in legs
            if (one.payer, two.payee) == (opens.payer, ends.payee)
            and opens.out_at <= one.out_at
            and two.out_at - opens.out_at <= p["window"]
        ]
        moved = {m.event: m.fen for leg in inside for m in leg}
        if len({one.payee for one, _ in inside}) >= p["min_middles"] and sum(moved.values()) >= p["floor"]:
            return True
    return False


CHECKS: Mapping[str, Check] = {
    "F01": fan_in, "F02": scatter, "F03": passes, "F04": emptied, "F05": probe, "F06": wakes, "F07": bursts,
    "F08": by_night, "F09": chain, "F10": cycle, "F11": relayed,
}  # fmt: skip
"""Rule -> its check; of other rules every pattern counts as inside."""
