"""One home, one command, one fault: runs the command in a forked process that dies or fails at a step."""

import base64
import errno
import hashlib
import os
import resource
import select
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet

from graph import durable
from graph.errors import DuanlianError, InputError
from graph.lake.home import LakeHome
from graph.lake.seal import read_sealed, seal, unbroken
from ingest.guard.delivery import Delivery, accept
from ingest.guard.parser import GuardedParser
from ingest.guard.serve import leave
from ingest.layouts import Layouts, built_in
from ingest.ledger import LOADED, UNLOADED, Ledger
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.load import LoadOptions, load_files
from ingest.row_files import RowFiles
from ingest.settle import settle
from ingest.settle.increment.run import SHARE
from ingest.settled import is_settled
from ingest.unload import unload

KEY = base64.urlsafe_b64encode(bytes(32))
"""One vault key for all homes of a run, so that equal files give equal tables."""
_PLACED = ("kill", "ENOSPC", "EIO", "short")
FINE, REFUSED, BROKEN = 0, 1, 70


class ParserHere(GuardedParser):
    """Parses in this process, with the same delivery and checks: starting a child costs a second each."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._outcome_here: Callable[[], Delivery] | None = None

    def submit(
        self,
        path: Path,
        name: str,
        wanted: str | None = None,
        limits: Limits | None = None,
        layouts: Layouts | None = None,
    ) -> None:
        """Keep what to parse until it is collected."""
        known, data = layouts or built_in(), path.read_bytes()

        def outcome() -> Delivery:
            scratch, own = self._folder / "scratch", self._folder / "parsed"
            for folder in (scratch, own):
                folder.mkdir(parents=True, exist_ok=True)
            self._number += 1
            files = RowFiles(scratch, self._number)
            answer = leave(data, name, wanted, limits or DEFAULT_LIMITS, known, files)
            return accept(answer, scratch, own, known)

        self._outcome_here = outcome

    def collect(self) -> Delivery:
        """Parse it now."""
        outcome, self._outcome_here = self._outcome_here, None
        if outcome is None:
            raise AssertionError("no file is being parsed")
        return outcome()

    def forget(self) -> None:
        """Nothing is under way."""
        self._outcome_here = None


@dataclass(frozen=True, slots=True)
class Command:
    """What a person runs: load these files, unload this one, or rebuild (neither)."""

    files: tuple[Path, ...] = ()
    unload: str = ""
    guarded: bool = False
    """Whether files are parsed in the guarded child of its own."""
    parser_memory: int = 0
    """What that child may take, in bytes; 0 for the usual."""
    share: float = SHARE
    """Of the lake's sheet rows, the most that settling adds to the tables without making them anew."""

    def run(self, home: LakeHome, acknowledge: Callable[[str], None]) -> None:
        """What `python -m ingest` does for it; acknowledges each file, then the whole."""
        if self.files:
            parser = None if self.guarded else ParserHere(home.root / "intake" / "guard")
            result = load_files(
                home, self.files, self._options(), lambda path: acknowledge(path.name), parser
            )
            if result.changed or not is_settled(home):
                settle(home, share=self.share)
        elif self.unload:
            try:
                unload(home, self.unload)
            except InputError:
                # Told that it is out already: the run before was cut off after its last durable step.
                if not (_is_out(home, self.unload) and is_settled(home)):
                    raise
            acknowledge(self.unload)
            if not is_settled(home):
                settle(home)
        else:
            settle(home, anew=True)
        acknowledge("done")

    def _options(self) -> LoadOptions:
        if not self.parser_memory:
            return LoadOptions()
        tight = replace(DEFAULT_LIMITS, parser_memory_bytes=self.parser_memory, parser_memory_factor=0)
        return LoadOptions(limits=tight)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and when: at the n-th durable step, or a limit from the start.

    kind: none, kill, ENOSPC, EIO, short (half of the file is there, then EIO), size (file size limit of `at`
    bytes) or group (the process group is killed `after_s` seconds from its start). at: counted from 1.
    """

    kind: str = "none"
    at: int = 0
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the process ended (exit code, or -signal), and what it had acknowledged."""

    code: int
    acknowledged: tuple[str, ...]
    said: str = ""

    @property
    def done(self) -> bool:
        """Whether the command reached its end."""
        return "done" in self.acknowledged


@dataclass(frozen=True, slots=True)
class State:
    """All that must be the same after a resume: accounts by file, batches, digests, files and their seals."""

    accounts: dict[str, tuple[object, ...]]
    batches: dict[str, str]
    digest: str
    custody: str
    files: dict[str, str]


def run(home: LakeHome, command: Command, fault: Fault) -> Outcome:
    """Run a command in a process group of its own with a fault."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = BROKEN
        try:
            os.setpgid(0, 0)
            os.close(read_end)
            code = _inside(home, command, fault, write_end)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(write_end)
    deadline = time.monotonic() + fault.after_s if fault.kind == "group" else None
    lines = _listen(read_end, deadline, pid).splitlines()
    _, status = os.waitpid(pid, 0)
    said = "".join(line.removeprefix("!") for line in lines if line.startswith("!"))
    kept = tuple(line for line in lines if not line.startswith("!"))
    return Outcome(os.waitstatus_to_exitcode(status), kept, said)


def warm() -> None:
    """Load here what every process would load for itself; nothing that starts threads, those do not fork."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    built_in()


def steps_of(home: LakeHome, command: Command) -> int:
    """How many durable steps a command takes from this state; the home is not touched."""
    copy = LakeHome(home.root.with_name(home.root.name + "-count"))
    copy_home(home, copy)
    outcome = run(copy, command, Fault("count"))
    shutil.rmtree(copy.root)
    return int(outcome.said)


class Forks(Protocol):
    """Who runs the trials: this process, or a warmed one beside it."""

    def run(self, home: LakeHome, command: Command, fault: Fault) -> Outcome:
        """Run a command with a fault."""
        ...

    def steps_of(self, home: LakeHome, command: Command) -> int:
        """Count a command's durable steps."""
        ...


class _Here:
    """This process forks; none of its threads may have started."""

    def run(self, home: LakeHome, command: Command, fault: Fault) -> Outcome:
        return run(home, command, fault)

    def steps_of(self, home: LakeHome, command: Command) -> int:
        return steps_of(home, command)


HERE: Forks = _Here()


def copy_home(source: LakeHome, target: LakeHome) -> None:
    """A home of its own with the same content."""
    shutil.rmtree(target.root, ignore_errors=True)
    if source.root.exists():
        shutil.copytree(source.root, target.root)


def state(home: LakeHome) -> State:
    """What a home holds now; read without the product's readers where that is possible."""
    accounts, batches = {}, {}
    with closing(Ledger(home)) as ledger:
        for record in ledger.files():
            accounts[record.sha256] = tuple(v for k, v in asdict(record).items() if k != "sha256")
        for batch in ledger.batches():
            batches[batch.path] = batch.content
    manifest = read_sealed(home.tables / "manifest.json") or {}
    digest = manifest.get("digest", {})
    return State(accounts, batches, digest.get("digest", ""), digest.get("custody", ""), _files(home))


def whole(home: LakeHome) -> str:
    """What is torn in a home that a fault left as it is; empty when every reader gets all or nothing."""
    with closing(Ledger(home)) as ledger:
        for batch in ledger.batches():
            path = home.batches / batch.path
            if not path.exists() or seal(path) != batch.content:
                return f"batch {batch.path}"
        for record in ledger.files():
            if record.rows_in != record.loaded + record.duplicates + record.rejected:
                return f"account {record.file}"
    manifest = read_sealed(home.tables / "manifest.json")
    if manifest is not None:
        for part in manifest["parts"]:
            for name, (said, _) in part["files"].items():
                if not unbroken(home.tables / part["folder"] / name, said):
                    return f"table {name}"
    return ""


def lost(home: LakeHome, command: Command, outcome: Outcome) -> list[str]:
    """Files that were acknowledged and are not in force (or are, after an acknowledged unload)."""
    with closing(Ledger(home)) as ledger:
        known = {record.sha256: record.state for record in ledger.files()}
    missing = []
    for path in command.files:
        if path.name in outcome.acknowledged and _sha256(path) not in known:
            missing.append(path.name)
    if command.unload and command.unload in outcome.acknowledged and known.get(command.unload) == LOADED:
        missing.append(command.unload)
    return missing


def _inside(home: LakeHome, command: Command, fault: Fault, pipe: int) -> int:
    counted = 0

    def step(name: str, path: Path) -> None:
        nonlocal counted
        counted += 1
        if counted == fault.at and fault.kind in _PLACED:
            _fail(fault.kind, name, path)

    durable.step = step
    Fernet.generate_key = staticmethod(lambda: KEY)  # type: ignore[method-assign]  # see KEY
    if fault.kind == "size":
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.at, resource.RLIM_INFINITY))
    try:
        command.run(home, lambda text: _tell(pipe, text))
    except DuanlianError as error:
        _tell(pipe, "!" + error.message)
        return REFUSED
    if fault.kind == "count":
        _tell(pipe, f"!{counted}")
    return FINE


def _fail(kind: str, name: str, path: Path) -> None:
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "short" and name == "written" and path.is_file():
        os.truncate(path, path.stat().st_size // 2)
    number = errno.ENOSPC if kind == "ENOSPC" else errno.EIO
    if path.name == "ledger.sqlite":
        error = sqlite3.OperationalError("database or disk is full" if kind == "ENOSPC" else "disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL if kind == "ENOSPC" else sqlite3.SQLITE_IOERR
        raise error
    raise OSError(number, os.strerror(number))


def _tell(pipe: int, text: str) -> None:
    os.write(pipe, (text.replace("\n", " ") + "\n").encode())


def _listen(pipe: int, deadline: float | None, pid: int) -> str:
    """What the process says until its end, which comes at the deadline at the latest."""
    said = b""
    with os.fdopen(pipe, "rb", buffering=0) as reader:
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not select.select([reader], [], [], left)[0]:
                _kill_group(pid)
                deadline = None
            elif piece := reader.read(4096):
                said += piece
            else:
                return said.decode()


def _kill_group(pid: int) -> None:
    for _ in range(200):
        try:
            os.killpg(pid, signal.SIGKILL)
            return
        except ProcessLookupError:  # it has not made its group yet
            time.sleep(0.001)


def _files(home: LakeHome) -> dict[str, str]:
    """Every file of a home with its seal; the ledger holds times, and what is encrypted differs each time.

    Lookups are left out: they are made when a run asks for them, and a run that goes on asks for others.
    """
    found = {}
    for path in sorted(home.root.rglob("*")):
        name = path.relative_to(home.root).as_posix()
        if path.is_file() and not name.startswith(("ledger.sqlite", "ingest.lock", "lake/settling/lookups/")):
            found[name] = "" if name.startswith("vault/") or name.endswith("manifest.json") else seal(path)
    return found


def _is_out(home: LakeHome, sha256: str) -> bool:
    with closing(Ledger(home)) as ledger:
        record = ledger.file(sha256)
    return record is not None and record.state == UNLOADED


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
