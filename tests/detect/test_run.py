"""A run over rules: stable, complete with rows, and the same for the same tables."""

from pathlib import Path

import pytest

from detect.results import Finding
from detect.rule import load_rules
from detect.run import RulesRun, run_rules
from detect.worlds import tiny_world
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables, write_tables

RULES = load_rules()
WORLD = (
    "A HOLDS K1",
    "B HOLDS K2",
    "C HOLDS K3",
    "D : Device",
    "K1..K3 LOGGED_IN D at=2024-03-01T08:00 every=PT1H",
    "R1 PAID_FROM V1 at=2024-03-01T09:00 amount=10000",
    "R1 PAID_TO K1 at=2024-03-01T09:00 amount=10000",
    "R2 PAID_FROM V2 at=2024-03-01T09:30 amount=6000",
    "R2 PAID_TO K1 at=2024-03-01T09:30 amount=6000",
    "V1 TRANSFER K1 at=2024-03-01T09:00 amount=10000",
    "K1 TRANSFER K2 at=2024-03-01T09:20 amount=10000 from_balance_fen=0",
    "K2 TRANSFER K3 at=2024-03-01T09:40 amount=10000 from_balance_fen=0",
)


@pytest.fixture
def tables(tmp_path: Path) -> LakeTables:
    """The canonical tables of a small ring."""
    return write_tables(LakeHome(tmp_path), tiny_world(WORLD))


def _run(tables: LakeTables, *only: str) -> RulesRun:
    return run_rules(tables, RULES, only)


def test_findings_come_by_rule_then_score_then_subject(tables: LakeTables) -> None:
    findings = _run(tables).findings
    assert {f.rule for f in findings} >= {"D01", "F03", "F09", "F19", "F20"}
    assert list(findings) == sorted(findings, key=lambda f: (f.rule, -f.score, f.subject))


def test_every_finding_names_rule_revision_parameters_and_rows(tables: LakeTables) -> None:
    rules = {rule.id: rule for rule in RULES}
    for finding in _run(tables).findings:
        assert finding.revision == rules[finding.rule].revision
        assert set(finding.parameters) == set(rules[finding.rule].parameters)
        assert finding.rows and 0 <= finding.score <= 1


def test_the_same_tables_give_the_same_findings(tables: LakeTables, tmp_path: Path) -> None:
    again = write_tables(LakeHome(tmp_path / "again"), tiny_world(WORLD))
    assert _run(tables).findings == _run(again).findings


def test_ids_are_unique_and_do_not_depend_on_other_rules(tables: LakeTables) -> None:
    every = _run(tables).findings
    assert len({f.finding_id for f in every}) == len(every)
    alone = {f.finding_id for f in _run(tables, "F20").findings}
    assert alone == {f.finding_id for f in every if f.rule == "F20"}


def test_every_message_can_be_said_in_both_languages(tables: LakeTables) -> None:
    rules = {rule.id: rule for rule in RULES}
    for finding in _run(tables).findings:
        values = {**finding.parameters, **finding.values, "subject": finding.subject}
        for language in ("zh", "en"):
            said = rules[finding.rule].render(values, language)
            assert "{" not in said and finding.subject.key not in said


def test_an_empty_lake_gives_nothing(tmp_path: Path) -> None:
    run = _run(open_tables(LakeHome(tmp_path)))
    assert run.findings == () and run.truncated == ()
    assert set(run.cpu_seconds) == {r.id for r in RULES if r.form != "query"}


def test_a_rule_without_its_detector_is_named_and_the_others_run(tables: LakeTables) -> None:
    rule = next(r for r in RULES if r.id == "F03").model_copy(update={"detector": "no_such_kernel"})
    others = [r for r in RULES if r.id == "F19"]
    run = run_rules(tables, [rule, *others])
    assert len(run.refused) == 1 and "F03 names the detector no_such_kernel" in run.refused[0]
    assert _subjects(run.findings, "F19")


def test_a_rule_whose_data_was_not_loaded_is_named(tables: LakeTables) -> None:
    unfed = _run(tables, "P01", "F19").unfed
    assert "SENT" in unfed["P01"] and "F19" not in unfed


def _subjects(findings: tuple[Finding, ...], rule: str) -> set[str]:
    return {f.subject.key for f in findings if f.rule == rule}


def test_only_the_named_rules_run(tables: LakeTables) -> None:
    run = _run(tables, "F19")
    assert set(run.cpu_seconds) == {"F19"} and len(_subjects(run.findings, "F19")) == 1
