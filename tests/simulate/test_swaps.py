"""Planted replacements: what the files show agrees with truth/changes.csv, and nothing else changes."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from simulate.__main__ import main
from tests.simulate.worlds import read_table

SIZE = ["--accounts", "1500", "--rings", "1", "--days", "60", "--seed", "7", "--noise", "LOW", "--json"]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same world without and with swaps."""
    folder = tmp_path_factory.mktemp("swaps")
    assert main(["--out", str(folder / "plain"), *SIZE]) == 0
    assert main(["--out", str(folder / "swapped"), *SIZE, "--swaps"]) == 0
    return folder / "plain", folder / "swapped"


def truth(world: Path) -> list[dict[str, str]]:
    """Rows of changes.csv, with `at` in the files' local time."""
    with (world / "truth" / "changes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        local = datetime.fromisoformat(row["at"].removesuffix("Z")) + timedelta(hours=8)
        row["at"] = local.strftime("%Y-%m-%d %H:%M:%S")
    return rows


def test_every_kind_is_planted(worlds: tuple[Path, Path]) -> None:
    kinds = {(row["kind"], row["setting"]) for row in truth(worlds[1])}
    assert kinds == {
        ("sim", "ring"),
        ("device", "ring"),
        ("sim", "innocent"),
        ("device", "innocent"),
        ("account", "frozen"),
    }
    assert not (worlds[0] / "truth" / "changes.csv").exists()


def test_numbers_and_devices_are_used_on_their_side_of_the_change_only(worlds: tuple[Path, Path]) -> None:
    calls = [row for path in sorted(worlds[1].glob("call_records*")) for row in read_table(path)]
    swaps = [row for row in truth(worlds[1]) if row["kind"] != "account"]
    both = 0
    for swap in swaps:
        column = "本端号码" if swap["kind"] == "sim" else "IMEI"
        old = [row["开始时间"] for row in calls if row[column] == swap["old"]]
        new = [row["开始时间"] for row in calls if row[column] == swap["new"]]
        assert all(at < swap["at"] for at in old)
        assert all(at >= swap["at"] for at in new)
        both += bool(old and new)
    assert both >= 20


def test_a_ring_swaps_in_one_night(worlds: tuple[Path, Path]) -> None:
    assert len({row["at"] for row in truth(worlds[1]) if row["setting"] == "ring"}) == 1


def test_a_frozen_account_pays_nothing_after_its_freeze(worlds: tuple[Path, Path]) -> None:
    held = {row["账号"].strip(): row["执行起始"] for row in read_table(worlds[1] / "controls_查控.csv")}
    with (worlds[1] / "truth" / "transfers.csv").open(encoding="utf-8") as file:
        payers = {row["serial"]: row["account_from"] for row in csv.DictReader(file)}
    frozen = [row for row in truth(worlds[1]) if row["setting"] == "frozen"]
    assert frozen
    moved = [
        (row["交易流水号"], row["交易时间"])
        for path in sorted(worlds[1].glob("bank_sheet*"))
        for row in read_table(path)
        if row.get("交易流水号") in payers
    ]
    for swap in frozen:
        assert swap["old"] in held
        after = [s for s, at in moved if payers[s] == swap["old"] and at[:19] >= swap["at"]]
        before = [s for s, at in moved if payers[s] == swap["new"] and at[:19] < swap["at"]]
        assert not after and not before


def test_what_no_swap_touches_stays_the_same(worlds: tuple[Path, Path]) -> None:
    plain, swapped = worlds
    for pattern in ("person_register*", "lists*"):
        for path in sorted(plain.glob(pattern)):
            assert path.read_bytes() == (swapped / path.name).read_bytes()
