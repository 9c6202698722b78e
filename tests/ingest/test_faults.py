"""A kill, a full disk or a damaged file costs nothing that was acknowledged, and never a wrong answer."""

import hashlib
import os
import random
import shutil
import sqlite3
import zipfile
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.faults import Stage, Tally, stages, trial, write_files
from bench.trials import Fault, copy_home, state
from bench.warmed import Warmed
from graph.errors import InputError, StorageFailed, UnreadableSource
from graph.lake.home import LakeHome, lake_home
from graph.lake.seal import read_sealed
from graph.lake.tables import open_tables
from ingest.__main__ import main
from ingest.ledger import Ledger
from ingest.settled import is_settled
from ingest.unload import unload
from tests.ingest.build import digest, load, table


@pytest.fixture(scope="module")
def forks() -> Iterator[Warmed]:
    with Warmed() as process:
        yield process


@pytest.fixture(scope="module")
def made(forks: Warmed, tmp_path_factory: pytest.TempPathFactory) -> list[Stage]:
    return stages(tmp_path_factory.mktemp("faults"), forks=forks)


def points(made: list[Stage], draw: random.Random) -> list[tuple[Stage, list[Fault]]]:
    """A slice of what `python -m bench.faults` tries whole: the steps around the commits, and some drawn."""

    def at(kind: str, stage: Stage) -> Fault:
        return Fault(kind, draw.randint(1, stage.steps))

    first, second, few, rebuild, unload = made
    chosen = [(stage, [Fault("kill", stage.steps)]) for stage in made]
    chosen += [(draw.choice([first, second]), []) for _ in range(3)]
    chosen = [(stage, faults or [at("kill", stage)]) for stage, faults in chosen]
    chosen += [(stage, [at("kill", stage), at("kill", stage)]) for stage in (first, unload)]
    chosen += [(second, [at(kind, second)]) for kind in ("ENOSPC", "EIO", "short")]
    chosen += [(few, [at("kill", few)]) for _ in range(3)] + [(few, [at("EIO", few)])]
    chosen += [(first, [Fault("size", 2000)]), (rebuild, [Fault("size", 3000)])]
    return chosen


def test_whatever_step_a_fault_strikes_the_same_command_again_ends_the_same(
    made: list[Stage], forks: Warmed, tmp_path: Path
) -> None:
    tally = Tally("slice")
    for stage, faults in points(made, random.Random(5)):
        trial(stage, faults, LakeHome(tmp_path / "home"), tally, forks)
    assert tally.broken == []
    assert tally.struck >= tally.trials


def test_a_refusing_disk_is_said_in_one_sentence(made: list[Stage], forks: Warmed, tmp_path: Path) -> None:
    home = LakeHome(tmp_path / "home")
    copy_home(made[1].before, home)
    outcome = forks.run(home, made[1].command, Fault("ENOSPC", made[1].steps // 2))
    assert outcome.code == 1
    assert "No space left on device" in outcome.said or "disk is full" in outcome.said
    assert "run the same command again" in outcome.said


def test_a_load_that_was_cut_off_before_settling_is_settled_by_the_same_command(
    made: list[Stage], forks: Warmed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, stage = LakeHome(tmp_path / "home"), made[0]
    copy_home(stage.before, home)
    outcome = forks.run(home, stage.command, Fault("kill", stage.steps - 2))
    assert not (home.tables / "manifest.json").exists()
    assert {path.name for path in stage.command.files} <= set(outcome.acknowledged)
    main([*map(str, stage.command.files), "--lake", str(home.root)])
    assert open_tables(home).digest.digest == stage.new.digest
    assert is_settled(home)


def test_an_archive_taken_out_by_a_run_that_was_cut_off_is_settled_by_the_same_command(
    tmp_path: Path,
) -> None:
    root, path = tmp_path / "var", tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(write_files(tmp_path / "in")["a.csv"], "a.csv")
    (record,) = load(root, path).records
    unload(lake_home(root), record.sha256)
    assert table(root, "TRANSFER").height == 6
    words = ["unload", hashlib.sha256(path.read_bytes()).hexdigest()[:9], "--lake", str(root)]
    assert main(words) == 0
    assert table(root, "TRANSFER").is_empty()
    assert main(words) == 2


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    root = tmp_path / "var"
    root.mkdir()
    (root / "ingest.lock").write_text("999999")
    assert load(root, write_files(tmp_path / "in")["a.csv"]).records[0].loaded == 6


def test_loading_stops_before_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, files = tmp_path / "var", write_files(tmp_path / "in")
    load(root, files["a.csv"])
    before = digest(root)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1000 << 30, 951 << 30, 49 << 30))
    with pytest.raises(StorageFailed, match=r"has 50176 MB free and loading needs 51200 MB; free space"):
        load(root, files["b.csv"])
    assert digest(root) == before


def flip(path: Path, at: int) -> None:
    """Turn one bit of a file round."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def batch_of(home: LakeHome) -> Path:
    return next((home.batches / "bank_sheet").glob("*.parquet"))


def damaged_table(home: LakeHome, damage: Callable[[Path], None]) -> None:
    part = (read_sealed(home.tables / "manifest.json") or {})["parts"][0]
    damage(home.tables / part["folder"] / "TRANSFER.parquet")


TABLE_DAMAGE: dict[str, Callable[[LakeHome], None]] = {
    "cut by 100 bytes": lambda home: damaged_table(home, cut),
    "one bit flipped": lambda home: damaged_table(home, lambda path: flip(path, 200)),
    "removed": lambda home: damaged_table(home, Path.unlink),
    "list flipped": lambda home: flip(home.tables / "manifest.json", 60),
    "list cut": lambda home: cut(home.tables / "manifest.json"),
}


@pytest.mark.parametrize("name", TABLE_DAMAGE)
def test_damaged_tables_give_no_answer_until_they_are_made_again(
    made: list[Stage], tmp_path: Path, name: str
) -> None:
    home, whole = LakeHome(tmp_path / "var"), made[2]
    copy_home(whole.before, home)
    TABLE_DAMAGE[name](home)
    with pytest.raises(UnreadableSource, match="rebuild"):
        table(home.root, "TRANSFER")
    assert main(["rebuild", "--lake", str(home.root)]) == 0
    assert digest(home.root) == whole.old.digest
    assert table(home.root, "TRANSFER").height == 10


BATCH_DAMAGE: dict[str, Callable[[Path], None]] = {
    "cut by 100 bytes": cut,
    "one bit flipped": lambda path: flip(path, 300),
    "removed, the ledger is one batch ahead": Path.unlink,
}


@pytest.mark.parametrize("name", BATCH_DAMAGE)
def test_a_damaged_batch_is_named_and_mended_by_its_file(
    made: list[Stage], tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home, whole = LakeHome(tmp_path / "var"), made[1]
    copy_home(whole.before, home)
    BATCH_DAMAGE[name](batch_of(home))
    assert main(["rebuild", "--lake", str(home.root)]) == 1
    assert "bank_sheet" in capsys.readouterr().err
    assert digest(home.root) == whole.old.digest
    main([str(whole.command.files[1]), "--lake", str(home.root)])
    assert digest(home.root) == whole.old.digest
    assert state(home).batches == whole.old.batches


def test_a_stray_file_counts_for_nothing_and_goes(made: list[Stage], tmp_path: Path) -> None:
    home, whole = LakeHome(tmp_path / "var"), made[1]
    copy_home(whole.before, home)
    strays = [
        home.batches / "bank_sheet" / f"{'0' * 64}.parquet",
        home.batches / "bank_sheet" / "half.parquet.tmp",
        home.quarantine / f"{'0' * 64}.jsonl",
        home.vault / "half.fernet.tmp",
        home.tables / "manifest.json.tmp",
        home.tables / "0000.tmp" / "TRANSFER.parquet",
    ]
    for path in strays:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half of something")
    main([str(whole.command.files[1]), "--lake", str(home.root)])
    assert [path for path in strays if path.exists()] == []
    assert state(home) == whole.old


def test_a_ledger_that_lost_entries_is_refused_and_loses_no_batch(
    made: list[Stage], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, second = LakeHome(tmp_path / "var"), made[1]
    copy_home(made[2].before, home)
    shutil.copy(second.before.ledger, home.ledger)
    batches = sorted(home.batches.rglob("*.parquet"))
    assert main([str(second.command.files[0]), "--lake", str(home.root)]) == 1
    assert "lacks 1 entries" in capsys.readouterr().err
    assert sorted(home.batches.rglob("*.parquet")) == batches
    assert main(["rebuild", "--lake", str(home.root)]) == 0
    assert digest(home.root) == second.old.digest
    main([str(path) for path in second.command.files] + ["--lake", str(home.root)])
    assert digest(home.root) == second.new.digest


def test_a_lost_write_ahead_log_loses_no_acknowledged_file(
    made: list[Stage], forks: Warmed, tmp_path: Path
) -> None:
    home, stage = LakeHome(tmp_path / "var"), made[0]
    copy_home(stage.before, home)
    outcome = forks.run(home, stage.command, Fault("kill", stage.steps - 5))
    (home.root / "ledger.sqlite-wal").unlink(missing_ok=True)
    ledger = Ledger(home)
    files = {record.file for record in ledger.files()}
    ledger.close()
    assert len(files) == len([name for name in outcome.acknowledged if name != "done"]) == 3


def test_a_torn_ledger_is_named_and_nothing_is_written_into_it(
    made: list[Stage], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, whole = LakeHome(tmp_path / "var"), made[1]
    for at in (5, 103, 4096 + 3):  # the magic bytes, the first page's tree, a page of a table
        copy_home(whole.before, home)
        flip(home.ledger, at)
        try:
            code = main([str(whole.command.files[0]), "--lake", str(home.root)])
        except sqlite3.DatabaseError:
            pytest.fail("an error of SQLite came through")
        assert code == 1
        assert "ledger is damaged" in capsys.readouterr().err


def test_the_second_loader_names_the_first(made: list[Stage], tmp_path: Path) -> None:
    from ingest.lock import writing

    home = lake_home(tmp_path / "var")
    with writing(home), pytest.raises(InputError, match=f"Process {os.getpid()} is loading") as told:
        load(home.root, made[0].command.files[0])
    assert told.value.facts["holder"] == str(os.getpid())
