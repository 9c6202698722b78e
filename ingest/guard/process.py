"""The parent's side of one parser child: start it, hand it a file, watch it, end it."""

import contextlib
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph.errors import EngineUnavailable
from ingest.guard.kernels import give_kernels
from ingest.guard.landlock import landlock_version
from ingest.guard.seccomp import seccomp_usable
from ingest.guard.wire import LAYOUTS, Wire, WireBroken
from ingest.layouts import Layouts, built_in
from ingest.limits import MEGABYTE, Allowance

_CHECKOUT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "LD_LIBRARY_PATH", "POLARS_MAX_THREADS", "SYSTEMROOT")
_TICK_S = 0.1
_KERNELS = "kernels"
_PAGE = os.sysconf("SC_PAGE_SIZE")


class ChildEnded(Exception):
    """The child is gone; `why` says how: `memory`, `cpu`, `wall`, `signal N` or `exit N`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def may_be_its_age(self) -> bool:
        """Whether a child that had parsed other files before may have died of those: time is counted anew."""
        return self.why not in ("cpu", "wall")


class Child:
    """One running child with its scratch folder; `served` counts the files it was given."""

    def __init__(self, scratch: Path, memory_bytes: int, layouts: Layouts) -> None:
        """layouts: the templates in force, handed to the child as it starts."""
        self.layouts = layouts
        self.scratch, self.served, self.ready = scratch, 0, False
        scratch.mkdir(parents=True, mode=0o700)
        if layouts != built_in():
            (scratch / LAYOUTS).write_bytes(pickle.dumps(layouts))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            fences = [str(landlock_version()), str(int(seccomp_usable()))]
            words = [str(theirs.fileno()), str(scratch), str(os.getpid()), *fences]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ingest.guard.worker", *words],
                cwd=_CHECKOUT,
                env=_environment(scratch, memory_bytes),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # A library that breaks prints what it was working on: personal values, so nobody keeps it.
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # Its own session: Ctrl-C at the terminal reaches the parent only, which then ends the child.
                start_new_session=True,
            )
        self._wire = Wire(ours)

    def hand_over(self, request: Mapping[str, Any], path: Path) -> None:
        """Send a request with the open file at `path`: the child itself can open none outside its folder."""
        give_kernels(self.scratch / _KERNELS, path.stat().st_size)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            self._wire.send(request, descriptor)
        except WireBroken as error:
            raise ChildEnded(self._how()) from error
        finally:
            os.close(descriptor)
        self.served += 1

    def wait_until_ready(self, start_s: float) -> None:
        """Wait for the child to have loaded its libraries; EngineUnavailable when it can't."""
        try:
            message = self._wire.receive(start_s)
        except WireBroken:
            message = None
        if message != {"ready": True}:
            raise EngineUnavailable(
                f"The parser's process does not start ({self._how()});"
                " run `make setup` again and see whether the machine is out of memory."
            )
        self.ready = True

    def answer(self, allowance: Allowance, deadline: float) -> dict[str, Any]:
        """The child's next message; ChildEnded when it dies, takes too much memory or outlives `deadline`.

        deadline: on the monotonic clock. The kernel's own limit on memory stands a little higher and stops
        what grows faster than this looks.
        """
        while True:
            try:
                message = self._wire.receive(_TICK_S)
            except WireBroken as error:
                raise ChildEnded(self._how()) from error
            if message is not None:
                return message
            if self.resident_bytes() > allowance.memory_bytes:
                raise ChildEnded("memory")
            if time.monotonic() > deadline:
                raise ChildEnded("wall")

    def resident_bytes(self) -> int:
        """Memory the child holds now, 0 where the system does not say."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * _PAGE

    @property
    def pid(self) -> int:
        """The child's process id, which is also its group's."""
        return self._process.pid

    def end(self) -> None:
        """Kill the child and whatever it started, and remove its scratch folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._wire.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _how(self) -> str:
        """How the child ended; one that closed its socket and lives on is ended here."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._process.poll() is None:
                time.sleep(_TICK_S)
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return "cpu"
        return f"signal {-code}" if code < 0 else f"exit {code}"


def _environment(scratch: Path, memory_bytes: int) -> dict[str, str]:
    """Of the parent's environment only what starting Python needs: no secret, no proxy, no path of ours."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "RUST_BACKTRACE": "0",
        "NUMBA_CACHE_DIR": str(scratch / _KERNELS),
        # Behind the fence Polars can't ask the system for these, and without them it takes memory for full.
        "POLARS_OVERRIDE_TOTAL_MEMORY_MB": str(memory_bytes // MEGABYTE),
        "POLARS_OOC_SPILL_DIR": str(scratch / "spill"),
        "POLARS_TEMP_DIR": str(scratch / "spill"),
    }
