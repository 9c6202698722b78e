"""Signs on accounts: each rule's strongest finding, and explanations; a fit counts as detection does."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from bench.additive import design, evidence, fitted, platt, scores, with_values
from bench.evidence import World
from bench.reliability import bins, brier, calibration_error
from detect.facts import Facts
from detect.mules import MuleWeights, load_mule_weights, score_mules
from detect.results import Finding
from detect.rule import load_rules
from detect.signs import account_signs, known_signs
from detect.worlds import build_world
from graph.contract import Ref
from tests.detect.ledgers import in_memory

RULES = load_rules()
AT = datetime(2024, 3, 1, tzinfo=UTC)
LINES = [f"A{n} HOLDS K{n}" for n in range(1, 9)] + [
    "K1 TRANSFER K2 at=2024-03-01T09:00 amount=1000",
    "A1 HOLDS K9",
    "K1 TRANSFER K9 at=2024-03-01T10:00 amount=1000",
]


def _finding(rule: str, subject: Ref, score: float, others: tuple[Ref, ...] = ()) -> Finding:
    name = f"{rule}-{subject.key[-4:]}-{score}"
    return Finding(name, rule, 1, subject, score, AT, AT, {}, {}, others, (("0" * 64, 1),))


def test_of_several_findings_of_a_rule_the_strongest_is_the_sign() -> None:
    world = build_world(LINES)
    k, device = world.names["K3"], Ref("Device", "imei:00100000000017")
    findings = [_finding("F09", k, 0.4), _finding("F09", k, 0.9), _finding("D01", device, 0.5, (k,))]
    signs = account_signs(findings, Facts(in_memory(world.frames)))
    mine = signs.filter(signs["account"] == k.key)
    assert mine.rows() == [
        (k.key, "D01 others", 0.5, findings[2].finding_id),
        (k.key, "F09 subject", 0.9, findings[1].finding_id),
    ]
    assert device.key not in signs["account"].to_list()


def test_an_explanation_is_a_sign_of_its_own_and_lowers_no_other() -> None:
    world = build_world(LINES)
    k = world.names["K1"]
    lowered = replace(
        _finding("F09", k, 0.45),
        values={"excluded_by": ("own_move",), "excluded_strength": 1.0, "score_alone": 0.9},
    )
    signs = account_signs([lowered], Facts(in_memory(world.frames)))
    mine = signs.filter(signs["account"] == k.key).select("sign", "strength").rows()
    assert ("F09 subject", 0.9) in mine and "exception own_move" in dict(mine)


def test_explanations_are_listed_without_findings_too() -> None:
    world = build_world(LINES)
    signs = account_signs([], Facts(in_memory(world.frames)))
    own = signs.filter(signs["sign"] == "exception own_move")
    assert set(own["account"]) == {world.names["K1"].key, world.names["K9"].key}
    assert own["finding"].null_count() == 2


def test_every_rule_that_runs_has_two_signs_and_no_query_has_any() -> None:
    names = {sign.name for sign in known_signs(RULES, ())}
    assert {"F09 subject", "F09 others"} <= names
    assert not any(name.startswith("Q") for name in names)


@pytest.mark.parametrize("seed", range(8))
def test_scores_of_the_fit_are_those_of_detection(seed: int) -> None:
    """The oracle: `score_mules` itself, over random findings of all rules on eight accounts."""
    random = np.random.default_rng(seed)
    world = build_world(LINES)
    keys = [world.names[f"K{n}"] for n in range(1, 9)]
    device = Ref("Device", "imei:00100000000017")
    findings = []
    for number in range(40):
        rule = RULES[random.integers(len(RULES))]
        score = round(float(random.uniform(0.05, 1)), 3) + number / 1e6
        subject = keys[random.integers(8)] if random.random() < 0.6 else device
        made = _finding(rule.id, subject, score, (keys[random.integers(8)],))
        # Every other one as detection leaves it where an explanation holds: lowered, its own score kept.
        lowered = replace(made, score=round(score / 2, 4), values={"score_alone": score})
        findings.append(lowered if number % 2 else made)
    findings = [f for f in findings if {"F", "C", "D", "X", "P", "S", "W"} & {f.rule[0]}]
    facts = Facts(in_memory(world.frames))
    weights = load_mule_weights().model_copy(update={"listed_from": 0.0})
    expected = {m.account: m.score for m in score_mules(findings, facts.tables, RULES, weights, facts)}
    found = evidence([World(1, "LOW", account_signs(findings, facts), {k.key: False for k in keys})])
    got = dict(zip(found.accounts, scores(found, weights).tolist(), strict=True))
    assert expected
    for account, score in expected.items():
        assert got[account] == pytest.approx(score, abs=2e-3)


def test_a_fit_finds_the_weights_that_made_the_labels_and_none_below_zero() -> None:
    random = np.random.default_rng(3)
    weights = load_mule_weights()
    names = ("F03 subject", "P01 others", "exception merchant", "F08 subject")
    true = np.array([2.0, 3.0, -1.5, -2.0])  # a sign that speaks for innocence gets nothing
    strength = (random.random((40_000, 4)) < 0.3).astype(float)
    chance = 1 / (1 + np.exp(-(-4.0 + strength @ true)))
    mule = random.random(40_000) < chance
    found = _evidence(names, strength, mule)
    prior, values = fitted(found, weights, names, pull=0.01)
    assert prior == pytest.approx(-4.0, abs=0.25)
    assert values["P01 others"] == pytest.approx(3.0, abs=0.25)
    assert values["exception merchant"] == pytest.approx(1.5, abs=0.25)
    assert values["F08 subject"] == 0.0
    made = with_values(weights, prior, values)
    slope, offset = platt(scores(found, made), mule)
    assert (slope, offset) == (pytest.approx(1.0, abs=0.1), pytest.approx(0.0, abs=0.2))


def test_a_fit_never_lets_one_sign_list_an_account() -> None:
    names = ("F03 subject",)
    strength = np.repeat([[1.0], [0.0]], [50, 5000], axis=0)
    found = _evidence(names, strength, strength[:, 0] > 0)
    prior, values = fitted(found, load_mule_weights(), names, pull=0.0)
    assert 1.0 < values["F03 subject"] <= -0.97 * prior + 1e-9
    MuleWeights.model_validate(with_values(load_mule_weights(), prior, values).model_dump() | {"slope": 1.0})


def _evidence(names: tuple[str, ...], strength: np.ndarray, mule: np.ndarray) -> object:  # type: ignore[type-arg]
    from bench.additive import Evidence

    count = len(mule)
    return Evidence(names, strength, mule, np.zeros(count, dtype=np.int64), tuple(map(str, range(count))))


def test_reliability_by_hand() -> None:
    said, truth = np.array([0.01, 0.3, 0.4, 1.0]), np.array([False, True, False, True])
    assert [(b.n, round(b.said, 3), b.seen) for b in bins(said, truth)] == [
        (1, 0.01, 0),
        (2, 0.35, 0.5),
        (1, 1, 1),
    ]
    assert calibration_error(said, truth) == pytest.approx((0.01 + 2 * 0.15 + 0) / 4)
    assert brier(said, truth) == pytest.approx((0.0001 + 0.49 + 0.16) / 4)
    assert design(_evidence((), np.zeros((4, 0)), truth), load_mule_weights()).shape == (4, 0)  # type: ignore[arg-type]
