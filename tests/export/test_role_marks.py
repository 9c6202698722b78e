"""No role leaves without its mark: confirmed with name and day, proposed as such, refuted as a number."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from cases.roles.acts import acts_path
from cases.roles.standing import Decisions, open_decisions
from detect.role_words import ROLE_SIGNS, SIGN_WORDS
from export.__main__ import APP
from export.chart import MapData
from export.html_pyvis import render_gang_html
from export.push_py2neo import map_subgraph
from export.role_marks import marked_role
from export.signs import LANGUAGES, Language
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from tests.cases.roles.ring_home import CHIEF, decided, detected, member, ring_home, with_member
from tests.export.ring import FULL, HANDLES, STAMP, findings, gang, person, ring_map
from tests.export.test_html_pyvis import island

RUN = CliRunner()
# The financier is refuted: nobody else is proposed as one, so the word may stand in no file at all.
REFUTED = ("financier", "金主")


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    """The ring with one role confirmed, one refuted, one confirmed on rows that have left the lake."""
    made = ring_home(tmp_path / "home")
    decided(made, key=person(3).key)
    decided(made, "refute", "financier", CHIEF, minute=1, key=person(0).key)
    return made


def exported(home: LakeHome, folder: Path, form: str, language: Language) -> dict[str, bytes]:
    """The files of one export by the command, manifest left out."""
    out = folder / f"{language}.{form}"
    words = ["gang", gang().gang_id, "--format", form, "--out", str(out), "--lang", language]
    done = RUN.invoke(APP, [*words, "--lake", str(home.root), "--as", "officer-7", "--json"])
    assert done.exit_code == 0, done.output
    written = [Path(name) for name in json.loads(done.stdout)["files"]]
    return {path.name: path.read_bytes() for path in written if "manifest" not in path.name}


def cells_of(files: dict[str, bytes], form: str) -> list[str]:
    """Every text of a table export."""
    if form == "csv":
        tables = [csv.reader(io.StringIO(c.decode("utf-8-sig"), newline="")) for c in files.values()]
        return [cell for table in tables for row in table for cell in row]
    (content,) = files.values()
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return [str(cell) for row in rows for cell in row if cell is not None]


MARKS = (
    r"拟议，未确认|proposed, not confirmed|(已确认|confirmed|确认所据证据已变，须复核|"
    r"confirmed on evidence that has changed) · 王样警官 · 2024-05-06 UTC"
)


def unmarked(text: str) -> list[str]:
    """Every name of a role that its weight and mark do not follow at once; names of signs are no roles."""
    for pair in SIGN_WORDS.values():
        for sign in pair:
            text = text.replace(sign, "")
    names = sorted({name for _, *names in ROLE_SIGNS.values() for name in names}, key=len, reverse=True)
    found = re.finditer("|".join(re.escape(name) for name in names), text)
    after = re.compile(rf"( \d\.\d\d)? \[({MARKS})[ \]]")
    return [one[0] for one in found if not after.match(text, one.end())]


def test_the_check_sees_a_bare_label() -> None:
    assert unmarked("卡农 0.73") == ["卡农"] and unmarked("card provider [yes]") == ["card provider"]
    assert unmarked("卡农 0.73 [拟议，未确认]; caller [confirmed · 王样警官 · 2024-05-06 UTC]") == []
    assert unmarked("卡农 0.73 [已确认]") == ["卡农"], "confirmed by nobody is no confirmation"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_of_a_table_has_a_role_without_its_mark(
    home: LakeHome, tmp_path: Path, form: str, language: Language
) -> None:
    texts = cells_of(exported(home, tmp_path, form, language), form)
    assert [bare for text in texts for bare in unmarked(text)] == []
    whole = "\n".join(texts)
    confirmed = (
        "卡农 0.73 [已确认 · 王样警官" if language == "zh" else "card provider 0.73 [confirmed · 王样警官"
    )
    proposed = (
        "卡农 0.70 [拟议，未确认]" if language == "zh" else "card provider 0.70 [proposed, not confirmed]"
    )
    assert whole.count(confirmed) == 1 and proposed in whole
    assert not any(word in whole for word in REFUTED)
    assert ("1项角色已否定" if language == "zh" else "1 role refuted") in texts


def marks_of(page: dict[str, Any]) -> list[tuple[bool, list[str]]]:
    nodes = page["nodes"].values()
    return [(role["confirmed"], role["mark"]) for node in nodes for role in node["roles"]]


def test_the_page_marks_every_role_and_badges_only_confirmed_ones_without_a_question(
    home: LakeHome, tmp_path: Path
) -> None:
    (content,) = exported(home, tmp_path, "pyvis", "zh").values()
    page: Any = island(content.decode())["page"]
    marks = marks_of(page)
    assert len(marks) == 14 and [mark for confirmed, mark in marks if confirmed] == [
        ["已确认 · 王样警官 · 2024-05-06 UTC", "confirmed · 王样警官 · 2024-05-06 UTC"]
    ]
    assert all(m == ["拟议，未确认", "proposed, not confirmed"] for confirmed, m in marks if not confirmed)
    badges = [tuple(badge) for node in page["nodes"].values() for badge in node["badges"]]
    assert badges.count(("卡", True)) == 1 and ("卡?", False) in badges
    assert all(sign.endswith("?") != confirmed for sign, confirmed in badges)
    assert next(tuple(one[:2]) for one in page["roles"]) == ("卡", True)
    assert all(one[0].endswith("?") != one[1] for one in page["roles"])
    # The island writes Chinese as escapes, so the page's own values are looked at, then its other texts.
    assert not any(word in json.dumps(page, ensure_ascii=False) + content.decode() for word in REFUTED)
    refuted = [node["refuted"] for node in page["nodes"].values() if node["refuted"][0]]
    assert refuted == [["1项角色已否定", "1 role refuted"]]


def test_a_push_says_proposed_confirmed_and_how_many_were_refuted(home: LakeHome) -> None:
    decisions = open_decisions(home, open_tables(home))
    nodes = [dict(n) for n in map_subgraph(ring_map(home.root, FULL, decisions=decisions), STAMP).nodes]
    people = [node for node in nodes if "confirmed_roles" in node]
    assert len(people) == 8
    assert [n["confirmed_roles"] for n in people if n["confirmed_roles"]] == [
        ["卡农 0.73 [已确认 · 王样警官 · 2024-05-06 UTC]"]
    ]
    proposed = [role for node in people for role in node["proposed_roles"]]
    assert len(proposed) == 13 and all(role.endswith("[拟议，未确认]") for role in proposed)
    assert sorted(node["refuted_roles_count"] for node in people) == [0] * 7 + [1]
    texts = [str(value) for node in nodes for value in node.values()]
    assert not any(word in text for text in texts for word in REFUTED)
    # A merge adds to what is there: only an empty list takes a withdrawn confirmation away.
    again = [dict(n) for n in map_subgraph(ring_map(home.root, FULL), STAMP).nodes]
    assert all(n["confirmed_roles"] == [] for n in again if "proposed_roles" in n)


def drawn(home: LakeHome, given: Any) -> MapData:
    from cases.scope import MASKED
    from export.gang_map import gang_map

    tables = open_tables(home)
    return gang_map(given, tables, MASKED, HANDLES, open_decisions(home, tables), findings())


def test_a_confirmation_on_changed_evidence_is_neither_kept_silently_nor_dropped(home: LakeHome) -> None:
    gone = with_member(replace(member(3), roles={}, reasons={}))
    detected(home, gone)
    roles = [role for node in drawn(home, gone).nodes for role in node.roles if role.weight is None]
    assert [marked_role(role, "zh") for role in roles] == [
        "卡农 [确认所据证据已变，须复核 · 王样警官 · 2024-05-06 UTC · 系统不再提出该角色]"
    ]
    assert not roles[0].confirmed
    page: Any = island(render_gang_html(drawn(home, gone), STAMP).decode())["page"]
    assert ["卡?", False] in [badge for node in page["nodes"].values() for badge in node["badges"]]
    assert all(not confirmed for confirmed, _ in marks_of(page))
    detected(home, lacking=("TRANSFER",))
    data = drawn(home, gang())
    assert not any(role.confirmed for node in data.nodes for role in node.roles)
    assert [node.refuted_changed for node in data.nodes if node.refuted] == [1]


def test_without_decisions_every_role_is_marked_proposed(tmp_path: Path) -> None:
    data = ring_map(tmp_path, FULL, decisions=Decisions())
    roles = [role for node in data.nodes for role in node.roles]
    assert len(roles) == 15 and {role.mark[0] for role in roles} == {"拟议，未确认"}


@pytest.mark.parametrize("form", ["pyvis", "csv", "xlsx"])
def test_nothing_is_exported_while_the_record_is_damaged(home: LakeHome, tmp_path: Path, form: str) -> None:
    for path in home.root.glob("role_acts.sqlite-*"):
        path.unlink()
    acts_path(home).write_bytes(b"no database at all" * 300)
    out = tmp_path / f"g.{form}"
    done = RUN.invoke(
        APP,
        ["gang", gang().gang_id, "--format", form, "--out", str(out), "--lake", str(home.root)],
    )
    assert done.exit_code == 1 and "role_acts.sqlite" in done.stderr and not out.exists()
