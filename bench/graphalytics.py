"""Outside answers: reference outputs of LDBC Graphalytics against our engines: `-m bench.graphalytics`."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.clock import CHECKOUT, machine
from graph.connect import GraphEngine, open_engine
from graph.contract import EdgeTable, Floats
from graph.engines.neo4j_gds.algorithms import Neo4jAlgorithms
from graph.errors import EngineError, NotSupportedByEngine
from graph.lake.home import lake_home
from graph.lake.tables import write_tables
from graph.projection import start, stop

SHARED = CHECKOUT.parent / "shared" / "data"
"""Where outside data lies, beside the checkout; never part of it."""

UNREACHED = 9223372036854775807
"""What the benchmark writes for a vertex that a breadth-first search does not reach."""

TOLERANCE = 1e-4
"""Relative: the benchmark's EpsilonValidationRule, |a - b| < 0.0001 b, for pr, lcc and sssp."""

EXACT = frozenset({"bfs", "cdlp", "wcc"})

# The benchmark's own parameters (config-template/graphs/example-*.properties and its validation tests): first
# vertex of bfs and sssp, rounds of cdlp and pr. Damping is 0.85 everywhere.
_SOURCE = {"example-undirected": 2}
_ROUNDS = {("cdlp", "dir"): 5, ("cdlp", "undir"): 5, ("pr", "dir"): 14, ("pr", "undir"): 26}
_EXAMPLE_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Case:
    """One algorithm on one graph: edges (both directions where undirected), parameters, expected values.

    names: the vertex of each dense id. expected: one value a node; cdlp and wcc name a vertex.
    """

    algorithm: str
    graph: str
    directed: bool
    names: tuple[int, ...]
    edges: EdgeTable
    start: int
    rounds: int
    expected: Floats

    @property
    def name(self) -> str:
        """Algorithm and graph, as a row of the table begins."""
        return f"{self.algorithm} {self.graph}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an engine answered: equal by the benchmark's rule, the largest relative difference, or why not."""

    equal: bool
    largest: float
    refused: str = ""

    def __str__(self) -> str:
        if self.refused:
            return f"not offered: {self.refused}"
        return f"{'equal' if self.equal else 'DIFFERS'} (largest relative difference {self.largest:.1e})"


def cases(folder: Path) -> Iterator[Case]:
    """Every reference output of the folder but those of ffm, which no analyst asks for; ordered by name."""
    for algorithm in ("bfs", "cdlp", "lcc", "pr", "sssp", "wcc"):
        for kind in ("dir", "undir"):
            place = folder / algorithm
            yield _case(algorithm, kind, place / f"{kind}-input", place / f"{kind}-output")
        for kind in ("example-directed", "example-undirected"):
            place = folder / "example"
            yield _case(algorithm, kind, place / kind, place / f"{kind}-{algorithm.upper()}")


def answer(case: Case, engine: GraphEngine) -> Floats:
    """The engine's values for a case in the benchmark's words; NotSupportedByEngine where it has none."""
    edges, count = case.edges, len(case.names)
    plain = EdgeTable(count, edges.source, edges.target, np.ones(len(edges.source)))
    names = np.array(case.names, dtype=np.float64)
    answers: dict[str, Callable[[], Floats]] = {
        "bfs": lambda: _levels(engine.distances(plain, case.start)),
        "cdlp": lambda: names[engine.spread_labels(plain, case.rounds)],
        "lcc": lambda: engine.clustering(plain, directed=case.directed),
        "pr": lambda: engine.ranking(plain, 0.85, case.rounds),
        "sssp": lambda: engine.distances(edges, case.start, weighted=True),
        "wcc": lambda: names[_smallest(engine.components(plain).tolist())],
    }
    return answers[case.algorithm]()


def judge(case: Case, engine: GraphEngine) -> Verdict:
    """Compare by the benchmark's rule: exactly for bfs, cdlp and wcc, else within TOLERANCE of the value."""
    try:
        return compare(case, answer(case, engine))
    except NotSupportedByEngine as error:
        return Verdict(False, np.inf, str(error.facts["promise"]))


def compare(case: Case, found: Floats) -> Verdict:
    """A vector of values against the expected one; see `judge`."""
    apart = np.zeros(len(found))
    np.subtract(found, case.expected, out=apart, where=found != case.expected)
    apart = np.abs(apart)
    divides = np.isfinite(case.expected) & (case.expected != 0)
    share = np.divide(apart, case.expected, out=np.full(len(apart), np.inf), where=divides)
    share[apart == 0] = 0.0
    largest = float(share.max(initial=0.0))
    return Verdict(largest == 0.0 if case.algorithm in EXACT else largest < TOLERANCE, largest)


def uncut(case: Case, engine: Neo4jAlgorithms) -> Floats:
    """What GDS itself answers where the engine refuses: shows that the refusal is no excuse.

    cdlp: `labelPropagation`, its groups named by their least vertex, as the reference's are here. pr: the
    vector after the case's rounds, divided by its sum. lcc: the coefficient that ignores directions.
    """
    count, source = len(case.names), case.edges.source
    edges = EdgeTable(count, source, case.edges.target, np.ones(len(source)))
    if case.algorithm == "lcc":
        return engine.clustering(edges)
    with engine._projected(edges) as (gds, graph):
        if case.algorithm == "cdlp":
            settings = {"max_iterations": case.rounds, "concurrency": 1, "log_progress": False}
            found = gds.label_propagation.stream(graph, **settings)
            groups = found.sort_values("nodeId")["communityId"].to_list()
            return np.array(case.names, dtype=np.float64)[_smallest(groups)]
        settings = {
            "max_iterations": case.rounds,
            "tolerance": 1e-12,
            "concurrency": 1,
            "log_progress": False,
        }
        found = gds.page_rank.stream(graph, damping_factor=0.85, **settings)
    scores = found.sort_values("nodeId")["score"].to_numpy()
    return scores / scores.sum()


def grouped(case: Case) -> Case:
    """The case with the expected groups named by their least vertex, so that other names don't count."""
    if case.algorithm != "cdlp":
        return case
    names = np.array(case.names, dtype=np.float64)
    return replace(case, expected=names[_smallest(case.expected.astype(int).tolist())])


def _levels(hops: Floats) -> Floats:
    return np.where(np.isinf(hops), float(UNREACHED), hops)


def _smallest(groups: list[int]) -> list[int]:
    """The least node of each node's group; groups are numbered, nodes are in order."""
    first: dict[int, int] = {}
    for node, group in enumerate(groups):
        first.setdefault(group, node)
    return [first[group] for group in groups]


def _case(algorithm: str, graph: str, given: Path, output: Path) -> Case:
    directed = graph in ("dir", "example-directed")
    with_files = given.with_name(given.name + ".e").exists()
    vertices, pairs = _edge_list(given) if with_files else _neighbour_lists(given)
    if with_files and not directed:
        pairs |= {(b, a): weight for (a, b), weight in pairs.items()}
    names = tuple(sorted(vertices))
    number = {name: i for i, name in enumerate(names)}
    ends = [np.array([number[pair[end]] for pair in pairs], dtype=np.int64) for end in (0, 1)]
    edges = EdgeTable(len(names), ends[0], ends[1], np.array(list(pairs.values()), dtype=np.float64))
    expected = {
        int(v): float(x) for v, x in (line.split() for line in output.read_text().splitlines() if line)
    }
    if sorted(expected) != list(names):
        raise ValueError(f"{output.name} names other vertices than its graph")
    rounds = _ROUNDS.get((algorithm, graph), _EXAMPLE_ROUNDS)
    start_at = number[_SOURCE.get(graph, 1)] if algorithm in ("bfs", "sssp") else 0
    values = np.array([expected[name] for name in names])
    return Case(algorithm, graph, directed, names, edges, start_at, rounds, values)


def _edge_list(given: Path) -> tuple[set[int], dict[tuple[int, int], float]]:
    """Vertices of the `.v` file and the weighted edges of the `.e` file, as written."""
    vertices = {int(line) for line in given.with_name(given.name + ".v").read_text().split()}
    pairs = {}
    for line in given.with_name(given.name + ".e").read_text().splitlines():
        a, b, weight = line.split()
        pairs[int(a), int(b)] = float(weight)
    return vertices, pairs


def _neighbour_lists(given: Path) -> tuple[set[int], dict[tuple[int, int], float]]:
    """A vertex and those it leads to a line; an undirected graph's lines name each edge from both ends."""
    vertices: set[int] = set()
    pairs: dict[tuple[int, int], float] = {}
    for line in given.read_text().splitlines():
        vertex, *others = [int(word) for word in line.split()]
        vertices |= {vertex, *others}
        pairs |= {(vertex, other): 1.0 for other in others}
    return vertices, pairs


def main() -> None:
    """Print a row an algorithm and graph with each engine's verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED / "graphalytics-validation")
    parser.add_argument("--neo4j", action="store_true", help="ask a local Neo4j too, started and stopped")
    given = parser.parse_args()
    if not given.folder.is_dir():
        print("skipped: the outside data is not beside this checkout")
        return
    print(machine())
    known = list(cases(given.folder))
    with tempfile.TemporaryDirectory() as place:
        home = lake_home(Path(place))
        write_tables(home, {})
        urls = ["embedded:"]
        try:
            if given.neo4j:
                start(home)
                urls.append("neo4j:local")
            for url in urls:
                with open_engine(url, home) as engine:
                    for case in known:
                        verdict = judge(case, engine)
                        print(f"| {case.name} | {engine.name} | {verdict} |")
                        if verdict.refused and isinstance(engine, Neo4jAlgorithms):
                            own = compare(grouped(case), uncut(case, engine))
                            print(f"| {case.name}, by GDS itself | {engine.name} | {own} |")
                        if case.algorithm == "pr":
                            limit = compare(case, engine.ranking(case.edges))
                            print(f"| {case.name}, rounds without end | {engine.name} | {limit} |")
        except EngineError as error:
            print(f"no Neo4j: {error}")
        finally:
            if given.neo4j:
                stop(home)


if __name__ == "__main__":
    main()
