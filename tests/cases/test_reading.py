"""The guard: no intent no read, an outcome for every ending, no key in the audit."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.access import Action, Context, Role, Subject, Target
from cases.audit import Audit, audit_path
from cases.reading import permitted
from graph.contract import Ref
from graph.errors import NotPermitted
from graph.lake.home import LakeHome

AT = datetime(2024, 3, 1, tzinfo=UTC)
INVESTIGATOR = Subject("officer", Role.INVESTIGATOR, every_case=True)
ACCOUNT = Ref("Account", "6222020000000000123")


def stored(home: LakeHome) -> list[dict[str, object]]:
    return Audit(audit_path(home)).rows()[::-1]


def test_the_intent_is_on_disk_before_the_block_runs(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    with permitted(home, INVESTIGATOR, Action.EXPORT, Target("gang"), Context(), AT, [ACCOUNT]) as permit:
        assert [row["outcome"] for row in stored(home)] == ["intent"]
        assert permit.audit_head.startswith(f"{permit.intent_seq}:") and not permit.scope.full
        permit.rows = 7
    rows = stored(home)
    assert [(row["outcome"], row["intent_seq"], row["rows"]) for row in rows] == [
        ("intent", None, None),
        ("done", 1, 7),
    ]


def test_a_failing_block_leaves_its_outcome(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    with (
        pytest.raises(ZeroDivisionError),
        permitted(home, INVESTIGATOR, Action.VIEW, Target("gang"), Context(), AT),
    ):
        raise ZeroDivisionError
    assert [row["outcome"] for row in stored(home)] == ["intent", "failed"]


def test_a_denial_is_recorded_and_the_block_never_runs(tmp_path: Path) -> None:
    home, ran = LakeHome(tmp_path), False
    with (
        pytest.raises(NotPermitted, match="reason"),
        permitted(home, INVESTIGATOR, Action.EXPORT_FULL, Target("gang"), Context(), AT),
    ):
        ran = True
    assert not ran
    assert [row["outcome"] for row in stored(home)] == ["denied"]


def test_neither_keys_nor_long_numbers_of_a_reason_reach_the_file(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    context = Context(reason="traces 6222020000000000123 for the victim")
    with permitted(home, INVESTIGATOR, Action.EXPORT_FULL, Target("gang"), context, AT, [ACCOUNT]):
        pass
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("audit*"))
    assert b"6222020000000000123" not in everything
    assert "for the victim" in json.dumps(stored(home))
