"""The tracer follows money first in first out, to the fen."""

from collections import defaultdict

import numpy as np

from simulate.events import DONE
from simulate.ledger import IN
from simulate.play import play
from simulate.settings import Settings
from simulate.tracing import OWN, Tracer, trace

A, B, C = 1, 2, 3


def test_the_example_of_domain_7_1_comes_out_as_printed() -> None:
    tracer = Tracer({0: 1_000_000, 1: 600_000})
    tracer.carried[10] = [(0, 1_000_000)]
    tracer.credit(10, 90, A, 1_000_000, 100_000, 900)
    tracer.credit(11, 91, A, 400_000, 1_100_000, 910)
    tracer.debit(12, A, 800_000, -1)
    assert tracer.carried[12] == [(OWN, 100_000), (0, 700_000)]
    tracer.carried[13] = [(1, 600_000)]
    tracer.credit(13, 92, A, 600_000, 700_000, 940)
    tracer.debit(14, A, 900_000, -1)
    assert tracer.carried[14] == [(0, 300_000), (OWN, 400_000), (1, 200_000)]
    assert list(tracer.layers[A]) == [(1, 400_000)]


def test_level_is_one_more_than_the_least_level_before_and_small_parts_do_not_count() -> None:
    tracer = Tracer({0: 1_000_000})
    for event, payer, payee, fen in ((1, 90, A, 1_000_000), (2, A, B, 900_000), (3, B, C, 9_000)):
        tracer.carried[event] = [(0, fen)]
        tracer.credit(event, payer, payee, fen, 0, event)
    assert tracer.flows.level == {A: 1, B: 2}
    assert tracer.flows.received[(0, C)] == [9_000, 3]


def test_a_small_world_agrees_with_a_fen_by_fen_replay() -> None:
    """Replays all ledgers from the start with plain lists of (owner, fen), without any short cut."""
    played = play(Settings(accounts=1_000, rings=1, seed=6), lambda _: None)
    ledger, events = played.ledger, played.events
    layers: dict[int, list[list[int]]] = defaultdict(list)
    for account, opening in enumerate(ledger.opening_fen.tolist()):
        layers[account].append([OWN, opening])
    rows = np.flatnonzero(events.state[ledger.event] == DONE)
    rows = rows[np.lexsort((rows, 1 - ledger.side[rows], ledger.at[rows]))]
    moving: dict[int, list[list[int]]] = {}
    received: dict[tuple[int, int], int] = defaultdict(int)
    arrives = set(ledger.event[ledger.side == IN].tolist())
    for row in rows.tolist():
        event, account = int(ledger.event[row]), int(ledger.account[row])
        amount, case = abs(int(ledger.delta_fen[row])), int(events.case[event])
        if ledger.side[row] == IN:
            parts = moving.pop(event, [[OWN, amount]])
            layers[account] += parts
            note(received, parts, account)
            continue
        parts = taken(layers[account], amount)
        moving[event] = [[case, amount]] if case >= 0 else parts
        if event not in arrives and ledger.peer[row] >= 0:
            note(received, moving.pop(event), int(ledger.peer[row]))
    flows = trace(events, ledger)
    assert flows.received and {key: entry[0] for key, entry in flows.received.items()} == dict(received)


def note(received: dict[tuple[int, int], int], parts: list[list[int]], account: int) -> None:
    """Add what victims' money arrived."""
    for owner, fen in parts:
        if owner != OWN:
            received[(owner, account)] += fen


def taken(layers: list[list[int]], amount: int) -> list[list[int]]:
    """Take the oldest fen."""
    parts = []
    while amount:
        if not layers:
            return [*parts, [OWN, amount]]
        used = min(amount, layers[0][1])
        if used:
            parts.append([layers[0][0], used])
        layers[0][1] -= used
        amount -= used
        if layers[0][1] == 0:
            layers.pop(0)
    return parts
