"""F02: one big payment in, most of it out to many payees inside a window (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.fans import FanBounds, scattered
from detect.money import instant, microseconds, millionths
from graph.contract import Ints


def single_in_scatter_out(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Scatters of each account, widest first, without those whose sum went out mostly in wider ones.

    Ties: the larger sum in, then the earlier. An empty lake gives nothing.

    parameters: big (fen), min_payees, window (timedelta), share.
    """
    money = facts.money
    ins, outs = money.ins, money.outs
    least = int(parameters["min_payees"])
    found = np.zeros((len(ins.at), 7), np.int64)
    bounds = FanBounds(
        window=microseconds(parameters["window"]),
        least=least,
        most_payees=0,
        share=millionths(parameters["share"]),
        floor=int(parameters["big"]),
        rows=0,
    )
    count = scattered(ins, outs, bounds, found, np.full(money.party_count, -1, np.int64))
    hits = []
    for account, entry, out, behind, payees, sum_in, sum_out in _apart(found[:count], outs.amount):
        events = [int(ins.event[entry]), *outs.event[out:behind].tolist()]
        hits.append(
            Hit(
                subject=money.ref(account),
                score=graded(payees, least, 3 * least),
                first_at=instant(ins.at[entry]),
                last_at=instant(outs.at[behind - 1]),
                values={"payees": payees, "sum_in": sum_in, "sum_out": sum_out},
                rows=money.rows(events),
            )
        )
    return DetectorResult(in_order(hits))


def _apart(scatters: Ints, amount: Ints) -> list[list[int]]:
    """Scatters that hand their sum on in payments of which at least half are in no wider one, by place.

    The window may hold a later scatter too; only the payments until the sum is gone say whose they are.
    """
    taken = np.zeros(len(amount), np.bool_)
    kept: list[list[int]] = []
    for one in sorted(scatters.tolist(), key=lambda one: (-one[4], -one[5], one[1])):
        out, behind, fen = one[2], one[3], one[5]
        gone = int(np.searchsorted(np.cumsum(amount[out:behind]), fen)) + 1
        own = taken[out : min(out + gone, behind)]
        if 2 * int(own.sum()) <= len(own):
            taken[out:behind] = True
            kept.append(one)
    return sorted(kept)
