"""Books every event on both sides: own-side times, serials of each bank, running balances that are true."""

from dataclasses import dataclass

import numpy as np

from simulate.accounts import World
from simulate.events import DONE, FAILED, REVERSAL, Events
from simulate.identifiers import Bools, Ints
from simulate.names import REPORTING_BANKS

OUT, IN = 0, 1


@dataclass(slots=True)
class Ledger:
    """One entry a booked row in each array, ordered by bank, time and serial; outside accounts have none.

    event: index into the events; account, peer: account index (peer -1: none); side: OUT or IN; at:
    own-side local
    second; delta_fen: effect on the balance (0 for failed); balance_fen: after the row; serial:
    running number
    inside the bank; written: False where the bank failed to deliver the row.
    """

    event: Ints
    account: Ints
    peer: Ints
    side: Ints
    at: Ints
    delta_fen: Ints
    balance_fen: Ints
    serial: Ints
    bank: Ints
    written: Bools
    opening_fen: Ints  # per account


def book_rows(world: World, book: Events, opening: dict[int, int]) -> Ledger:
    """Book the events; `opening` fixes the first balance of some accounts, others get one that never
    goes negative."""
    rng = world.settings.stream("ledger")
    reporting = world.accounts.bank < REPORTING_BANKS
    known = np.concatenate([reporting, [False]])
    index = np.arange(len(book), dtype=np.int64)
    out = index[known[book.payer]]
    into = index[known[book.payee] & (book.state == DONE)]
    same_bank = world.accounts.bank[np.maximum(book.payer[into], 0)] == world.accounts.bank[book.payee[into]]
    slowest = np.select([same_bank, book.ring[into] >= 0], [2, 20], default=60)
    lag = np.where(book.payer[into] < 0, 0, 1 + rng.integers(0, 60, len(into)) % slowest)
    event = np.concatenate([into, out])
    side = np.repeat(np.array([IN, OUT], dtype=np.int64), [len(into), len(out)])
    account = np.concatenate([book.payee[into], book.payer[out]])
    peer = np.concatenate([book.payer[into], book.payee[out]])
    at = np.concatenate([book.at[into] + lag, book.at[out]])
    sign = np.where(
        side == IN,
        1,
        np.where(book.state[event] == FAILED, 0, np.where(book.state[event] == REVERSAL, 1, -1)),
    )
    delta = sign * book.amount_fen[event]
    balance, opened = _balances(world, rng, account, at, delta, opening)
    bank = world.accounts.bank[account]
    order = np.lexsort((np.arange(len(event)), at, bank))
    event, side, account, peer, at = event[order], side[order], account[order], peer[order], at[order]
    first = np.searchsorted(bank[order], np.arange(REPORTING_BANKS))
    serial = np.arange(len(event)) - first[bank[order]]
    written = _delivered(world, rng, book, event)
    return Ledger(
        event, account, peer, side, at, delta[order], balance[order], serial, bank[order], written, opened
    )


def _balances(
    world: World, rng: np.random.Generator, account: Ints, at: Ints, delta: Ints, opening: dict[int, int]
) -> tuple[Ints, Ints]:
    """Balance after each row and opening balance of each account; rows come credits first."""
    order = np.lexsort((np.arange(len(account)), at, account))
    running = np.cumsum(delta[order])
    sorted_account = account[order]
    owners, first = np.unique(sorted_account, return_index=True)
    before = np.where(first > 0, running[first - 1], 0)
    lengths = np.diff(np.append(first, len(order)))
    running = running - np.repeat(before, lengths)
    lowest = np.minimum.reduceat(running, first) if len(first) else running
    opened = np.zeros(world.accounts.count, dtype=np.int64)
    spare = np.exp(6.5 + 1.4 * rng.standard_normal(len(owners)))
    opened[owners] = np.maximum(0, -lowest) + (spare * 100).astype(np.int64)
    for owner, amount in sorted(opening.items()):
        opened[owner] = amount
    missing = np.minimum(0, lowest + opened[owners])
    opened[owners] -= missing
    balance = np.empty_like(running)
    balance[order] = running + np.repeat(opened[owners], lengths)
    return balance, opened


def _delivered(world: World, rng: np.random.Generator, book: Events, event: Ints) -> Bools:
    """Rows that reach the sheets; a row may be lost only where the other side's row is delivered."""
    sides = np.bincount(event, minlength=len(book))
    lost = (sides[event] == 2) & (rng.random(len(event)) < world.settings.noise.missing_row_share)
    losses = np.bincount(event[lost], minlength=len(book))
    written: Bools = ~(lost & (losses[event] == 1))
    return written


def serial_of_events(ledger: Ledger, count: int) -> tuple[Ints, Ints]:
    """Bank and serial that name each event: the payer's side if delivered, else the payee's; -1 for none."""
    bank, serial = np.full(count, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    for side in (IN, OUT):
        rows = np.flatnonzero((ledger.side == side) & ledger.written)
        bank[ledger.event[rows]], serial[ledger.event[rows]] = ledger.bank[rows], ledger.serial[rows]
    return bank, serial
