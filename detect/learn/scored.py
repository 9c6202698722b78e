"""Scores accounts with the learned model, beside the rule score and never in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from detect.exceptions import load_exceptions
from detect.facts import Facts
from detect.learn.fit import Model, matrix, probability
from detect.learn.model import Card, read_model
from detect.learn.train import rule_scores
from detect.rule import open_library
from detect.signs import Sign, account_signs, known_signs
from detect.store import open_detection
from graph.contract import Floats
from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables

LISTED_FROM = 0.5
LEAST_RULES = 2
NOTICE = {
    "zh": (
        "学习得分由贵单位自己的标注训练而成，与规则得分并列显示、互不混合；"
        "它只反映与既往认定相似，不是证据，也不是犯罪概率。"
    ),
    "en": (
        "The learned score was trained on your own labels and stands beside the rule score, never mixed with "
        "it; it says how like earlier decisions an account is, is no evidence and no probability of a crime."
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What one rule, or one innocent explanation, adds to a learned score, in log-odds.

    of: rule id or name of the explanation; strength: of its strongest sign on the account, 0 when it has none
    and the absence is what counts. findings: those of the strength, as subject and as others.
    """

    of: str
    innocent: bool
    weight: float
    strength: float
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnedScore:
    """One account by both scores. parts: largest first; with `base` they sum to `score` (log-odds).

    rules: how many different rules found something. labelled: the label it was trained with, None when it
    was not. rule_score, rule_probability: the additive score's, on the same findings.
    """

    account: str
    score: float
    probability: float
    base: float
    parts: tuple[Part, ...]
    rules: int
    labelled: bool | None
    rule_score: float
    rule_probability: float

    @property
    def listed(self) -> bool:
        """Whether the learned score lists it: likely by it, and found by two different rules at least.

        One finding alone never lists an account (L: 银发〔2016〕261号 annex, a combination is needed).
        """
        return self.probability >= LISTED_FROM and self.rules >= LEAST_RULES


def learned_scores(home: LakeHome) -> tuple[Card, tuple[LearnedScore, ...]]:
    """The model's card and every account with a finding, by learned score (desc), then account.

    InputError when nothing was trained or the model no longer fits, UnreadableSource when it is damaged.
    """
    card, text = read_model(home)
    detection = open_detection(home)
    if detection is None:
        raise InputError("The stored detection is missing; run `python -m detect` first.")
    rules = open_library().rules
    known = known_signs(rules, load_exceptions())
    facts = Facts(open_tables(home))
    signs = account_signs(detection.findings, facts)
    of_sign = {sign.name: sign for sign in known}
    found: dict[str, dict[str, tuple[float, str | None]]] = {}
    for account, sign, strength, finding in signs.iter_rows():
        if sign in of_sign:
            found.setdefault(account, {})[sign] = (strength, finding)
    ruled = {account: _rules(own, of_sign) for account, own in found.items()}
    accounts = sorted(account for account, rule_ids in ruled.items() if rule_ids)
    if not accounts:
        return card, ()
    model = Model(text, len(known))
    features = matrix(signs, accounts, known)
    raw, parts = model.raw(features), model.parts(features)
    additive = rule_scores(detection.findings, facts, rules, accounts)
    scores = [
        LearnedScore(
            account,
            float(raw[number]),
            float(chance),
            float(parts[number, -1]),
            _parts(parts[number], found[account], known),
            len(ruled[account]),
            card.labelled.get(account),
            *additive[number],
        )
        for number, (account, chance) in enumerate(zip(accounts, probability(raw), strict=True))
    ]
    return card, tuple(sorted(scores, key=lambda one: (-one.score, one.account)))


def _rules(own: Mapping[str, object], of_sign: Mapping[str, Sign]) -> frozenset[str]:
    """Which rules found something on an account with these signs."""
    return frozenset(of_sign[name].of for name in own if not of_sign[name].innocent)


def _parts(
    weights: Floats, own: Mapping[str, tuple[float, str | None]], known: Sequence[Sign]
) -> tuple[Part, ...]:
    """What each rule and each explanation adds to one account's score: its signs' parts added up."""
    named: dict[tuple[bool, str], Part] = {}
    for sign, weight in zip(known, weights[:-1].tolist(), strict=True):
        strength, finding = own.get(sign.name, (0.0, None))
        if weight == 0.0 and strength == 0.0:
            continue
        key = (sign.innocent, sign.of)
        before = named.get(key, Part(sign.of, sign.innocent, 0.0, 0.0, ()))
        more = () if finding is None or finding in before.findings else (finding,)
        named[key] = replace(
            before,
            weight=before.weight + weight,
            strength=max(before.strength, strength),
            findings=before.findings + more,
        )
    return tuple(sorted(named.values(), key=lambda part: (-abs(part.weight), part.innocent, part.of)))
