"""Zip archives: each table is a file of its own, and an unsafe archive loads nothing."""

import struct
import zipfile
from pathlib import Path

import pytest

from graph.lake.home import lake_home
from ingest.ledger import Ledger
from ingest.limits import Limits
from ingest.load import LoadOptions, LoadResult, find_files, load_files
from tests.ingest.build import SHEET, digest, load, only, sheet_row, write_sheet, write_text

GOOD = [sheet_row(at=f"2024-03-04 10:00:{i:02d}", amount=f"{i + 1}.00") for i in range(5)]


def sheet_bytes(folder: Path, rows: list[tuple[str, ...]]) -> bytes:
    return write_sheet(folder / "inner.csv", rows).read_bytes()


def pack(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def code_of(result: LoadResult) -> str:
    record = only(result)
    assert record.loaded == 0
    return record.code


def test_each_table_loads_as_its_own_file_and_the_archive_is_on_record(tmp_path: Path) -> None:
    first, second = sheet_bytes(tmp_path, GOOD[:3]), sheet_bytes(tmp_path, GOOD[3:])
    path = pack(
        tmp_path / "a.zip",
        {"d/one.csv": first, "two.csv": second, "read.me": b"x", "README.txt": b"x", "__MACOSX/z.csv": b"x"},
    )
    result = load(tmp_path / "zipped", path)
    assert [(r.file, r.loaded) for r in result.records] == [("a.zip/d/one.csv", 3), ("a.zip/two.csv", 2)]
    load(tmp_path / "plain", write_sheet(tmp_path / "all.csv", GOOD))
    assert digest(tmp_path / "zipped") == digest(tmp_path / "plain")
    ledger = Ledger(lake_home(tmp_path / "zipped"))
    (archive,) = ledger.archives()
    ledger.close()
    import hashlib

    assert archive.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert archive.inner == tuple((r.file, r.sha256) for r in result.records)
    assert archive.left_out == 3
    assert not list((tmp_path / "zipped" / "intake").iterdir())
    again = load(tmp_path / "zipped", path)
    assert [(r.state, r.loaded) for r in again.records] == [("already loaded", 0)] * 2


def test_a_folder_gives_its_archives_too(tmp_path: Path) -> None:
    pack(tmp_path / "a.zip", {"x.csv": b"1"})
    pack(tmp_path / ".hidden.zip", {"x.csv": b"1"})
    assert [path.name for path in find_files([tmp_path])] == ["a.zip"]


def test_names_in_gbk_without_the_flag_are_read_right(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"AAAA.csv": sheet_bytes(tmp_path, GOOD)})
    path.write_bytes(path.read_bytes().replace(b"AAAA.csv", "样例".encode("gbk") + b".csv"))
    assert only(load(tmp_path / "v", path)).file == "a.zip/样例.csv"


def test_a_damaged_entry_costs_itself_only(tmp_path: Path) -> None:
    data = sheet_bytes(tmp_path, GOOD)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("bad.csv", data.replace(b"10:00:04", b"10:00:09"))
        archive.writestr("good.csv", data)
    path.write_bytes(path.read_bytes().replace(b"10:00:09", b"10:00:08", 1))
    bad, good = load(tmp_path / "v", path).records
    assert (bad.file, bad.state, bad.code) == ("a.zip/bad.csv", "quarantined", "ARCHIVE_UNSAFE")
    assert (good.file, good.loaded) == ("a.zip/good.csv", 5)


@pytest.mark.parametrize(
    "name", ["../../x.csv", "/abs.csv", "a\\..\\..\\x.csv", "C:x.csv", "in.zip", "in.rar"]
)
def test_names_that_lead_outside_and_archives_inside_are_refused(tmp_path: Path, name: str) -> None:
    path = pack(tmp_path / "a.zip", {"good.csv": sheet_bytes(tmp_path, GOOD), name: b"x"})
    assert code_of(load(tmp_path / "v", path)) == "ARCHIVE_UNSAFE"
    assert not (tmp_path / "v" / "originals").exists()


def test_two_of_one_name_and_links_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.csv": b"1", "b.csv": b"2"})
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    assert code_of(load(tmp_path / "v", path)) == "ARCHIVE_UNSAFE"
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert code_of(load(tmp_path / "v", tmp_path / "l.zip")) == "ARCHIVE_UNSAFE"


def test_a_password_is_said(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.csv": b"1"})
    data = bytearray(path.read_bytes())
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert code_of(load(tmp_path / "v", path)) == "ENCRYPTED"


@pytest.mark.parametrize("case", ["declares too little", "unpacks too far", "too much together"])
def test_what_streams_out_decides_and_not_what_is_declared(tmp_path: Path, case: str) -> None:
    body = b"0" * 4_000_000
    path = pack(tmp_path / "a.zip", {"good.csv": sheet_bytes(tmp_path, GOOD), "big.csv": body})
    if case == "declares too little":
        path.write_bytes(path.read_bytes().replace(struct.pack("<L", len(body)), struct.pack("<L", 1024)))
    limits = Limits(archive_bytes=1_000, expansion=10**6) if case == "too much together" else Limits()
    result = load_files(lake_home(tmp_path / "v"), [path], LoadOptions(limits=limits))
    assert code_of(result) == "ARCHIVE_UNSAFE"
    assert not list((tmp_path / "v" / "intake").iterdir())


def test_too_many_entries_are_refused_before_the_directory_is_read(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {f"{i}.csv": b"" for i in range(2_001)})
    assert code_of(load(tmp_path / "v", path)) == "ARCHIVE_UNSAFE"


def test_a_broken_or_empty_archive_is_one_sentence(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"a.csv": sheet_bytes(tmp_path, GOOD)})
    path.write_bytes(path.read_bytes()[:-30])
    assert code_of(load(tmp_path / "v", path)) == "ARCHIVE_UNSAFE"
    assert code_of(load(tmp_path / "v", pack(tmp_path / "b.zip", {"notes.md": b"x"}))) == "UNKNOWN_FORMAT"
    assert code_of(load(tmp_path / "v", pack(tmp_path / "c.zip", {}))) == "UNKNOWN_FORMAT"


def test_informants_in_an_archive_stay_in_the_vault(tmp_path: Path) -> None:
    header = ("线索号", "收到时间", "内容", "举报人")
    row = ("T-77001", "2024-05-04 10:00:00", "我是其邻居", "虚构举报人")
    tips = write_text(tmp_path / "t.csv", header, [row]).read_bytes()
    path = pack(tmp_path / "a.zip", {"举报_虚构举报人.csv": tips, "s.csv": sheet_bytes(tmp_path, GOOD)})
    load(tmp_path / "v", path)
    for stored in (tmp_path / "v").rglob("*"):
        if stored.is_file():
            data = stored.read_bytes()
            assert "虚构举报人".encode() not in data, stored
            assert b"T-77001" not in data, stored
    assert SHEET


def test_unloading_an_archive_unloads_its_files(tmp_path: Path) -> None:
    from ingest.__main__ import main

    root = tmp_path / "v"
    load(root, write_sheet(tmp_path / "before.csv", [sheet_row(amount="9.00")]))
    before = digest(root)
    load(root, pack(tmp_path / "a.zip", {"a.csv": sheet_bytes(tmp_path, GOOD)}))
    ledger = Ledger(lake_home(root))
    sha256 = ledger.archives()[0].sha256
    ledger.close()
    assert main(["unload", sha256[:16], "--lake", str(root)]) == 0
    assert digest(root) == before
