"""F09: a sum handed on from account to account in short waits (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.paths import PathBounds, chains
from detect.kernels.room import path_room
from detect.money import instant, microseconds, millionths


def layering_chain(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Longest chains, each starting with a payment no earlier chain has used; nothing on an empty lake.

    subject: the first account that receives and passes on; others: the accounts behind it, in order.
    parameters: min_hops, max_hops, wait (timedelta), share, floor (fen), max_steps (of one search).
    """
    money = facts.money
    outs = money.outs
    least = int(parameters["min_hops"])
    bounds = PathBounds(
        wait=microseconds(parameters["wait"]),
        share=millionths(parameters["share"]),
        shortest=least,
        longest=int(parameters["max_hops"]),
        floor=int(parameters["floor"]),
        steps=int(parameters["max_steps"]),
    )
    room = path_room(len(outs.at), bounds.longest)
    count, cut = chains(outs, np.argsort(outs.at, kind="stable"), outs.owners(), bounds, room)
    hits = []
    for path, length in zip(room.paths[:count].tolist(), room.lengths[:count].tolist(), strict=True):
        steps = path[:length]
        carriers = [int(outs.peer[step]) for step in steps if outs.peer[step] < len(money.accounts)]
        hits.append(
            Hit(
                subject=money.ref(carriers[0]),
                score=graded(length, least, 2 * least),
                first_at=instant(outs.at[steps[0]]),
                last_at=instant(outs.at[steps[-1]]),
                values={
                    "hops": length,
                    "first_fen": int(outs.amount[steps[0]]),
                    "last_fen": int(outs.amount[steps[-1]]),
                },
                rows=money.rows(int(outs.event[step]) for step in steps),
                others=tuple(money.ref(carrier) for carrier in carriers[1:]),
            )
        )
    said = f"F09 ended the search of {cut} starts after {parameters['max_steps']} steps each."
    return DetectorResult(in_order(hits), (said,) if cut else ())
