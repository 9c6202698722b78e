"""One finding with all that belongs beside it: what speaks against it, its limits, what to ask for next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from detect.clauses import DEMANDS, Demand
from detect.exceptions import InnocentExplanation, explained, load_exceptions
from detect.excuses import excuse_said
from detect.facts import Facts
from detect.plain import Shown, ref_record, row_lists
from detect.results import Finding
from detect.rule import Rule
from detect.said import say_parameter
from graph.contract import Ref
from graph.parameters import Words


@dataclass(frozen=True, slots=True)
class CounterEvidence:
    """An innocent explanation that holds for one account of a finding; strength 0 to 1."""

    name: str
    title: Words
    account: Ref
    strength: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding with its rule (None when its file is gone) and what weighs against and beside it.

    counter: what holds for the finding's accounts, of the explanations that its rule names, strongest first.
    tested, untested: names of those that can and can't be tested on the data. demands: what the policy asks
    for that the rule answers. beside: other rule -> how many of its findings have the same subject.
    """

    finding: Finding
    rule: Rule | None
    counter: tuple[CounterEvidence, ...]
    tested: tuple[str, ...]
    untested: tuple[str, ...]
    demands: tuple[Demand, ...]
    beside: tuple[tuple[str, int], ...]

    @property
    def excused(self) -> tuple[str, ...]:
        """Names of the explanations that lowered the finding's score (`detect.excuses`), strongest first."""
        return tuple(self.finding.values.get("excluded_by", ()))


def explain(finding: Finding, rule: Rule | None, facts: Facts, every: Sequence[Finding] = ()) -> Explanation:
    """Everything known about one finding; every: the findings it is looked at beside."""
    named = rule.exclude if rule else ()
    used = tuple(one for one in load_exceptions() if one.name in named)
    tested = tuple(one.name for one in used)
    return Explanation(
        finding=finding,
        rule=rule,
        counter=_counter(finding, used, facts),
        tested=tested,
        untested=tuple(name for name in named if name not in tested),
        demands=tuple(d for d in DEMANDS if rule and set(d.clauses) & set(rule.answers)),
        beside=_beside(finding, every),
    )


def _beside(finding: Finding, every: Sequence[Finding]) -> tuple[tuple[str, int], ...]:
    same = (one for one in every if one.subject == finding.subject and one.rule != finding.rule)
    return tuple(sorted(Counter(one.rule for one in same).items()))


def _counter(
    finding: Finding, used: tuple[InnocentExplanation, ...], facts: Facts
) -> tuple[CounterEvidence, ...]:
    accounts = {ref.key for ref in (finding.subject, *finding.others) if ref.type == "Account"}
    if not accounts or not used:
        return ()
    titles = {one.name: one.title for one in used}
    held = explained(facts, used).filter(pl.col("account").is_in(sorted(accounts)))
    found = [
        CounterEvidence(name, titles[name], Ref("Account", account), round(strength, 4))
        for account, name, strength in held.iter_rows()
    ]
    return tuple(sorted(found, key=lambda one: (-one.strength, one.name, one.account)))


def message(finding: Finding, rule: Rule, language: str, *, show_keys: bool) -> str:
    """What a finding says in `zh` or `en`; keys masked unless `show_keys`."""
    values = {"subject": finding.subject.key, **finding.parameters, **finding.values}
    return rule.render(values, language, show_keys=show_keys) + excuse_said(finding, language)


def parameters_text(finding: Finding, rule: Rule, language: str) -> list[tuple[str, str]]:
    """(meaning, value) of each parameter in force, in the order of the rule's file."""
    return [
        (declared.meaning.said(language), say_parameter(declared, finding.parameters[name], language))
        for name, declared in rule.parameters.items()
        if name in finding.parameters
    ]


def explanation_record(found: Explanation, shown: Shown, show_keys: bool) -> dict[str, Any]:
    """The form of `detect explain --json`; what comes from the rule is null when its file is gone."""
    finding, rule = found.finding, found.rule
    record: dict[str, Any] = {
        "finding": finding.finding_id,
        "rule": finding.rule,
        "revision": finding.revision,
        "title": rule.title.model_dump() if rule else None,
        "message": {lang: message(finding, rule, lang, show_keys=show_keys) for lang in ("zh", "en")}
        if rule
        else None,
        "subject": ref_record(finding.subject, shown),
        "score": finding.score,
        "first_at": finding.first_at.isoformat() if finding.first_at else None,
        "last_at": finding.last_at.isoformat() if finding.last_at else None,
        "parameters": {name: str(value) for name, value in finding.parameters.items()},
        "others": [ref_record(ref, shown) for ref in finding.others],
        "rows": row_lists(finding.rows),
        "counter_evidence": [
            {
                "name": one.name,
                "title": one.title.model_dump(),
                "account": shown(one.account),
                "strength": one.strength,
            }
            for one in found.counter
        ],
        "excluded_by": list(found.excused),
        "tested": list(found.tested),
        "untested": list(found.untested),
        "beside": dict(found.beside),
    }
    return record | (_of_rule(rule, found.demands) if rule else {})


def _of_rule(rule: Rule, demands: Sequence[Demand]) -> dict[str, Any]:
    return {
        "severity": rule.severity,
        "basis": rule.basis,
        "answers": [
            {"clauses": [c for c in demand.clauses if c in rule.answers], "zh": demand.zh, "en": demand.en}
            for demand in demands
        ],
        "false_positives": [words.model_dump() for words in rule.false_positives],
        "limits": [words.model_dump() for words in rule.limits],
        "next_steps": [words.model_dump() for words in rule.next_steps],
    }
