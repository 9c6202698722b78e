"""F10: money that comes back to where it left from, in time order (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.cycles import CycleBounds, cycles
from detect.kernels.room import cycle_room
from detect.money import instant, microseconds, millionths


def time_cycle(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Cycles by how much can have gone round, none half told by another; nothing on an empty lake.

    subject: the account where the cycle starts and ends; others: the accounts between, in order.
    parameters: min_hops, max_hops, span (timedelta), loss (share), carried (share of the first payment),
    hop_share (of the payment before), strict (1 when times must rise), floor (fen), max_steps (of one
    search). Which of many cycles are told: `detect.kernels.cycles`.
    """
    money = facts.money
    outs = money.outs
    bounds = CycleBounds(
        span=microseconds(parameters["span"]),
        share=1_000_000 - millionths(parameters["loss"]),
        carried=millionths(parameters["carried"]),
        hop_share=millionths(parameters["hop_share"]),
        strict=int(parameters["strict"]),
        shortest=int(parameters["min_hops"]),
        longest=int(parameters["max_hops"]),
        floor=int(parameters["floor"]),
        steps=int(parameters["max_steps"]),
    )
    room, payer = cycle_room(len(outs.at), len(outs.start) - 1, bounds.longest), outs.owners()
    count, cut = cycles(outs, np.argsort(outs.at, kind="stable"), payer, bounds, room)
    hits = []
    for path, length in zip(room.paths[:count].tolist(), room.lengths[:count].tolist(), strict=True):
        steps = path[:length]
        first, last = int(outs.amount[steps[0]]), int(outs.amount[steps[-1]])
        carried = int(outs.amount[steps].min())
        hits.append(
            Hit(
                subject=money.ref(int(payer[steps[0]])),
                score=graded(carried / max(first, last), 1 - parameters["loss"], 1.0),
                first_at=instant(outs.at[steps[0]]),
                last_at=instant(outs.at[steps[-1]]),
                values={"hops": length, "first_fen": first, "last_fen": last, "carried_fen": carried},
                rows=money.rows(int(outs.event[step]) for step in steps),
                others=tuple(money.ref(int(outs.peer[step])) for step in steps[:-1]),
            )
        )
    said = f"F10 ended the search of {cut} starts after {parameters['max_steps']} steps each."
    return DetectorResult(in_order(hits), (said,) if cut else ())
