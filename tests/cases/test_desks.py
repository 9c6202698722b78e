"""Working desks: back after a reload, nobody else's, for a while only, and damage is one sentence."""

import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from cases.board import Board, History
from cases.charts.drawing import View
from cases.desks import KEPT_FOR, MOST_DESKS, DeskState, desks_path, keep_desk, take_desk
from graph.contract import Ref
from graph.errors import InputError, StorageFailed
from graph.lake.home import LakeHome
from tests.cases.charts.test_codec import boards

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
A, B = Ref("Account", "6222021234567890123"), Ref("Person", "990101199001011234")
STATE = DeskState(
    History(Board((A, B)), (Board((A,)),)), View(frozenset({"Account"})), "en", (A,), "c" * 32, 2
)


def test_what_was_kept_comes_back_to_its_owner_only(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    keep_desk(home, "token", "li@one", STATE, AT)
    assert take_desk(home, "token", "li@one", AT) == STATE
    for token, owner in (("token", "wang@one"), ("token", "li@other"), ("tokem", "li@one"), ("", "")):
        assert take_desk(home, token, owner, AT) is None
    assert stat.S_IMODE(desks_path(home).stat().st_mode) == 0o600
    held = desks_path(home).read_bytes()
    assert b"token" not in held.replace(b"sqlite", b"") and A.key.encode() not in held


@given(boards(), boards())
@settings(max_examples=20)
def test_any_board_and_its_past_come_back(
    tmp_path_factory: pytest.TempPathFactory, now: Board, before: Board
) -> None:
    home = LakeHome(tmp_path_factory.mktemp("desks"))
    state = replace(STATE, history=History(now, (before,)))
    keep_desk(home, "t", "o", state, AT)
    assert take_desk(home, "t", "o", AT) == state


def test_it_expires_and_an_owner_keeps_so_many(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    keep_desk(home, "old", "o", STATE, AT)
    assert take_desk(home, "old", "o", AT + KEPT_FOR) == STATE
    assert take_desk(home, "old", "o", AT + KEPT_FOR + timedelta(seconds=1)) is None
    for n in range(MOST_DESKS + 1):
        keep_desk(home, f"t{n}", "o", STATE, AT + timedelta(minutes=n + 1))
    keep_desk(home, "theirs", "p", STATE, AT)
    kept = [n for n in range(MOST_DESKS + 1) if take_desk(home, f"t{n}", "o", AT) is not None]
    assert kept == list(range(1, MOST_DESKS + 1)) and take_desk(home, "old", "o", AT) is None
    keep_desk(home, "late", "q", STATE, AT + 2 * KEPT_FOR)
    with sqlite3.connect(desks_path(home)) as connection:
        assert connection.execute("SELECT count(*) FROM desks").fetchone() == (1,), "expired ones are gone"


def test_the_past_is_bounded(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    big = [Board(tuple(Ref("Account", f"{n}-{k}") for k in range(3000))) for n in range(9)]
    keep_desk(home, "t", "o", replace(STATE, history=History(big[-1], tuple(big[:-1]))), AT)
    back = take_desk(home, "t", "o", AT)
    assert back is not None and back.history.now == big[-1]
    assert back.history.past == tuple(big[3:8]), "the newest steps, 20,000 nodes together"


def test_a_damaged_desk_is_one_sentence(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    keep_desk(home, "t", "o", STATE, AT)
    for damage in (b"", b"no zlib", b"x\x9c" + b"0" * 50):
        with sqlite3.connect(desks_path(home)) as connection:
            connection.execute("UPDATE desks SET state = ?", (damage,))
        with pytest.raises(InputError) as error:
            take_desk(home, "t", "o", AT)
        assert error.value.message.endswith(".") and error.value.message.count(".") == 1
    desks_path(home).write_bytes(b"no database " * 500)
    with pytest.raises(StorageFailed, match=r"desks\.sqlite"):
        take_desk(home, "t", "o", AT)
    with pytest.raises(StorageFailed):
        keep_desk(home, "t", "o", STATE, AT)
