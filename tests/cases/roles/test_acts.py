"""The record of decisions: replays to one state, survives writers at once, is not believed damaged."""

import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.audit import Audit, audit_path
from cases.roles.acts import VERDICTS, Act, RoleActs, Verdict, acts_path
from detect.results import RoleReason
from graph.errors import EvidenceBroken, InputError
from graph.lake.home import LakeHome
from tests.cases.roles.ring_home import AT, PROVIDER, decided, ring_home

REASON = RoleReason((("cash_out", 0.2, (("a" * 64, 3), ("b" * 64, 9))),), (("few_contacts", 0.1, ()),))
SUBJECTS = [("p1", "caller"), ("p1", "cash_crew"), ("p2", "caller")]
STEPS = st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(VERDICTS)), max_size=12)


def act(person: str, role: str, verdict: Verdict, minute: int = 0) -> Act:
    whole = Act(person, role, verdict, "王样警官", "investigator", "理由", AT + timedelta(minutes=minute))
    return replace(whole, gang_id="G-1", lake_digest="d" * 64, score=1 / 3, evidence=REASON)


@given(steps=STEPS)
@settings(max_examples=25)
def test_any_sequence_of_acts_replays_to_the_state_a_person_would_keep_by_hand(
    steps: list[tuple[tuple[str, str], Verdict]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = LakeHome(Path(folder))
        by_hand: dict[tuple[str, str], str] = {}
        stored: list[Act] = []
        for number, ((person, role), verdict) in enumerate(steps):
            made = act(person, role, verdict, number)
            if verdict == "withdraw" and (person, role) not in by_hand:
                with pytest.raises(InputError, match="nothing to withdraw"):
                    RoleActs(home).add(made)
                continue
            if verdict == "withdraw":
                del by_hand[(person, role)]
            else:
                by_hand[(person, role)] = verdict
            stored.append(RoleActs(home).add(made)[0])
        assert {s: a.verdict for s, a in RoleActs(home).in_force().items()} == by_hand
        assert RoleActs(home).history() == stored, "evidence, score, time and names come back as they were"
        assert [made.seq for made in stored] == list(range(1, len(stored) + 1))


def test_who_decides_on_what_stood_before_is_told_so(tmp_path: Path) -> None:
    kept = RoleActs(LakeHome(tmp_path))
    first, _ = kept.add(act("p1", "caller", "confirm"), seen=0)
    with pytest.raises(InputError, match="meanwhile"):
        kept.add(act("p1", "caller", "refute"), seen=0)
    kept.add(act("p1", "caller", "withdraw"), seen=first.seq)
    kept.add(act("p1", "caller", "refute"), seen=0)
    assert [made.verdict for made in kept.history()] == ["confirm", "withdraw", "refute"]


def _many(root: str) -> int:
    kept, refused = RoleActs(LakeHome(Path(root))), 0
    for number in range(6):
        try:
            kept.add(act("p1", "caller", ("confirm", "refute", "withdraw")[number % 3], number))
        except InputError:
            refused += 1
    return refused


def test_writers_in_several_processes_lose_nothing(tmp_path: Path) -> None:
    with get_context("spawn").Pool(3) as pool:
        refused = sum(pool.map(_many, [str(tmp_path)] * 3, chunksize=1))
    history = RoleActs(LakeHome(tmp_path)).history()
    assert len(history) + refused == 18 and len(history) >= 12
    assert [made.seq for made in history] == list(range(1, len(history) + 1))


def _of_two(root: str) -> str:
    try:
        RoleActs(LakeHome(Path(root))).add(act("p1", "caller", "confirm"), seen=0)
    except InputError:
        return "refused"
    return "stored"


def test_of_two_who_looked_at_the_same_proposal_one_is_refused(tmp_path: Path) -> None:
    with get_context("spawn").Pool(2) as pool:
        assert sorted(pool.map(_of_two, [str(tmp_path)] * 2, chunksize=1)) == ["refused", "stored"]


def _edit(home: LakeHome, statement: str) -> None:
    connection = sqlite3.connect(acts_path(home))
    connection.executescript("DROP TRIGGER role_acts_no_update; DROP TRIGGER role_acts_no_delete;")
    connection.execute(statement)
    connection.commit()
    connection.close()


def _removed(home: LakeHome) -> None:
    for path in home.root.glob("role_acts*"):
        path.unlink()


def _flipped(home: LakeHome) -> None:
    """One bit of every stored sentence turned, which SQLite itself does not notice."""
    connection = sqlite3.connect(acts_path(home))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path = acts_path(home)
    content = path.read_bytes()
    assert "看过".encode() in content
    path.write_bytes(content.replace("看过".encode(), "看迈".encode()))


@pytest.mark.parametrize(
    "damage",
    [
        lambda home: _edit(home, "UPDATE role_acts SET verdict = 'refute' WHERE seq = 1"),
        lambda home: _edit(home, "UPDATE role_acts SET person = 'other' WHERE seq = 2"),
        lambda home: _edit(home, "UPDATE role_acts SET score = 0.9 WHERE seq = 1"),
        lambda home: _edit(home, "DELETE FROM role_acts WHERE seq = 1"),
        lambda home: _edit(home, "DELETE FROM role_acts WHERE seq = 2"),
        lambda home: acts_path(home).write_bytes(b"no database at all" * 300),
        _removed,
        _flipped,
    ],
)  # fmt: skip
def test_a_damaged_record_is_named_and_neither_believed_nor_added_to(
    tmp_path: Path, damage: Callable[[LakeHome], None]
) -> None:
    home = ring_home(tmp_path)
    decided(home, "confirm")
    decided(home, "refute", "caller", minute=1)
    assert len(RoleActs(home).history()) == 2
    damage(home)
    with pytest.raises(EvidenceBroken, match=r"role_acts\.sqlite.*restore it"):
        RoleActs(home).history()
    with pytest.raises(EvidenceBroken, match=r"role_acts\.sqlite"):
        decided(home, "confirm", minute=2)


def test_an_act_the_audit_has_not_finished_is_kept(tmp_path: Path) -> None:
    """A kill between the record and the audit's outcome: the record is ahead, which is no damage."""
    home = ring_home(tmp_path)
    decided(home)
    RoleActs(home).add(act(PROVIDER, "caller", "refute"))
    assert len(RoleActs(home).history()) == 2


def test_rows_can_only_be_added(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    RoleActs(home).add(act("p1", "caller", "confirm"))
    with sqlite3.connect(acts_path(home)) as connection:
        for statement in ("UPDATE role_acts SET verdict = 'refute'", "DELETE FROM role_acts"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
    connection.close()


def test_a_home_where_nobody_decided_has_no_file(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    assert RoleActs(home).history() == [] and list(tmp_path.iterdir()) == []


def test_an_audit_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    for path in tmp_path.glob("audit*"):
        path.unlink()
    audit_path(home).write_bytes(b"no database at all" * 300)
    with pytest.raises(EvidenceBroken, match="audit file"):
        RoleActs(home).history()
    assert Audit(audit_path(home)).path.exists()
