"""F01: many payers inside a window, most of their sum out to few payees right after (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.fans import FanBounds, gathered
from detect.money import instant, microseconds, millionths


def fan_in_gather_out(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Fan-ins of each account whose gather-out follows, widest first, none sharing a payment in.

    Ties: the larger sum, then the earlier. An empty lake gives nothing.

    parameters: min_payers, max_payees, window (timedelta), share, floor (fen), max_rows.
    """
    money = facts.money
    ins, outs = money.ins, money.outs
    least = int(parameters["min_payers"])
    found = np.zeros((len(ins.at), 8), np.int64)
    bounds = FanBounds(
        window=microseconds(parameters["window"]),
        least=least,
        most_payees=int(parameters["max_payees"]),
        share=millionths(parameters["share"]),
        floor=int(parameters["floor"]),
        rows=int(parameters["max_rows"]),
    )
    seen, paid = np.full(money.party_count, -1, np.int64), np.zeros(money.party_count, np.int64)
    count, cut = gathered(ins, outs, bounds, found, seen, paid)
    hits = []
    for account, first, last, out, behind, payers, sum_in, sum_out in _apart(found[:count].tolist()):
        events = [*ins.event[first : last + 1].tolist(), *outs.event[out:behind].tolist()]
        hits.append(
            Hit(
                subject=money.ref(account),
                score=graded(payers, least, 3 * least),
                first_at=instant(ins.at[first]),
                last_at=instant(outs.at[behind - 1]),
                values={"payers": payers, "sum_in": sum_in, "sum_out": sum_out},
                rows=money.rows(events),
            )
        )
    said = f"F01 looked at the latest {parameters['max_rows']} rows of a window on {cut} busy accounts."
    return DetectorResult(in_order(hits), (said,) if cut else ())


def _apart(fans: list[list[int]]) -> list[list[int]]:
    """Of each account the widest fans that share no payment in, by account and place."""
    kept: list[list[int]] = []
    taken: set[int] = set()
    for fan in sorted(fans, key=lambda one: (-one[5], -one[6], one[1])):
        places = range(fan[1], fan[2] + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(fan)
    return sorted(kept)
