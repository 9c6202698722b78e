"""`python -m funds queue` prints the queue masked, in yuan and UTC+8, and the form other programs rely on."""

import json
from pathlib import Path
from typing import Any

import pytest

from detect.worlds import build_world
from funds.__main__ import main
from funds.controls.account import State
from funds.queue_record import STATES, yuan
from graph.lake.home import lake_home
from graph.lake.tables import write_tables
from tests.funds.test_freeze_now import PAID, SECOND, order

WORLD = build_world([*PAID, *SECOND, *order("O1", "止付", "2024-02-28T13:00", "2024-03-01T13:00")])


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lake")
    write_tables(lake_home(place), WORLD.frames)
    return place


def asked(lake: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["queue", *words, "--json", "--lake", str(lake)]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_record_adds_up_and_says_when(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(lake, capsys, "--show-keys", "--now", "2024-03-01T12:00+08:00", "--first", "2")
    assert (said["now"], said["now_from"]) == ("2024-03-01T04:00:00+00:00", "given")
    a, b = (WORLD.names[name].key for name in "AB")
    assert {one["account"] for one in said["lines"]} == {a, b}
    assert said["first"] == {
        "count": 2,
        "expected_fen": sum(one["expected_fen"] for one in said["lines"]),
        "zh": f"冻结这 2 个账户中的前 2 个，预计可冻住 {yuan(said['first']['expected_fen'])} 元。",
        "en": f"Freeze these 2 of 2 accounts and expect to hold {yuan(said['first']['expected_fen'])} yuan.",
    }
    (held,) = [one for one in said["lines"] if one["account"] == a]
    assert held["state"]["code"] == "stopped(1)" and held["clocks"][0]["sure"]
    assert [one["order"] for one in held["warnings"]] == [WORLD.names["O1"].key]
    assert held["clocks"][0]["ends_at"] == "2024-03-01T05:00:00+00:00"
    assert [one["held_fen"] for one in held["cases"]] == [60_000, 30_000]
    assert [one["allowed"] for one in held["options"]] == [True, True, True]


def test_without_an_instant_it_is_the_end_of_the_data_and_says_so(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = asked(lake, capsys)
    assert (said["now"], said["now_from"]) == ("2024-03-01T03:00:00+00:00", "last_instant")
    assert main(["queue", "--lake", str(lake)]) == 0
    text = capsys.readouterr().out
    assert "2024-03-01 11:00 UTC+8 (数据最后时刻 the last instant of the data)" in text
    assert "Freeze these 1 of 2 accounts and expect" in text and "A stop ends within 12 hours" in text


def test_keys_are_masked_unless_asked_for(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--json"]):
        assert main(["queue", *words, "--lake", str(lake)]) == 0
        printed = capsys.readouterr().out
        assert all(WORLD.names[name].key not in printed for name in "ABVW") and "*" in printed


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--now", "yesterday"], "is no instant"),
        (["--first", "0"], "one account or more"),
        (["--case", "A990100009999"], "1 of the cases"),
    ],
)
def test_what_can_not_be_is_refused_in_a_sentence(
    lake: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["queue", *words, "--lake", str(lake)]) == 1
    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1


def test_an_empty_lake_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queue", "--lake", str(tmp_path)]) == 1
    assert "python -m ingest" in capsys.readouterr().err


def test_before_the_first_report_the_queue_is_empty(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queue", "--now", "2024-01-01", "--lake", str(lake)]) == 1
    assert "Freeze these 0 of 0" in capsys.readouterr().out


def test_every_state_has_its_words() -> None:
    assert set(STATES) == set(State) and yuan(-123_456) == "-1,234.56"
