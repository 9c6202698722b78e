"""The section of the gangs screen where a named person confirms, refutes and withdraws roles."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cases.audit import Audit, audit_path
from cases.roles.acts import RoleActs, acts_path
from detect.store import open_detection
from graph.lake.home import LakeHome
from tests.cases.roles.ring_home import CHIEF, PROVIDER, decided, detected, ring_home
from tests.export.ring import gang, person, tables
from tests.ui.screens.screen import SCRIPT, screen, texts
from ui.words import Language, Words

WORDS = Words("en")
FIRST = person(0).key
"""The strongest proposal, which is chosen as long as no other is: financier 0.82."""


def cells(app: AppTest) -> str:
    """Every cell of every table; the short form that pandas prints would hide some."""
    return "".join(pd.DataFrame(table.value).to_csv() for table in app.dataframe)


def key_of(app: AppTest, start: str) -> str:
    return next(str(b.key) for b in [*app.button, *app.text_input] if str(b.key).startswith(start))


def press(app: AppTest, verdict: str, reason: str = "看过影像 990101199001010003") -> None:
    app.text_input(key="decider_name").set_value("王样警官").run()
    app.text_input(key=key_of(app, "role-reason-")).set_value(reason).run()
    app.button(key=key_of(app, f"role-{verdict}-")).click().run()
    assert not app.exception and not app.error, [e.value for e in app.error]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_role_is_shown_with_its_mark_and_masked(tmp_path: Path, language: Language) -> None:
    app = screen("gangs", ring_home(tmp_path), language)
    words = Words(language)
    shown = texts(app) + cells(app)
    assert words("roles.note") in shown
    assert words("roles.counts", proposed=15, confirmed=0, refuted=0, changed=0) in shown
    mark = "拟议，未确认" if language == "zh" else "proposed, not confirmed"
    members = pd.DataFrame(app.dataframe[0].value)[words("gangs.roles")]
    assert all(mark in cell for cell in members if cell) and (members != "").sum() == 8
    assert FIRST not in shown and PROVIDER not in shown
    assert app.button(key=key_of(app, "role-confirm-")).disabled
    assert app.button(key=key_of(app, "role-withdraw-")).disabled, "nothing is decided yet"


def test_a_role_is_confirmed_by_name_audited_shown_and_withdrawn(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    app = screen("gangs", home)
    press(app, "confirm")
    (made,) = RoleActs(home).history()
    assert (made.verdict, made.decided_by, made.person, made.role) == (
        "confirm", "王样警官", FIRST, "financier",
    )  # fmt: skip
    assert made.score == 0.82 and len(made.evidence.supporting[0][2]) == 2
    assert WORDS("roles.counts", proposed=14, confirmed=1, refuted=0, changed=0) in texts(app)
    assert "financier 0.82 [confirmed · 王样警官" in cells(app)
    assert "990101199001010003" not in texts(app) + cells(app), "reasons are scrubbed too"
    rows = Audit(audit_path(home)).rows()
    assert [(r["action"], r["outcome"], r["actor"]) for r in rows[:2]] == [
        ("judge_role", "done", "王样警官"), ("judge_role", "intent", "王样警官"),
    ]  # fmt: skip
    decided(home, "refute", key=PROVIDER)
    app = screen("gangs", home)
    assert WORDS("roles.counts", proposed=13, confirmed=1, refuted=1, changed=0) in texts(app)
    members = str(list(pd.DataFrame(app.dataframe[0].value)[WORDS("gangs.roles")]))
    assert "financier 0.82 [confirmed" in members and WORDS("roles.refuted", n=1) in members
    assert "card provider 0.73" not in members


def test_the_last_decision_is_undone_from_the_record_and_only_once(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    app = screen("gangs", home)
    press(app, "refute")
    assert not app.button(key="role-undo").disabled and app.button(key="role-undo").label.endswith("no. 1")
    app.button(key="role-undo").click().run()
    assert not app.exception and not app.error
    assert [(a.verdict, a.person) for a in RoleActs(home).history()] == [
        ("refute", FIRST), ("withdraw", FIRST),
    ]  # fmt: skip
    assert WORDS("roles.counts", proposed=15, confirmed=0, refuted=0, changed=0) in texts(app)
    assert app.button(key="role-undo").disabled, "a withdrawal is undone by deciding anew"


def test_a_changed_ground_comes_first_says_why_and_can_be_withdrawn(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    detected(home, lacking=("TRANSFER",))
    app = screen("gangs", home)
    assert WORDS("roles.counts", proposed=14, confirmed=1, refuted=0, changed=1) in texts(app)
    assert "source rows it rests on are no longer in the lake" in texts(app)
    assert "card provider 0.73 [confirmed on evidence that has changed" in cells(app)
    press(app, "withdraw", "")
    assert [made.verdict for made in RoleActs(home).history()] == ["confirm", "withdraw"]
    assert WORDS("roles.counts", proposed=15, confirmed=0, refuted=0, changed=0) in texts(app)


def test_a_person_who_left_every_gang_is_still_listed(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    left = replace(gang(), members=tuple(m for m in gang().members if m.ref.key != PROVIDER))
    detected(home, left)
    app = screen("gangs", home)
    assert WORDS("roles.outside") in texts(app)
    assert "the role is no longer proposed" in cells(app)


def test_a_press_on_what_somebody_else_decided_meanwhile_does_nothing(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    app = screen("gangs", home)
    app.text_input(key="decider_name").set_value("王样警官").run()
    app.text_input(key=key_of(app, "role-reason-")).set_value("理由").run()
    decided(home, "refute", "financier", CHIEF, key=FIRST)
    app.button(key=key_of(app, "role-confirm-")).click().run()
    assert not app.exception
    assert [(a.verdict, a.decided_by) for a in RoleActs(home).history()] == [("refute", CHIEF.name)]


def test_stale_results_take_no_decision(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    found = open_detection(home)
    assert found is not None
    tables(home.root, {name: frame for name, frame in _frames().items() if name != "TRANSFER"})
    app = screen("gangs", home)
    assert WORDS("roles.stale") in texts(app)
    app.text_input(key="decider_name").set_value("王样警官").run()
    app.text_input(key=key_of(app, "role-reason-")).set_value("理由").run()
    assert app.button(key=key_of(app, "role-confirm-")).disabled


def _frames() -> dict[str, object]:
    from tests.export.ring import frames

    return dict(frames())


def test_a_damaged_record_is_named_and_no_role_is_shown(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    for path in tmp_path.glob("role_acts.sqlite-*"):
        path.unlink()
    acts_path(home).write_bytes(b"no database at all" * 300)
    app = screen("gangs", home)
    assert any("role_acts.sqlite" in str(error.value) for error in app.error)
    assert "card provider" not in cells(app) + texts(app)


@pytest.mark.parametrize(("settings", "shown"), [("user='刘样'", "刘样"), ("role='analyst'", None)])
def test_the_desks_own_name_is_used_and_another_desk_decides_nothing(
    tmp_path: Path, settings: str, shown: str | None
) -> None:
    home = ring_home(tmp_path)
    script = SCRIPT.format(home=str(home.root), language="en", name="gangs")
    app = AppTest.from_string(script.replace("language=", f"{settings}, language="), default_timeout=60).run()
    assert not app.exception
    if shown is None:
        assert WORDS("roles.not_permitted") in texts(app)
        assert not any(str(button.key).startswith("role-") for button in app.button)
        return
    assert WORDS("roles.deciding_as", who=shown) in texts(app)
    app.text_input(key=key_of(app, "role-reason-")).set_value("理由").run()
    app.button(key=key_of(app, "role-confirm-")).click().run()
    assert [made.decided_by for made in RoleActs(home).history()] == [shown]


def test_a_gang_without_roles_says_so(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    detected(home, replace(gang(), members=tuple(replace(m, roles={}, reasons={}) for m in gang().members)))
    assert WORDS("roles.none") in texts(screen("gangs", home))


def test_the_chart_badges_what_is_not_confirmed_with_a_question(tmp_path: Path) -> None:
    from graph.settings import Settings
    from ui.desk import desk
    from ui.signs import signs_of

    home: LakeHome = ring_home(tmp_path)
    decided(home)
    decided(home, "refute", "financier", CHIEF, minute=1, key=FIRST)
    signs = signs_of(desk(Settings(home=home.root, language="zh")), open_detection(home))
    assert signs.badges(person(3)) == ("卡",) and signs.badges(person(4)) == ("卡?",)
    assert signs.badges(person(0)) == (), "a refuted role is no badge; caller 0.20 is too weak for one"
    assert signs.lines(person(3)) == ("卡农 0.73 [已确认 · 王样警官 · 2024-05-06 UTC]",)
    assert signs.lines(person(4)) == ("卡农 0.70 [拟议，未确认]",)
