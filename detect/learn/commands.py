"""The commands `detect train` and `detect trained`: parse, call, print; keys masked unless asked."""

import argparse
from typing import Any

from rich.console import Console
from rich.table import Table

from detect.learn.figures import Figures
from detect.learn.labels import LabelFile, read_labels
from detect.learn.model import Card, fold_record
from detect.learn.scored import NOTICE, LearnedScore, learned_scores
from detect.learn.train import Training, train
from detect.mules import load_mule_weights
from detect.report import SHOWN, print_json, print_table, shown_key
from graph.contract import Ref
from graph.errors import InputError
from graph.lake.home import LakeHome

_PARTS_SHOWN = 3
_PROBLEMS_SHOWN = 20
LEAKS = {
    "zh": (
        "按时间检验用的是当时的交易、通话、登录与警情；登记资料（姓名、地址、设备使用次数）没有时间，按现状使用。"
        "最终模型按现有数据训练，标注之后的数据也在其中。"
    ),
    "en": (
        "The tests by time use transfers, calls, logins and cases as of then; registers (names, addresses, "
        "counted uses of a device) carry no time and are used as they are now. The kept model learned "
        "from the lake as it is now, what came after each decision included."
    ),
}


def run_train(home: LakeHome, given: argparse.Namespace) -> int:
    """Read the labels, train, print what was used, what was not, and how both scores did."""
    labels = read_labels(given.labels)
    console = Console(stderr=True)
    try:
        if console.is_terminal:
            with console.status("labels") as status:
                training = train(home, labels, progress=status.update)
        else:
            training = train(home, labels)
    except InputError as error:
        # What is wrong with the rows is often why too few labels are left.
        for row, sentence in labels.problems[:_PROBLEMS_SHOWN]:
            console.print(f"row {row}: {sentence}", markup=False, highlight=False)
        raise error
    if given.json:
        print_json(training_record(training, labels))
    else:
        _print_training(training, labels)
    return 0


def run_trained(home: LakeHome, given: argparse.Namespace) -> int:
    """Print accounts by the learned score, the rule score in a column of its own."""
    card, scores = learned_scores(home)
    least = load_mule_weights().listed_from
    shown = [one for one in scores if one.listed or one.rule_probability >= least]
    if given.json:
        accounts = [score_record(one, given.show_keys) for one in shown]
        print_json({"notice": NOTICE, "model": card_record(card), "accounts": accounts})
    else:
        _print_scores(shown, card, given.show_keys)
    return 0


def training_record(training: Training, labels: LabelFile) -> dict[str, Any]:
    """The form of `detect train --json`; rows are named by number, never by what stands in them."""
    return {
        "labels": training.used,
        "mules": training.mules,
        "repeated": training.repeated,
        "unknown_rows": list(training.unknown),
        "problems": [{"row": row, "problem": sentence} for row, sentence in labels.problems],
        "notice": NOTICE,
        "leaks": LEAKS,
        "model": card_record(training.card),
    }


def card_record(card: Card) -> dict[str, Any]:
    """What a model was made from and how it did, without the labelled accounts."""
    learned, rule = card.pooled
    return {
        "model": card.model,
        "lake": card.lake,
        "findings": card.findings,
        "labels": card.labels,
        "signs": len(card.signs),
        "rules": {rule_id: revision for rule_id, (revision, _) in card.rules.items()},
        "parameters": dict(card.parameters),
        "folds": [fold_record(fold) for fold in card.folds],
        "all_folds": {"learned": learned.as_dict(), "rule": rule.as_dict()},
        "better": better(learned, rule),
    }


def better(learned: Figures, rule: Figures) -> bool:
    """Whether the learned score beat the additive one on later accounts, by area and by Brier score."""
    pairs = ((learned.pr_auc, rule.pr_auc), (rule.brier, learned.brier))
    return all(more is not None and less is not None and more > less for more, less in pairs)


def score_record(one: LearnedScore, show_keys: bool) -> dict[str, Any]:
    """One account of `detect trained --json`: two scores apart, and what each rule adds to the learned."""
    return {
        "account": shown_key(Ref("Account", one.account), show_keys),
        "learned": {
            "score": round(one.score, 4),
            "probability": round(one.probability, 4),
            "listed": one.listed,
            "base": round(one.base, 4),
            "parts": [
                {
                    "innocent" if part.innocent else "rule": part.of,
                    "weight": round(part.weight, 4),
                    "strength": part.strength,
                    "findings": list(part.findings),
                }
                for part in one.parts
            ],
        },
        "rule": {
            "score": one.rule_score,
            "probability": one.rule_probability,
            "listed": one.rule_probability >= load_mule_weights().listed_from,
        },
        "labelled": one.labelled,
    }


def _print_training(training: Training, labels: LabelFile) -> None:
    console = Console()
    said = f"{training.used} labels used, {training.mules} of them mules; {training.repeated} repeated"
    said += f", {len(training.unknown)} of accounts that are not in the lake, {len(labels.problems)} unusable"
    console.print(said, highlight=False)
    for row, sentence in labels.problems[:_PROBLEMS_SHOWN]:
        console.print(f"row {row}: {sentence}", markup=False, highlight=False)
    if len(labels.problems) > _PROBLEMS_SHOWN:
        console.print(f"{_PROBLEMS_SHOWN} of {len(labels.problems)} shown; --json prints all.")
    if training.unknown:
        rows = ", ".join(map(str, training.unknown[:_PROBLEMS_SHOWN]))
        console.print(f"rows of accounts that are not in the lake: {rows}", highlight=False)
    _print_folds(training.card)
    for language in ("zh", "en"):
        console.print(NOTICE[language], highlight=False)
        console.print(LEAKS[language], highlight=False)


def _print_folds(card: Card) -> None:
    table = Table(
        "test", "as of", "trained", "tested", "mules", "score", "PR-AUC", "precision at recall 0.8", "Brier"
    )
    tests = [(str(n), one.at, str(one.trained), one.learned, one.rule) for n, one in enumerate(card.folds, 1)]
    for name, at, trained, learned, rule in [*tests, ("all", "", "", *card.pooled)]:
        for score, of in (("learned", learned), ("rule", rule)):
            figures = [_figure(of.pr_auc), _figure(of.precision_at_recall), _figure(of.brier)]
            table.add_row(name, at, trained, str(of.n), str(of.positives), score, *figures)
    console = Console()
    console.print(table)
    if not better(*card.pooled):
        console.print("The learned score is not better than the rule score on these labels.", highlight=False)


def _print_scores(scores: list[LearnedScore], card: Card, show_keys: bool) -> None:
    console = Console()
    for language in ("zh", "en"):
        console.print(NOTICE[language], highlight=False)
    if not better(*card.pooled):
        console.print("Tested by time it was not better than the rule score.", highlight=False)
    table = Table("account", "learned", "rule score", "rule probability", "label", "what counts most")
    for one in scores[:SHOWN]:
        parts = ", ".join(f"{part.of} {part.weight:+.2f}" for part in one.parts[:_PARTS_SHOWN])
        label = {None: "", True: "1", False: "0"}[one.labelled]
        key = shown_key(Ref("Account", one.account), show_keys)
        chance, rule = f"{one.probability:.2f}", f"{one.rule_probability:.2f}"
        table.add_row(key, chance, f"{one.rule_score:.3f}", rule, label, parts)
    print_table(table, len(scores))


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
