"""Hostile inputs that take more than one file, or a look at the tables: entries 2, 33 to 36, 39 and 40."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

import ingest.readers.original
from graph.errors import DuanlianError
from graph.lake.home import lake_home
from graph.lake.tables import open_tables
from ingest.load import LoadOptions, load_files
from ingest.settle import settle
from tests.corpus.hostile import entry_02_one_float
from tests.ingest.build import A, B, C, digest, load, only, sheet_row, table, write_sheet, write_text
from tests.ingest.parser import shared_parser

ROWS = [sheet_row(serial=f"S{i}", at=f"2024-03-04 10:00:{i:02d}") for i in range(5)]


def test_02_cards_in_one_float_name_no_account(tmp_path: Path) -> None:
    good = write_sheet(tmp_path / "good.csv", ROWS)
    load(tmp_path / "var", good, entry_02_one_float.own(tmp_path), entry_02_one_float.peers(tmp_path))
    keys = set(table(tmp_path / "var", "Account")["key"])
    assert keys == {A, B}


def test_32_an_open_direction_makes_no_event(tmp_path: Path) -> None:
    load(tmp_path / "var", write_sheet(tmp_path / "a.csv", [sheet_row(direction="O?")]))
    assert table(tmp_path / "var", "TRANSFER").is_empty()


def test_33_only_the_changed_row_is_new(tmp_path: Path) -> None:
    root = tmp_path / "var"
    assert only(load(root, write_sheet(tmp_path / "a.csv", ROWS))).loaded == 5
    before = digest(root)
    renamed = write_sheet(tmp_path / "renamed.csv", ROWS)
    again = write_sheet(tmp_path / "saved.csv", ROWS, encoding="gb18030")
    overlap = write_sheet(tmp_path / "overlap.csv", [*ROWS[3:], ROWS[4]])
    for path, duplicates in ((renamed, 5), (again, 5), (overlap, 3)):
        record = only(load(root, path))
        assert (record.loaded, record.duplicates) == (0, duplicates)
    assert digest(root) == before
    changed = only(load(root, write_sheet(tmp_path / "new.csv", [*ROWS[:4], sheet_row(serial="S9")])))
    assert (changed.loaded, changed.duplicates) == (1, 4)
    assert digest(root) != before


def test_34_strange_graphs_load_without_merging_anybody(tmp_path: Path) -> None:
    start = datetime(2024, 3, 4)
    rows = [sheet_row(own=A, peer=A, serial="SELF"), sheet_row(own=B, peer=C, serial="X")]
    rows.append(sheet_row(own=C, peer=B, serial="Y"))
    for i in range(20_000):  # a hub and a chain through as many accounts
        at = (start + timedelta(seconds=i)).strftime("%Y-%m-%d %H:%M:%S")
        rows.append(sheet_row(own="8899000000000001", peer=f"88991{i:011d}", serial=f"H{i}", at=at))
        rows.append(sheet_row(own=f"88992{i:011d}", peer=f"88992{i + 1:011d}", serial=f"C{i}", at=at))
    record = only(load(tmp_path / "var", write_sheet(tmp_path / "g.csv", rows)))
    assert (record.loaded, record.rejected) == (40_003, 0)
    events = table(tmp_path / "var", "TRANSFER")
    assert events.height == 40_003
    assert table(tmp_path / "var", "Account").height == 3 + 20_001 + 20_001
    persons = [("拟名同", "", "", "样街一号"), ("拟名同", "", "", "样街二号")]
    header = ("姓名", "证件号码", "手机号", "住址")
    load(tmp_path / "var", write_text(tmp_path / "p.csv", header, persons))
    assert table(tmp_path / "var", "Person").height == 2


def test_34_a_card_of_three_persons_and_a_number_given_out_again_merge_nobody(tmp_path: Path) -> None:
    root = tmp_path / "var"
    ids = ("990000199001011001", "990000199002021009", "990000199003031006")
    register = ("卡号", "户名", "证件号码", "开户时间")
    held = [("9990010100078924635", "拟名同", number, "2024-01-01 09:00:00") for number in ids]
    numbers = ("号码", "机主", "证件号码", "入网时间", "销户时间")
    again = [
        ("15400000001", "拟名同", ids[0], "2023-01-01 09:00:00", "2023-06-01 09:00:00"),
        ("15400000001", "拟名同", ids[1], "2023-09-01 09:00:00", ""),
    ]
    cards = write_text(tmp_path / "r.csv", register, held)
    load(root, cards, write_text(tmp_path / "s.csv", numbers, again))
    assert set(table(root, "Person")["key"]) == set(ids)
    assert sorted(table(root, "Sim")["key"]) == ["15400000001@2023-01-01", "15400000001@2023-09-01"]
    holds = table(root, "HOLDS")
    sims = holds.filter(pl.col("to_type") == "Sim").select("from_key", "to_key").sort("to_key").rows()
    assert sims == [(ids[0], "15400000001@2023-01-01"), (ids[1], "15400000001@2023-09-01")]
    assert set(holds.filter(pl.col("to_type") != "Sim")["from_key"]) == set(ids)


def test_35_one_number_at_two_couriers_is_two_parcels_and_zeros_identify_nobody(tmp_path: Path) -> None:
    header = ("运单号", "快递公司", "寄件手机", "收件手机", "收件地址", "揽收时间")
    row = ("YD0001", "样达快递", "15400000001", "15400000002", "样街一号", "2024-03-04 10:00:00")
    parcels = write_text(tmp_path / "w.csv", header, [row, (row[0], "虚通速运", *row[2:])])
    logins = ("平台", "账号", "登录时间", "IP", "MAC", "设备号")
    zeros = ("000000000000000", "unknown", "000000000000000")
    rows = [
        ("样例商业银行", f"8899{i:013d}", "2024-03-04 10:00:00", "100.64.0.1", "02:00:00:00:00:00", zeros[i])
        for i in range(3)
    ]
    load(tmp_path / "var", parcels, write_text(tmp_path / "l.csv", logins, rows))
    assert table(tmp_path / "var", "Parcel").height == 2
    devices = table(tmp_path / "var", "Device")
    assert devices["placeholder"].all()
    assert not table(tmp_path / "var", "Ip").filter(pl.col("identifying")).height


def test_36_a_file_that_changes_while_it_is_read_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_sheet(tmp_path / "a.csv", ROWS)
    copy = ingest.readers.original._copy

    def appended(source: Path, *arguments: int) -> tuple[str, int]:
        done: tuple[str, int] = copy(source, *arguments)
        with source.open("a") as handle:
            handle.write("more")
        return done

    monkeypatch.setattr(ingest.readers.original, "_copy", appended)
    assert only(load(tmp_path / "var", path)).code == "FILE_CHANGED"


def test_39_a_damaged_batch_is_named_and_mended_by_loading_again(tmp_path: Path) -> None:
    root = tmp_path / "var"
    path = write_sheet(tmp_path / "a.csv", ROWS)
    load(root, path)
    before = digest(root)
    (batch,) = (root / "lake" / "batches" / "bank_sheet").glob("*.parquet")
    data = batch.read_bytes()
    flipped = bytes([data[0] ^ 1])
    for damaged in (data[:-100], flipped + data[1:], data[:200] + bytes([data[200] ^ 4]) + data[201:]):
        batch.chmod(0o600)
        batch.write_bytes(damaged)
        with pytest.raises(DuanlianError, match="damaged"):
            settle(lake_home(root))
        load_files(lake_home(root), [path], LoadOptions(), parser=shared_parser())
        settle(lake_home(root))
        assert open_tables(lake_home(root)).digest.digest == before


def test_40_an_informant_is_in_no_file_of_the_lake(tmp_path: Path) -> None:
    header = ("线索号", "收到时间", "渠道", "内容", "涉及号码", "举报人", "举报人电话")
    row = ("T-1", "2024-05-04 10:00:00", "电话", "我是其邻居", A, "虚构举报人", "15499999999")
    load(tmp_path / "var", write_text(tmp_path / "举报_虚构举报人.csv", header, [row]))
    stored = b"".join(path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file())
    for secret in ("虚构举报人", "15499999999", "我是其邻居", "T-1"):
        assert secret.encode() not in stored
    assert table(tmp_path / "var", "MENTIONS")["to_key"].to_list() == [A]
