"""A layered flow made small enough to read: small nodes fold into one a column, money back into a mark."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from funds.flow import Flow, Link, Point, Stop

READABLE = 40
Group = Literal["stop", "more", "returns"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One node as drawn. group: a stop alone, `more` (folded stops) or `returns` (money back to other stops).

    stops: what it stands for; of `returns`, where the money went back to.
    """

    group: Group
    column: int
    stops: tuple[Stop, ...]

    @property
    def id(self) -> tuple[str, ...]:
        """What it is called: stable while the same node is drawn."""
        if self.group == "stop":
            return ("stop", *self.stops[0].point)
        return (self.group, str(self.column), self.stops[0].point[0] if self.group == "more" else "")


@dataclass(frozen=True, slots=True)
class Band:
    """One drawn link, always to a later column; links: what it stands for."""

    start: Drawn
    end: Drawn
    links: tuple[Link, ...]

    @property
    def fen(self) -> int:
        """Their sum."""
        return sum(link.fen for link in self.links)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart draws: every link of the flow is in exactly one band."""

    nodes: tuple[Drawn, ...]
    bands: tuple[Band, ...]

    @property
    def folded(self) -> int:
        """How many stops stand in `more` nodes."""
        return sum(len(node.stops) for node in self.nodes if node.group == "more")


def picture_of(flow: Flow, most: int = READABLE, keep: Collection[Point] = ()) -> Picture:
    """Draw at most about `most` nodes: all sinks, then the greatest; the rest is folded a column and kind.

    keep: drawn whatever their sums. A fold of one is drawn as itself. A link to the same or an earlier
    column ends in a mark `returns` one column behind its start; so two stops of one fold never paid each
    other by a band. No stops give no nodes.
    """
    home = _folded(flow, most, frozenset(keep))
    fixed = {stop.point: stop for stop in flow.stops}
    back: dict[int, set[Point]] = defaultdict(set)
    for link in flow.links:
        if link.back:
            back[home[link.start].column + 1].add(link.end)
    marks = {
        column: Drawn(
            "returns", column, tuple(sorted((fixed[p] for p in points), key=lambda s: (s.column, s.point)))
        )
        for column, points in back.items()
    }
    grouped: dict[tuple[Drawn, Drawn], list[Link]] = defaultdict(list)
    for link in flow.links:
        start = home[link.start]
        grouped[start, marks[start.column + 1] if link.back else home[link.end]].append(link)
    bands = [Band(start, end, tuple(links)) for (start, end), links in grouped.items()]
    nodes = {*home.values(), *marks.values()}
    order = {"stop": 0, "more": 1, "returns": 2}
    return Picture(
        tuple(sorted(nodes, key=lambda n: (n.column, order[n.group], -_weight(n.stops[0]), n.id))),
        tuple(sorted(bands, key=lambda b: (b.start.column, -b.fen, b.start.id, b.end.id))),
    )


def _weight(stop: Stop) -> int:
    return max(stop.received_fen, stop.sent_fen, stop.held_fen)


def _folded(flow: Flow, most: int, keep: frozenset[Point]) -> dict[Point, Drawn]:
    """Point -> the node it is drawn in."""
    sinks = [stop for stop in flow.stops if stop.point[0] == "sink"]
    others = [stop for stop in flow.stops if stop.point[0] != "sink"]
    room = len(others)
    if len(flow.stops) > most:
        columns = len({stop.column for stop in others})
        room = max(columns, most - len(sinks) - columns, sum(stop.point in keep for stop in others))
    chosen = sorted(
        others,
        key=lambda s: (
            s.point not in keep, s.level is None and s.point[0] == "account", -_weight(s), s.point
        ),
    )  # fmt: skip
    home = {stop.point: Drawn("stop", stop.column, (stop,)) for stop in [*sinks, *chosen[:room]]}
    rest: dict[int, list[Stop]] = defaultdict(list)
    for stop in chosen[room:]:
        rest[stop.column].append(stop)
    for column, stops in rest.items():
        drawn = Drawn("more" if len(stops) > 1 else "stop", column, tuple(stops))
        home |= {stop.point: drawn for stop in stops}
    return home
