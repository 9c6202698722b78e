"""F01: many payers inside a window, most of their sum out to few payees right after (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.fans import FanBounds, gathered
from detect.money import Money, Side, instant, microseconds, millionths
from graph.contract import Ints

_DAY_US = 86_400_000_000
_CHINA_US = 8 * 3_600_000_000
_WEEKEND_NS = 2 * 86_400


def fan_in_gather_out(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Fan-ins of each account whose gather-out follows, widest first, none sharing a payment in.

    Then those of which more than half of the payments in stand in none of these. Ties: the larger sum, then
    the earlier. An empty lake gives nothing.

    parameters: min_payers, max_payees, window (timedelta), working_days (in place of the window, 0 for none),
    share, floor (fen), max_rows.
    """
    money = facts.money
    ins, outs, window = _clock(money, parameters)
    least = int(parameters["min_payers"])
    found = np.zeros((len(ins.at), 8), np.int64)
    bounds = FanBounds(
        window=window,
        least=least,
        most_payees=int(parameters["max_payees"]),
        share=millionths(parameters["share"]),
        floor=int(parameters["floor"]),
        rows=int(parameters["max_rows"]),
    )
    seen, paid = np.full(money.party_count, -1, np.int64), np.zeros(money.party_count, np.int64)
    count, cut = gathered(ins, outs, bounds, found, seen, paid)
    hits = []
    for account, first, last, out, behind, payers, sum_in, sum_out in _apart(
        found[:count].tolist(), len(ins.at)
    ):
        events = [*ins.event[first : last + 1].tolist(), *outs.event[out:behind].tolist()]
        first_at, last_at = instant(money.ins.at[first]), instant(money.outs.at[behind - 1])
        hits.append(
            Hit(
                subject=money.ref(account),
                score=graded(payers, least, 3 * least),
                first_at=first_at,
                last_at=last_at,
                values={"payers": payers, "sum_in": sum_in, "sum_out": sum_out, "span": last_at - first_at},
                rows=money.rows(events),
            )
        )
    said = f"F01 looked at the latest {parameters['max_rows']} rows of a window on {cut} busy accounts."
    return DetectorResult(in_order(hits), (said,) if cut else ())


def _clock(money: Money, parameters: Mapping[str, Any]) -> tuple[Side, Side, int]:
    """Both sides and the window on the clock that the fans are measured by."""
    days = int(parameters.get("working_days", 0))
    if not days:
        return money.ins, money.outs, microseconds(parameters["window"])
    ins, outs = (side._replace(at=_working_ns(side.at)) for side in (money.ins, money.outs))
    return ins, outs, days * _DAY_US * 1000 + (days // 5 + 1) * _WEEKEND_NS


def _working_ns(at: Ints) -> Ints:
    """Nanoseconds of local working days since 1970, Monday to Friday; public holidays are not known.

    A weekend lasts a nanosecond a second, so that payments inside it keep their order.
    """
    local = at + _CHINA_US
    # 1970-01-01 was a Thursday.
    week, into = np.divmod(local + 3 * _DAY_US, 7 * _DAY_US)
    weekend = np.maximum(into - 5 * _DAY_US, 0) // 1_000_000
    working: Ints = week * (5 * _DAY_US * 1000 + _WEEKEND_NS) + np.minimum(into, 5 * _DAY_US) * 1000 + weekend
    return working


def _apart(fans: list[list[int]], payments: int) -> list[list[int]]:
    """Of each account the widest fans that share no payment in, then those mostly new, by account and place.

    payments: how many payments in there are. A wide fan may end inside the next one: without the second look
    that one would be lost.
    """
    kept: list[list[int]] = []
    taken = np.zeros(payments, np.bool_)
    widest = sorted(fans, key=lambda one: (-one[5], -one[6], one[1]))
    for share in (0.0, 0.5):
        for fan in widest:
            places = taken[fan[1] : fan[2] + 1]
            known = np.count_nonzero(places)
            if known == 0 or known < share * len(places):
                places[:] = True
                kept.append(fan)
    return sorted(kept)
