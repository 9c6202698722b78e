"""Deciding about a role: a named person, a reason, fresh data; standing and what changes it."""

from dataclasses import replace
from pathlib import Path

import pytest

from cases.access import Role, Subject
from cases.audit import Audit, audit_path
from cases.roles.acts import RoleActs, Verdict
from cases.roles.deciding import decide_role, named_person, withdraw_role
from cases.roles.standing import Change, RoleStanding, RoleState, open_decisions, rows_gone
from cases.roles.words import changes_said, mark_said
from detect.results import Member, RoleReason
from graph.errors import InputError, NotPermitted
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from tests.cases.roles.ring_home import (
    AT,
    CHIEF,
    OFFICER,
    PROVIDER,
    decided,
    detected,
    member,
    proposal,
    ring_home,
    with_member,
)
from tests.export.ring import REGISTER, SHEET, gang, person


def standing(home: LakeHome, given: Member | None = None, role: str = "card_provider") -> RoleStanding:
    found = open_decisions(home, open_tables(home)).of(given or member(3))
    return next(one for one in found if one.role == role)


def test_a_role_is_proposed_until_somebody_decides_and_again_after_withdrawal(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    assert standing(home).state is RoleState.PROPOSED and not standing(home).is_label
    made = decided(home)
    one = standing(home)
    assert (one.state, one.changes, one.is_label, one.act) == (RoleState.CONFIRMED, (), True, made)
    assert mark_said(one, "zh") == "已确认 · 王样警官 · 2024-05-06 UTC"
    decided(home, "refute", who=CHIEF, minute=1)
    assert standing(home).state is RoleState.REFUTED
    withdraw_role(home, OFFICER, PROVIDER, "card_provider", "", AT)
    assert standing(home).state is RoleState.PROPOSED
    assert [a.verdict for a in RoleActs(home).history()] == ["confirm", "refute", "withdraw"]
    assert standing(home, role="caller").state is RoleState.PROPOSED, "one role says nothing of another"


def test_a_decision_keeps_the_evidence_it_was_made_on_and_the_audit_names_it(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    (made,) = RoleActs(home).history()
    assert made.score == member(3).roles["card_provider"] == 0.73
    assert made.evidence == member(3).reasons["card_provider"]
    assert (made.gang_id, made.lake_digest) == ("G-0001", open_tables(home).digest.digest)
    rows = Audit(audit_path(home)).rows()
    assert [(r["action"], r["outcome"], r["actor"]) for r in rows] == [
        ("judge_role", "done", "王样警官"),
        ("judge_role", "intent", "王样警官"),
    ]
    assert rows[0]["query_digest"].startswith("1:") and rows[1]["query_digest"] is None
    assert PROVIDER not in str(rows) and "看过开户影像" in rows[0]["purpose"]


@pytest.mark.parametrize("verdict", ["confirm", "refute"])
@pytest.mark.parametrize(
    ("name", "reason", "sentence"),
    [(" ", "理由", "the name"), ("王\n样", "理由", "the name"), ("王样", " ", "a reason"),
     ("王样", "长" * 2001, "2,000 signs"), ("王样", "\ud800", "all of them text")],
)  # fmt: skip
def test_a_decision_needs_a_name_and_a_reason(
    tmp_path: Path, verdict: Verdict, name: str, reason: str, sentence: str
) -> None:
    home = ring_home(tmp_path)
    with pytest.raises(InputError, match=sentence):
        decide_role(home, Subject(name, Role.INVESTIGATOR), proposal(home), verdict, reason, AT)
    assert RoleActs(home).history() == []


@pytest.mark.parametrize("role", [Role.ANALYST, Role.UPLOADER, Role.AUDITOR, Role.ADMIN])
def test_other_desks_decide_nothing_and_are_recorded(tmp_path: Path, role: Role) -> None:
    home = ring_home(tmp_path)
    with pytest.raises(NotPermitted):
        decide_role(home, Subject("王样", role), proposal(home), "confirm", "理由", AT)
    decided(home)
    with pytest.raises(NotPermitted):
        withdraw_role(home, Subject("王样", role), PROVIDER, "card_provider", "", AT)
    assert [a.verdict for a in RoleActs(home).history()] == ["confirm"]
    assert [r["outcome"] for r in Audit(audit_path(home)).rows()] == ["denied", "done", "intent", "denied"]


def test_results_older_than_the_lake_are_not_decided_on(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    old = proposal(home)
    detected(home, lacking=("PAID_FROM",))
    with pytest.raises(InputError, match="python -m detect"):
        decide_role(home, OFFICER, old, "confirm", "理由", AT)


def test_a_decision_whose_rows_left_the_lake_is_shown_as_such_and_not_dropped(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    decided(home, "refute", minute=1, key=person(4).key)
    detected(home, lacking=("TRANSFER",))
    one = standing(home)
    assert (one.state, one.changes, one.is_label) == (RoleState.CONFIRMED, (Change.ROWS_GONE,), False)
    assert "confirmed on evidence that has changed" in mark_said(one, "en")
    assert "确认所据证据已变" in mark_said(one, "zh") and "不在库中" in changes_said(one, "zh")
    refuted = standing(home, member(4))
    assert (refuted.state, refuted.changes) == (RoleState.REFUTED, (Change.ROWS_GONE,))
    detected(home)
    assert standing(home).is_label, "the rows are back, so is the ground of the decision"


def test_a_role_that_is_no_longer_proposed_stays_with_its_mark(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    without = replace(member(3), roles={}, reasons={})
    one = standing(home, without)
    assert (one.score, one.changes, one.is_label) == (None, (Change.NOT_PROPOSED,), False)
    nobody = replace(gang(), members=tuple(m for m in gang().members if m.ref != person(3)))
    outside = open_decisions(home, open_tables(home)).outside([nobody])
    assert [(o.person, o.changes) for o in outside] == [(PROVIDER, (Change.NOT_PROPOSED,))]
    assert open_decisions(home, open_tables(home)).outside([with_member(without)]) == ()


FOR, AGAINST = (("profit", 0.6, ((SHEET, 13),)),), (("salary", 0.1, ((SHEET, 15),)),)
MORE = ("cash_out", 0.2, ((SHEET, 12),))


@pytest.mark.parametrize(
    ("now", "confirmed", "refuted"),
    [
        (RoleReason(FOR, AGAINST), (), ()),
        (RoleReason((*FOR, MORE), AGAINST), (), (Change.SIGN_NEW,)),
        (RoleReason(FOR, (*AGAINST, MORE)), (Change.SIGN_NEW,), ()),
        (RoleReason((MORE,), AGAINST), (Change.SIGN_GONE,), (Change.SIGN_NEW,)),
        (RoleReason(FOR, ()), (), (Change.SIGN_GONE,)),
    ],
)
def test_what_weakens_a_decision_is_a_change_and_what_strengthens_it_is_none(
    tmp_path: Path, now: RoleReason, confirmed: tuple[Change, ...], refuted: tuple[Change, ...]
) -> None:
    home = ring_home(tmp_path)
    later = replace(member(3), reasons={**member(3).reasons, "card_provider": now})
    decided(home, "confirm")
    assert standing(home, later).changes == confirmed
    decided(home, "refute", minute=1)
    assert standing(home, later).changes == refuted


def test_rows_are_found_wherever_a_table_cites_them(tmp_path: Path) -> None:
    tables = open_tables(ring_home(tmp_path))
    mirror, node, unknown = (REGISTER, 42), (REGISTER, 23), (REGISTER, 9999)
    assert rows_gone(tables, [(SHEET, 13), mirror, node, unknown]) == {unknown}
    assert rows_gone(tables, []) == set()


def test_a_person_is_named_by_handle_or_key(tmp_path: Path) -> None:
    from cases.handles import open_handles

    home = ring_home(tmp_path)
    assert named_person(home, PROVIDER) == PROVIDER
    assert named_person(home, open_handles(home).of_ref(person(3))) == PROVIDER
    with pytest.raises(InputError, match="roles list") as refused:
        named_person(home, "990101199001019999")
    assert "990101199001019999" not in refused.value.message
