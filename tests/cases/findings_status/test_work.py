"""Work on findings: kept for good, carried through new detections, said when the evidence is other."""

import json
import sqlite3
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cases.__main__ import APP
from cases.access import Role, Subject
from cases.audit import Audit, audit_path
from cases.findings_status.acts import FindingActs, Status, finding_acts_path
from cases.findings_status.standing import Change, Queue, queue
from cases.findings_status.working import MOST_AT_ONCE, assign, remark, set_due, set_status
from detect.results import Finding
from detect.store import open_detection
from graph.errors import EvidenceBroken, InputError, NotPermitted
from graph.lake.home import LakeHome
from tests.cases.roles.ring_home import ring_home
from tests.export.ring import account, findings

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
LI = Subject("李样警官", Role.ANALYST)
F1, F2, F3 = findings()


def now(home: LakeHome, found: tuple[Finding, ...] = (F1, F2, F3)) -> Queue:
    return queue(FindingActs(home).history(), found)


@given(st.lists(st.tuples(st.sampled_from([F1, F2, F3]), st.sampled_from(Status)), max_size=10))
@settings(max_examples=15)
def test_the_last_word_on_each_finding_stands(steps: list[tuple[Finding, Status]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = LakeHome(Path(folder))
        by_hand: dict[str, Status] = {}
        for number, (finding, status) in enumerate(steps):
            set_status(home, LI, [finding], status, "理由", AT + timedelta(minutes=number))
            by_hand[finding.finding_id] = status
        work = now(home)
        assert {k: v.status for k, v in work.standings.items()} == {
            one.finding_id: by_hand.get(one.finding_id, Status.NEW) for one in (F1, F2, F3)
        }
        assert sum(work.counts().values()) == 3 and not any(one.changes for one in work.standings.values())


def test_status_assignee_due_and_comments_stand_beside_each_other(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    set_status(home, LI, [F1], Status.REVIEW, "", AT, lake_digest="d" * 64)
    assign(home, LI, [F1, F2], " 王样警官 ", AT)
    set_due(home, LI, [F1], date(2024, 6, 1), AT)
    remark(home, LI, [F1], "</script> 核对流水", AT)
    one = now(home).of(F1)
    assert (one.status, one.assignee, one.due) == (Status.REVIEW, "王样警官", date(2024, 6, 1))
    assert [act.kind for act in one.acts] == ["status", "assign", "due", "comment"]
    assert one.acts[-1].text == "</script> 核对流水" and one.acts[0].lake_digest == "d" * 64
    assert now(home).of(F2).assignee == "王样警官" and now(home).of(F2).status is Status.NEW
    set_due(home, LI, [F1], None, AT)
    assign(home, LI, [F1], "", AT)
    assert (now(home).of(F1).due, now(home).of(F1).assignee) == (None, "")


def test_work_goes_over_to_the_finding_that_rests_on_the_same_rows(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    set_status(home, LI, [F1], Status.LEAD, "查证属实", AT)
    revised = replace(F1, finding_id="F09-other", revision=F1.revision + 1, rows=(*F1.rows, ("a" * 64, 9)))
    other = replace(F1, finding_id="F09-third", rows=(("b" * 64, 1),))
    stranger = replace(revised, finding_id="F09-fourth", subject=account(1))
    work = now(home, (other, stranger, revised, F2))
    heir = work.of(revised)
    assert heir.status is Status.LEAD and heir.changes == (Change.RULE, Change.ROWS)
    assert work.of(other).status is work.of(stranger).status is Status.NEW, "nobody else inherits"
    again = replace(F1, score=0.1)
    assert now(home, (again,)).of(again).changes == (Change.SCORE,)
    lost = now(home, (other, F2))
    assert [(one.status, one.finding, one.reason) for one in lost.gone] == [(Status.LEAD, None, "查证属实")]
    set_status(home, LI, [revised], Status.LEAD, "再查", AT)
    assert now(home, (revised,)).of(revised).changes == (), "looked at again"


def test_what_may_not_be_said_is_one_sentence(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    with pytest.raises(InputError, match="reason"):
        set_status(home, LI, [F1], Status.DISMISSED, "  ", AT)
    with pytest.raises(InputError, match="at once"):
        assign(home, LI, [F1] * (MOST_AT_ONCE + 1), "x", AT)
    with pytest.raises(InputError, match="at once"):
        assign(home, LI, [], "x", AT)
    with pytest.raises(InputError, match="text"):
        remark(home, LI, [F1], "", AT)
    with pytest.raises(InputError, match="name"):
        assign(home, LI, [F1], "a\nb", AT)
    with pytest.raises(NotPermitted):
        remark(home, Subject("x", Role.AUDITOR), [F1], "t", AT)
    assert FindingActs(home).history() == []


def test_who_acts_on_what_stood_before_is_told_so(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    set_status(home, LI, [F1], Status.REVIEW, "", AT, seen=0)
    with pytest.raises(InputError, match="meanwhile"):
        set_status(home, LI, [F2, F1], Status.DONE, "", AT, seen=0)
    set_status(home, LI, [F2], Status.DONE, "", AT, seen=0)
    set_status(home, LI, [F1], Status.DONE, "", AT, seen=2)
    assert now(home).counts() == {**dict.fromkeys(Status, 0), Status.DONE: 2, Status.NEW: 1}


def test_the_audit_names_the_act_and_no_key(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    set_status(home, LI, [F1, F2], Status.DISMISSED, f"同名 {F1.subject.key}", AT, case="A1")
    done = Audit(audit_path(home)).rows()[0]
    assert (done["action"], done["outcome"], done["rows"], done["case_no"]) == (
        "work_finding",
        "done",
        2,
        "A1",
    )
    assert F1.subject.key not in str(done) and "dismissed" in done["purpose"]


@pytest.mark.parametrize(
    "damage",
    ["UPDATE finding_acts SET value = 'done' WHERE seq = 1", "DELETE FROM finding_acts WHERE seq = 2"],
)
def test_a_damaged_record_is_named_and_not_believed(tmp_path: Path, damage: str) -> None:
    home = LakeHome(tmp_path)
    for number in range(3):
        set_status(home, LI, [F1], Status.DISMISSED, "误报", AT + timedelta(minutes=number))
    assert finding_acts_path(home).stat().st_mode & 0o777 == 0o600
    connection = sqlite3.connect(finding_acts_path(home))
    connection.executescript(
        f"DROP TRIGGER finding_acts_no_update; DROP TRIGGER finding_acts_no_delete; {damage};"
    )
    connection.close()
    with pytest.raises(EvidenceBroken, match=r"finding_acts\.sqlite"):
        now(home)
    with pytest.raises(EvidenceBroken):
        remark(home, LI, [F1], "t", AT)


def test_the_commands_list_and_set_and_detection_stays_as_it_is(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    before = open_detection(home)
    run, lake = CliRunner(), ["--lake", str(tmp_path)]
    said = run.invoke(APP, ["findings", "set", "f1", "dismissed", "--by", "王样警官", *lake])
    assert said.exit_code == 1 and "reason" in said.stderr
    said = run.invoke(
        APP, ["findings", "set", "f1", "dismissed", "--by", "王样警官", "--reason", "误报", *lake]
    )
    assert said.exit_code == 0, said.output
    assert run.invoke(APP, ["findings", "assign", "f2", "李样警官", "--by", "王样警官", *lake]).exit_code == 0
    listed = run.invoke(APP, ["findings", "list", "--json", *lake])
    records = {one["finding"]: one for one in json.loads(listed.stdout)}
    assert records["f1"]["status"] == "dismissed" and records["f2"]["assignee"] == "李样警官"
    assert set(records) == {"f1", "f2", "f3"}, "a dismissed one does not vanish"
    assert account(3).key not in listed.stdout and open_detection(home) == before
    only = run.invoke(APP, ["findings", "list", "--status", "dismissed", *lake])
    assert only.stdout.count("\n") == 1
    assert run.invoke(APP, ["findings", "set", "nope", "done", "--by", "x", *lake]).exit_code == 1
    assert run.invoke(APP, ["findings", "set", "f1", "gone", "--by", "x", *lake]).exit_code == 2
