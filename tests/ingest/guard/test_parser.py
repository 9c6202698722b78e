"""The guarded parser: limits end a file and nothing else, and no child outlives who started it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import ingest.guard.process
from graph.errors import EngineUnavailable, UnreadableSource
from ingest.guard.parser import GuardedParser
from ingest.limits import DEFAULT_LIMITS, MEGABYTE, Limits
from tests.ingest.build import sheet_row, write_sheet, write_text

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_sheet(tmp_path / "good.csv", [sheet_row(), sheet_row(amount="1.001")])


@pytest.fixture
def parser(tmp_path: Path) -> Iterator[GuardedParser]:
    with GuardedParser(tmp_path / "guard", DEFAULT_LIMITS) as opened:
        yield opened


def large(tmp_path: Path, rows: int = 200_000) -> Path:
    """A bank sheet of 30 MB, made of one row."""
    path = write_sheet(tmp_path / "large.csv", [sheet_row(memo="x" * 60)])
    header, row = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + row * rows)
    return path


def rows(parser: GuardedParser, path: Path, limits: Limits | None = None) -> int:
    """Rows kept of a file."""
    parser.submit(path, path.name, None, limits)
    delivery = parser.collect()
    delivery.discard()
    return sum(delivered.rows for delivered in delivery.frames)


def ended(parser: GuardedParser, path: Path, limits: Limits) -> str:
    """The message of a file that ended the child."""
    with pytest.raises(UnreadableSource) as caught:
        rows(parser, path, limits)
    assert caught.value.facts["code"] == "PARSER_KILLED"
    return caught.value.message


def gone(pid: int) -> bool:
    """Whether a process ended within ten seconds."""
    for _ in range(100):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


def test_rows_and_rejects_come_as_files_of_the_parents_own(parser: GuardedParser, good: Path) -> None:
    parser.submit(good, good.name, None)
    delivery = parser.collect()
    (delivered,) = delivery.frames
    assert (delivered.template, delivered.rows) == ("bank_sheet", 1)
    assert (delivery.rows_in, delivery.rejected) == (2, {"BAD_AMOUNT": 1})
    assert pl.read_parquet(delivered.path)["amount"].to_list() == [10_000]
    assert pl.read_parquet(delivery.rejects)["code"].to_list() == ["BAD_AMOUNT"]
    delivery.discard()
    assert not list((good.parent / "guard" / "parsed").iterdir())


def test_one_child_serves_many_files_and_refusals_keep_it(parser: GuardedParser, good: Path) -> None:
    unknown = write_text(good.parent / "unknown.csv", ("品名", "单价"), [("a", "1")])
    assert rows(parser, good) == 1
    first = parser.child_pid
    with pytest.raises(UnreadableSource) as caught:
        rows(parser, unknown)
    assert caught.value.facts["code"] == "HEADER_UNKNOWN"
    assert caught.value.message.startswith("unknown.csv")
    assert rows(parser, good) == 1
    assert parser.child_pid == first


def test_a_child_is_replaced_after_its_share_of_files(parser: GuardedParser, good: Path) -> None:
    few = replace(DEFAULT_LIMITS, parser_files=2)
    pids = []
    for _ in range(3):
        assert rows(parser, good, few) == 1
        pids.append(parser.child_pid)
    assert pids[0] == pids[1] != pids[2]


def test_each_limit_ends_its_file_and_the_next_one_is_read(parser: GuardedParser, good: Path) -> None:
    path = large(good.parent)
    quick = replace(DEFAULT_LIMITS, parser_s_per_megabyte=0)
    limits = {
        "memory": replace(quick, parser_memory_bytes=256 * MEGABYTE, parser_memory_factor=0),
        "wall clock": replace(quick, parser_wall_s=0.01),
        "cpu": replace(quick, parser_cpu_s=-1),
        "disk": replace(quick, expanded_bytes=MEGABYTE // 10 - 8 * path.stat().st_size),
    }
    said = {
        "memory": "MB of memory",
        "wall clock": "longer than its",
        "cpu": "processor time",
        "disk": "wrote more",
    }
    for name, limit in limits.items():
        message = ended(parser, path, limit)
        assert message.startswith("large.csv: Parsing it") and said[name] in message
        assert parser.child_pid is None
    assert rows(parser, good) == 1


def test_a_child_that_dies_over_a_file_costs_that_file(parser: GuardedParser, good: Path) -> None:
    path = large(good.parent)
    for number in (signal.SIGSEGV, signal.SIGABRT):
        parser.submit(path, path.name, None)
        child = parser._child
        assert child is not None
        child.wait_until_ready(60)
        os.kill(child.pid, number)
        with pytest.raises(UnreadableSource, match=rf"crashed over it \(signal {number.value}\)"):
            parser.collect()
    assert rows(parser, good) == 1


def test_a_child_ended_from_outside_is_told_from_a_limit(parser: GuardedParser, tmp_path: Path) -> None:
    path = large(tmp_path)
    parser.submit(path, path.name, None)
    child = parser._child
    assert child is not None
    child.wait_until_ready(60)
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(UnreadableSource, match="ended from outside") as caught:
        parser.collect()
    assert "被外部终止" in str(caught.value.facts["zh"])


def test_a_file_is_not_blamed_for_what_a_used_child_dies_of(parser: GuardedParser, good: Path) -> None:
    assert rows(parser, good) == 1
    parser.submit(good, good.name, None)
    assert parser.child_pid is not None
    first = parser.child_pid
    os.kill(first, signal.SIGKILL)
    parser.collect().discard()
    assert parser.child_pid != first
    assert parser.child_pid is not None
    os.kill(parser.child_pid, signal.SIGKILL)  # while it has nothing to do
    time.sleep(0.2)
    assert rows(parser, good) == 1


def test_nothing_of_the_parents_environment_reaches_the_child(
    parser: GuardedParser, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUANLIAN_CANARY", "canary-value")
    monkeypatch.setenv("HTTPS_PROXY", "http://canary-value")
    assert rows(parser, good) == 1
    environment = Path(f"/proc/{parser.child_pid}/environ").read_text()
    assert "canary-value" not in environment and "HOME=" not in environment


def test_without_the_kernels_fences_the_other_limits_still_hold(
    tmp_path: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.guard.process, "landlock_version", lambda: 0)
    monkeypatch.setattr(ingest.guard.process, "seccomp_usable", lambda: False)
    with GuardedParser(tmp_path / "plain", DEFAULT_LIMITS) as parser:
        assert rows(parser, good) == 1
        small = replace(DEFAULT_LIMITS, parser_memory_bytes=256 * MEGABYTE, parser_memory_factor=0)
        ended(parser, large(tmp_path), small)


def test_threads_each_have_a_parser_of_their_own(tmp_path: Path, good: Path) -> None:
    found: list[int] = []

    def work(folder: Path) -> None:
        with GuardedParser(folder, DEFAULT_LIMITS) as parser:
            found.extend(rows(parser, good) for _ in range(3))

    threads = [threading.Thread(target=work, args=(tmp_path / str(i),)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 6


def test_a_child_that_cannot_start_blames_no_file(
    parser: GuardedParser, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    parser.submit(good, good.name, None)
    with pytest.raises(EngineUnavailable, match="does not start"):
        parser.collect()


LOADING = """
import sys, time
from pathlib import Path
from ingest.guard.parser import GuardedParser
from ingest.limits import DEFAULT_LIMITS
with GuardedParser(Path(sys.argv[1]), DEFAULT_LIMITS) as parser:
    parser.submit(Path(sys.argv[2]), "a.csv", None)
    parser.collect()
    print(parser.child_pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_child_outlives_a_stopped_parent(tmp_path: Path, good: Path, number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", LOADING, str(tmp_path / "guard"), str(good)],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert Path(f"/proc/{child}").exists()
    parent.send_signal(number)
    parent.wait(timeout=20)
    parent.stdout.close()
    assert gone(child)
