"""One row of figures for every rule of queries/: hits, precision, recall of planted patterns, CPU seconds."""

from collections.abc import Mapping, Sequence

from bench.quality_bounds import INSIDE, outside_reasons
from bench.quality_truth import Truth, stem
from detect.quality import hits_quality, precision_at, share_found
from detect.results import Finding
from detect.rule import load_rules
from detect.run import RUN_STATES, run_rules
from graph.lake.tables import LakeTables

Figures = dict[str, float | None]


def rule_figures(tables: LakeTables, findings: Sequence[Finding], truth: Truth) -> dict[str, Figures]:
    """Rule id -> its figures, of every rule that detection runs, also without a hit; None where unknown.

    The seconds are of a run of the rules alone, in order of id: what rules share the first of them pays.
    """
    rules = load_rules()
    seconds = run_rules(tables, rules).cpu_seconds
    reasons = outside_reasons(tables, truth, {rule.id: rule for rule in rules})
    hits: dict[str, list[Finding]] = {rule: [] for rule in seconds}
    for finding in findings:
        hits[finding.rule].append(finding)
    return {
        rule: _figures(of, truth)
        | pattern_figures(of, truth, rule, reasons.get(rule, ()))
        | alone_as_mules(of, truth.mules)
        | {"CPU s": seconds[rule]}
        for rule, of in sorted(hits.items())
    }


def pattern_figures(hits: Sequence[Finding], truth: Truth, rule: str, reasons: Sequence[str]) -> Figures:
    """Planted patterns of a rule, those inside its bounds, and the shares found of each.

    reasons: of each pattern, as `outside_reasons` says.
    """
    planted = truth.planted.get(rule, ())
    inside = [p for p, why in zip(planted, reasons, strict=True) if why == INSIDE]
    cited = [truth.cited(f) for f in hits] if planted else []
    return {
        "planted": len(planted) or None,
        "recall": share_found(planted, cited),
        "inside": len(inside) if planted else None,
        "recall inside": share_found(inside, cited),
    }


def unexplained(hits: Sequence[Finding]) -> list[Finding]:
    """The hits that no innocent explanation of their rule marks."""
    return [hit for hit in hits if "excluded_by" not in hit.values]


def _figures(hits: Sequence[Finding], truth: Truth) -> Figures:
    quality, free = (
        hits_quality([(stem(f.subject), f.score, truth.right(f)) for f in some])
        for some in (hits, unexplained(hits))
    )
    return {
        "hits": quality.hits,
        "subjects": quality.subjects,
        "judged": quality.judged,
        "precision": quality.precision,
        "precision@10": quality.at_10,
        "precision@50": quality.at_50,
        "unexplained": free.subjects,
        "precision of these": free.precision,
    }


def alone_as_mules(hits: Sequence[Finding], mules: frozenset[str]) -> Figures:
    """A rule alone as a ranking of mules: by the best score of the hits that are about or name an account."""
    best: dict[str, float] = {}
    for finding in hits:
        for ref in (finding.subject, *finding.others):
            if ref.type == "Account":
                best[ref.key] = max(finding.score, best.get(ref.key, 0.0))
    ranked = sorted(best, key=lambda account: (-best[account], account))
    found = sum(account in mules for account in ranked)
    return {
        "mules@50": precision_at(ranked, mules, 50),
        "mule recall": found / len(mules) if mules and ranked else None,
    }


def best_alone(rules: Mapping[str, Figures]) -> tuple[str, float]:
    """The rule that alone ranks mules best among its first 50, and that precision; ties by recall, id."""
    ranked = sorted(
        (-(f["mules@50"] or 0.0), -(f["mule recall"] or 0.0), rule)
        for rule, f in rules.items()
        if f["mules@50"]
    )
    return (ranked[0][2], -ranked[0][0]) if ranked else ("", 0.0)


def not_run() -> list[str]:
    """Ids of the rules that detection does not run: queries to explore with, drafts, retired ones."""
    return sorted(rule.id for rule in load_rules() if rule.form == "query" or rule.status not in RUN_STATES)
