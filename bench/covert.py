"""Covert networks of real cases: communities and key players on bare graphs: `python -m bench.covert`."""

import argparse
import csv
import hashlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bench.clock import CHECKOUT, machine
from detect.membership import Ties, communities_by_part, groups
from detect.quality import adjusted_rand, normalised_mutual_information
from detect.suspicion import Suspicion, load_gang_weights, weight_at
from graph.contract import EdgeTable, Floats, Ints
from graph.engines.embedded.algorithms import EmbeddedAlgorithms

SHARED = CHECKOUT.parent / "shared" / "data" / "covert-networks"
SEEDS = range(109, 119)
UNKNOWN = "99"
"""How the files write that a label is missing."""

PHASES = 11
ODD_PHASE = 7
"""Its file lacks person 1, the busiest of those around it, and has a `.1` and a `.2`: other numbers?"""

_FIRST = 5
# Columns of the node files that say which group somebody is of.
_GROUPS = {
    "montreal-street-gangs": ("Allegiances", "Ethnicity", "Territories"),
    "london-gang": ("Birthplace",),
}
_UNJUDGED = ("caviar-full", "siren", "togo", "ciel", "heroin-natarajan")


@dataclass(frozen=True, slots=True)
class Network:
    """An undirected graph, each tie once: names of the nodes, edges over their places, labels by column."""

    name: str
    names: tuple[str, ...]
    edges: EdgeTable
    labels: Mapping[str, tuple[str, ...]]


def read(folder: Path, name: str) -> Network:
    """A network of the folder; nodes in the order of its node file, else of their text."""
    with (folder / f"{name}-edges.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    nodes: list[dict[str, str]] = []
    place = folder / f"{name}-nodes.csv"
    if place.exists():
        with place.open(encoding="utf-8", newline="") as text:
            nodes = list(csv.DictReader(text))
    named = [node["name"] for node in nodes]
    names = named or sorted({row[end] for row in rows for end in ("source", "target")})
    number = {node: i for i, node in enumerate(names)}
    ends = [np.array([number[row[end]] for row in rows], dtype=np.int64) for end in ("source", "target")]
    weight = np.array([float(row.get("weight") or 1) for row in rows])
    columns = [column for column in (nodes[0] if nodes else {}) if column != "name"]
    labels = {column: tuple(node[column] for node in nodes) for column in columns}
    return Network(name, tuple(names), EdgeTable(len(names), *ends, weight), labels)


def bare_ties(network: Network) -> Ties:
    """The ties as the search of gangs takes them, of no family of evidence."""
    edges, count = network.edges, network.edges.node_count
    total = weight_at(edges.source, edges.weight, count) + weight_at(edges.target, edges.weight, count)
    none = np.full(len(edges.source), -1, dtype=np.int64)
    everyone = np.ones(count, dtype=np.bool_)
    return Ties(edges.source, edges.target, edges.weight, edges.source, edges.target, total, everyone, none)


def searched(network: Network, seed: int) -> Ints:
    """Groups as detection's search finds them when everybody is suspected; who is trimmed stands alone.

    Nothing else of the search applies: without findings and streams of evidence it would name no gang.
    """
    weights, count = load_gang_weights(), network.edges.node_count
    suspected = Suspicion(np.ones(count), np.ones(count), pl.DataFrame())
    search = bare_ties(network), suspected, EmbeddedAlgorithms(), weights, weights.resolution, seed
    label = np.arange(count, dtype=np.int64) + count
    for number, members in enumerate(groups(*search)):
        label[members] = number
    return label


def communities(network: Network) -> dict[str, Callable[[int], Ints]]:
    """Ways to group the nodes, each a function of a seed."""
    engine, edges = EmbeddedAlgorithms(), network.edges
    own = load_gang_weights().resolution
    return {
        "detection's search": lambda seed: searched(network, seed),
        "its Leiden alone": lambda seed: communities_by_part(edges, engine, own, seed),
        "plain Leiden, resolution 1": lambda seed: engine.communities(edges, 1.0, seed),
        "label spreading": lambda _: engine.spread_labels(edges),
        "connected parts": lambda _: engine.components(edges),
    }


def likeness(found: Ints, labels: Sequence[str]) -> tuple[float, float]:
    """ARI and NMI over the nodes whose label is known."""
    known = [i for i, label in enumerate(labels) if label != UNKNOWN]
    of_found, of_true = found[known].tolist(), [labels[i] for i in known]
    return adjusted_rand(of_true, of_found), normalised_mutual_information(of_true, of_found)


def signs(edges: EdgeTable) -> dict[str, Floats]:
    """What may mark a key player: a number a node, greater is more."""
    engine, count = EmbeddedAlgorithms(), edges.node_count
    both = EdgeTable(
        count,
        np.concatenate([edges.source, edges.target]),
        np.concatenate([edges.target, edges.source]),
        np.concatenate([edges.weight, edges.weight]),
    )
    ones = np.ones(len(both.source))
    return {
        "ties (degree)": weight_at(both.source, ones, count),
        "summed ties": weight_at(both.source, both.weight, count),
        "brokerage (betweenness)": engine.brokerage(edges),
        "ranking (PageRank)": engine.ranking(both),
        "core": engine.core(edges).astype(np.float64),
    }


def expected_precision(values: Floats, true: frozenset[int], k: int) -> float:
    """Share of true ones among the k greatest; of equal values at the border, the mean over all choices.

    Nodes of some files stand in order of rank: breaking ties by their order would leak the answer.
    """
    rounded = np.round(values, 9)
    border = np.sort(rounded)[::-1][k - 1]
    above, level = np.flatnonzero(rounded > border).tolist(), np.flatnonzero(rounded == border).tolist()
    share = (k - len(above)) / len(level)
    return (sum(node in true for node in above) + share * sum(node in true for node in level)) / k


def kept_first(before: Network, after: Network, sign: str) -> float:
    """Share of the first five of one phase that are among the first five of the next."""
    first = _first(before, sign)
    return len(first & _first(after, sign)) / len(first)


def _first(network: Network, sign: str) -> set[str]:
    values = signs(network.edges)[sign]
    # Numbers of people may follow their importance: equal values are ordered by a hash of the name instead.
    order = sorted(zip(values.round(9).tolist(), network.names, strict=True), key=_by_value_then_hash)
    return {name for _, name in order[:_FIRST]}


def _by_value_then_hash(item: tuple[float, str]) -> tuple[float, str]:
    return -item[0], hashlib.sha256(item[1].encode()).hexdigest()


def _groups_table(folder: Path) -> None:
    for name, columns in _GROUPS.items():
        network = read(folder, name)
        for column in columns:
            for way, found in communities(network).items():
                both = [likeness(found(seed), network.labels[column]) for seed in SEEDS]
                sizes = [len(set(found(seed).tolist())) for seed in SEEDS]
                ari, nmi = (np.array([one[i] for one in both]) for i in (0, 1))
                print(
                    f"| {name}, {column} | {way} | ARI {ari.mean():.3f} ({ari.min():.3f} to {ari.max():.3f}) "
                    f"| NMI {nmi.mean():.3f} | groups {min(sizes)} to {max(sizes)} |"
                )


def _players_table(folder: Path) -> None:
    network = read(folder, "london-gang")
    ranks = np.array([int(rank) for rank in network.labels["Ranking"]])
    leading = frozenset(np.flatnonzero(ranks <= 2).tolist())
    chance = len(leading) / len(ranks)
    for sign, values in signs(network.edges).items():
        known = {k: expected_precision(values, leading, k) for k in (len(leading), 10)}
        words = ", ".join(f"@{k} {share:.3f}" for k, share in known.items())
        print(f"| london-gang, rank 1 or 2 ({len(leading)}) | {sign} | precision {words} | {chance:.3f} |")
    phases = [read(folder, f"caviar{phase}") for phase in range(1, PHASES + 1)]
    for sign in signs(phases[0].edges):
        kept = [kept_first(a, b, sign) for a, b in itertools.pairwise(phases)]
        # Transition i leads from phase i + 1 to i + 2.
        sound = [share for i, share in enumerate(kept) if ODD_PHASE not in (i + 1, i + 2)]
        rest = f"without phase {ODD_PHASE} {np.mean(sound):.2f}"
        span = f"{np.mean(kept):.2f} ({min(kept)} to {max(kept)}), {rest}"
        print(f"| caviar 1 to {PHASES} | {sign} | first five kept {span} |")


def main() -> None:
    """Print likeness to known groups, precision of key players, and what can't be judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    folder = parser.parse_args().folder
    if not folder.is_dir():
        print("skipped: the outside data is not beside this checkout")
        return
    print(machine())
    _groups_table(folder)
    _players_table(folder)
    for name in _UNJUDGED:
        network = read(folder, name)
        found = searched(network, SEEDS[0])
        sizes = sorted(np.unique(found, return_counts=True)[1].tolist(), reverse=True)
        counted = f"{len(network.names)} nodes, {len(network.edges.source)} ties"
        print(f"| {name} | {counted} | groups of {sizes[:6]} |")


if __name__ == "__main__":
    main()
