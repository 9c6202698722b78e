"""Who belongs together: seeded communities of the suspicious part, trimmed of weakly tied members."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detect.evidence import EvidenceGraph
from detect.suspicion import GangWeights, Suspicion, weight_at
from graph.contract import Algorithms, EdgeTable, Floats, Ints

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ties:
    """The ties of an evidence graph as arrays over node ids, with each node's whole weight."""

    a: Ints
    b: Ints
    weight: Floats
    total: Floats
    actor: Mask
    """Persons, organisations, accounts and SIMs; the rest are things, which need two actors to stay."""

    @classmethod
    def of(cls, evidence: EvidenceGraph) -> "Ties":
        """Arrays out of the frames of an evidence graph."""
        a, b = evidence.ties["a"].to_numpy(), evidence.ties["b"].to_numpy()
        weight, count = evidence.ties["weight"].to_numpy(), evidence.nodes.height
        total = weight_at(a, weight, count) + weight_at(b, weight, count)
        actors = evidence.nodes["type"].is_in(["Person", "Organization", "Account", "Sim"]).to_numpy()
        return cls(a, b, weight, total, actors)

    def inside(self, group: Ints) -> tuple[Mask, Floats]:
        """Which ties lie inside a group, and the weight each node has inside (over all nodes)."""
        member = np.zeros(len(self.total), dtype=np.bool_)
        member[group] = True
        held = member[self.a] & member[self.b]
        count = len(self.total)
        weight = weight_at(self.a[held], self.weight[held], count)
        return held, weight + weight_at(self.b[held], self.weight[held], count)


def groups(
    ties: Ties,
    suspicion: Suspicion,
    algorithms: Algorithms,
    weights: GangWeights,
    resolution: float,
    seed: int,
) -> list[Ints]:
    """Trimmed communities of the nodes above `least_suspicion`, each an ascending array of node ids.

    Leiden runs in the engine on the induced ties. Order: by smallest node id. No suspicious tie gives none.
    """
    chosen = np.flatnonzero(suspicion.spread >= weights.least_suspicion)
    held, _ = ties.inside(chosen)
    if not held.any():
        return []
    place = np.full(len(ties.total), -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    table = EdgeTable(len(chosen), place[ties.a[held]], place[ties.b[held]], ties.weight[held])
    labels = algorithms.communities(table, resolution, seed)
    order = np.argsort(labels, kind="stable")
    bounds = np.flatnonzero(np.diff(labels[order])) + 1
    found = [trimmed(ties, suspicion, weights, np.sort(chosen[part])) for part in np.split(order, bounds)]
    return sorted((group for group in found if len(group)), key=lambda group: int(group[0]))


def trimmed(ties: Ties, suspicion: Suspicion, weights: GangWeights, group: Ints) -> Ints:
    """The group without members of low suspicion or with little of their evidence inside, until none is left.

    A thing stays while at least two actors of the group touch it.
    """
    while len(group):
        held, inside = ties.inside(group)
        touching = _actors_touching(ties, held)
        actor = ties.actor[group]
        strong = strength(ties, inside, group) >= weights.least_strength
        suspicious = suspicion.spread[group] >= weights.least_member
        keep = np.where(actor, strong & suspicious, touching[group] >= 2)
        if keep.all():
            break
        group = group[keep]
    return group


def strength(ties: Ties, inside: Floats, group: Ints) -> Floats:
    """Share (0 to 1) of each member's evidence weight that stays inside the group."""
    total = ties.total[group]
    share: Floats = np.divide(inside[group], total, out=np.zeros(len(group)), where=total > 0)
    return np.minimum(share, 1.0)


def _actors_touching(ties: Ties, held: Mask) -> Ints:
    a, b, count = ties.a[held], ties.b[held], len(ties.total)
    pairs = np.unique(np.stack([np.concatenate([a, b]), np.concatenate([b, a])]), axis=1)
    return np.bincount(pairs[0][ties.actor[pairs[1]]], minlength=count)


def overlap(group: Ints, others: Sequence[Ints]) -> float:
    """Largest Jaccard overlap (0 to 1) of a group with one of the others; 0 when there are none."""
    best = 0.0
    for other in others:
        shared = len(np.intersect1d(group, other, assume_unique=True))
        best = max(best, shared / (len(group) + len(other) - shared))
    return best
