"""The doctor names what can't be trusted, and only that."""

import json
from pathlib import Path

import polars as pl
import pytest

import ingest.report
from graph.lake.home import lake_home
from ingest.__main__ import main
from ingest.doctor import Examination, examine
from ingest.settle.grades import grade
from tests.ingest.build import A, B, load, sheet_row, write_sheet, write_text

ID = "990102199601043224"
REGISTER = ("账号", "户名", "证件号码", "开户时间", "销户时间")
LOGINS = ("平台", "账号", "登录时间", "IP", "MAC", "设备指纹")


def examined(root: Path, *files: Path) -> Examination:
    load(root, *files)
    return examine(lake_home(root))


def test_an_empty_lake_is_healthy(tmp_path: Path) -> None:
    found = examine(lake_home(tmp_path))
    assert found.healthy
    assert found.file_grades.is_empty() and found.overlaps.is_empty() and found.shared.is_empty()


@pytest.mark.parametrize(
    ("share", "name"),
    [
        (1.0, "A"),
        (0.999, "A"),
        (0.9989, "B"),
        (0.99, "B"),
        (0.989, "C"),
        (0.95, "C"),
        (0.949, "D"),
        (None, "D"),
    ],
)
def test_grades_follow_the_bounds_of_the_domain(share: float | None, name: str) -> None:
    assert grade(share) == name


def test_a_sheet_without_balances_is_graded_d_and_a_register_by_the_rows_it_kept(tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path / "a.csv", [sheet_row(), sheet_row(amount="3.00")])
    register = write_text(tmp_path / "r.csv", REGISTER, [(A, "样甲", ID, "2020-01-01 09:00:00", "")])
    graded = examined(tmp_path, sheet, register).file_grades
    assert dict(graded.select("file", "grade").iter_rows()) == {"a.csv": "D", "r.csv": "A"}


def test_overlapping_exports_are_named_with_the_rows_they_share(tmp_path: Path) -> None:
    rows = [sheet_row(amount=f"{n}.00", serial=f"S{n}") for n in range(1, 6)]
    first = write_sheet(tmp_path / "a.csv", rows[:4])
    second = write_sheet(tmp_path / "b.csv", rows[2:])
    found = examined(tmp_path, first, second)
    assert found.overlaps["rows"].to_list() == [2]
    assert {*found.overlaps.select("first", "second").row(0)} == {record.sha256 for record in found.files}


def test_a_trade_before_its_account_opened_is_impossible_and_cites_its_row(tmp_path: Path) -> None:
    register = write_text(
        tmp_path / "r.csv",
        REGISTER,
        [(A, "样甲", ID, "2024-03-04 16:00:00", ""), (B, "样乙", ID, "2024-03-05 09:00:00", "")],
    )
    sheet = write_sheet(
        tmp_path / "a.csv",
        [
            sheet_row(own=A, peer=B),
            sheet_row(own=B, peer=A, at="2024-03-05 08:00:00"),
            sheet_row(own=B, peer=A),
        ],
    )
    times = examined(tmp_path, register, sheet).times
    # A's trade is of the day it opened, B's second one as well; only B's third came a day early.
    assert times.select("kind", "row").rows() == [("TRADE_BEFORE_OPENED", 3)]


def test_closed_before_opened_and_days_that_had_not_come_are_impossible(tmp_path: Path) -> None:
    dates = [(A, "样甲", ID, "2021-01-01 09:00:00", "2020-01-01 09:00:00")]
    register = write_text(tmp_path / "r.csv", REGISTER, dates)
    future = [
        sheet_row(own=B, peer=A, at="2190-01-01 00:00:00"),
        sheet_row(own=B, peer=A, at="1970-01-02 00:00:00"),
    ]
    times = examined(tmp_path, register, write_sheet(tmp_path / "a.csv", future)).times
    assert times["kind"].to_list() == ["ACCOUNT_CLOSED_BEFORE_OPENED", "AFTER_LOADING", "BEFORE_1980"]


def test_a_device_of_many_accounts_is_named_and_a_placeholder_said_to_be_one(tmp_path: Path) -> None:
    rows = []
    for n in range(12):
        account, at = f"8801000100000{n:04d}", f"2024-03-04 10:{n:02d}:00"
        rows.append(("样例银行", account, at, f"203.0.113.{n}", "02:00:00:00:00:00", "样机-0001"))
    shared = examined(tmp_path, write_text(tmp_path / "l.csv", LOGINS, rows)).shared
    told = {(r["kind"], r["users"], r["never_identifies"]) for r in shared.iter_rows(named=True)}
    assert told == {("device", 12, False), ("mac", 12, True)}


def test_nothing_is_changed_by_an_examination(tmp_path: Path) -> None:
    load(
        tmp_path, write_sheet(tmp_path / "a.csv", [sheet_row(balance="900.00"), sheet_row(balance="700.00")])
    )
    first, second = examine(lake_home(tmp_path)), examine(lake_home(tmp_path))
    assert isinstance(first.gaps, pl.DataFrame)
    assert first.gaps.equals(second.gaps) and first.file_grades.equals(second.file_grades)


def test_the_doctor_says_which_of_the_kernels_fences_are_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path / "v", write_sheet(tmp_path / "a.csv", [sheet_row()]))
    words = ["doctor", "--lake", str(tmp_path / "v")]
    monkeypatch.setattr(ingest.report, "landlock_version", lambda: 0)
    monkeypatch.setattr(ingest.report, "seccomp_usable", lambda: False)
    main(words)
    said = capsys.readouterr().out
    assert "no Landlock" in said and "no seccomp filter" in said
    main([*words, "--json"])
    body = json.loads(capsys.readouterr().out)
    assert (body["landlock"], body["seccomp"]) == (0, False)
    monkeypatch.setattr(ingest.report, "landlock_version", lambda: 6)
    monkeypatch.setattr(ingest.report, "seccomp_usable", lambda: True)
    main(words)
    said = capsys.readouterr().out
    assert "Landlock" not in said and "seccomp" not in said
