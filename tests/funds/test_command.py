"""`python -m funds trace` prints masked keys, exact sums and the form that other programs rely on."""

import json
from pathlib import Path
from typing import Any

import pytest

from detect.worlds import build_world
from funds.__main__ import main
from graph.lake.home import lake_home
from graph.lake.tables import write_tables
from tests.funds.test_levels import EXAMPLE

WORLD = build_world(EXAMPLE)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lake")
    write_tables(lake_home(place), WORLD.frames)
    return place


def asked(lake: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["trace", *words, "--json", "--lake", str(lake)]) == 0
    return json.loads(capsys.readouterr().out)


def test_all_victims_by_fifo(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(lake, capsys, "--show-keys")
    assert (said["method"], said["victim_money_fen"]) == ("fifo", 1_600_000)
    assert said["victim_money_fen"] == sum(said["sinks"].values()) + said["held_fen"]
    found = {
        (one["victim"], one["account"]): (one["level"], one["received_fen"], one["held_fen"], one["interval"])
        for one in said["accounts"]
    }
    a, b, c = (WORLD.names[name].key for name in "ABC")
    one, two = (WORLD.names[name].key for name in ("R1", "R2"))
    assert found == {
        (one, a): (1, 1_000_000, 0, [1_000_000, 1_000_000]),
        (one, b): (2, 700_000, 700_000, [300_000, 700_000]),
        (one, c): (2, 300_000, 300_000, [300_000, 484_615]),
        (two, a): (1, 600_000, 400_000, [600_000, 600_000]),
        (two, c): (2, 200_000, 200_000, [200_000, 600_000]),
    }


def test_one_case_is_told_while_all_are_traced(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = WORLD.names["R1"].key
    whole = asked(lake, capsys, "--show-keys", "--method", "libr")
    for words in (("--case", report), ("--from", WORLD.names["V1"].key)):
        said = asked(lake, capsys, "--show-keys", "--method", "libr", *words)
        assert said["accounts"] == [one for one in whole["accounts"] if one["victim"] == report]
        assert said["victim_money_fen"] == 1_000_000 == sum(said["sinks"].values()) + said["held_fen"]
    bound = asked(lake, capsys, "--show-keys", "--method", "poison", "--case", report)
    assert {one["victim"] for one in bound["accounts"]} == {report} and not bound["conserved"]


def test_all_methods_side_by_side(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(lake, capsys, "--compare", "--show-keys")
    found = {(one["victim"], one["account"]): one["received_fen"] for one in said["accounts"]}
    assert found[WORLD.names["R1"].key, WORLD.names["B"].key] == {
        "fifo": 700_000,
        "lifo": 400_000,
        "pro_rata": 533_333,
        "libr": 300_000,
        "poison": 800_000,
    }


def test_backward_says_whose_money_an_account_holds(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(lake, capsys, "--backward", WORLD.names["A"].key, "--method", "pro_rata", "--show-keys")
    (ledger,) = said["ledgers"]
    held = {one["victim"]: one["held_fen"] for one in ledger["victims"]}
    assert held == {WORLD.names["R1"].key: 143_590, WORLD.names["R2"].key: 184_615}
    assert (ledger["own_fen"], ledger["balance_fen"]) == (71_795, 400_000)


def test_printed_amounts_are_yuan_with_thousands_marks(
    lake: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for words, said in (
        ((), ("paid 16,000.00", "held 16,000.00", "3,000.00 to 4,846.15", "2,000.00")),
        (("--compare",), ("5,333.33", "8,000.00")),
        (
            ("--backward", WORLD.names["A"].key, "--method", "pro_rata"),
            ("balance 4,000.00, own 717.95", "1,846.15"),
        ),
    ):
        assert main(["trace", *words, "--lake", str(lake)]) == 0
        out = capsys.readouterr().out
        assert [part for part in said if part not in out] == [] and " fen" not in out


def test_keys_are_masked_unless_asked_for(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = [ref.key for ref in WORLD.names.values() if ref.type == "Account"]
    for words in ((), ("--json",), ("--compare",), ("--backward", WORLD.names["A"].key)):
        assert main(["trace", *words, "--lake", str(lake)]) == 0
        out = capsys.readouterr().out
        assert not [key for key in secret if key in out]


def test_what_no_report_names_is_refused_in_one_sentence(
    lake: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("--case", "none"), ("--from", "none"), ("--backward", "none")):
        assert main(["trace", *words, "--lake", str(lake)]) == 1
        assert capsys.readouterr().err.count("\n") == 1
    assert main(["trace", "--lake", str(tmp_path)]) == 1
