"""Why nodes are connected: the ways between two of them, and what several have in common."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from cases.access import Action, Context, Subject, Target
from cases.lines import Line, summed
from cases.reading import Permit, permitted
from graph.connect import GraphEngine
from graph.contract import Direction, Node, Ref, Route, SharedNeighbours
from graph.lake.home import LakeHome

_MOST_ACCOUNTS = 50
"""Accounts of one holder from which money is followed."""
_ACCOUNTS_OF = {"Person": "HOLDS", "Organization": "HOLDS", "Card": "CARD_OF"}


class WayKind(StrEnum):
    """What a way is best at."""

    SHORTEST = "shortest"  # fewest relations of any kind, direction ignored
    EARLIEST = "earliest"  # along payments, each after the one before; arrives first
    STRONGEST = "strongest"  # along payments, whose smallest sum is largest


@dataclass(frozen=True, slots=True)
class Way:
    """One way: `nodes` in order and, for each step, its lines with the rows behind them.

    back: money goes from the second node to the first. weakest_fen: the smallest sum of a step of money.
    truncated: a limit cut the search or the rows; an empty way with it means “not known”, not “none”.
    """

    kind: WayKind
    back: bool = False
    nodes: tuple[Node, ...] = ()
    steps: tuple[tuple[Line, ...], ...] = ()
    weakest_fen: int | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, under which case, over which home and engine."""

    home: LakeHome
    engine: GraphEngine
    subject: Subject
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Instants between which payments count (None: open); strict: each is later than the one before."""

    since: datetime | None = None
    until: datetime | None = None
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Connections:
    """The ways between two nodes; `accounts` is how many accounts of each money was followed between."""

    ways: tuple[Way, ...]
    accounts: tuple[int, int]


def connections(reader: Reader, one: Ref, other: Ref, window: Window, now: datetime) -> Connections:
    """All ways between two nodes, those that were not found too (without nodes); NotPermitted when refused.

    Money is followed between the accounts of persons, units and cards. The shortest way knows no window.
    """
    with _permit(reader, (one, other), now) as permit:
        engine = reader.engine
        ways = [_shortest(engine, one, other)]
        mine, theirs = _accounts(engine, one), _accounts(engine, other)
        if mine and theirs:
            for back, (starts, ends) in enumerate(((mine, theirs), (theirs, mine))):
                first = engine.earliest_route(starts, ends, window.since, window.until, window.strict)
                ways.append(_way(WayKind.EARLIEST, bool(back), first))
                best = engine.strongest_route(starts, ends, window.since, window.until)
                ways.append(_way(WayKind.STRONGEST, bool(back), best))
        permit.objects = list(dict.fromkeys(node.ref for way in ways for node in way.nodes))
        permit.rows = sum(len(line.rows) for way in ways for step in way.steps for line in step)
    return Connections(tuple(ways), (len(mine), len(theirs)))


def common_neighbours(
    reader: Reader, refs: Sequence[Ref], least: int, now: datetime, limit: int = 100
) -> SharedNeighbours:
    """What at least `least` of `refs` are linked to (`View.shared_neighbours`); NotPermitted when refused."""
    with _permit(reader, refs, now) as permit:
        found = reader.engine.shared_neighbours(refs, least, limit)
        permit.objects = [one.node.ref for one in found.found]
        permit.rows = len(found.found)
    return found


def _permit(reader: Reader, refs: Sequence[Ref], now: datetime) -> AbstractContextManager[Permit]:
    context = Context(case=reader.case, purpose="why connected")
    return permitted(
        reader.home, reader.subject, Action.VIEW, Target("connections"), context, now, tuple(refs)
    )


def _shortest(engine: GraphEngine, one: Ref, other: Ref) -> Way:
    found = engine.paths(one, other)
    refs = [node.ref for node in found.nodes]
    lines = summed(found.edges)
    steps = tuple(
        tuple(line for line in lines if {line.start, line.end} == {here, there})
        for here, there in pairwise(refs)
    )
    return Way(WayKind.SHORTEST, False, found.nodes, steps, None, found.truncated)


def _way(kind: WayKind, back: bool, route: Route) -> Way:
    steps = tuple(summed(step) for step in route.steps)
    return Way(kind, back, route.nodes, steps, route.weakest_fen, route.truncated)


def _accounts(engine: GraphEngine, ref: Ref) -> list[Ref]:
    if ref.type == "Account":
        return [ref]
    relation = _ACCOUNTS_OF.get(ref.type)
    if relation is None:
        return []
    found = engine.neighbours(ref, relation, Direction.OUT, limit=_MOST_ACCOUNTS)
    return [node.ref for node in found.nodes if node.ref.type == "Account"]
