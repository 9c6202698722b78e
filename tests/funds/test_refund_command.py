"""`python -m funds refund`: masked, exact, in both languages, and one sentence for what can't be."""

import json
from pathlib import Path
from typing import Any

import pytest

from detect.worlds import build_world
from funds.__main__ import main
from graph.lake.home import lake_home
from graph.lake.tables import write_tables
from tests.funds.refund.lakes import frozen
from tests.funds.refund.test_account_plan import GRADE, THREE

WORLD = build_world([*GRADE, *THREE, *frozen(400_000)])
ACCOUNT = WORLD.names["A"].key
NOW = ("--now", "2024-03-03T09:00")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lake")
    write_tables(lake_home(place), WORLD.frames)
    return place


def asked(lake: Path, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["refund", *words, *NOW, "--json", "--lake", str(lake)]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_plan_is_exact_and_masked(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(lake, capsys, "--account", ACCOUNT, "--notice-on", "2024-01-31")
    assert said["branch"] == "pro_rata" and ACCOUNT not in json.dumps(said)
    assert [one["refund_fen"] for one in said["victims"]] == [222_222, 133_333, 44_445]
    assert said["sums"] == {"refund_fen": 400_000, "kept_fen": 0, "exact": True, "none_above_loss": True}
    assert said["notice"] == {
        "needed": True,
        "announced_on": "2024-01-31",
        "objections_to": "2024-03-01",
        "decide_from": "2024-03-02",
        "bank_by": "2024-03-06",
        "bank_working_days": 3,
    }
    assert said["victims"][0]["arrivals"][0]["rows"] == [{"source": WORLD.source, "row": 4}]
    whole = asked(lake, capsys, "--account", ACCOUNT, "--show-keys")
    assert whole["account"] == ACCOUNT and whole["notice"]["decide_from"] is None


def test_without_an_account_the_surely_frozen_ones_are_listed(
    lake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = asked(lake, capsys)
    assert [(one["order"], one["executed_fen"]) for one in said["frozen"]] == [
        (WORLD.names["K"].key, 400_000)
    ]
    assert main(["refund", "--now", "2025-03-03", "--lake", str(lake)]) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_sums_dates_and_doubts(
    lake: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    words = ["--account", ACCOUNT, "--notice-on", "2024-03-04", "--lang", language]
    assert main(["refund", *words, *NOW, "--lake", str(lake)]) == 0
    out = capsys.readouterr().out
    assert "2,222.22" in out and "444.45" in out and "2024-04-03" in out and ACCOUNT not in out
    assert out.count("!") == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--account", "none"),
        ("--account", ACCOUNT, "--refunded", "none=5"),
        ("--account", ACCOUNT, "--refunded", "R=5", "--refunded", "R=6"),
        ("--account", WORLD.names["B"].key),
    ],
)
def test_what_can_not_be_is_one_sentence(
    lake: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert main(["refund", *words, *NOW, "--lake", str(lake)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("yuan", ["x", "1.005", "-1", "nan"])
def test_a_wrong_amount_is_wrong_usage(lake: Path, yuan: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["refund", "--account", ACCOUNT, f"--frozen-yuan={yuan}", "--lake", str(lake)])
    assert ended.value.code == 2
