"""Loading: every row is accounted for, a file counts once, and a bad file stops nobody."""

import json
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import InputError, UnreadableSource
from graph.lake.home import lake_home
from ingest.ledger import Ledger
from ingest.limits import DEFAULT_LIMITS, MEGABYTE
from ingest.load import ALREADY, LoadOptions, find_files, load_files
from ingest.lock import writing
from ingest.parse import parse_file
from ingest.quarantine import read_rejects
from ingest.unload import unload
from tests.ingest.build import (
    SHEET,
    A,
    B,
    digest,
    load,
    only,
    sheet_row,
    sheet_xml,
    table,
    write_package,
    write_sheet,
    write_text,
)
from tests.ingest.parser import shared_parser

GOOD = [sheet_row(at=f"2024-03-04 10:00:{i:02d}", amount=f"{i + 1}.00") for i in range(5)]


def test_rows_are_loaded_duplicate_or_rejected_and_nothing_else(tmp_path: Path) -> None:
    rows = [
        *GOOD,
        GOOD[0],
        sheet_row(amount="1.001"),
        sheet_row(own="6.22E+18"),
        sheet_row()[:-1],
        ("合计", *[""] * 9),
    ]
    record = only(load(tmp_path / "var", write_sheet(tmp_path / "a.csv", rows)))
    assert (record.rows_in, record.loaded, record.duplicates, record.rejected, record.layout_rows) == (
        9,
        5,
        1,
        3,
        1,
    )
    assert record.template == "bank_sheet"
    lines = read_rejects(lake_home(tmp_path / "var"), record.sha256)
    assert [(line["line"], line["column"], line["code"]) for line in lines] == [
        (8, "交易金额", "BAD_AMOUNT"),
        (9, "交易账号", "SCIENTIFIC_TEXT"),
        (10, "", "FIELD_COUNT"),
    ]
    assert bytes.fromhex(str(lines[0]["raw"])).decode() == "1.001"


def test_the_same_file_again_loads_nothing(tmp_path: Path) -> None:
    path, root = write_sheet(tmp_path / "a.csv", GOOD), tmp_path / "var"
    load(root, path)
    before = digest(root)
    renamed = tmp_path / "renamed.csv"
    renamed.write_bytes(path.read_bytes())
    again = only(load(root, renamed))
    assert (again.state, again.loaded, again.duplicates) == (ALREADY, 0, 5)
    assert digest(root) == before


def test_originals_are_kept_read_only_under_their_hash(tmp_path: Path) -> None:
    record = only(load(tmp_path / "var", write_sheet(tmp_path / "a.csv", GOOD)))
    kept = tmp_path / "var" / "originals" / record.sha256
    assert kept.read_bytes() == (tmp_path / "a.csv").read_bytes()
    assert kept.stat().st_mode & 0o222 == 0


def bad_files(folder: Path) -> dict[str, str]:
    """Files that can't be loaded, with the code each must get."""
    package = write_package(folder / "cut.xlsx", {"s": sheet_xml([SHEET, GOOD[0]])})
    package.write_bytes(package.read_bytes()[:-30])
    (folder / "empty.csv").write_bytes(b"")
    (folder / "unknown.csv").write_bytes(bytes(range(256)) * 20)
    (folder / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    write_text(folder / "columns.csv", ("品名", "单价"), [("a", "1")])
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le")
    (folder / "locked.xlsx").write_bytes(ole)
    os.mkfifo(folder / "pipe.csv")
    return {
        "cut.xlsx": "ARCHIVE_UNSAFE",
        "empty.csv": "EMPTY_FILE",
        "unknown.csv": "UNKNOWN_FORMAT",
        "picture.csv": "UNKNOWN_FORMAT",
        "columns.csv": "HEADER_UNKNOWN",
        "locked.xlsx": "ENCRYPTED",
        "pipe.csv": "NOT_A_FILE",
    }


def test_bad_files_are_quarantined_with_a_sentence_and_the_rest_loads(tmp_path: Path) -> None:
    folder, root = tmp_path / "in", tmp_path / "var"
    folder.mkdir()
    load(root, write_sheet(tmp_path / "before.csv", GOOD))
    expected = bad_files(folder)
    good = write_sheet(folder / "good.csv", [sheet_row(amount="77.00")])
    result = load(root, *(folder / name for name in expected), good)
    assert {r.file: r.code for r in result.records if r.code} == expected
    assert not result.clean
    for record in result.records[:-1]:
        assert result.messages[record.sha256].startswith(record.file)
        assert result.messages[record.sha256].endswith(".")
    assert result.records[-1].loaded == 1
    assert table(root, "TRANSFER").height == 6
    for record in result.records[:-1]:
        assert [line["code"] for line in read_rejects(lake_home(root), record.sha256)] == [record.code]


def test_a_parser_that_breaks_costs_its_own_file_only(tmp_path: Path) -> None:
    small = replace(DEFAULT_LIMITS, parser_memory_bytes=256 * MEGABYTE, parser_memory_factor=0)
    large = write_sheet(tmp_path / "large.csv", GOOD[:1])
    header, row = large.read_bytes().splitlines(keepends=True)
    large.write_bytes(header + row * 300_000)
    files = [large, write_sheet(tmp_path / "a.csv", GOOD)]
    killed, good = load_files(lake_home(tmp_path / "var"), files, LoadOptions(limits=small)).records
    assert (killed.state, killed.code, killed.rows_in) == ("quarantined", "PARSER_KILLED", 0)
    assert good.loaded == len(GOOD)


def test_counts_that_differ_load_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ingest.readers.delimited

    monkeypatch.setattr(ingest.readers.delimited, "count_filled_lines", lambda text: 99)
    data = write_sheet(tmp_path / "a.csv", GOOD).read_bytes()
    with pytest.raises(UnreadableSource) as caught:
        parse_file(data, "a.csv", None, DEFAULT_LIMITS)
    assert caught.value.facts["code"] == "COUNT_DIFFERS"


def test_the_same_file_twice_in_one_load_counts_once(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "a.csv", GOOD)
    other = tmp_path / "b.csv"
    other.write_bytes(path.read_bytes())
    done: list[str] = []
    home = lake_home(tmp_path / "var")
    result = load_files(home, [path, path, other], progress=lambda p: done.append(p.name))
    assert [(r.state, r.loaded, r.duplicates) for r in result.records] == [
        ("loaded", 5, 0),
        (ALREADY, 0, 5),
        (ALREADY, 0, 5),
    ]
    assert done == ["a.csv", "a.csv", "b.csv"]


def test_progress_is_told_only_what_is_in_force(tmp_path: Path) -> None:
    home = lake_home(tmp_path / "var")
    files = [write_sheet(tmp_path / f"{i}.csv", [sheet_row(serial=f"S{i}")]) for i in range(3)]
    seen: list[int] = []

    def told(path: Path) -> None:
        ledger = Ledger(home)
        seen.append(len(ledger.files()))
        ledger.close()

    load_files(home, files, progress=told)
    assert seen == [1, 2, 3]


def test_unloading_restores_the_digest_from_before(tmp_path: Path) -> None:
    root = tmp_path / "var"
    load(root, write_sheet(tmp_path / "a.csv", GOOD))
    before = digest(root)
    more = only(
        load(root, write_sheet(tmp_path / "b.csv", [*GOOD[:2], sheet_row(amount="9.99", peer="88090001")]))
    )
    assert (more.loaded, more.duplicates) == (1, 2)
    assert digest(root) != before
    unload(lake_home(root), more.sha256)
    load(root)
    assert digest(root) == before
    with pytest.raises(InputError, match="not loaded"):
        unload(lake_home(root), more.sha256)
    assert only(load(root, tmp_path / "b.csv")).loaded == 1


def test_a_second_loader_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    home = lake_home(tmp_path / "var")
    with writing(home), pytest.raises(InputError, match=f"Process {os.getpid()} is loading"):
        load_files(home, [write_sheet(tmp_path / "a.csv", GOOD)])


def test_batches_that_no_ledger_row_names_are_removed(tmp_path: Path) -> None:
    root = tmp_path / "var"
    load(root, write_sheet(tmp_path / "a.csv", GOOD))
    stray = root / "lake" / "batches" / "bank_sheet" / "stray.tmp"
    stray.write_bytes(b"half a batch")
    load(root, write_sheet(tmp_path / "b.csv", GOOD[:1]))
    assert not stray.exists()


def test_a_ledger_never_holds_an_account_that_does_not_add_up(tmp_path: Path) -> None:
    root = tmp_path / "var"
    load(root, write_sheet(tmp_path / "a.csv", GOOD))
    connection = sqlite3.connect(root / "ledger.sqlite")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE files SET loaded = loaded - 1")
    connection.close()


def test_a_folder_gives_its_tables_and_no_truth(tmp_path: Path) -> None:
    for name in (
        "b.csv",
        "a.xlsx",
        "README.txt",
        "notes.md",
        ".hidden.csv",
        "truth/accounts.csv",
        "deep/c.CSV",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert [p.relative_to(tmp_path).as_posix() for p in find_files([tmp_path])] == [
        "a.xlsx",
        "b.csv",
        "deep/c.CSV",
    ]


TIPS = ("线索号", "收到时间", "渠道", "内容", "涉及号码", "举报人", "举报人电话")
SECRETS = ("虚构举报人", "15499999999", "我是其邻居", "T-77001")


def test_informants_never_leave_the_vault(tmp_path: Path) -> None:
    root = tmp_path / "var"
    row = (
        "T-77001",
        "2024-05-04 10:00:00",
        "电话",
        "我是其邻居",
        f"{A}、15410733134",
        "虚构举报人",
        "15499999999",
    )
    bad = ("T-77002", "no time", "电话", "我是其邻居", A, "虚构举报人", "15499999999")
    named = write_text(tmp_path / "举报_虚构举报人.csv", TIPS, [row, bad])
    broken = write_text(tmp_path / "broken.csv", ("举报人", "电话说明"), [("虚构举报人", "15499999999")])
    result = load(root, named, broken, write_sheet(tmp_path / "a.csv", GOOD))
    assert [record.state for record in result.records] == ["loaded", "quarantined", "loaded"]
    stored = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for path, data in stored.items():
        for secret in SECRETS:
            assert secret.encode() not in data, path
            assert secret not in path.name
    tips, mentions = table(root, "Tip"), table(root, "MENTIONS")
    assert tips["key"].str.starts_with("tip:").all()
    assert sorted(mentions["to_key"].to_list()) == ["15410733134", A]
    assert (root / "vault" / "key").stat().st_mode & 0o077 == 0
    from ingest.vault import Vault

    assert Vault(lake_home(root)).open_file(result.records[0].sha256) == named.read_bytes()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.integers(0, 10**6))
def test_mutated_files_never_stop_a_load_and_always_add_up(tmp_path: Path, noise: bytes, where: int) -> None:
    data = bytearray(write_sheet(tmp_path / "a.csv", GOOD).read_bytes())
    at = where % len(data)
    data[at : at + len(noise)] = noise
    (tmp_path / "m.csv").write_bytes(bytes(data))
    ledger_home = lake_home(tmp_path / "var")
    record = load_files(ledger_home, [tmp_path / "m.csv"], parser=shared_parser()).records[0]
    assert record.rows_in == record.loaded + record.duplicates + record.rejected


def test_status_says_what_is_promised(tmp_path: Path) -> None:
    load(tmp_path / "var", write_sheet(tmp_path / "a.csv", GOOD))
    ledger = Ledger(lake_home(tmp_path / "var"))
    (record,) = ledger.files()
    ledger.close()
    promised = {"file", "sha256", "template", "rows_in", "loaded", "duplicates", "rejected", "state"}
    assert promised <= set(json.loads(json.dumps(record.as_dict())))
    assert record.file == "a.csv"
    assert B


def test_a_suspect_number_costs_its_row_and_never_the_file(tmp_path: Path) -> None:
    header = ("姓名", "证件号码")
    rows = [("王虚文", "990101199003070015"), ("李虚武", "990101199003070000"), ("赵虚全", "")]
    record = only(load(tmp_path / "home", write_text(tmp_path / "register.csv", header, rows)))
    assert (record.state, record.loaded, record.rejected) == ("loaded", 2, 1)
