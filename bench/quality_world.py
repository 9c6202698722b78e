"""All figures of one detected world: rules, gangs, mules, roles, and the floors beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from bench.quality_floors import leiden_floor, ranking_floors
from bench.quality_rules import Figures, best_alone, rule_figures
from bench.quality_truth import Truth, read_truth
from detect.quality import (
    GangQuality,
    gang_quality,
    group_of_persons,
    precision_at,
    ranking_quality,
    roles_quality,
)
from detect.results import Detection
from detect.store import open_detection
from graph.lake.home import lake_home
from graph.lake.tables import open_tables


@dataclass(frozen=True, slots=True)
class WorldFigures:
    """One world's figures: of the whole by name, of each rule by id and name, and the best rule alone."""

    whole: Figures
    rules: Mapping[str, Figures]
    best_rule: str


def measure(lake: Path, truth_folder: Path) -> WorldFigures:
    """All measures of one detected world; gangs and mules are those stored in the lake's home."""
    home = lake_home(lake)
    detection = open_detection(home)
    if detection is None:
        raise SystemExit(f"Nothing was detected in {lake}; run `python -m detect` on it first.")
    tables = open_tables(home)
    truth = read_truth(truth_folder, tables)
    rules = rule_figures(tables, detection.findings, truth)
    best_rule, best = best_alone(rules)
    whole = (
        _gangs(detection, truth)
        | leiden_floor(tables, truth)
        | _mules(detection, truth)
        | ranking_floors(tables, truth)
        | {"best_rule_at_50": best}
        | _roles(detection, truth)
    )
    return WorldFigures(whole, rules, best_rule)


def _gangs(detection: Detection, truth: Truth) -> Figures:
    found = {g.gang_id: [m.ref.key for m in g.members if m.ref.type == "Person"] for g in detection.gangs}
    true, gang_of = truth.ring_of, group_of_persons(found)
    quality = gang_quality(true, gang_of)
    _check(true, gang_of, quality)
    return {
        "ari": quality.ari,
        "nmi": quality.nmi,
        "rings": quality.rings,
        "gangs": quality.gangs,
        "person_recall": quality.recall,
        "person_precision": quality.precision,
    }


def _check(true: Mapping[str, str], found: Mapping[str, str], quality: GangQuality) -> None:
    """Our measures must agree with scikit-learn's."""
    nodes = sorted(set(true) | set(found))
    one = [true.get(n, f"alone {n}") for n in nodes]
    other = [found.get(n, f"alone {n}") for n in nodes]
    assert abs(adjusted_rand_score(one, other) - quality.ari) < 1e-9  # noqa: S101 - the measure's own check
    assert abs(normalized_mutual_info_score(one, other) - quality.nmi) < 1e-9  # noqa: S101


def _mules(detection: Detection, truth: Truth) -> Figures:
    ranked = [mule.account for mule in detection.mules]
    at_07 = ranking_quality(ranked, truth.mules, len(ranked))
    at_08 = ranking_quality(ranked, truth.mules, len(ranked), wanted_recall=0.8)
    return {
        "mules": at_07.true,
        "shown": at_07.shown,
        "mule_precision": at_07.precision,
        "mule_recall": at_07.recall,
        "mule_at_recall_0.7": at_07.precision_at_recall,
        "mule_at_recall_0.8": at_08.precision_at_recall,
        "mule_at_50": precision_at(ranked, truth.mules, 50),
    }


def _roles(detection: Detection, truth: Truth) -> Figures:
    """A person's role is the heaviest proposed one, in the best gang that proposes any."""
    proposed: dict[str, str] = {}
    for gang in detection.gangs:
        for member in gang.members:
            if member.ref.type == "Person" and member.roles:
                first = min(member.roles, key=lambda role: (-member.roles[role], role))
                proposed.setdefault(member.ref.key, first)
    quality = roles_quality(truth.role_of, proposed)
    return {
        "members": quality.members,
        "roles_proposed": quality.proposed,
        "roles_right": quality.right,
        "floor_commonest_role": quality.floor,
        "proposed_to_outsiders": len(set(proposed) - set(truth.role_of)),
    }
