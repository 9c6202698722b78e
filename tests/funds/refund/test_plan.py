"""Refund plans: the branch that applies, sums to the fen, proof of each, and what is refused."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funds.refund.branches import WHY_NOT, Branch
from funds.refund.claims import CONSERVING, REASONS, Arrival, Claim, Frozen
from funds.refund.plan import RefundPlan, refund_plan, reopened
from graph.errors import InputError
from tests.funds.controls.orders import SOURCE, local

START = local("2024-03-01T09:00")


def claim(name: str, yuan: int, minute: int = 0, **values: object) -> Claim:
    paid = Arrival(f"e{name}", START + timedelta(minutes=minute), yuan * 100, SOURCE, minute + 1)
    return replace(Claim(name, "CNY", yuan * 100, (paid,)), **values)  # type: ignore[arg-type]


EXAMPLE = [claim("V1", 10_000, 1), claim("V2", 6_000, 2), claim("V3", 2_000, 3)]
FROZEN = Frozen("A", "CNY", 400_000, 3, "B")


def fens(plan: RefundPlan) -> dict[str, int]:
    return {line.claim.victim: line.refund_fen for line in plan.lines}


def test_the_worked_example_to_the_fen_with_its_proof() -> None:
    plan = refund_plan(FROZEN, EXAMPLE)
    assert plan.branch is Branch.PRO_RATA and plan.needs_notice
    assert fens(plan) == {"V1": 222_222, "V2": 133_333, "V3": 44_445}
    assert (plan.refund_fen, plan.kept_fen) == (400_000, 0)
    proof = plan.proof()
    assert proof["share"].to_list() == ["2000000/9", "400000/3", "400000/9"]
    assert proof["floor_fen"].to_list() == [222_222, 133_333, 44_444]
    assert proof["remainder"].to_list() == ["2/9", "1/3", "4/9"]
    assert proof["extra_fen"].to_list() == [0, 0, 1]
    assert proof["rows"].to_list()[0] == [{"source": SOURCE, "row": 2}]


def test_a_tie_goes_to_the_earlier_payment_then_to_the_key() -> None:
    pair = [claim("V2", 1, 5), claim("V1", 1, 6)]
    assert fens(refund_plan(replace(FROZEN, fen=101), pair)) == {"V2": 51, "V1": 50}
    same = [claim("V2", 1, 5), claim("V1", 1, 5)]
    assert fens(refund_plan(replace(FROZEN, fen=101), same)) == {"V1": 51, "V2": 50}


def test_nobody_gets_more_than_the_loss_and_the_rest_stays_frozen() -> None:
    plan = refund_plan(replace(FROZEN, fen=5_000_000), EXAMPLE)
    assert fens(plan) == {"V1": 1_000_000, "V2": 600_000, "V3": 200_000}
    assert plan.kept_fen == 3_200_000
    before = refund_plan(FROZEN, [EXAMPLE[0], EXAMPLE[1], claim("V3", 2_000, 3, refunded_fen=199_990)])
    assert fens(before)["V3"] == 10 and before.kept_fen == 44_435


SINGLE = Frozen("A", "CNY", 500_000, 1, "D")


@pytest.mark.parametrize(("frozen_fen", "refund"), [(500_000, 500_000), (1_000_001, 1_000_000)])
def test_the_single_deposit_goes_back(frozen_fen: int, refund: int) -> None:
    plan = refund_plan(replace(SINGLE, fen=frozen_fen), EXAMPLE[:1])
    assert plan.branch is Branch.SINGLE and not plan.needs_notice
    assert (plan.refund_fen, plan.kept_fen) == (refund, frozen_fen - refund)


def test_a_deposit_that_came_through_others_is_not_single() -> None:
    arrival = replace(EXAMPLE[0].arrivals[0], direct=False)
    plan = refund_plan(SINGLE, [replace(EXAMPLE[0], arrivals=(arrival,))])
    assert plan.branch is Branch.PRO_RATA and plan.tests[0].against == ("NOT_THE_VICTIMS",)


def left(**fen: int) -> dict[str, dict[str, int]]:
    return {method: dict(fen) for method in CONSERVING}


STAMPED = replace(FROZEN, grade="A", left=left(V1=0, V2=0, V3=150_000))


def test_money_told_apart_by_time_goes_to_whose_it_is() -> None:
    plan = refund_plan(STAMPED, EXAMPLE)
    assert plan.branch is Branch.BY_TIME_STAMP and not plan.needs_notice
    assert fens(plan) == {"V1": 0, "V2": 0, "V3": 150_000} and plan.kept_fen == 250_000


@pytest.mark.parametrize(
    ("frozen", "why"),
    [
        (replace(STAMPED, grade="B"), "GRADE"),
        (replace(STAMPED, left={k: v for k, v in STAMPED.left.items() if k != "libr"}), "METHODS_LACK"),
        (replace(STAMPED, left={**STAMPED.left, "lifo": {"V3": 149_999}}), "METHODS_DIFFER"),
        (replace(STAMPED, unknown_fen=1), "UNKNOWN_MONEY"),
        (replace(STAMPED, left=left(V3=150_000, V9=1)), "UNNAMED_VICTIM"),
        (replace(STAMPED, fen=149_999), "MORE_TRACED_THAN_FROZEN"),
        (replace(STAMPED, deposits=1), "ONE_DEPOSIT"),
        (replace(STAMPED, deposits=0), "NO_DEPOSIT"),
    ],
)
def test_what_is_not_surely_told_apart_goes_by_proportion(frozen: Frozen, why: str) -> None:
    plan = refund_plan(frozen, EXAMPLE)
    assert plan.branch is Branch.PRO_RATA and why in plan.tests[1].against
    assert all(plan.tests[1].said("zh")) and all(plan.tests[1].said("en"))


def test_the_tests_say_why_each_other_branch_does_not_apply() -> None:
    plan = refund_plan(SINGLE, EXAMPLE[:1])
    assert [test.against for test in plan.tests] == [
        (),
        ("ONE_DEPOSIT",),
        ("EARLIER_BRANCH",),
    ]
    assert {code for test in plan.tests for code in test.against} <= set(WHY_NOT)


def test_a_claim_without_a_row_here_is_refused_with_its_reason() -> None:
    claims = [*EXAMPLE, claim("V0", 5, arrivals=()), claim("V9", 5, 9, refunded_fen=500)]
    plan = refund_plan(FROZEN, [*claims, claim("V8", 5, 8, loss_fen=0)])
    assert [(one.victim, one.code) for one in plan.refused] == [
        ("V0", "NO_PAYMENT_HERE"),
        ("V8", "NO_LOSS"),
        ("V9", "ALREADY_REPAID"),
    ]
    assert {one.code for one in plan.refused} == set(REASONS)
    assert all(one.said("zh") and one.said("en") for one in plan.refused)
    assert fens(plan) == fens(refund_plan(FROZEN, EXAMPLE))


def test_nobody_gives_nothing() -> None:
    plan = refund_plan(FROZEN, [])
    assert (plan.branch, plan.kept_fen, plan.proof().height) == (None, 400_000, 0)


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ([EXAMPLE[0], claim("V2", 1, 2, currency="USD")], "MIXED_CURRENCIES"),
        ([EXAMPLE[0], EXAMPLE[0]], "TWICE"),
        ([EXAMPLE[0], claim("V2", 1, 2, arrivals=EXAMPLE[0].arrivals)], "ONE_ROW_TWO_VICTIMS"),
        ([claim("V2", 1, 2, refunded_fen=-1)], "NEGATIVE"),
    ],
)
def test_wrong_input_is_refused(claims: list[Claim], code: str) -> None:
    with pytest.raises(InputError) as refused:
        refund_plan(FROZEN, claims)
    assert refused.value.facts["code"] == code


def test_a_new_victim_reopens_the_plan() -> None:
    plan = refund_plan(FROZEN, EXAMPLE[:2])
    again = reopened(plan, [EXAMPLE[2]])
    assert again.revision == 2 and again.needs_notice
    assert fens(again) == fens(refund_plan(FROZEN, EXAMPLE))
    part = reopened(plan, [EXAMPLE[2]], {"V1": 250_000})
    assert part.frozen.fen == 150_000 and part.refund_fen == 150_000
    assert 250_000 + part.refund_fen + part.kept_fen == FROZEN.fen
    for wrong in ({"V9": 1}, {"V1": 250_001}):
        with pytest.raises(InputError):
            reopened(plan, [], wrong)


FEN = st.integers(1, 10**13)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Frozen, list[Claim]]:
    count = draw(st.integers(1, 9))
    claims = [
        Claim(
            f"V{n}",
            "CNY",
            loss := draw(FEN),
            (Arrival(f"e{n}", START + timedelta(minutes=draw(st.integers(0, 3))), loss, SOURCE, n),),
            refunded_fen=draw(st.sampled_from([0, 0, 0, loss // 2, loss])),
        )
        for n in range(count)
    ]
    return Frozen("A", "CNY", draw(st.integers(0, 10**13)), max(2, count), "B"), claims


def oracle(frozen: int, claims: list[Claim]) -> dict[str, int]:
    """The plan in proportion, fen by fen: hand each left-over fen to who lacks most of the exact share."""
    part = [c for c in claims if c.refunded_fen < c.loss_fen]
    total = sum(c.loss_fen for c in part)
    pot = min(frozen, total)
    due = {c.victim: Fraction(pot) * c.loss_fen / total for c in part}
    got = {victim: int(share) for victim, share in due.items()}
    order = {c.victim: (c.arrivals[0].at, c.victim) for c in part}
    while sum(got.values()) < pot:
        lacking = sorted(due, key=lambda victim: (got[victim] - due[victim], order[victim]))
        got[lacking[0]] += 1
    return {c.victim: min(got[c.victim], c.loss_fen - c.refunded_fen) for c in part}


@settings(max_examples=400, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_any_plan_in_proportion_is_exact(world, shuffler) -> None:  # type: ignore[no-untyped-def]
    frozen, claims = world
    plan = refund_plan(frozen, claims)
    assert fens(plan) == oracle(frozen.fen, claims)
    assert plan.refund_fen + plan.kept_fen == frozen.fen and plan.kept_fen >= 0
    for line in plan.lines:
        assert 0 <= line.refund_fen <= line.claim.open_fen <= line.claim.loss_fen
        assert line.share_fen == line.floor_fen + line.remainder and line.extra_fen in (0, 1)
        assert line.claim.rows
    if all(c.refunded_fen == 0 for c in claims):
        assert plan.refund_fen == min(frozen.fen, sum(c.loss_fen for c in claims))
    mixed = list(claims)
    shuffler.shuffle(mixed)
    assert refund_plan(frozen, mixed) == plan


@settings(max_examples=200, deadline=None)
@given(worlds(), st.lists(st.integers(0, 10**6), min_size=9, max_size=9))
def test_any_plan_by_time_stamp_is_exact(world, lefts) -> None:  # type: ignore[no-untyped-def]
    frozen, claims = world
    traced = {c.victim: fen for c, fen in zip(claims, lefts, strict=False)}
    plan = refund_plan(replace(frozen, grade="A", left=left(**traced)), claims)
    assert plan.refund_fen + plan.kept_fen == frozen.fen and plan.kept_fen >= 0
    assert all(line.refund_fen <= line.claim.open_fen for line in plan.lines)
    if plan.branch is Branch.BY_TIME_STAMP:
        assert all(line.refund_fen <= traced[line.claim.victim] for line in plan.lines)
