"""Rejected rows go back to people with reason and place, are corrected, loaded again, and accounted for."""

import csv
import json
from pathlib import Path

import pytest

from graph.errors import EvidenceBroken, InputError
from graph.lake.home import lake_home
from ingest.__main__ import main
from ingest.rejected import NOTES, entries, write_rejected
from ingest.template import template
from tests.ingest.build import (
    SHEET,
    A,
    load,
    only,
    sheet_row,
    sheet_xml,
    table,
    write_package,
    write_sheet,
    write_text,
)

GOOD = sheet_row(serial="S0")
BAD = [
    sheet_row(serial="S1", amount="1.001"),
    sheet_row(serial="S2", own="6.22202E+18"),
    sheet_row(serial="S3")[:-1],
]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def save(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_corrected_rows_load_and_the_account_says_so(tmp_path: Path) -> None:
    root = tmp_path / "var"
    first = only(load(root, write_sheet(tmp_path / "a.csv", [GOOD, *BAD])))
    assert (first.loaded, first.rejected) == (1, 3)
    (out,) = write_rejected(lake_home(root), first.sha256, tmp_path / "fix.csv")
    assert out.stat().st_mode & 0o077 == 0
    rows = rows_of(out)
    assert [row["拒收代码"] for row in rows] == ["BAD_AMOUNT", "SCIENTIFIC_TEXT", "FIELD_COUNT"]
    assert [row["拒收列"] for row in rows] == ["交易金额", "交易账号", ""]
    assert rows[0]["交易金额"] == "1.001" and rows[2]["拒收原文"] == ",".join(BAD[2])
    rows[0]["交易金额"] = "1.00"
    rows[1]["交易账号"] = A
    fixed = dict(zip(SHEET, sheet_row(serial="S3"), strict=True)) | dict.fromkeys(NOTES, "")
    again = only(load(root, save(tmp_path / "fixed.csv", [rows[0], rows[1], fixed])))
    assert (again.rows_in, again.loaded, again.duplicates, again.rejected) == (3, 3, 0, 0)
    assert table(root, "TRANSFER")["serial"].sort().to_list() == ["S0", "S1", "S2", "S3"]


def test_what_nobody_corrected_is_rejected_again(tmp_path: Path) -> None:
    root = tmp_path / "var"
    first = only(load(root, write_sheet(tmp_path / "a.csv", [GOOD, *BAD])))
    (out,) = write_rejected(lake_home(root), first.sha256, tmp_path / "fix.csv")
    again = only(load(root, out))
    assert (again.rows_in, again.loaded, again.rejected) == (3, 0, 3)


def test_a_damaged_card_of_a_workbook_stays_damaged(tmp_path: Path) -> None:
    root = tmp_path / "var"
    row = [("6.2220212345678899E+18", "n"), *sheet_row()[1:]]
    first = only(load(root, write_package(tmp_path / "a.xlsx", {"s": sheet_xml([SHEET, GOOD, row])})))
    (out,) = write_rejected(lake_home(root), first.sha256, tmp_path / "fix.csv")
    assert rows_of(out)[0]["交易卡号"] == "6.2220212345678899E+18"
    assert only(load(root, out)).rejected == 1


def test_texts_that_a_spreadsheet_runs_are_held_back_and_come_back_whole(tmp_path: Path) -> None:
    root = tmp_path / "var"
    first = only(load(root, write_sheet(tmp_path / "a.csv", [sheet_row(memo="=1+1", amount="x")])))
    (out,) = write_rejected(lake_home(root), first.sha256, tmp_path / "fix.csv")
    rows = rows_of(out)
    assert rows[0]["摘要说明"] == "'=1+1"
    rows[0]["交易金额"] = "5.00"
    load(root, save(tmp_path / "fixed.csv", rows))
    assert table(root, "TRANSFER")["memo"].to_list() == ["=1+1"]


def test_entries_are_masked_until_asked_for_whole(tmp_path: Path) -> None:
    load(tmp_path / "var", write_sheet(tmp_path / "a.csv", [sheet_row(own="8801000100O000001")]))
    home = lake_home(tmp_path / "var")
    (masked,), (whole,) = entries(home), entries(home, full=True)
    assert whole.raw == "8801000100O000001" and masked.raw != whole.raw
    assert masked.raw.startswith("880100") and "*" in masked.raw
    assert (masked.code, masked.line, masked.column) == ("BAD_IDENTIFIER", 2, "交易账号")
    assert masked.zh and masked.en.endswith(".")


def test_tip_offs_and_clean_files_give_nothing_back(tmp_path: Path) -> None:
    root = tmp_path / "var"
    clean = only(load(root, write_sheet(tmp_path / "a.csv", [GOOD])))
    with pytest.raises(InputError, match="no rejected rows"):
        write_rejected(lake_home(root), clean.sha256, tmp_path / "fix.csv")
    header = ("线索号", "收到时间", "举报人")
    tip = only(load(root, write_text(tmp_path / "t.csv", header, [("T-1", "no time", "虚构举报人")])))
    with pytest.raises(EvidenceBroken, match="vault"):
        write_rejected(lake_home(root), tip.sha256, tmp_path / "fix.csv")
    assert [entry.raw for entry in entries(lake_home(root))] == [""]


def test_the_command_lists_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "var"
    first = only(load(root, write_sheet(tmp_path / "a.csv", [GOOD, *BAD])))
    lake = ("--lake", str(root))
    assert main(["rejects", "--json", *lake]) == 1
    assert [e["code"] for e in json.loads(capsys.readouterr().out)] == [
        "BAD_AMOUNT",
        "SCIENTIFIC_TEXT",
        "FIELD_COUNT",
    ]
    assert main(["rejects", first.sha256[:12], "--out", str(tmp_path / "fix.csv"), *lake]) == 0
    assert len(rows_of(tmp_path / "fix.csv")) == 3
    assert main(["rejects", "zzz", *lake]) == 2


def test_no_template_knows_the_note_columns() -> None:
    from ingest.template import templates

    assert templates()
    for name in templates():
        assert not [note for note in NOTES if template(name).field_of(note)]
