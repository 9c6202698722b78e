"""Measures of gangs and mules against ground truth; strict definitions, no library needed."""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

Labels = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class GangQuality:
    """How well found gangs match true rings, over persons.

    ari, nmi: over the union of persons of a true ring and persons of a found gang; a person outside has a
    label of its own. recall: share of ring persons in any gang. precision: share of gang persons in any ring.
    """

    rings: int
    gangs: int
    ring_persons: int
    gang_persons: int
    both: int
    ari: float
    nmi: float

    @property
    def recall(self) -> float:
        """Share (0 to 1) of ring persons that stand in some gang."""
        return self.both / self.ring_persons if self.ring_persons else 0.0

    @property
    def precision(self) -> float:
        """Share (0 to 1) of gang persons that belong to some ring."""
        return self.both / self.gang_persons if self.gang_persons else 0.0


def gang_quality(ring_of: Mapping[str, str], gang_of: Mapping[str, str]) -> GangQuality:
    """Compare two assignments of nodes to groups; nodes in neither are left out (they would flatter).

    ring_of, gang_of: node key -> group, only of nodes that have one.
    """
    nodes = sorted(set(ring_of) | set(gang_of))
    true: list[Hashable] = [ring_of.get(n, (n,)) for n in nodes]
    found: list[Hashable] = [gang_of.get(n, (n,)) for n in nodes]
    return GangQuality(
        len(set(ring_of.values())),
        len(set(gang_of.values())),
        len(ring_of),
        len(gang_of),
        len(set(ring_of) & set(gang_of)),
        adjusted_rand(true, found),
        normalised_mutual_information(true, found),
    )


def adjusted_rand(true: Labels, found: Labels) -> float:
    """Adjusted Rand index (Hubert & Arabie 1985): 1 equal, about 0 by chance."""
    pairs = math.comb(len(true), 2)
    both = sum(math.comb(n, 2) for n in Counter(zip(true, found, strict=True)).values())
    of_true = sum(math.comb(n, 2) for n in Counter(true).values())
    of_found = sum(math.comb(n, 2) for n in Counter(found).values())
    expected = of_true * of_found / pairs if pairs else 0.0
    most = (of_true + of_found) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def normalised_mutual_information(true: Labels, found: Labels) -> float:
    """Mutual information over the mean of both entropies (0 to 1); two groupings of one group each give 1."""
    count = len(true)
    of_true, of_found = Counter(true), Counter(found)
    information = sum(
        n / count * math.log(n * count / (of_true[t] * of_found[f]))
        for (t, f), n in Counter(zip(true, found, strict=True)).items()
    )
    mean = (_entropy(of_true, count) + _entropy(of_found, count)) / 2
    return 1.0 if mean == 0 else max(0.0, information / mean)


def _entropy(groups: Counter[Hashable], count: int) -> float:
    return -sum(n / count * math.log(n / count) for n in groups.values())


@dataclass(frozen=True, slots=True)
class RankingQuality:
    """How well a ranking finds the true ones. precision, recall: of those shown (at or above a threshold).

    precision_at_recall: at the shortest top of the ranking that reaches the wanted recall; 0 when none does.
    precision_at_k: among the first k, k being the number of true ones.
    """

    true: int
    shown: int
    precision: float
    recall: float
    precision_at_recall: float
    precision_at_k: float


def ranking_quality(
    ranked: Sequence[str], true: frozenset[str], shown: int, wanted_recall: float = 0.7
) -> RankingQuality:
    """Measure a ranking, best first, no repeats; its first `shown` entries are above the threshold."""
    hits = 0
    at_recall = 0.0
    hits_shown = sum(key in true for key in ranked[:shown])
    for place, key in enumerate(ranked, start=1):
        hits += key in true
        if true and hits >= wanted_recall * len(true):
            at_recall = hits / place
            break
    top = sum(key in true for key in ranked[: len(true)])
    return RankingQuality(
        len(true),
        shown,
        hits_shown / shown if shown else 0.0,
        hits_shown / len(true) if true else 0.0,
        at_recall,
        top / len(true) if true else 0.0,
    )


def group_of_persons(groups: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Person -> group; a person in several stands in the first one given (gangs come best first)."""
    found: dict[str, str] = {}
    for group, persons in groups.items():
        for person in persons:
            found.setdefault(person, group)
    return found
