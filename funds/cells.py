"""Layers of money in one pool of cells: a chain of (owner, fen) a ledger and a transfer under way."""

from typing import Any, NamedTuple

import numpy as np

from graph.compiled import uncounted
from graph.contract import Ints

OWN, UNKNOWN, FIRST_VICTIM = 0, 1, 2
"""Owners; victims follow. Unknown money came through a gap; the methods handle it like `own`."""
FREE, PARTS, LOGGED, SPARE = 0, 1, 2, 3
"""Places in `Cells.used`."""
AFTER, BEFORE, OWNER, FEN = 0, 1, 2, 3
WEIGHT, REST = 0, 1
HEAD, TAIL, LENGTH, TRACED = 0, 1, 2, 3
L_OWNER, L_ENTRY, L_WHAT, L_FEN = 0, 1, 2, 3
MOVED = -1
"""What a log row tells when the money went to the event's payee; else a code of SINKS."""


class Cells(NamedTuple):
    """State of one trace; chains of ledgers come first, behind them room for those of transfers under way.

    cell: AFTER, BEFORE, OWNER, FEN of each. chain: HEAD, TAIL (-1: none), LENGTH and TRACED, its fen that are
    not `own`; older money is nearer the head. part: what was last taken, older first: OWNER, FEN, in other
    columns room for shares: WEIGHT, REST. log: L_OWNER, L_ENTRY, L_WHAT (MOVED or a sink), L_FEN of each move
    that is not `own`. free, spare: stacks of cells and of chains for transfers. way:
    of each event, its chain while under way, else 0. spot: of each owner, room for a cell.
    """

    cell: Ints
    chain: Ints
    part: Ints
    log: Ints
    free: Ints
    spare: Ints
    way: Ints
    used: Ints
    spot: Ints


def empty_cells(ledgers: int, events: int, owners: int, room: int, log: int) -> Cells:
    """State before anything moved; room: cells, and transfers that can be under way; log: log rows."""
    return Cells(
        cell=np.zeros((room, 4), dtype=np.int64),
        chain=_no_chains(ledgers + room),
        part=np.zeros((room, 4), dtype=np.int64),
        log=np.zeros((log, 4), dtype=np.int64),
        free=np.arange(room, dtype=np.int64)[::-1].copy(),
        spare=np.arange(ledgers, ledgers + room, dtype=np.int64)[::-1].copy(),
        way=np.zeros(events, dtype=np.int64),
        used=np.array([room, 0, 0, room], dtype=np.int64),
        spot=np.full(owners, -1, dtype=np.int64),
    )


def _no_chains(count: int) -> Ints:
    ends = np.full((count, 4), -1, dtype=np.int64)
    ends[:, LENGTH] = ends[:, TRACED] = 0
    return ends


def larger(cells: Cells) -> Cells:
    """The same state with twice the cells and an empty log of twice the rows."""
    room, chains = len(cells.cell), len(cells.chain)
    used = cells.used.copy()
    free, spare = (
        np.concatenate([np.arange(first, first + room, dtype=np.int64)[::-1], stack])
        for first, stack in ((room, cells.free), (chains, cells.spare))
    )
    used[[FREE, SPARE]] += room
    used[LOGGED] = 0
    more = np.zeros((room, 4), dtype=np.int64)
    return cells._replace(
        cell=np.concatenate([cells.cell, more]),
        part=np.concatenate([cells.part, more]),
        log=np.zeros((2 * len(cells.log), 4), dtype=np.int64),
        chain=np.concatenate([cells.chain, _no_chains(room)]),
        free=free,
        spare=spare,
        used=used,
    )


@uncounted
def append(s: Any, chain: int, owner: int, fen: int) -> None:
    """Put fen behind the newest layer, into it if it has the same owner."""
    if owner != OWN:
        s.chain[chain, TRACED] += fen
    last = s.chain[chain, TAIL]
    if last >= 0 and s.cell[last, OWNER] == owner:
        s.cell[last, FEN] += fen
        return
    s.used[FREE] -= 1
    cell = s.free[s.used[FREE]]
    s.cell[cell, OWNER], s.cell[cell, FEN] = owner, fen
    s.cell[cell, BEFORE], s.cell[cell, AFTER] = last, -1
    if last >= 0:
        s.cell[last, AFTER] = cell
    else:
        s.chain[chain, HEAD] = cell
    s.chain[chain, TAIL] = cell
    s.chain[chain, LENGTH] += 1


@uncounted
def lower(s: Any, chain: int, cell: int, fen: int) -> None:
    """Take fen out of a cell; an empty cell leaves its chain."""
    if s.cell[cell, OWNER] != OWN:
        s.chain[chain, TRACED] -= fen
    s.cell[cell, FEN] -= fen
    if s.cell[cell, FEN] > 0:
        return
    older, newer = s.cell[cell, BEFORE], s.cell[cell, AFTER]
    if older >= 0:
        s.cell[older, AFTER] = newer
    else:
        s.chain[chain, HEAD] = newer
    if newer >= 0:
        s.cell[newer, BEFORE] = older
    else:
        s.chain[chain, TAIL] = older
    s.free[s.used[FREE]] = cell
    s.used[FREE] += 1
    s.chain[chain, LENGTH] -= 1


@uncounted
def empty(s: Any, chain: int) -> None:
    """Give back all cells of a chain."""
    cell = s.chain[chain, HEAD]
    while cell >= 0:
        s.free[s.used[FREE]] = cell
        s.used[FREE] += 1
        cell = s.cell[cell, AFTER]
    s.chain[chain, HEAD] = s.chain[chain, TAIL] = -1
    s.chain[chain, LENGTH] = s.chain[chain, TRACED] = 0


@uncounted
def part(s: Any, owner: int, fen: int) -> None:
    """Add to what is in the hand, newer than what is there."""
    n = s.used[PARTS]
    s.part[n, OWNER], s.part[n, FEN] = owner, fen
    s.used[PARTS] = n + 1


@uncounted
def only_part(s: Any, owner: int, fen: int) -> None:
    """Have nothing but this in the hand."""
    s.used[PARTS] = 0
    part(s, owner, fen)


@uncounted
def lift(s: Any, chain: int) -> None:
    """Take a whole chain into the hand."""
    s.used[PARTS] = 0
    cell = s.chain[chain, HEAD]
    while cell >= 0:
        part(s, s.cell[cell, OWNER], s.cell[cell, FEN])
        cell = s.cell[cell, AFTER]
    empty(s, chain)


@uncounted
def send(s: Any, event: int) -> None:
    """Let what is in the hand be under way."""
    s.used[SPARE] -= 1
    s.way[event] = s.spare[s.used[SPARE]]
    lay(s, s.way[event])


@uncounted
def arrive(s: Any, event: int) -> None:
    """Take into the hand what is under way."""
    lift(s, s.way[event])
    s.spare[s.used[SPARE]] = s.way[event]
    s.used[SPARE] += 1
    s.way[event] = 0


@uncounted
def lay(s: Any, chain: int) -> None:
    """Put what is in the hand on a chain as newest layers, in its order."""
    for n in range(s.used[PARTS]):
        append(s, chain, s.part[n, OWNER], s.part[n, FEN])


@uncounted
def pour(s: Any, chain: int) -> None:
    """Put what is in the hand on a chain that has one cell an owner; an owner new there comes last."""
    cell = s.chain[chain, HEAD]
    while cell >= 0:
        s.spot[s.cell[cell, OWNER]] = cell
        cell = s.cell[cell, AFTER]
    for n in range(s.used[PARTS]):
        owner, fen = s.part[n, OWNER], s.part[n, FEN]
        cell = s.spot[owner]
        if cell < 0:
            append(s, chain, owner, fen)
            s.spot[owner] = s.chain[chain, TAIL]
        else:
            s.cell[cell, FEN] += fen
            if owner != OWN:
                s.chain[chain, TRACED] += fen
    cell = s.chain[chain, HEAD]
    while cell >= 0:
        s.spot[s.cell[cell, OWNER]] = -1
        cell = s.cell[cell, AFTER]


@uncounted
def log(s: Any, entry: int, what: int) -> bool:
    """Write down what is in the hand and not `own`; whether there was any."""
    some = False
    for n in range(s.used[PARTS]):
        if s.part[n, OWNER] != OWN:
            row = s.used[LOGGED]
            s.log[row, L_OWNER], s.log[row, L_ENTRY] = s.part[n, OWNER], entry
            s.log[row, L_WHAT], s.log[row, L_FEN] = what, s.part[n, FEN]
            s.used[LOGGED] = row + 1
            some = True
    return some


@uncounted
def lying(s: Any, ledgers: int, lines: Any) -> None:
    """Fill owner, ledger, fen of every cell that lies on a ledger."""
    row = 0
    for ledger in range(ledgers):
        cell = s.chain[ledger, HEAD]
        while cell >= 0:
            lines[row, 0], lines[row, 1], lines[row, 2] = s.cell[cell, OWNER], ledger, s.cell[cell, FEN]
            row += 1
            cell = s.cell[cell, AFTER]
