"""A traced case as a layered flow: victims, account levels and ends, and the links between them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import polars as pl

from funds.cells import FIRST_VICTIM
from funds.events import FOLLOWED, SINKS
from funds.methods import Traced
from funds.parts import NOWHERE, VICTIM, lying_at, of_currency, parts_of, under_way
from funds.trace_levels import account_levels

Kind = Literal["victim", "account", "sink"]
Point = tuple[Kind, str]
"""A victim's name, an account's key or the name of a sink: the identity of a node."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One node. column: 0 victims, a level, the last for sinks. level: None without a counting transfer.

    received, sent: fen over its links, those back included. held: fen that lay there. Times in us.
    """

    point: Point
    column: int
    level: int | None
    received_fen: int
    sent_fen: int
    held_fen: int
    first_at: int | None
    last_at: int | None
    followed: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """Traced money between two nodes: the sum, what each movement (by number) carried, first and last time.

    back: to the same or an earlier column, so no layered drawing can show it as a band.
    """

    start: Point
    end: Point
    fen: int
    carried: tuple[tuple[int, int], ...]
    first_at: int
    last_at: int
    back: bool

    @property
    def count(self) -> int:
        """How many movements carried it."""
        return len(self.carried)

    @property
    def events(self) -> tuple[int, ...]:
        """The movements that carried it."""
        return tuple(event for event, _ in self.carried)


@dataclass(frozen=True, slots=True)
class Flow:
    """paid = held + ended + under way, for conserving methods. stops: by column, then fen, then point."""

    method: str
    currency: str
    paid_fen: int
    under_way_fen: int
    stops: tuple[Stop, ...]
    links: tuple[Link, ...]

    @property
    def held_fen(self) -> int:
        """What lay on accounts."""
        return sum(stop.held_fen for stop in self.stops)

    @property
    def ended_fen(self) -> int:
        """What left for good."""
        return sum(stop.received_fen for stop in self.stops if stop.point[0] == "sink")

    @property
    def conserved(self) -> bool:
        """Whether sums may be added up: poison's are bounds."""
        return self.method != "poison"


def flow_of(traced: Traced, currency: str = "CNY", share: float = 0.01, until: int | None = None) -> Flow:
    """The flow of a trace in one currency; share: of `account_levels`; no claims give no stops.

    until: only what had happened by then (us), with positions of that instant, under the whole trace's
    levels; not for poison, whose bounds know no instants before the last.
    """
    claims, ledgers = traced.claims, traced.ledgers
    parts = of_currency(parts_of(traced), claims, currency)
    level = _levels(traced, parts, share)
    if until is None:
        held = _by_ledger(traced.held.filter(pl.col("owner").is_in(parts["owner"].unique().implode())))
        moving = 0
    else:
        held, moving = _by_ledger(lying_at(parts, until)), under_way(parts, until)
        parts = parts.filter(pl.col("leaves") <= until)
    columns = _columns(parts, level)
    sums: dict[tuple[Point, Point], list[tuple[int, int, int]]] = defaultdict(list)
    for owner, event, start, end, sink, fen, at in parts.select(
        "owner", "event", "start", "end", "sink", "fen", "at"
    ).iter_rows():
        way: list[Point] = [
            ("victim", claims.victims[owner - FIRST_VICTIM])
            if start == VICTIM
            else _account(ledgers.accounts, start)
        ]
        if end != NOWHERE:
            way.append(_account(ledgers.accounts, end))
        if sink != FOLLOWED:
            way.append(("sink", SINKS[sink]))
        for pair in pairwise(way):
            sums[pair].append((event, fen, at))
    column = {_account(ledgers.accounts, one): place for one, place in columns.items()}
    last = max([0, *columns.values()]) + 1
    links = _links(sums, column, last)
    facts = {
        _account(ledgers.accounts, one): (level.get(one), held.get(one, 0), bool(ledgers.followed[one]))
        for one in columns
    }
    paid = int(parts.filter(pl.col("start") == VICTIM)["fen"].sum())
    return Flow(traced.method, currency, paid, moving, _stops(links, column, last, facts), links)


def _account(accounts: pl.Series, ledger: int) -> Point:
    return ("account", str(accounts[ledger]))


def _levels(traced: Traced, parts: pl.DataFrame, share: float) -> dict[int, int]:
    """Ledger -> its least level over the victims told of."""
    every = account_levels(traced, share)
    mine = every.filter(pl.col("owner").is_in(parts["owner"].unique().implode()))
    return dict(mine.group_by("ledger").agg(pl.col("level").min()).iter_rows())


def _by_ledger(held: pl.DataFrame) -> dict[int, int]:
    return dict(held.group_by("ledger").agg(pl.col("fen").sum()).iter_rows())


def _columns(parts: pl.DataFrame, level: Mapping[int, int]) -> dict[int, int]:
    """Ledger -> column: its level; without one, a column behind the foremost account that paid it."""
    pairs = parts.select("start", "end").filter(pl.col("end") != NOWHERE).unique().sort("start", "end")
    ways: dict[int, list[int]] = defaultdict(list)
    for start, end in pairs.iter_rows():
        ways[start].append(end)
    named = set(parts["start"].to_list()) | set(pairs["end"].to_list())
    found = {one: level[one] for one in named if one in level}
    front: dict[int, set[int]] = defaultdict(set)
    for one, place in found.items():
        front[place].add(one)
    front[0].add(VICTIM)
    place = 0
    while any(at >= place for at in front):
        for one in sorted(front.pop(place, ())):
            for other in ways[one]:
                if other not in found:
                    found[other] = place + 1
                    front[place + 1].add(other)
        place += 1
    return {one: found.get(one, 1) for one in named if one >= 0}


def _links(
    sums: Mapping[tuple[Point, Point], list[tuple[int, int, int]]], column: Mapping[Point, int], last: int
) -> tuple[Link, ...]:
    def place(point: Point) -> int:
        return 0 if point[0] == "victim" else last if point[0] == "sink" else column[point]

    links = [
        Link(
            start,
            end,
            sum(fen for _, fen, _ in lines),
            _by_event(lines),
            min(at for _, _, at in lines),
            max(at for _, _, at in lines),
            place(end) <= place(start),
        )
        for (start, end), lines in sums.items()
    ]
    return tuple(sorted(links, key=lambda one: (place(one.start), -one.fen, one.start, one.end)))


def _by_event(lines: Iterable[tuple[int, int, int]]) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = defaultdict(int)
    for event, fen, _ in lines:
        found[event] += fen
    return tuple(sorted(found.items()))


def _stops(
    links: Iterable[Link],
    column: Mapping[Point, int],
    last: int,
    facts: Mapping[Point, tuple[int | None, int, bool]],
) -> tuple[Stop, ...]:
    into: dict[Point, list[Link]] = defaultdict(list)
    out: dict[Point, list[Link]] = defaultdict(list)
    for link in links:
        out[link.start].append(link)
        into[link.end].append(link)
    stops = []
    for point in into.keys() | out.keys():
        level, held, followed = facts.get(point, (None, 0, True))
        near = into[point] or out[point]
        stops.append(
            Stop(
                point,
                0 if point[0] == "victim" else last if point[0] == "sink" else column[point],
                level,
                sum(link.fen for link in into[point]),
                sum(link.fen for link in out[point]),
                held,
                min(link.first_at for link in near),
                max(link.last_at for link in [*into[point], *out[point]]),
                followed,
            )
        )
    return tuple(sorted(stops, key=lambda one: (one.column, -max(one.received_fen, one.sent_fen), one.point)))


def towards(flow: Flow, point: Point) -> tuple[Flow, int]:
    """The ways by which money came to a point, and the fen of all links left out beside them.

    A link kept carries all that moved there, not only what reached the point. An unknown point leaves none.
    """
    before: dict[Point, set[Point]] = defaultdict(set)
    for link in flow.links:
        before[link.end].add(link.start)
    reached, front = {point}, [point]
    while front:
        fresh = before[front.pop()] - reached
        reached |= fresh
        front += sorted(fresh)
    kept = tuple(link for link in flow.links if link.end in reached)
    named = {end for link in kept for end in (link.start, link.end)}
    stops = tuple(stop for stop in flow.stops if stop.point in named)
    left_out = sum(link.fen for link in flow.links) - sum(link.fen for link in kept)
    return replace(flow, stops=stops, links=kept), left_out
