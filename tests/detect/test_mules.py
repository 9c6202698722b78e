"""Mules: parts add up and are listed, one rule never lists an account, innocent signs lower the score."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from detect.exceptions import explained, load_exceptions
from detect.facts import Facts
from detect.mules import MuleWeights, load_mule_weights, score_mules
from detect.results import Finding, Mule
from detect.rule import load_rules
from detect.worlds import build_world
from graph.contract import Ref
from tests.detect.ledgers import in_memory

RULES = load_rules()
NOTHING = in_memory({})
AT = datetime(2024, 3, 1, tzinfo=UTC)


def _finding(
    rule: str, subject: Ref, score: float = 1.0, others: tuple[Ref, ...] = (), row: int = 1
) -> Finding:
    rows = (("0" * 64, row),)
    return Finding(f"{rule}-{row}", rule, 1, subject, score, AT, AT, {}, {}, others, rows)


K = Ref("Account", "88000000000000001")
DEVICE = Ref("Device", "imei:00100000000017")
STRONG = [_finding("F03", K, row=1), _finding("D01", DEVICE, others=(K,), row=2), _finding("F20", K, row=3)]


def _scored(findings: list[Finding]) -> Mule:
    weights = load_mule_weights().model_copy(update={"listed_from": 0.0})
    (mule,) = score_mules(findings, NOTHING, RULES, weights)
    return mule


def test_the_score_is_the_prior_plus_all_listed_parts() -> None:
    mule = _scored(STRONG)
    assert mule.score == pytest.approx(load_mule_weights().prior + sum(r[3] for r in mule.reasons))
    assert {reason[1] for reason in mule.reasons} == {"F03", "D01", "F20"}
    assert all(reason[4] for reason in mule.reasons)


def test_every_single_rule_stays_below_the_list() -> None:
    for rule in RULES:
        one = _finding(rule.id, K)
        other = _finding(rule.id, DEVICE, others=(K,))
        assert score_mules([one], NOTHING, RULES) == ()
        assert score_mules([other], NOTHING, RULES) == ()


def test_weights_that_let_one_rule_list_an_account_are_refused() -> None:
    raw = load_mule_weights().model_dump()
    raw["rules"]["F01"] = {"stream": "money", "subject": -raw["prior"]}
    with pytest.raises(ValidationError, match="one finding alone"):
        MuleWeights.model_validate(raw)


def test_repeats_of_one_rule_add_nothing_and_of_one_stream_half() -> None:
    one = _scored([_finding("F03", K, row=1)])
    again = _scored([_finding("F03", K, row=1), _finding("F03", K, 0.6, row=2)])
    assert again == one
    both = _scored([_finding("F03", K, row=1), _finding("F06", K, row=2)])
    weights = load_mule_weights()
    assert both.score - one.score == pytest.approx(weights.repeat * weights.rules["F06"].subject)


def test_more_evidence_never_lowers_the_score() -> None:
    for dropped in range(len(STRONG)):
        fewer = STRONG[:dropped] + STRONG[dropped + 1 :]
        assert _scored(fewer).score < _scored(STRONG).score


def test_a_weaker_finding_weighs_less() -> None:
    assert _scored([replace(STRONG[0], score=0.5)]).score < _scored([STRONG[0]]).score


def test_order_of_findings_changes_nothing() -> None:
    assert score_mules(STRONG, NOTHING, RULES) == score_mules(STRONG[::-1], NOTHING, RULES)


def test_findings_of_unknown_rules_are_left_out() -> None:
    known = tuple(rule for rule in RULES if rule.id == "F03")
    assert [r[1] for m in score_mules(STRONG, NOTHING, known, _all()) for r in m.reasons] == ["F03"]


def _all() -> MuleWeights:
    return load_mule_weights().model_copy(update={"listed_from": 0.0})


def test_an_innocent_explanation_is_subtracted_and_listed() -> None:
    shop = build_world(
        [
            "P1..P40 TRANSFER S at=2024-03-01T09:00 every=PT1M amount=25 merchant_no=M000001",
            "S TRANSFER B at=2024-03-01T20:00 amount=990",
        ]
    )
    account = shop.names["S"]
    tables = in_memory(shop.frames)
    findings = [replace(finding, subject=account, others=(account,)) for finding in STRONG]
    (mule,) = [m for m in score_mules(findings, tables, RULES, _all()) if m.account == account.key]
    weights = load_mule_weights()
    assert mule.opposing == (("merchant", weights.exceptions["merchant"]),)
    assert mule.score == pytest.approx(
        weights.prior + sum(r[3] for r in mule.reasons) - weights.exceptions["merchant"], abs=1e-3
    )


def test_no_findings_give_no_mules() -> None:
    assert score_mules([], NOTHING, RULES) == ()


def test_every_weighed_exception_has_a_file() -> None:
    assert set(load_mule_weights().exceptions) == {one.name for one in load_exceptions()}


def _held(lines: list[str], name: str) -> set[tuple[str, str]]:
    world = build_world(lines)
    names = {ref.key: name for name, ref in world.names.items()}
    found = explained(Facts(in_memory(world.frames)), load_exceptions())
    return {(names[a], e) for a, e in found.select("account", "exception").iter_rows() if e == name}


def test_wages_explain_payer_and_paid_from_two_months_on() -> None:
    month = ["P TRANSFER W1..W5 at=2024-03-05T09:00 every=PT1M amount=5000 memo=工资"]
    next_month = ["P TRANSFER W1..W5 at=2024-04-05T09:00 every=PT1M amount=5000 memo=工资"]
    assert _held(month, "payroll") == {("P", "payroll")}
    assert {name for name, _ in _held(month + next_month, "payroll")} == {"P", "W1", "W2", "W3", "W4", "W5"}


def test_moves_between_own_accounts_explain_both() -> None:
    lines = ["A HOLDS K1", "A HOLDS K2", "K1 TRANSFER K2 at=2024-03-01T09:00 amount=1000"]
    assert _held(lines, "own_move") == {("K1", "own_move"), ("K2", "own_move")}


def test_a_family_lives_at_one_address() -> None:
    lines = ["A HOLDS K1", "B HOLDS K2", "K1 TRANSFER K2 at=2024-03-01T09:00 amount=1000"]
    assert _held(lines, "family") == set()
    near = [*lines, "A LIVES_AT H", "B LIVES_AT H"]
    assert _held(near, "family") == {("K1", "family"), ("K2", "family")}


def test_loans_are_told_by_their_memo() -> None:
    lines = ["A TRANSFER B at=2024-03-01T09:00 amount=1000 memo=贷款发放"]
    assert _held(lines, "finance") == {("A", "finance"), ("B", "finance")}


def test_riders_are_paid_small_sums_on_many_days() -> None:
    firm = ["F : Account corporate=true", "F TRANSFER R at=2024-03-01T09:00 every=P1D times=10 amount=200"]
    assert _held(firm, "gig") == {("R", "gig")}
    rare = ["F : Account corporate=true", "F TRANSFER R at=2024-03-01T09:00 every=P1D times=9 amount=200"]
    assert _held(rare, "gig") == set()


def test_colleagues_who_open_accounts_together_are_migrants() -> None:
    lines = [f"{p} HOLDS K{n}" for n, p in enumerate("ABC", 1)]
    lines += [f"{p} : Person employer=样例电子厂" for p in "ABC"]
    lines += ["K1..K3 OPENED_AT N at=2024-03-01T09:00 every=PT10M"]
    assert _held(lines, "migrant") == {("K1", "migrant"), ("K2", "migrant"), ("K3", "migrant")}
