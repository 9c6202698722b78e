"""F03: money that leaves soon after it came, leaving almost nothing (DOMAIN 5)."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import numpy as np

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.passes import PassBounds, passed
from detect.money import UNKNOWN, instant, microseconds, millionths


def pass_through(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Accounts with passes, all their passes in one hit; cash paid in is money in. Nothing on an empty lake.

    parameters: window (timedelta), share, left (shares), floor (fen), max_group (ins in one pass), strong
    (passes for the full score).
    """
    money = facts.money
    ins, outs = money.fed, money.outs
    found = np.zeros((len(ins.at), 7), np.int64)
    bounds = PassBounds(
        window=microseconds(parameters["window"]),
        share=millionths(parameters["share"]),
        left=millionths(parameters["left"]),
        floor=int(parameters["floor"]),
        group=int(parameters["max_group"]),
        unknown=UNKNOWN,
    )
    count = passed(ins, outs, bounds, found)
    hits = []
    for account, group in groupby(found[:count].tolist(), key=lambda one: int(one[0])):
        passes = list(group)
        events = [
            int(event)
            for _, first, last, out, last_out, _, _ in passes
            for event in (*ins.event[first : last + 1], *outs.event[out : last_out + 1])
        ]
        hits.append(
            Hit(
                subject=money.ref(account),
                score=graded(len(passes), 1, int(parameters["strong"])),
                first_at=instant(ins.at[passes[0][1]]),
                last_at=instant(outs.at[passes[-1][4]]),
                values={
                    "passes": len(passes),
                    "sum_in": sum(one[5] for one in passes),
                    "sum_out": sum(one[6] for one in passes),
                },
                rows=money.rows(events),
            )
        )
    return DetectorResult(in_order(hits))
