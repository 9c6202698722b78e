"""Learns from the user's decisions: labels against the lake, tests by time, then the model in force."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from detect.exceptions import load_exceptions
from detect.facts import Facts
from detect.learn.as_of import lake_as_of
from detect.learn.figures import Figures, Flags, figures
from detect.learn.fit import Model, fit, matrix, probability
from detect.learn.folds import FOLDS, Decision, Fold, by_time, enough
from detect.learn.labels import Label, LabelFile
from detect.learn.model import Card, FoldFigures, findings_in_force, made_from, parameters, write_model
from detect.mules import load_mule_weights, score_mules
from detect.results import Finding
from detect.rule import Rule, open_library
from detect.run import run_rules
from detect.signs import Sign, account_signs, known_signs
from detect.store import detection_state, open_detection
from graph.contract import Floats
from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Training:
    """What training did. unknown: rows of accounts not in the lake; repeated: how many said it again."""

    card: Card
    used: int
    mules: int
    unknown: tuple[int, ...]
    repeated: int


def train(
    home: LakeHome,
    labels: LabelFile,
    folds: int = FOLDS,
    progress: Progress | None = None,
    rules: Sequence[Rule] | None = None,
) -> Training:
    """Test by time, fit on all labels, store the model in `<home>/models`; nothing else is changed.

    Each fold's signs are found anew on the lake as it stood when its training ends (detect.learn.as_of), for
    the accounts learned from and those tested; the model that is kept learns from the lake as it is now.
    rules: those that the tests run, as detection did; all of queries/ when None.
    InputError when detection is missing or stale, labels contradict each other, or there are too few.
    """
    tell = progress or (lambda stage: None)
    tables = open_tables(home)
    if detection_state(home) != "fresh":
        raise InputError(
            "The stored detection is missing or older than the lake; run `python -m detect` first."
        )
    decisions, unknown, repeated = decided(labels.labels, tables)
    enough(decisions)
    cuts = by_time(decisions, folds)
    library = open_library().rules
    known = known_signs(library, load_exceptions())
    run, tests = library if rules is None else rules, []
    for number, fold in enumerate(cuts, start=1):
        tell(f"fold {number} of {len(cuts)}")
        with lake_as_of(home, tables, fold.at) as then:
            facts = Facts(then)
            found = run_rules(then, run, facts=facts).findings
            tests.append(tested(fold, found, facts, run, known))
    tell("model")
    detection = open_detection(home)
    assert detection is not None  # noqa: S101 - it is fresh
    accounts = [one.account for one in decisions]
    signs = account_signs(detection.findings, Facts(tables))
    text = fit(matrix(signs, accounts, known), _truth(decisions), known)
    names, revisions, exceptions = made_from()
    card = Card(
        lake=tables.digest.digest,
        findings=findings_in_force(home),
        labels=labels.digest,
        labelled={one.account: one.mule for one in decisions},
        signs=names,
        rules=revisions,
        exceptions=exceptions,
        parameters=parameters(),
        folds=tuple(fold for fold, _ in tests),
        pooled=pooled([scores for _, scores in tests]),
        model=hashlib.sha256(text.encode("utf-8")).hexdigest(),
    )
    write_model(home, card, text)
    return Training(card, len(decisions), sum(one.mule for one in decisions), unknown, repeated)


@dataclass(frozen=True, slots=True)
class TestedScores:
    """What both scores said of the accounts of one fold: log-odds and probabilities beside the truth."""

    truth: Flags
    learned: Floats
    learned_probability: Floats
    rule: Floats
    rule_probability: Floats


def tested(
    fold: Fold, findings: Sequence[Finding], facts: Facts, rules: Sequence[Rule], known: Sequence[Sign]
) -> tuple[FoldFigures, TestedScores]:
    """Learn from a fold's earlier decisions, score its later ones; the additive score on the same signs."""
    signs = account_signs(findings, facts)
    text = fit(matrix(signs, [one.account for one in fold.trained], known), _truth(fold.trained), known)
    accounts = [one.account for one in fold.tested]
    raw = Model(text, len(known)).raw(matrix(signs, accounts, known))
    additive = rule_scores(findings, facts, rules, accounts)
    scores = TestedScores(
        _truth(fold.tested),
        raw,
        probability(raw),
        np.array([score for score, _ in additive]),
        np.array([chance for _, chance in additive]),
    )
    learned = figures(scores.truth, scores.learned, scores.learned_probability)
    rule = figures(scores.truth, scores.rule, scores.rule_probability)
    at, until = fold.at.isoformat(), fold.until.isoformat()
    return FoldFigures(at, until, len(fold.trained), learned, rule), scores


def pooled(tests: Sequence[TestedScores]) -> tuple[Figures, Figures]:
    """Figures over the accounts of all folds together: the learned score's, the additive score's."""
    truth = np.concatenate([one.truth for one in tests])
    learned = np.concatenate([one.learned for one in tests])
    chance = np.concatenate([one.learned_probability for one in tests])
    rule = np.concatenate([one.rule for one in tests])
    rule_chance = np.concatenate([one.rule_probability for one in tests])
    return figures(truth, learned, chance), figures(truth, rule, rule_chance)


def rule_scores(
    findings: Sequence[Finding], facts: Facts, rules: Sequence[Rule], accounts: Sequence[str]
) -> list[tuple[float, float]]:
    """The additive score (detect.mules) and its probability of each account, listed or not."""
    weights = load_mule_weights().model_copy(update={"listed_from": 0.0})
    scored = {
        mule.account: (mule.score, mule.probability)
        for mule in score_mules(findings, facts.tables, rules, weights, facts)
    }
    nothing = (weights.prior, float(probability(np.array([weights.slope * weights.prior]))[0]))
    return [scored.get(account, nothing) for account in accounts]


def decided(labels: Sequence[Label], tables: LakeTables) -> tuple[list[Decision], tuple[int, ...], int]:
    """One decision an account of the lake, by account; rows of unknown accounts; how many rows said it again.

    A card number stands for its account. Of equal labels the earliest counts. InputError names the rows when
    an account has both labels: nobody but the user can say which is right.
    """
    keys = set(tables.scan("Account").select("key").collect()["key"].to_list())
    cards = (
        tables.scan("CARD_OF").filter(pl.col("to_type") == "Account").select("from_key", "to_key").collect()
    )
    of_card: dict[str, set[str]] = {}
    for card, account in cards.iter_rows():
        of_card.setdefault(card, set()).add(account)
    first: dict[str, Label] = {}
    unknown: list[int] = []
    clashes: list[str] = []
    repeated = 0
    for label in labels:
        behind = {label.account} if label.account in keys else of_card.get(label.account, set())
        if len(behind) != 1:
            unknown.append(label.row)
            continue
        (account,) = behind
        before = first.get(account)
        if before is None:
            first[account] = label
            continue
        repeated += 1
        if before.mule != label.mule:
            clashes.append(f"{before.row} and {label.row}")
        elif label.decided_at < before.decided_at:
            first[account] = label
    if clashes:
        raise InputError(
            f"{len(clashes)} rows contradict an earlier row about the same account (rows "
            f"{', '.join(clashes[:5])}); keep one label an account."
        )
    found = [Decision(account, label.mule, label.decided_at) for account, label in sorted(first.items())]
    return found, tuple(unknown), repeated


def _truth(decisions: Sequence[Decision]) -> Flags:
    return np.array([one.mule for one in decisions], dtype=np.bool_)
