"""The settings screen: rights as the access table has them, no secret shown, a changed audit is told."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.access import Action, Role, may
from cases.audit import Audit, Entry, audit_path
from graph.lake.home import LakeHome, lake_home
from tests.ui.screens.screen import screen, texts
from ui.words import Words

WORDS = Words("en")


@pytest.fixture
def own_home(sample_home: LakeHome, tmp_path: Path) -> LakeHome:
    home = lake_home(tmp_path / "home")
    shutil.copytree(sample_home.root, home.root)
    for number in range(3):
        entry = Entry(datetime(2024, 3, 1, 9, number, tzinfo=UTC), "王样警官", "investigator", "view")
        Audit(audit_path(home)).append(entry)
    return home


def test_every_action_is_listed_with_what_the_role_may_do(sample_home: LakeHome) -> None:
    table = screen("settings", sample_home).dataframe[0].value
    granted = dict(zip(table[WORDS("settings.action")], table[WORDS("settings.allowed")], strict=True))
    assert len(granted) == len(Action)
    for action in Action:
        wanted = "granted" if action in may(Role.INVESTIGATOR) else "denied"
        assert granted[WORDS(f"settings.may_{action.value}")] == WORDS(f"settings.{wanted}")


def test_the_password_is_never_shown(sample_home: LakeHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUANLIAN_NEO4J_PASSWORD", "not-for-eyes")
    app = screen("settings", sample_home)
    shown = "".join(table.value.to_csv() for table in app.dataframe) + texts(app)
    assert "not-for-eyes" not in shown
    assert "••••" in shown


def test_a_whole_audit_holds_and_a_changed_one_is_told(own_home: LakeHome) -> None:
    app = screen("settings", own_home)
    app.button(key="settings-audit").click().run()
    rows = Audit(audit_path(own_home)).verify().rows
    assert WORDS("settings.audit_holds", rows=rows) in texts(app)
    with sqlite3.connect(audit_path(own_home)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE audit SET actor = 'somebody else' WHERE seq = 2")
    app.button(key="settings-audit").click().run()
    assert WORDS("settings.audit_broken", row=2) in texts(app)
