"""Who belongs together: seeded communities of the suspicious part, trimmed of weakly tied members."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from detect.evidence import EvidenceGraph
from detect.evidence.families import FAMILIES
from detect.suspicion import GangWeights, Suspicion, weight_at
from graph.contract import Algorithms, EdgeTable, Floats, Ints, Mask

FAMILY_NAMES = sorted(set(FAMILIES.values()))


@dataclass(frozen=True, slots=True)
class Ties:
    """The ties of an evidence graph as arrays over node ids.

    a, b, weight: one entry a tie. pair_a, pair_b: each connected pair once. total: a node's whole evidence
    weight. actor: persons, organisations, accounts and SIMs; the rest are things. family: of each tie, its
    place in the sorted names of families, -1 for none.
    """

    a: Ints
    b: Ints
    weight: Floats
    pair_a: Ints
    pair_b: Ints
    total: Floats
    actor: Mask
    family: Ints

    @classmethod
    def of(cls, evidence: EvidenceGraph) -> "Ties":
        """Arrays out of the frames of an evidence graph."""
        a, b = evidence.ties["a"].to_numpy(), evidence.ties["b"].to_numpy()
        weight, count = evidence.ties["weight"].to_numpy(), evidence.nodes.height
        pairs = np.unique(np.minimum(a, b) * max(count, 1) + np.maximum(a, b))
        actors = evidence.nodes["type"].is_in(["Person", "Organization", "Account", "Sim"]).to_numpy()
        total = weight_at(a, weight, count) + weight_at(b, weight, count)
        number = {kind: FAMILY_NAMES.index(family) for kind, family in FAMILIES.items()}
        family = evidence.ties["kind"].replace_strict(number, default=-1, return_dtype=pl.Int64).to_numpy()
        return cls(a, b, weight, pairs // max(count, 1), pairs % max(count, 1), total, actors, family)

    def families(self, group: Ints) -> set[str]:
        """Families of the ties with both ends in a group."""
        inside = np.zeros(len(self.total), dtype=np.bool_)
        inside[group] = True
        held = np.unique(self.family[inside[self.a] & inside[self.b]])
        return {FAMILY_NAMES[number] for number in held.tolist() if number >= 0}

    def strength(self, label: Ints) -> Floats:
        """Share (0 to 1) of each node's evidence weight that stays inside its group; 0 outside all (-1)."""
        held = (label[self.a] >= 0) & (label[self.a] == label[self.b])
        count = len(self.total)
        inside = weight_at(self.a[held], self.weight[held], count)
        inside += weight_at(self.b[held], self.weight[held], count)
        share = np.divide(inside, self.total, out=np.zeros(count), where=self.total > 0)
        return np.minimum(share, 1.0)

    def touching(self, label: Ints) -> Ints:
        """How many actors of its own group each node is tied to."""
        held = (label[self.pair_a] >= 0) & (label[self.pair_a] == label[self.pair_b])
        a, b, count = self.pair_a[held], self.pair_b[held], len(self.total)
        met = np.bincount(a[self.actor[b]], minlength=count) + np.bincount(b[self.actor[a]], minlength=count)
        return met.astype(np.int64)


def groups(
    ties: Ties,
    suspicion: Suspicion,
    algorithms: Algorithms,
    weights: GangWeights,
    resolution: float,
    seed: int,
) -> list[Ints]:
    """Trimmed communities of the nodes above `least_suspicion`, each an ascending array of node ids.

    Order: by smallest node id. No suspicious tie gives none.
    """
    suspicious = suspicion.spread >= weights.least_suspicion
    held = suspicious[ties.a] & suspicious[ties.b]
    if not held.any():
        return []
    chosen = np.flatnonzero(suspicious)
    place = np.cumsum(suspicious) - 1
    table = EdgeTable(len(chosen), place[ties.a[held]], place[ties.b[held]], ties.weight[held])
    label = np.full(len(ties.total), -1, dtype=np.int64)
    label[chosen] = communities_by_part(table, algorithms, resolution, seed)
    return members_of(trimmed(ties, suspicion, weights, label))


def communities_by_part(ties: EdgeTable, algorithms: Algorithms, resolution: float, seed: int) -> Ints:
    """Leiden in the engine, on each connected part by itself: no gang may depend on strangers of the lake.

    Modularity weighs a cut against the whole graph: ties between groups A and B should exceed r K_A K_B / 2m.
    With r = resolution x 2m of the part the bound is resolution x K_A K_B, whatever else the graph holds
    (K: summed weight of the ties at a group's nodes; the constant Potts model by strengths, Traag 2011).
    """
    part = algorithms.components(ties)
    label = np.arange(ties.node_count, dtype=np.int64)
    order = np.argsort(part[ties.source], kind="stable")
    for own in np.split(order, np.flatnonzero(np.diff(part[ties.source][order])) + 1):
        nodes = np.unique(np.concatenate([ties.source[own], ties.target[own]]))
        source, target = (np.searchsorted(nodes, ends[own]) for ends in (ties.source, ties.target))
        inside = EdgeTable(len(nodes), source, target, ties.weight[own])
        constant = resolution * 2.0 * float(ties.weight[own].sum())
        # A number of its own for each community in the whole: one of the part's node ids.
        label[nodes] = nodes[algorithms.communities(inside, constant, seed)]
    return label


def trimmed(ties: Ties, suspicion: Suspicion, weights: GangWeights, label: Ints) -> Ints:
    """Labels without members of low suspicion or with little of their evidence inside, until none leaves.

    label: group of each node, -1 outside all. A thing stays while two actors of its group touch it.
    """
    label = label.copy()
    suspicious = suspicion.spread >= weights.least_member
    while True:
        strong = ties.strength(label) >= weights.least_strength
        keep = np.where(ties.actor, strong & suspicious, ties.touching(label) >= 2)
        leaving = (label >= 0) & ~keep
        if not leaving.any():
            return label
        label[leaving] = -1


def labelled(groups: Sequence[Ints], count: int) -> Ints:
    """The number of its group for each of `count` nodes, -1 for those in none."""
    label = np.full(count, -1, dtype=np.int64)
    for number, group in enumerate(groups):
        label[group] = number
    return label


def members_of(label: Ints) -> list[Ints]:
    """Ascending node ids of each group, ordered by smallest id; -1 belongs to none."""
    inside = np.flatnonzero(label >= 0)
    order = inside[np.argsort(label[inside], kind="stable")]
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    return sorted((part for part in parts if len(part)), key=lambda part: int(part[0]))


def overlap(group: Ints, others: Sequence[Ints]) -> float:
    """Largest Jaccard overlap (0 to 1) of a group with one of the others; 0 when there are none."""
    best = 0.0
    for other in others:
        shared = len(np.intersect1d(group, other, assume_unique=True))
        best = max(best, shared / (len(group) + len(other) - shared))
    return best
