"""What a rule's `exclude` explains is marked, ranked lower and never left out."""

from pathlib import Path

import pytest

from detect.excuses import excuse_said, rule_score
from detect.mules import score_mules
from detect.results import Finding
from detect.rule import load_rules
from detect.run import run_rules
from detect.worlds import build_world, tiny_world
from graph.lake.home import LakeHome
from graph.lake.tables import write_tables
from tests.detect.ledgers import in_memory

RULES = load_rules()
# Five payers, then nearly all of it to one.
FAN = (
    "P1..P5 TRANSFER K at=2024-03-01T09:00 every=PT1H amount=2000{memo}",
    "K TRANSFER B at=2024-03-01T20:00 amount=9900",
)
CLUB = "Q1..Q5 TRANSFER K at=2024-03-05T09:00 every=PT1H amount=1 memo=班费"


def _found(rule: str, *lines: str) -> tuple[Finding, ...]:
    return run_rules(in_memory(build_world(list(lines)).frames), RULES, [rule]).findings


def _fan(memo: str = "") -> tuple[str, str]:
    return FAN[0].format(memo=memo and f" memo={memo}"), FAN[1]


def test_a_finding_that_nothing_explains_stays_as_the_rule_made_it() -> None:
    (finding,) = _found("F01", *_fan())
    assert "excluded_by" not in finding.values
    assert rule_score(finding) == finding.score == 0.5
    assert excuse_said(finding, "zh") == excuse_said(finding, "en") == ""


def test_a_class_fund_is_marked_and_halved_but_not_left_out() -> None:
    (finding,) = _found("F01", *_fan(), CLUB)
    assert finding.values["excluded_by"] == ("campus",)
    assert (finding.values["excluded_strength"], finding.score, rule_score(finding)) == (1.0, 0.25, 0.5)
    assert [row for _, row in finding.rows] == [1, 2, 3, 4, 5, 6]
    assert "校园与社团" in excuse_said(finding, "zh") and "still needs a check" in excuse_said(finding, "en")


def test_what_a_rule_does_not_name_explains_nothing_for_it() -> None:
    scatter = (
        "V TRANSFER K at=2024-03-01T09:00 amount=20000",
        "K TRANSFER B1..B5 at=2024-03-01T10:00 every=PT1H amount=4000",
    )
    (finding,) = _found("F02", *scatter, CLUB)
    assert "excluded_by" not in finding.values and finding.score == 0.5


def test_loans_by_memo_explain_from_their_least_share_of_the_findings_own_money() -> None:
    for loans, strength in ((2, 0.201), (3, 0.3015)):
        parts = [
            f"P{n} TRANSFER K at=2024-03-01T0{n}:00 amount=2000" + (" memo=借款" if n <= loans else "")
            for n in range(1, 6)
        ]
        # Other money of the account keeps its own share of loans below the least.
        own = "K TRANSFER Z at=2024-05-01T09:00 amount=100000"
        (finding,) = _found("F01", *parts, FAN[1], own)
        if loans == 2:
            assert strength < 0.3 and "excluded_by" not in finding.values
        else:
            assert finding.values["excluded_by"] == ("finance",)
            assert finding.values["excluded_strength"] == round(6000 / 19900, 4)
            assert finding.score == round(0.5 * (1 - 0.5 * finding.values["excluded_strength"]), 4)


def test_a_phone_of_one_home_is_explained_by_family_and_of_two_homes_is_not(tmp_path: Path) -> None:
    def found(*lines: str) -> tuple[Finding, ...]:
        # A rule in SQL reads a lake on disk.
        home = LakeHome(tmp_path / str(len(list(tmp_path.iterdir()))))
        return run_rules(write_tables(home, tiny_world(lines)), RULES, ["C04"]).findings

    lines = ["A HOLDS K1", "B HOLDS K2", "K1 BOUND_TO S", "K2 BOUND_TO S"]
    homes = ["A : Person address=虚构路1号", "B : Person address=虚构路{}号"]
    (together,) = found(*lines, homes[0], homes[1].format(1))
    assert together.values["excluded_by"] == ("family",) and together.score == 0.25
    (apart,) = found(*lines, homes[0], homes[1].format(2))
    assert "excluded_by" not in apart.values and apart.score == 0.5
    (unknown,) = found(*lines)
    assert "excluded_by" not in unknown.values, "no home on record is nobody's home"
    third = ["C HOLDS K3", "K3 BOUND_TO S", "C : Person address=虚构路9号"]
    (three,) = found(*lines, *third, homes[0], homes[1].format(1))
    assert "excluded_by" not in three.values, "one of three lives elsewhere"


def test_the_explained_rank_after_the_others() -> None:
    wide = "P1..P9 TRANSFER K at=2024-03-01T09:00 every=PT1H amount=2000"
    other = (
        "R1..R5 TRANSFER L at=2024-03-01T09:00 every=PT1H amount=2000",
        "L TRANSFER B at=2024-03-01T20:00 amount=9900",
    )
    found = _found("F01", wide, "K TRANSFER B at=2024-03-01T20:00 amount=17800", CLUB, *other)
    assert [f.values.get("excluded_by") for f in found] == [None, ("campus",)]
    assert rule_score(found[1]) > found[0].score > found[1].score


def test_a_sum_from_the_holders_own_account_explains_a_wake() -> None:
    sleeper = (
        "K TRANSFER B at=2023-08-01T09:00 amount=10",
        "K TRANSFER B at=2024-03-01T10:00 every=PT1H times=10 amount=100",
    )
    own = ("A HOLDS K", "A HOLDS L", "L TRANSFER K at=2024-03-01T09:00 amount=1010")
    (finding,) = [f for f in _found("F06", *sleeper, *own) if f.values.get("excluded_by")]
    assert finding.values["excluded_by"] == ("own_move",)
    assert not [f for f in _found("F06", *sleeper, *own[:2]) if f.values.get("excluded_by")]


@pytest.mark.parametrize("lines", [_fan(), (*_fan(), CLUB)])
def test_mules_weigh_the_rules_own_score(lines: tuple[str, ...]) -> None:
    tables = in_memory(build_world(list(lines)).frames)
    found = run_rules(tables, RULES).findings
    plain = [f for f in found if not f.values.get("excluded_by")]
    back = [
        Finding(f.finding_id, f.rule, f.revision, f.subject, rule_score(f), f.first_at, f.last_at,
                f.parameters, {}, f.others, f.rows)
        for f in found
    ]  # fmt: skip
    assert score_mules(found, tables, RULES) == score_mules(back, tables, RULES)
    assert len(plain) <= len(found)


def test_equal_tables_give_equal_findings_in_the_stored_order() -> None:
    found = _found("F01", *_fan(), CLUB)
    assert found == _found("F01", *_fan(), CLUB)
    assert list(found) == sorted(found, key=lambda f: (f.rule, -f.score, f.subject))
