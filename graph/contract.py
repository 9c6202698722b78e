"""The small promises an engine can keep, and the values they return."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.lake.digest import GraphDigest

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Promise(StrEnum):
    """What an engine may promise; `graph/connect.py` and the interface read the set before they ask."""

    VIEW = "view"
    ALGORITHMS = "algorithms"
    CYPHER = "cypher"
    SYNC = "sync"


class Direction(StrEnum):
    """Which way a relation is followed from a node."""

    OUT = "out"
    IN = "in"
    BOTH = "both"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Names one node: its type and natural key."""

    type: str
    key: str


@dataclass(frozen=True, slots=True)
class Node:
    """A node with its properties (nulls left out) and the source row it was first seen in."""

    ref: Ref
    properties: Mapping[str, Any]
    source: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation row: an event (with `event_key`, `at`) or an edge with validity; never summed.

    rows: the (source sha256, row) pairs that prove it.
    """

    relation: str
    start: Ref
    end: Ref
    properties: Mapping[str, Any]
    event_key: str | None = None
    at: datetime | None = None
    rows: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Expansion:
    """What lies behind one relation of a node, counted before anything is fetched."""

    relation: str
    direction: Direction
    other_type: str
    count: int
    others: int
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Nodes and relation rows; `truncated` says that a limit cut the answer."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A way along payments: `nodes` in order, and of each step the transfers that make it, in order of time.

    weakest_fen: the smallest sum of a step, None where there is no step. truncated: a limit cut the search,
    so that there may be a better way, or one at all; or it cut the rows of a step.
    """

    nodes: tuple[Node, ...] = ()
    steps: tuple[tuple[Edge, ...], ...] = ()
    weakest_fen: int | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class SharedLink:
    """How one relation links a shared neighbour to the nodes asked about, as seen from them.

    linked: how many of them; count: rows; amount_fen: their sum, None where the relation has no money.
    """

    relation: str
    direction: Direction
    linked: int
    count: int
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Shared:
    """A node linked to several of those asked about. others: all nodes it is linked to; hub: too many."""

    node: Node
    linked: int
    links: tuple[SharedLink, ...]
    others: int
    hub: bool


@dataclass(frozen=True, slots=True)
class SharedNeighbours:
    """Shared neighbours in order; `truncated` says that a limit cut the answer."""

    found: tuple[Shared, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class EdgeTable:
    """A weighted graph over dense ids 0..node_count-1, made exactly by dictionary encoding.

    source, target: int64 arrays of one length; weight: float64 > 0. Parallel edges add up; direction counts
    only where an algorithm says so.
    """

    node_count: int
    source: Ints
    target: Ints
    weight: Floats

    def __post_init__(self) -> None:
        """Refuse arrays that differ in length or point outside the nodes (ValueError)."""
        if not len(self.source) == len(self.target) == len(self.weight):
            raise ValueError("source, target and weight must have one length")
        for ends in (self.source, self.target):
            if len(ends) and (ends.min() < 0 or ends.max() >= self.node_count):
                raise ValueError("an edge points outside 0..node_count-1")


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Rows of a read-only query; `truncated` when the row cap cut them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False
    seconds: float = field(default=0.0, compare=False)


@runtime_checkable
class View(Protocol):
    """Look-ups. Every list has a stable order; limits are hard and their effect is said (`truncated`)."""

    def search(self, text: str, types: Sequence[str] = (), limit: int = 20) -> tuple[Node, ...]:
        """Nodes whose key, or a name or identifier property, equals or starts with `text`; exact hits first.

        Blank text gives nothing. Order: exact, prefix; then type in catalog order, key.
        """

    def get(self, ref: Ref) -> Node | None:
        """One node, None when there is none."""

    def nodes(self, refs: Sequence[Ref]) -> tuple[Node, ...]:
        """Those of the given nodes that there are, in the order given."""

    def expansions(self, ref: Ref) -> tuple[Expansion, ...]:
        """What can be expanded from a node: rows, distinct other ends and sum per relation and direction.

        Order: relation in catalog order, out before in, other type.
        """

    def expansions_of(self, refs: Sequence[Ref]) -> dict[Ref, tuple[Expansion, ...]]:
        """The expansions of many nodes at once; each ref is a key, in the order given."""

    def neighbours(
        self, ref: Ref, relation: str, direction: Direction = Direction.BOTH, limit: int = 100
    ) -> Subgraph:
        """Rows of one relation at a node with the nodes at the far ends, largest amount then latest first."""

    def paths(self, start: Ref, end: Ref, longest: int = 6) -> Subgraph:
        """All nodes and rows on one shortest path of at most `longest` relations, direction ignored.

        Ties: the path whose refs come first in order. No path gives an empty subgraph, `truncated` when the
        search was too wide to end.
        """

    def earliest_route(
        self,
        starts: Sequence[Ref],
        ends: Sequence[Ref],
        since: datetime | None = None,
        until: datetime | None = None,
        strict: bool = True,
    ) -> Route:
        """The way along transfers from one of `starts` that reaches one of `ends` first; accounts only.

        One transfer a step, each within [since, until] and later than the one before (strict) or not before
        it. An account is reached by its first possible transfer; of several at one instant the first event
        key counts. No way gives an empty route, an account in both lists one of that node.
        """

    def strongest_route(
        self,
        starts: Sequence[Ref],
        ends: Sequence[Ref],
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Route:
        """The way along transfers whose weakest step is strongest; accounts only, in whatever order of time.

        A step is all that one account paid the next within [since, until]. Ties: fewest steps, then the way
        whose refs come first in order. Empty and trivial routes as for `earliest_route`.
        """

    def shared_neighbours(self, refs: Sequence[Ref], least: int = 2, limit: int = 100) -> SharedNeighbours:
        """Nodes linked to at least `least` of `refs` (2 to 200 of them), whatever relation and direction.

        Those asked about are left out. Order: hubs last; then most linked, largest sum, ref. InputError when
        fewer than two or too many nodes are given.
        """

    def subgraph(self, refs: Sequence[Ref], limit: int = 5000) -> Subgraph:
        """The given nodes and all relation rows between them, ordered by relation, ends, time, key."""

    def edges(
        self, relation: str, since: datetime | None = None, until: datetime | None = None
    ) -> pl.DataFrame:
        """All rows of a relation in the catalog's columns, events within [since, until], sorted as stored."""

    def counts(self) -> dict[str, int]:
        """Rows per stored type, types without rows left out, in catalog order."""

    def digest(self) -> GraphDigest:
        """The graph digest of what this engine holds, computed from its own data."""


@runtime_checkable
class Algorithms(Protocol):
    """Graph algorithms on an EdgeTable: one array of length node_count each; same seed, same answer."""

    def components(self, edges: EdgeTable) -> Ints:
        """Weakly connected components, numbered 0.. by their smallest node id."""

    def strong_components(self, edges: EdgeTable) -> Ints:
        """Strongly connected components (each node reaches the others), numbered 0.. by smallest node id."""

    def communities(self, edges: EdgeTable, resolution: float = 1.0, seed: int = 0) -> Ints:
        """Leiden communities (undirected, weighted), numbered 0.. by their smallest node id."""

    def ranking(self, edges: EdgeTable, damping: float = 0.85, rounds: int | None = None) -> Floats:
        """Weighted, directed PageRank to 1e-9, summing to 1; mass of dangling nodes is spread evenly.

        rounds: stop after so many steps from the even vector, converged or not (the benchmark Graphalytics
        compares such vectors); NotSupportedByEngine where an engine steps otherwise.
        """

    def brokerage(self, edges: EdgeTable) -> Floats:
        """Betweenness on the undirected, unweighted simple graph; each pair of nodes counted once."""

    def core(self, edges: EdgeTable) -> Ints:
        """Core number of the undirected simple graph (self loops left out)."""

    def distances(self, edges: EdgeTable, start: int, weighted: bool = False) -> Floats:
        """Length of the shortest directed way from node `start` to each node; infinity where none leads.

        weighted: lengths are sums of weights, of parallel edges the least; else edges count 1. Both
        directions have to be in `edges` for undirected ways. ValueError when `start` is no node.
        """

    def clustering(self, edges: EdgeTable, directed: bool = False) -> Floats:
        """Share (0 to 1) of the pairs of a node's neighbours that are linked; 0 below two neighbours.

        The simple graph without self loops; neighbours count whichever way the edge runs. directed: ordered
        pairs count, each linked by an edge from the first to the second.
        """

    def spread_labels(self, edges: EdgeTable, rounds: int = 10) -> Ints:
        """Groups by label spreading: all nodes at once take the commonest label around them, ties the least.

        A node starts with its own id as label; a node linked in both directions counts twice. At most
        `rounds` steps. Deterministic; a label is the id of some node, not always one of the group.
        """

    def similarity(self, edges: EdgeTable, least: float = 0.1, top: int = 10) -> pl.DataFrame:
        """Jaccard similarity of out-neighbour sets: a, b (int64, a < b), similarity (float64) >= least.

        For each node its `top` most similar are kept, a pair once; order: similarity desc, a, b.
        """


@runtime_checkable
class Cypher(Protocol):
    """Read-only query text."""

    def query(
        self,
        text: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout_s: float = 30.0,
        row_limit: int = 10_000,
    ) -> QueryResult:
        """Run one query that only reads; UnsafeQuery when it asks for more, QueryFailed with the reason."""


@runtime_checkable
class Engine(Protocol):
    """An opened engine; `promises` says which of View, Algorithms, Cypher, Sync it keeps."""

    name: str
    promises: frozenset[Promise]

    def close(self) -> None:
        """Let go of connections; a second call does nothing."""


def numbered_by_smallest(labels: Ints) -> Ints:
    """Labels renumbered 0.. in the order of first appearance, so that two engines' answers compare."""
    if not len(labels):
        return labels.astype(np.int64)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse]


def in_batches(frame: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    """Slices of at most `size` rows, in order."""
    for start in range(0, frame.height, size):
        yield frame.slice(start, size)
