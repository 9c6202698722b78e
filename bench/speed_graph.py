"""The invented graph of bench.speed: power-law transfers in groups, with planted time cycles."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from detect.money import UNKNOWN, Money, Side
from graph.contract import EdgeTable, Ints

DAYS = 90
WINDOW_S = 72 * 3600
"""Window of all searches for patterns, seconds: the default of rule F10."""
EACH = 10
"""Transfers an account: those of the simulated sample, 20,000 accounts and 200,000 transfers."""
_GROUP = 60
_HOME_SHARE = 0.7
_SLOPE = 2.0
_A_CYCLE_PER = 1_000
_APART = 0.1
_SMALL = 6


class Transfers(NamedTuple):
    """Transfers by time: payer, payee (dense ids), at (seconds, closed 0..90 days), amount (fen)."""

    accounts: int
    payer: Ints
    payee: Ints
    at: Ints
    amount: Ints


def make(transfers: int, seed: int, each: int = EACH) -> Transfers:
    """An invented graph of `transfers` payments, one account for `each`; the same seed, the same graph.

    Seven in ten payments stay in a group of 60 accounts; within a group and among all, an account's share
    falls with a power of its place. The last tenth of accounts pays only in groups of six, so that there are
    many components. A cycle of 3 to 8 hops, each 0 to 2 % smaller and at most 8 hours after the one before,
    is planted for every 1,000 payments.
    """
    random = np.random.default_rng(seed)
    accounts = max(_GROUP, transfers // each)
    hops = random.integers(3, 9, transfers // _A_CYCLE_PER)
    free = transfers - int(hops.sum())
    payer = _placed(random, free, accounts)
    home = payer // _GROUP * _GROUP + (np.minimum(_GROUP, accounts) * random.random(free) ** _SLOPE).astype(
        np.int64
    )
    payee = np.where(random.random(free) < _HOME_SHARE, home % accounts, _placed(random, free, accounts))
    few = random.random(free) < _APART
    apart = accounts - int(accounts * _APART)
    payer, payee = payer % apart, payee % apart
    groups = max(1, (accounts - apart) // _SMALL)
    inside = apart + _SMALL * random.integers(0, groups, free)
    payer = np.where(few, np.minimum(inside + random.integers(0, _SMALL, free), accounts - 1), payer)
    payee = np.where(few, np.minimum(inside + random.integers(0, _SMALL, free), accounts - 1), payee)
    kept = payer != payee
    payer, payee = payer[kept], payee[kept]
    free = len(payer)
    at = random.integers(0, DAYS * 86_400, free)
    amount = np.exp(random.normal(11.5, 1.5, free)).astype(np.int64) + 100
    rings = [_ring(random, accounts - int(accounts * _APART), int(length)) for length in hops]
    columns = [
        np.concatenate([column, *(ring[place] for ring in rings)]) if rings else column
        for place, column in enumerate((payer, payee, at, amount))
    ]
    # Account numbers say nothing about place or group.
    names = random.permutation(accounts)
    columns[:2] = names[columns[0]], names[columns[1]]
    order = np.lexsort((columns[1], columns[0], columns[2]))
    return Transfers(accounts, *(column[order].astype(np.int64) for column in columns))


def _placed(random: np.random.Generator, count: int, accounts: int) -> Ints:
    """Accounts by a power law, its head spread over the groups."""
    rank = (accounts * random.random(count) ** _SLOPE).astype(np.int64)
    return rank * 7919 % accounts


def _ring(random: np.random.Generator, accounts: int, length: int) -> tuple[Ints, Ints, Ints, Ints]:
    members = random.choice(accounts, length, replace=False).astype(np.int64)
    waits = random.integers(60, 8 * 3600, length)
    at = int(random.integers(0, (DAYS - 3) * 86_400)) + np.cumsum(waits)
    amount = 50_000_00 * np.cumprod(1 - 0.02 * random.random(length))
    return members, np.roll(members, -1), at.astype(np.int64), amount.astype(np.int64)


def save(graph: Transfers, path: Path) -> None:
    """Write a graph where every contender reads it from."""
    np.savez(
        path, accounts=graph.accounts, payer=graph.payer, payee=graph.payee, at=graph.at, amount=graph.amount
    )


def read(path: Path) -> Transfers:
    """The graph of a file."""
    with np.load(path) as held:
        columns = (held[name] for name in ("payer", "payee", "at", "amount"))
        return Transfers(int(held["accounts"]), *columns)


def edge_table(graph: Transfers) -> EdgeTable:
    """The graph as our algorithms take it: one edge a payment, each of weight one."""
    return EdgeTable(graph.accounts, graph.payer, graph.payee, np.ones(len(graph.payer)))


def sides(graph: Transfers) -> tuple[Side, Side]:
    """The graph as our kernels take it: ins and outs by account and time, times in microseconds."""
    return _side(graph, graph.payee, graph.payer), _side(graph, graph.payer, graph.payee)


def _side(graph: Transfers, own: Ints, other: Ints) -> Side:
    event = np.arange(len(own))
    order = np.lexsort((event, graph.at, own))
    start = np.searchsorted(own[order], np.arange(graph.accounts + 1)).astype(np.int64)
    unknown = np.full(len(own), UNKNOWN)
    return Side(
        start,
        graph.at[order] * 1_000_000,
        graph.amount[order],
        other[order],
        other[order],
        unknown,
        event[order],
    )


def money(graph: Transfers) -> Money:
    """The graph as our rules take it; each account has its own holder, a transfer's row is its number."""
    ins, outs = sides(graph)
    event = np.arange(len(graph.at))
    return Money(
        accounts=pl.Series([f"{n:09d}" for n in range(graph.accounts)]),
        ins=ins,
        fed=ins,
        outs=outs,
        sources=("0" * 64,),
        proof=np.stack([event, np.full(len(event), -1)]),
        party_count=graph.accounts + 1,
        left_out_days=0,
    )
