"""Scores accounts as mules: evidence adds up, innocent explanations are subtracted, all is listed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import Field, model_validator

from detect.exceptions import explained, load_exceptions
from detect.excuses import rule_score
from detect.facts import Facts
from detect.results import Finding, Mule, Row
from detect.rule import Rule
from detect.rule_heads import QUERIES
from graph.checked_yaml import read_checked
from graph.lake.tables import LakeTables
from graph.parameters import Strict

WEIGHTS = QUERIES / "weights" / "mules.yml"
_MOST_WEIGHT = 12.0


class Weight(Strict):
    """What one finding of a rule adds, in log-odds at score 1: to its subject, to the accounts it names."""

    stream: str
    subject: Annotated[float, Field(ge=0, le=_MOST_WEIGHT)] = 0.0
    others: Annotated[float, Field(ge=0, le=_MOST_WEIGHT)] = 0.0


class MuleWeights(Strict):
    """The file `queries/weights/mules.yml`; docs of the formula: `score_mules`."""

    prior: float
    repeat: Annotated[float, Field(ge=0, le=1)]
    slope: Annotated[float, Field(gt=0)]
    listed_from: Annotated[float, Field(gt=0, lt=1)]
    rules: Mapping[str, Weight]
    other_rules: Weight
    exceptions: Mapping[str, Annotated[float, Field(ge=0, le=_MOST_WEIGHT)]]

    @model_validator(mode="after")
    def _one_rule_never_lists(self) -> "MuleWeights":
        """A single finding stays below the bound (L: 银发〔2016〕261号 annex, a combination is needed)."""
        least = math.log(self.listed_from / (1 - self.listed_from)) / self.slope - self.prior
        for name, weight in [*self.rules.items(), ("other_rules", self.other_rules)]:
            if max(weight.subject, weight.others) >= least:
                raise ValueError(f"rules.{name}: one finding alone would list an account")
        return self


@dataclass(frozen=True, slots=True)
class _Sign:
    """One finding's part for one account, before repeats are damped."""

    weight: float
    finding: Finding
    stream: str


def load_mule_weights(path: Path = WEIGHTS) -> MuleWeights:
    """The weights in the file; InvalidRule when it does not follow the format."""
    return read_checked(path, MuleWeights)


def score_mules(
    findings: Sequence[Finding],
    tables: LakeTables,
    rules: Sequence[Rule],
    weights: MuleWeights | None = None,
    facts: Facts | None = None,
) -> tuple[Mule, ...]:
    """Accounts whose probability of being a mule reaches `listed_from`, best first (score desc, account).

    score = prior + sum of reasons' weights - sum of opposing weights, in log-odds. A finding weighs its
    rule's weight times the rule's own score (explanations weigh apart); of several findings of one rule the
    strongest counts; within a stream of evidence (money, victims, logins, openings, parcels...) the strongest
    counts in full and each further one `repeat` times as much, so that independent streams count more than
    repeats of one. Innocent explanations weigh their file's weight times their strength. probability =
    1 / (1 + exp(-slope * score)),
    fitted with the weights on simulated worlds; it is no probability of a crime. No findings give no mules.
    facts: shared joins of the same tables, made anew when None. Findings of rules not in `rules` are left.
    """
    weights = weights or load_mule_weights()
    known = {rule.id for rule in rules}
    signs = _signs((f for f in findings if f.rule in known), weights)
    if not signs:
        return ()
    opposing = _opposing(facts or Facts(tables), weights)
    mules = [_mule(account, signs[account], opposing.get(account, ()), weights) for account in sorted(signs)]
    listed = [mule for mule in mules if mule.probability >= weights.listed_from]
    return tuple(sorted(listed, key=lambda mule: (-mule.score, mule.account)))


def _signs(findings: Iterable[Finding], weights: MuleWeights) -> dict[str, list[_Sign]]:
    """The strongest finding of each rule for each account it weighs on."""
    best: dict[str, dict[str, _Sign]] = {}
    for finding in findings:
        weight = weights.rules.get(finding.rule, weights.other_rules)
        parts = [(finding.subject, weight.subject), *((other, weight.others) for other in finding.others)]
        for ref, full in parts:
            worth = full * rule_score(finding)
            if ref.type != "Account" or worth <= 0:
                continue
            of_account = best.setdefault(ref.key, {})
            known = of_account.get(finding.rule)
            if known is None or (-worth, finding.finding_id) < (-known.weight, known.finding.finding_id):
                of_account[finding.rule] = _Sign(worth, finding, weight.stream)
    return {account: list(signs.values()) for account, signs in best.items()}


def _opposing(facts: Facts, weights: MuleWeights) -> dict[str, tuple[tuple[str, float], ...]]:
    found: dict[str, list[tuple[str, float]]] = {}
    used = tuple(one for one in load_exceptions() if weights.exceptions.get(one.name))
    held: pl.DataFrame = explained(facts, used)
    for account, name, strength in held.iter_rows():
        found.setdefault(account, []).append((name, round(weights.exceptions[name] * strength, 4)))
    return {account: tuple(signs) for account, signs in found.items()}


def _mule(
    account: str, signs: list[_Sign], opposing: tuple[tuple[str, float], ...], weights: MuleWeights
) -> Mule:
    reasons: list[tuple[str, str, int, float, tuple[Row, ...]]] = []
    streams: set[str] = set()
    for sign in sorted(signs, key=lambda one: (-one.weight, one.finding.rule)):
        weight = sign.weight * (weights.repeat if sign.stream in streams else 1.0)
        streams.add(sign.stream)
        finding = sign.finding
        reasons.append((finding.finding_id, finding.rule, finding.revision, round(weight, 4), finding.rows))
    reasons.sort(key=lambda reason: (-reason[3], reason[0]))
    score = round(weights.prior + sum(r[3] for r in reasons) - sum(w for _, w in opposing), 4)
    probability = round(1.0 / (1.0 + math.exp(-weights.slope * score)), 4)
    return Mule(account, score, probability, tuple(reasons), opposing)
