"""What Polars puts on disk stays in the home, in a folder only its owner reads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph.lake.home import lake_home
from graph.lake.spill import spill_into

SORTING = """
import os, sys, threading, time
from pathlib import Path
from graph.lake.home import lake_home
from graph.lake.spill import spill_into
home = lake_home(Path(sys.argv[1]))
spill_into(home)
import polars as pl
seen, done = set(), threading.Event()
def watch():
    while not done.is_set():
        seen.update(entry.name for entry in (home.root / "spill").iterdir())
        time.sleep(0.002)
watcher = threading.Thread(target=watch)
watcher.start()
frame = pl.LazyFrame({"a": range(1_000_000)}).with_columns(b=pl.col("a") * 7919 % 1_000_003)
frame.sort("b").group_by("a").agg(pl.col("b").sum()).sort("a").collect(engine="streaming")
done.set()
watcher.join()
print(str(os.getpid()) in seen)
"""


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POLARS_OOC_SPILL_DIR", "POLARS_TEMP_DIR"):
        monkeypatch.setenv(name, "before")


def test_spills_of_a_short_memory_go_to_the_home(tmp_path: Path) -> None:
    tight = {"POLARS_OOC_MEMORY_BUDGET_MB": "1", "POLARS_OOC_SPILL_MIN_BYTES": "1", "TMPDIR": "/nowhere"}
    words = [sys.executable, "-c", SORTING, str(tmp_path)]
    answer = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **tight},
        cwd=Path(__file__).parents[3],
    )
    assert answer.stdout.strip() == "True"
    assert (tmp_path / "spill").stat().st_mode & 0o777 == 0o700


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    spill_into(lake_home(tmp_path / "none"))
    assert not (tmp_path / "none").exists()
    assert os.environ["POLARS_TEMP_DIR"] == "before"


def test_what_a_killed_process_left_a_day_ago_goes_and_all_else_stays(tmp_path: Path) -> None:
    folder = tmp_path / "spill"
    for name in ("4194399", "4194398", str(os.getpid()), "note"):
        (folder / name).mkdir(parents=True)
        (folder / name / "rows").write_text("x")
        if name != "4194398":  # this one wrote a moment ago
            os.utime(folder / name, (0, 0))
    folder.chmod(0o755)
    spill_into(lake_home(tmp_path))
    assert sorted(p.name for p in folder.iterdir()) == sorted(["4194398", str(os.getpid()), "note"])
    assert folder.stat().st_mode & 0o777 == 0o700
