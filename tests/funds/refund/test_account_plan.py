"""Lake to plan: trace, reports and control rows give exact refunds, and what is unknown stays unknown."""

from fractions import Fraction
from random import Random

import pytest

from funds.refund.account_plan import AccountPlan
from funds.refund.branches import Branch
from funds.refund.doubts import CODES, Doubt
from funds.refund.frozen_money import frozen_accounts
from funds.refund.plan import RefundPlan
from graph.errors import InputError
from tests.detect.ledgers import in_memory
from tests.funds.refund.lakes import NOW, fens, frozen, paid, planned, random_lake

GRADE = ["A : Account grade=A"]
THREE = [
    *paid("R1", "V1", "A", "10000", "09:00", to_balance_fen=1_000_000),
    *paid("R2", "V2", "A", "6000", "09:10", to_balance_fen=1_600_000),
    *paid("R3", "V3", "A", "2000", "09:20", to_balance_fen=1_800_000),
    "A TRANSFER B at=2024-03-01T10:00 amount=14000 from_balance_fen=400000",
]
ONE = paid("R1", "V1", "A", "5000", "09:00", to_balance_fen=500_000)


def codes(found: AccountPlan) -> set[str]:
    return {doubt.code for doubt in found.doubts}


def test_the_example_of_the_domain_from_rows_to_fen() -> None:
    found, world = planned([*GRADE, *THREE, *frozen(400_000)])
    assert found.plan.branch is Branch.PRO_RATA and not found.money.given
    assert fens(found, world) == {"R1": 222_222, "R2": 133_333, "R3": 44_445}
    assert "METHODS_DIFFER" in found.plan.tests[1].against
    proof = found.plan.lines[0].claim.arrivals[0]
    assert proof.direct and (proof.fen, proof.least_fen) == (1_000_000, 1_000_000)
    assert proof.source == world.source and found.plan.lines[0].claim.rows
    assert codes(found) == {"NONE_GIVEN_BACK", "REPORT_IS_VICTIM"}


def test_one_deposit_goes_back_whole() -> None:
    found, world = planned([*GRADE, *ONE, *frozen(500_000)])
    assert found.plan.branch is Branch.SINGLE and fens(found, world) == {"R1": 500_000}


def test_deposits_told_apart_by_time_go_to_whose_they_are() -> None:
    lines = [
        *paid("R1", "V1", "A", "5000", "09:00", to_balance_fen=500_000),
        "A TRANSFER B at=2024-03-01T09:05 amount=5000 from_balance_fen=0",
        *paid("R2", "V2", "A", "3000", "09:10", to_balance_fen=300_000),
    ]
    found, world = planned([*GRADE, *lines, *frozen(300_000)])
    assert found.plan.branch is Branch.BY_TIME_STAMP
    assert fens(found, world) == {"R1": 0, "R2": 300_000} and found.plan.kept_fen == 0
    worse, _ = planned(["A : Account grade=B", *lines, *frozen(300_000)])
    assert worse.plan.branch is Branch.PRO_RATA and "WEAK_PATH" in codes(worse)


@pytest.mark.parametrize(
    ("lines", "frozen_fen", "doubt"),
    [
        (
            paid("R1", "V1", "A", "5000", "09:00", to_balance_fen=600_000),
            600_000,
            "UNSEEN_DEPOSITS",
        ),  # 1,000 were there
        (paid("R1", "V1", "A", "5000", "09:00"), 500_000, "NO_BALANCES"),
        (ONE, 500_001, "FROZEN_ABOVE_BALANCE"),
        (ONE, 499_999, "NOT_COVERED"),
        ([*ONE, "O TRANSFER A at=2024-03-01 amount=7 precision=day"], 500_000, "UNSEEN_DEPOSITS"),
    ],
)
def test_what_is_unknown_is_never_the_single_deposit(lines: list[str], frozen_fen: int, doubt: str) -> None:
    found, _ = planned([*GRADE, *lines, *frozen(frozen_fen)])
    assert found.plan.branch is not Branch.SINGLE and doubt in codes(found)
    assert (found.plan.branch is Branch.BY_TIME_STAMP) is (frozen_fen == 600_000)
    assert found.plan.refund_fen <= 500_000


def test_the_grade_is_the_worst_on_the_moneys_way() -> None:
    lines = [
        *paid("R1", "V1", "M", "5000", "09:00", to_balance_fen=500_000),
        "M TRANSFER A at=2024-03-01T09:01 amount=5000 from_balance_fen=0 to_balance_fen=500000",
        *paid("R2", "V2", "A", "5", "09:02", to_balance_fen=500_500),
    ]
    found, _ = planned([*GRADE, "M : Account grade=C", "V1 : Account grade=D", *lines, *frozen(500_500)])
    assert found.plan.frozen.grade == "C"
    arrival = next(line.claim.arrivals[0] for line in found.plan.lines if line.refund_fen > 500)
    assert not arrival.direct


def test_losses_count_as_reported_less_what_was_given_back() -> None:
    lost = [*GRADE, *THREE, *frozen(400_000), "R3 PAID_TO Z at=2024-03-01T11:00 amount=1000"]
    found, world = planned(lost)
    assert {line.claim.loss_fen for line in found.plan.lines} == {1_000_000, 600_000, 300_000}
    assert "LOSS_NOT_MATCHED" in codes(found)
    less, _ = planned([*GRADE, *THREE, *frozen(400_000)], refunded={"R1": 900_000})
    assert fens(less, world)["R1"] == 100_000 and less.plan.kept_fen == 122_222
    assert "GIVEN_BACK" in codes(less)
    with pytest.raises(InputError, match="not in the data"):
        planned([*GRADE, *THREE, *frozen(400_000), "V1 : Account grade=A"], refunded={"V1": 5})


def test_money_that_came_back_is_told_and_not_deducted() -> None:
    found, _ = planned([*GRADE, *THREE, "A TRANSFER V1 at=2024-03-01T10:30 amount=100", *frozen(390_000)])
    assert Doubt("CAME_BACK", 1, 10_000) in found.doubts
    assert {line.claim.loss_fen for line in found.plan.lines} == {1_000_000, 600_000, 200_000}


def test_what_is_frozen_is_stated_or_given_never_guessed() -> None:
    with pytest.raises(InputError, match="--frozen-yuan"):
        planned([*GRADE, *THREE])
    found, _ = planned([*GRADE, *THREE], 400_000)
    assert found.money.given and {"NO_SURE_FREEZE", "GIVEN_AMOUNT"} <= codes(found)
    other, _ = planned([*GRADE, *THREE, *frozen(400_000)], 300_000)
    assert Doubt("OTHER_AMOUNT", fen=400_000) in other.doubts and other.plan.frozen.fen == 300_000
    both = [line.replace("mode=receive_only", "mode=limit requested_fen=900000") for line in frozen(100_000)]
    both += [line.replace("K", "L", 1) for line in both]
    with pytest.raises(InputError, match="Several freezes"):
        planned([*GRADE, *THREE, *both])


def test_frozen_accounts_are_those_surely_frozen() -> None:
    from detect.worlds import build_world

    world = build_world([*GRADE, *THREE, *frozen(400_000)])
    tables = in_memory(world.frames)
    assert list(frozen_accounts(tables, NOW)) == [world.names["A"].key]
    assert frozen_accounts(tables, NOW.replace(year=2025)) == {}


def test_an_account_that_nothing_names_is_refused() -> None:
    with pytest.raises(InputError, match="No movement"):
        planned(["A : Account grade=A", "V1 TRANSFER B at=2024-03-01T09:00 amount=5"], 1)


def test_every_doubt_speaks_both_languages() -> None:
    for code in CODES:
        assert Doubt(code, 2, 123_456, "C").said("zh") and Doubt(code, 2, 123_456, "C").said("en")
    assert "1,234.56" in Doubt("UNKNOWN_MONEY", fen=123_456).said("en")


def oracle(fen: int, losses: dict[str, int], order: list[str]) -> dict[str, int]:
    """Shares by losses, each left-over fen to the largest remainder, ties to who paid first."""
    total = sum(losses.values())
    pot = min(fen, total)
    exact = {name: Fraction(pot * loss, total) for name, loss in losses.items()}
    got = {name: int(share) for name, share in exact.items()}
    for name in sorted(exact, key=lambda n: (got[n] - exact[n], order.index(n)))[: pot - sum(got.values())]:
        got[name] += 1
    return got


@pytest.mark.parametrize("seed", range(200))
def test_any_lake_gives_an_exact_plan(seed: int) -> None:
    lines, losses, direct, closing = random_lake(seed)
    draw = Random(seed + 1_000)
    fen = draw.choice([closing, closing, draw.randrange(0, 2 * closing + 1)])
    back = {name: draw.randrange(0, loss + 1) for name, loss in losses.items() if draw.random() < 0.1}
    found, world = planned([*lines, *frozen(fen)], refunded=back)
    plan: RefundPlan = found.plan
    got = fens(found, world)
    assert sum(got.values()) + plan.kept_fen == fen and plan.kept_fen >= 0
    assert all(refund <= losses[name] - back.get(name, 0) for name, refund in got.items())
    open_direct = {name for name in direct if losses[name] > back.get(name, 0)}
    assert open_direct <= set(got) <= set(losses)
    assert all(line.claim.rows for line in plan.lines)
    if plan.branch is Branch.PRO_RATA:
        due = oracle(fen, {name: losses[name] for name in got}, list(got))
        assert got == {name: min(share, losses[name] - back.get(name, 0)) for name, share in due.items()}
    else:
        assert plan.branch in (Branch.SINGLE, Branch.BY_TIME_STAMP, None)
    again, _ = planned([*lines, *frozen(fen)], refunded=back)
    assert again == found
