"""The command line: exit codes, sentences and machine-readable forms."""

import json
from pathlib import Path

import pytest

from ingest.__main__ import main
from tests.ingest.build import sheet_row, write_sheet


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out = capsys.readouterr()
    return code, out.out, out.err


def test_a_clean_load_exits_0_and_a_refusal_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = ("--lake", str(tmp_path / "var"))
    good = write_sheet(tmp_path / "good.csv", [sheet_row()])
    bad = write_sheet(tmp_path / "bad.csv", [sheet_row(amount="x")])
    assert run(capsys, str(good), *lake)[0] == 0
    code, out, _ = run(capsys, str(bad), *lake)
    assert code == 1
    assert "bad.csv: 1 rows rejected" in out
    code, out, _ = run(capsys, "status", "--json", *lake)
    assert code == 0
    assert [(f["file"], f["rows_in"], f["loaded"], f["rejected"], f["state"]) for f in json.loads(out)] == [
        ("good.csv", 1, 1, 0, "loaded"),
        ("bad.csv", 1, 0, 1, "loaded"),
    ]


def test_wrong_usage_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = ("--lake", str(tmp_path / "var"))
    assert run(capsys, str(tmp_path / "nowhere"), *lake)[0] == 2
    assert run(capsys, "unload", *lake)[0] == 2
    assert run(capsys, "unload", "abc", *lake)[0] == 2
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2


def test_unload_and_rebuild_print_the_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = ("--lake", str(tmp_path / "var"), "--json")
    empty = json.loads(run(capsys, "rebuild", *lake)[1])["digest"]
    loaded = json.loads(run(capsys, str(write_sheet(tmp_path / "a.csv", [sheet_row()])), *lake)[1])
    assert loaded["digest"] != empty
    assert json.loads(run(capsys, "rebuild", *lake)[1])["digest"] == loaded["digest"]
    sha256 = loaded["files"][0]["sha256"]
    assert json.loads(run(capsys, "unload", sha256[:12], *lake)[1])["digest"] == empty


def test_the_doctor_shows_gaps_with_masked_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = ("--lake", str(tmp_path / "var"))
    rows = [
        sheet_row(balance="900.00", amount="100.00"),
        sheet_row(balance="700.00", amount="100.00", at="2024-03-05 10:00:00"),
    ]
    run(capsys, str(write_sheet(tmp_path / "a.csv", rows)), *lake)
    code, out, _ = run(capsys, "doctor", *lake)
    assert code == 1
    assert "880100*******0001" in out
    assert "-10000 fen missing" in out
    body = json.loads(run(capsys, "doctor", "--json", "--show-keys", *lake)[1])
    assert body["gaps"][0]["ledger"] == "88010001000000001"


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "python -m ingest doctor" in capsys.readouterr().out
