"""Measures of rules, gangs, mules and roles against ground truth; strict definitions, no library needed."""

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


def precision_at(ranked: Sequence[str], true: frozenset[str], k: int) -> float | None:
    """Share (0 to 1) of true ones among the first k, or among all where there are fewer; None of nothing."""
    top = ranked[:k]
    return sum(key in true for key in top) / len(top) if top else None


@dataclass(frozen=True, slots=True)
class HitsQuality:
    """How right a rule's subjects are. hits: findings; subjects: distinct; judged: those the truth knows.

    precision, at_10, at_50: shares (0 to 1) of right ones among the judged, by best score, equal scores by
    the subject's text; None where none is judged.
    """

    hits: int
    subjects: int
    judged: int
    precision: float | None
    at_10: float | None
    at_50: float | None


def hits_quality(hits: Sequence[tuple[str, float, bool | None]]) -> HitsQuality:
    """Measure hits of one rule: (subject, score, whether it is right or None where the truth can't say).

    A subject counts once, with its best score; it is right when any of its hits is, and judged when any is.
    """
    best: dict[str, float] = {}
    right: dict[str, bool] = {}
    for subject, score, verdict in hits:
        best[subject] = max(score, best.get(subject, score))
        if verdict is not None:
            right[subject] = right.get(subject, False) or verdict
    ranked = sorted(right, key=lambda subject: (-best[subject], subject))
    true = frozenset(subject for subject, verdict in right.items() if verdict)
    return HitsQuality(
        len(hits),
        len(best),
        len(ranked),
        precision_at(ranked, true, len(ranked)),
        precision_at(ranked, true, 10),
        precision_at(ranked, true, 50),
    )


def share_found(planted: Sequence[frozenset[str]], cited: Sequence[frozenset[str]]) -> float | None:
    """Share (0 to 1) of planted patterns of which one hit cites at least half; None when none was planted."""
    if not planted:
        return None
    holding: dict[str, list[int]] = {}
    for number, parts in enumerate(cited):
        for part in parts:
            holding.setdefault(part, []).append(number)
    found = 0
    for pattern in planted:
        shared = Counter(number for part in pattern for number in holding.get(part, ()))
        found += bool(shared) and 2 * max(shared.values()) >= len(pattern)
    return found / len(planted)


@dataclass(frozen=True, slots=True)
class RolesQuality:
    """How right proposed roles are, over members of a true role. members: those; proposed: with a role.

    right: share (0 to 1) of the proposed whose first role is the true one. floor: the share that naming
    everybody's commonest true role would reach on the same persons.
    """

    members: int
    proposed: int
    right: float | None
    floor: float | None


def roles_quality(true: Mapping[str, str], proposed: Mapping[str, str]) -> RolesQuality:
    """Compare person -> true role with person -> proposed role; persons without a true role are left out."""
    both = sorted(set(true) & set(proposed))
    if not both:
        return RolesQuality(len(true), 0, None, None)
    commonest = max(Counter(true[person] for person in both).values())
    hits = sum(true[person] == proposed[person] for person in both)
    return RolesQuality(len(true), len(both), hits / len(both), commonest / len(both))
