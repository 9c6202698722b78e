"""Saved charts: what was saved opens again, only for whom access allows, and damage is named."""

import sqlite3
import stat
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from cases.audit import Audit, audit_path
from cases.charts.acts import charts_path, drawings_path, get_drawing, put_drawing
from cases.charts.drawing import View, departure
from cases.charts.keeping import (
    charts_for,
    comment_on,
    open_chart,
    save_chart,
    share_chart,
    withdraw_chart,
    withdraw_comment,
)
from cases.charts.shelf import SavedChart, open_shelf
from graph.connect import opened
from graph.contract import Ref
from graph.errors import EvidenceBroken, InputError, NotPermitted
from graph.lake.home import LakeHome, lake_home
from tests.cases.charts.chart_home import AT, BOARD, LI, WANG, ZHAO, board_of, drawn, ring_home
from tests.cases.charts.test_codec import drawings
from tests.export.ring import account, frames, person, tables


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    return ring_home(tmp_path)


def saved(home: LakeHome, title: str = "跑分团伙", **more: Any) -> SavedChart:
    return save_chart(home, LI, drawn(home), title, AT, **({"case_no": "A1"} | more))


def test_each_save_is_a_version_and_old_ones_stay(home: LakeHome) -> None:
    first = saved(home, note="第一稿")
    wider = drawn(home, board_of(account(0), account(1), account(2)), View(frozenset({"Account"})))
    second = save_chart(home, LI, wider, "跑分团伙，二稿", AT, case_no="A1", onto=first)
    assert second.handle == first.handle and [v.number for v in second.versions] == [1, 2]
    now = open_chart(home, LI, first.handle, AT)
    assert now.drawing == wider and now.chart == second and now.version.number == 2
    old = open_chart(home, LI, first.handle, AT, version=1)
    assert old.drawing == drawn(home) and old.version.note == "第一稿"
    restored = save_chart(home, LI, old.drawing, second.title, AT, case_no="A1", note="恢复", onto=second)
    assert open_chart(home, LI, first.handle, AT).drawing == old.drawing and len(restored.versions) == 3
    with pytest.raises(InputError, match="no such version"):
        open_chart(home, LI, first.handle, AT, version=4)


@given(drawing=drawings())
@settings(max_examples=20)
def test_a_stored_drawing_comes_back_equal(tmp_path_factory: pytest.TempPathFactory, drawing: Any) -> None:
    home = lake_home(tmp_path_factory.mktemp("charts"))
    assert get_drawing(home, put_drawing(home, drawing)) == drawing
    assert put_drawing(home, drawing) == put_drawing(home, drawing), "one drawing is stored once"


def test_handles_are_random_and_files_are_their_owners_alone(home: LakeHome) -> None:
    one, other = saved(home), saved(home)
    assert one.handle != other.handle and len(one.handle) == 32 and one.last.drawing == other.last.drawing
    for path in (charts_path(home), *drawings_path(home).iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(drawings_path(home).stat().st_mode) == 0o700


def test_who_saves_on_what_changed_meanwhile_is_told_so_and_loses_nothing(home: LakeHome) -> None:
    first = saved(home)
    save_chart(home, LI, drawn(home), "a", AT, onto=first)
    with pytest.raises(InputError, match="meanwhile"):
        save_chart(home, LI, drawn(home), "b", AT, onto=first)
    assert open_shelf(home).charts[first.handle].title == "a"


def test_only_people_whom_access_allows_see_it_and_a_handle_can_not_be_tried_out(home: LakeHome) -> None:
    chart = saved(home)
    said = set()
    for who, handle in ((WANG, chart.handle), (ZHAO, chart.handle), (WANG, "0" * 32), (WANG, "../../etc")):
        with pytest.raises(NotPermitted) as refused:
            open_chart(home, who, handle, AT)
        said.add((refused.value.message, refused.value.facts["reason"]))
    assert len(said) == 1, "one sentence for what is forbidden and what is not there"
    chart = share_chart(home, LI, chart, True, AT)
    assert open_chart(home, WANG, chart.handle, AT).drawing == drawn(home)
    assert [one.handle for one in charts_for(open_shelf(home), WANG)] == [chart.handle]
    with pytest.raises(NotPermitted):
        open_chart(home, ZHAO, chart.handle, AT)
    with pytest.raises(NotPermitted, match="owner"):
        save_chart(home, WANG, drawn(home), "mine now", AT, onto=chart)
    chart = share_chart(home, LI, chart, False, AT)
    with pytest.raises(NotPermitted):
        open_chart(home, WANG, chart.handle, AT)
    withdraw_chart(home, LI, chart, AT)
    with pytest.raises(NotPermitted):
        open_chart(home, LI, chart.handle, AT)
    assert charts_for(open_shelf(home), LI) == ()


def test_every_act_stands_in_the_audit_without_a_key(home: LakeHome) -> None:
    chart = saved(home)
    comment_on(home, LI, chart, "看 6222021234567890123", AT, account(0))
    share_chart(home, LI, chart, True, AT)
    open_chart(home, WANG, chart.handle, AT)
    with pytest.raises(NotPermitted):
        open_chart(home, ZHAO, chart.handle, AT)
    rows = list(reversed(Audit(audit_path(home)).rows()))
    done = [(r["actor"], r["action"], r["outcome"]) for r in rows if r["outcome"] != "intent"]
    assert done == [
        (LI.name, "keep_chart", "done"),
        (LI.name, "open_chart", "done"),
        (LI.name, "keep_chart", "done"),
        (WANG.name, "open_chart", "done"),
        (ZHAO.name, "open_chart", "denied"),
    ]
    text = str(rows)
    assert account(0).key not in text and "6222021234567890123" not in text and chart.handle not in text


def test_comments_are_kept_and_taken_back_by_their_writer_only(home: LakeHome) -> None:
    chart = share_chart(home, LI, saved(home), True, AT)
    chart = comment_on(home, WANG, chart, "  <b>核对开户资料</b> ", AT, person(0))
    chart = comment_on(home, LI, chart, "已核对", AT)
    first, second = chart.comments
    assert (first.by, first.text, first.about) == (WANG.name, "<b>核对开户资料</b>", person(0))
    assert second.about is None
    with pytest.raises(InputError, match="who wrote"):
        withdraw_comment(home, LI, chart, first.number, AT)
    chart = withdraw_comment(home, WANG, chart, first.number, AT)
    assert [(one.text, one.withdrawn) for one in chart.comments] == [("", True), ("已核对", False)]
    with pytest.raises(InputError):
        comment_on(home, LI, chart, "   ", AT)
    with pytest.raises(InputError, match="shorten"):
        comment_on(home, LI, chart, "x" * 2001, AT)


def test_a_chart_needs_a_title_and_something_on_it(home: LakeHome) -> None:
    with pytest.raises(InputError, match="title"):
        saved(home, "  ")
    with pytest.raises(InputError, match="empty"):
        save_chart(home, LI, drawn(home, board_of()), "t", AT)


def test_on_another_lake_what_is_gone_and_what_sums_changed_is_said(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    strange = Ref("Account", "no such account")
    drawing = drawn(home, board_of(account(0), account(1), account(2), account(3), strange))
    chart = save_chart(home, LI, drawing, "t", AT)
    given = frames()
    flows = given["TRANSFER"]
    first = drawing.lines[0]
    assert first.relation == "TRANSFER" and first.amount_fen
    row = flows.filter((flows["from_key"] == first.start.key) & (flows["to_key"] == first.end.key)).head(1)
    given["TRANSFER"] = flows.filter(~flows["event_key"].is_in(row["event_key"].implode()))
    tables(tmp_path, given)
    engine = opened("embedded:", home)
    told = departure(engine, engine.digest().digest, open_chart(home, LI, chart.handle, AT).drawing)
    engine.close()
    assert told.gone == (strange,)
    lost = sum(one.amount_fen or 0 for one in told.lost)
    lost += sum((then.amount_fen or 0) - (now.amount_fen or 0) for then, now in told.changed)
    assert lost == row["amount_fen"].sum() > 0 and told.fresh == ()


def test_a_damaged_drawing_is_named_and_every_other_opens(home: LakeHome) -> None:
    bad = saved(home)
    good = save_chart(home, LI, drawn(home, board_of(account(0))), "other", AT)
    place = drawings_path(home) / f"{bad.last.drawing}.json.z"
    whole = place.read_bytes()
    damages = [b"", whole[: len(whole) // 2], zlib.compress(b"{}"), zlib.compress(b"0" * 10**7)]
    for damage in damages:
        place.chmod(0o600)
        place.write_bytes(damage)
        with pytest.raises(EvidenceBroken, match="damaged"):
            open_chart(home, LI, bad.handle, AT)
        assert open_chart(home, LI, good.handle, AT).drawing.board.shown == (account(0),)
    place.unlink()
    with pytest.raises(EvidenceBroken, match="missing"):
        open_chart(home, LI, bad.handle, AT)


def edited(home: LakeHome, statement: str, *values: object) -> None:
    with sqlite3.connect(charts_path(home)) as connection:
        connection.execute("DROP TRIGGER chart_acts_no_update")
        connection.execute("DROP TRIGGER chart_acts_no_delete")
        connection.execute(statement, values)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chart_acts SET title = 'other' WHERE seq = 1",
        "UPDATE chart_acts SET drawing = (SELECT drawing FROM chart_acts WHERE seq = 2) WHERE seq = 1",
        "UPDATE chart_acts SET about = 'x' WHERE seq = 1",
        "DELETE FROM chart_acts WHERE seq = 1",
    ],
)
def test_a_row_changed_or_cut_is_named_and_other_charts_open(home: LakeHome, statement: str) -> None:
    bad = saved(home)
    good = save_chart(home, LI, drawn(home, board_of(account(0))), "other", AT)
    edited(home, statement)
    shelf = open_shelf(home)
    assert shelf.problems and all("charts.sqlite" in one and one.endswith(".") for one in shelf.problems)
    assert bad.handle not in shelf.charts
    assert open_chart(home, LI, good.handle, AT).drawing.board.shown == (account(0),)
    with pytest.raises((EvidenceBroken, NotPermitted)):
        open_chart(home, LI, bad.handle, AT)
    with pytest.raises(EvidenceBroken):
        save_chart(home, LI, drawn(home), "onto a broken file", AT)


def test_a_row_moved_to_another_chart_breaks_both(home: LakeHome) -> None:
    one, other = saved(home), saved(home)
    save_chart(home, LI, drawn(home), "two", AT, onto=one)
    edited(home, "UPDATE chart_acts SET chart = ? WHERE seq = 1", other.handle)
    shelf = open_shelf(home)
    assert shelf.damaged >= {one.handle, other.handle} and shelf.problems


def test_a_file_that_is_none_or_gone_is_one_sentence(home: LakeHome) -> None:
    saved(home)
    for name in ("", "-wal", "-shm"):
        charts_path(home).with_name(f"charts.sqlite{name}").unlink(missing_ok=True)
    assert open_shelf(home).problems, "the audit knows of a row"
    charts_path(home).write_bytes(b"not a database at all, but long enough to look like one" * 20)
    with pytest.raises(EvidenceBroken, match=r"charts\.sqlite"):
        open_shelf(home)


def test_an_empty_home_has_no_charts_and_gets_no_file(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    assert open_shelf(home).charts == {} and not charts_path(home).exists()


def test_a_node_of_a_type_nobody_knows_is_left_out(home: LakeHome) -> None:
    board = replace(BOARD, shown=(*BOARD.shown, Ref("Spaceship", "x")))
    chart = save_chart(home, LI, drawn(home, board), "t", AT)
    assert open_chart(home, LI, chart.handle, AT).drawing.board == BOARD
