"""Runs one command as a process of its own and says what it cost."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds (user and system, children included), wall seconds, peak memory of the process in MiB."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    exit_code: int
    output: str

    def __str__(self) -> str:
        return f"{self.cpu_s:.1f} CPU-s, {self.wall_s:.1f} s wall, {self.peak_mib:,.0f} MiB peak"


def run(*arguments: str, environment: Mapping[str, str] | None = None) -> Cost:
    """Run `python ARGUMENTS` in the checkout; output is kept as text (stdout only)."""
    command = [sys.executable, *arguments]
    started = time.monotonic()
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, env=os.environ | dict(environment or {})
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        usage.ru_utime + usage.ru_stime,
        time.monotonic() - started,
        usage.ru_maxrss / 1024,
        process.returncode,
        output,
    )


def machine() -> str:
    """The machine in one line: processors, memory, system, Python."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    memory = pages * size / 2**30
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )
