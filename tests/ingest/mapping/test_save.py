"""A proposal becomes a layout only by a person's word, and then the file loads like its plain twin."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from graph.errors import InputError, UnknownColumns, UnreadableSource
from graph.lake.home import lake_home
from ingest.__main__ import main
from ingest.limits import DEFAULT_LIMITS
from ingest.mapping.preview import preview
from ingest.mapping.reading import look_at
from ingest.mapping.save import Confirmed, decide, recognised, save_layout
from ingest.overlay import layouts_in
from tests.ingest.build import digest, load, only, write_text
from tests.ingest.mapping.odd import (
    HEADER,
    KNOWN_BY,
    TWO_SIDED,
    proposal_of,
    rows,
    table_of,
    two_sided,
    write_odd,
)

YES = Confirmed("拟分析员", datetime(2024, 3, 5, 2, 0, tzinfo=UTC))


def plain_twin(folder: Path) -> Path:
    """The same rows under the template's own names, with words for codes and dashes in dates."""
    plain = {odd: name for name, odd in KNOWN_BY.items()}
    header = [plain.get(name, name) for name in HEADER]
    body = []
    for row in rows():
        cells = list(row)
        day, clock = cells[1].replace("年", "-").replace("月", "-").split("日 ")
        cells[1] = f"{day} {clock}"
        cells[4] = {"0": "出", "1": "进"}[cells[4]]
        body.append(cells)
    return write_text(folder / "plain.csv", header, body)


def test_the_command_proposes_saves_and_then_the_file_loads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = write_odd(tmp_path)
    lake = ["--lake", str(tmp_path / "v")]
    assert only(load(tmp_path / "v", odd)).code == "HEADER_UNKNOWN"
    assert main(["map", str(odd), "--json", *lake]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["template"], said["saved"], said["passed"]) == ("bank_sheet", None, 40)
    assert len(said["rows"]) == 10
    assert not (tmp_path / "v" / "templates").exists()
    assert main(["map", str(odd), "--save", "odd_bank", *lake]) == 0
    shown = capsys.readouterr().out
    assert "88010001000000000" not in shown and "张虚构" not in shown
    assert main([str(odd), *lake]) == 0
    load(tmp_path / "p", plain_twin(tmp_path))
    assert digest(tmp_path / "v") == digest(tmp_path / "p")


def test_two_amount_columns_are_mapped_shown_and_loaded_as_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = write_text(tmp_path / "two.csv", TWO_SIDED, two_sided())
    lake = ["--lake", str(tmp_path / "v")]
    assert main(["map", str(odd), "--save", "odd_bank", "--json", *lake]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["passed"], said["rejected"]) == (40, {})
    assert [(row["amount"], row["direction"]) for row in said["rows"][:2]] == [
        ("10.00", "in"),
        ("11.37", "out"),
    ]
    assert "amount_out" not in said["rows"][0]
    load(tmp_path / "v", odd)
    load(tmp_path / "p", plain_twin(tmp_path))
    assert digest(tmp_path / "v") == digest(tmp_path / "p")


def test_what_is_ambiguous_must_be_said_before_it_is_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = write_odd(tmp_path, balances=False)
    lake = ["--lake", str(tmp_path / "v")]
    assert main(["map", str(odd), "--save", "odd_bank", *lake]) == 1
    assert "--set COLUMN=field" in capsys.readouterr().err
    assert not (tmp_path / "v" / "templates").exists()
    said = ["--set", "账户1=own_account", "--set", "#4=peer_account", "--set", "CD=direction"]
    assert main(["map", str(odd), "--save", "odd_bank", *said, *lake]) == 0
    assert (tmp_path / "v" / "templates" / "odd_bank.yml").stat().st_mode & 0o077 == 0


def test_where_no_template_fits_well_a_person_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_text(
        tmp_path / "goods.csv", ("品名", "单价", "备考"), [("盐", "2.00", "x"), ("糖", "3.50", "y")]
    )
    words = ["map", str(path), "--json", "--lake", str(tmp_path / "v")]
    assert main([*words, "--save", "goods"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["weak"] and "--template" in said["refusal"] and said["saved"] is None


def test_a_person_overrules_the_proposal_and_nobody_names_a_field_twice(tmp_path: Path) -> None:
    table = table_of(write_odd(tmp_path))
    found = proposal_of(table)
    assert decide(table, found, {})[0] == "serial"
    assert 0 not in decide(table, found, {"流水": ""})
    moved = decide(table, found, {"其他": "serial"})
    assert moved[8] == "serial" and 0 not in moved
    for said in (
        {"账户1": "memo", "账户2": "memo"},
        {"无此列": "memo"},
        {"流水": "no_field"},
        {"#99": "memo"},
    ):
        with pytest.raises(InputError):
            decide(table, found, said)


def test_a_needed_column_that_is_missing_is_named(tmp_path: Path) -> None:
    table = table_of(write_odd(tmp_path))
    found = proposal_of(table)
    with pytest.raises(UnknownColumns, match="lacks 收付标志"):
        recognised("mine", table, found, decide(table, found, {"CD": ""}))


def test_the_preview_counts_what_would_be_rejected_and_masks_numbers(tmp_path: Path) -> None:
    table = table_of(write_odd(tmp_path))
    found = proposal_of(table)
    known, _ = recognised("mine", table, found, found.fields)
    shown = preview(table, known)
    assert (len(shown.rows), shown.passed, dict(shown.rejected)) == (10, 40, {})
    assert shown.rows[0]["amount"] == "10.00" and shown.rows[0]["direction"] == "in"
    assert shown.rows[0]["time"] == "2024-03-01 10:00:00"
    assert shown.rows[0]["own_account"] == "880100*******0000"
    assert preview(table, known, full=True).rows[0]["own_account"] == "88010001000000000"
    wrong, _ = recognised("mine", table, found, decide(table, found, {"流水": "amount", "发生额": "serial"}))
    assert dict(preview(table, wrong).rejected) == {"BAD_AMOUNT": 40}


def test_a_saved_layout_is_never_written_over(tmp_path: Path) -> None:
    home = lake_home(tmp_path / "v")
    table = table_of(write_odd(tmp_path))
    found = proposal_of(table)
    _, text = recognised("mine", table, found, found.fields)
    save_layout(home, "mine", text, YES)
    for name in ("mine", "bank_sheet"):
        with pytest.raises(Exception, match="choose another name"):
            save_layout(home, name, text.replace("name: mine", f"name: {name}"), YES)


def test_columns_of_one_name_must_be_told_apart_first(tmp_path: Path) -> None:
    table = table_of(write_odd(tmp_path, ("流水", "记账日期", "账户", "账户", *HEADER[4:])))
    found = proposal_of(table)
    with pytest.raises(InputError, match="twice"):
        recognised("mine", table, found, found.fields)


def test_a_tip_off_whose_columns_are_named_later_leaves_the_open_store(tmp_path: Path) -> None:
    root = tmp_path / "v"
    header, row = ("编号", "何时", "谁说的"), ("T-77001", "2024-05-04 10:00:00", "虚构举报人")
    path = write_text(tmp_path / "tips.csv", header, [row])
    assert only(load(root, path)).code == "HEADER_UNKNOWN"
    said = ["编号=tip_no", "何时=received", "谁说的=informant"]
    words = [word for text in said for word in ("--set", text)]
    assert main(["map", str(path), "--template", "tips", *words, "--save", "mine", "--lake", str(root)]) == 0
    assert only(load(root, path)).template == "tips"
    for stored in root.rglob("*"):
        if stored.is_file():
            assert "虚构举报人".encode() not in stored.read_bytes(), stored


def test_a_saved_layout_says_who_confirmed_it_and_when(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = lake_home(tmp_path / "v")
    table = table_of(write_odd(tmp_path))
    found = proposal_of(table)
    _, text = recognised("mine", table, found, found.fields)
    with pytest.raises(InputError, match="who says yes"):
        save_layout(home, "mine", text, Confirmed(" ", YES.at))
    kept = save_layout(home, "mine", text, YES)
    body = yaml.safe_load((home.root / "templates" / "mine.yml").read_text(encoding="utf-8"))
    assert body["confirmed"] == {"by": "拟分析员", "at": "2024-03-05T02:00:00+00:00"}
    assert layouts_in(home).templates["mine"].content == kept.content
    other = tmp_path / "w"
    words = ["map", str(tmp_path / "odd.csv"), "--save", "mine", "--by", "拟甲", "--lake", str(other)]
    assert main(words) == 0
    assert "by: 拟甲" in (other / "templates" / "mine.yml").read_text(encoding="utf-8")


def test_an_unknown_file_is_read_in_the_guarded_child_with_the_limits_of_loading(tmp_path: Path) -> None:
    home = lake_home(tmp_path / "v")
    odd = write_odd(tmp_path)
    layouts = layouts_in(home)
    seen, wanted = look_at(home, odd, "odd.csv", layouts), table_of(odd)
    assert seen.file == wanted.file and seen.grid.header == wanted.grid.header
    assert seen.grid.cells.equals(wanted.grid.cells)
    assert (seen.grid.encoding, seen.grid.header_rows) == (wanted.grid.encoding, wanted.grid.header_rows)
    home.root.mkdir()
    head, *lines = odd.read_bytes().splitlines(keepends=True)
    odd.write_bytes(head + b"".join(lines) * 10_000)
    for limits, code in (
        (replace(DEFAULT_LIMITS, parser_wall_s=0.0, parser_s_per_megabyte=0.0), "PARSER_KILLED"),
        (replace(DEFAULT_LIMITS, file_bytes=10), "TOO_LARGE"),
    ):
        with pytest.raises(UnreadableSource) as caught:
            look_at(home, odd, "odd.csv", layouts, limits=limits)
        assert caught.value.facts["code"] == code
    assert list(home.root.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "EMPTY_FILE"), (b"\x7fELF\0\0", "UNKNOWN_FORMAT"), (b"1,2\n3,4\n", "HEADER_UNKNOWN")],
)
def test_what_cannot_be_read_for_the_mapping_is_said(tmp_path: Path, content: bytes, code: str) -> None:
    home, path = lake_home(tmp_path / "v"), tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableSource) as caught:
        look_at(home, path, "x.csv", layouts_in(home))
    assert caught.value.facts["code"] == code
    with pytest.raises(UnreadableSource):
        look_at(home, tmp_path, "folder", layouts_in(home))
