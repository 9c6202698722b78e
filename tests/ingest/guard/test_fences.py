"""The child's fences hold, tried from inside: a program that was confined says what it still can do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.guard.landlock import landlock_version
from ingest.guard.parser import GuardedParser
from ingest.guard.seccomp import seccomp_usable
from ingest.limits import DEFAULT_LIMITS
from tests.ingest.build import sheet_row, write_sheet

CHECKOUT = Path(__file__).resolve().parents[3]
INSIDE = """
import ctypes, json, os, socket, sys, threading
from pathlib import Path
import graph
from ingest.guard.fences import allow, confine
from ingest.limits import Limits
own, secret, port, version = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
confine(own, os.getppid(), version, sys.argv[5] == "1")
def tried(action):
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "done"
def connect():
    socket.create_connection(("127.0.0.1", port), timeout=2).close()
said = {
    "read another file": tried(lambda: open(secret).read()),
    "list another folder": tried(lambda: os.listdir(os.path.dirname(secret))),
    "write another file": tried(lambda: open(secret + ".new", "w")),
    "remove another file": tried(lambda: os.unlink(secret)),
    "read the users": tried(lambda: open("/etc/passwd").read()),
    "run a program": tried(lambda: os.execv("/bin/true", ["true"])),
    "connect": tried(connect),
    "link out": tried(lambda: os.symlink(secret, own / "link")),
    "write in its own folder": tried(lambda: (own / "a").write_text("x")),
    "read in its own folder": tried(lambda: (own / "a").read_text()),
}
kinds = {
    "TCP": (socket.AF_INET, socket.SOCK_STREAM), "TCP over IPv6": (socket.AF_INET6, socket.SOCK_STREAM),
    "UDP": (socket.AF_INET, socket.SOCK_DGRAM), "UDP over IPv6": (socket.AF_INET6, socket.SOCK_DGRAM),
    "local": (socket.AF_UNIX, socket.SOCK_STREAM), "netlink": (socket.AF_NETLINK, socket.SOCK_RAW),
    "packet": (socket.AF_PACKET, socket.SOCK_DGRAM),
}
for name, kind in kinds.items():
    said["socket " + name] = tried(lambda: socket.socket(*kind).close())
said["socket pair"] = tried(lambda: socket.socketpair())
ring = ctypes.CDLL(None, use_errno=True)
said["socket by ring"] = "done" if ring.syscall(425, 1, bytes(120)) >= 0 else os.strerror(ctypes.get_errno())
def of_a_thread():
    said["socket of a thread"] = tried(lambda: socket.socket().close())
thread = threading.Thread(target=of_a_thread)
thread.start()
thread.join()
import polars as pl
said["use the library"] = "done" if pl.DataFrame({"a": [2, 1]}).lazy().sort("a").collect().height == 2 else ""
print(json.dumps(said))
"""


def inside(tmp_path: Path, version: int, seccomp: bool = False) -> dict[str, str]:
    """What the confined program could do."""
    import socket

    own, secret = tmp_path / "own", tmp_path / "outside" / "secret"
    own.mkdir()
    secret.parent.mkdir()
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        words = [str(own), str(secret), str(server.getsockname()[1]), str(version), str(int(seccomp))]
        answer = subprocess.run(
            [sys.executable, "-c", INSIDE, *words],
            cwd=CHECKOUT,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), "POLARS_OVERRIDE_TOTAL_MEMORY_MB": "1000"},
        )
    assert secret.read_text() == "secret"
    said: dict[str, str] = json.loads(answer.stdout)
    return said


@pytest.mark.skipif(landlock_version() < 4, reason="this kernel has no Landlock with network rules")
def test_behind_the_fence_only_the_own_folder_is_left(tmp_path: Path) -> None:
    said = inside(tmp_path, landlock_version(), seccomp_usable())
    said = {action: outcome for action, outcome in said.items() if not action.startswith("socket")}
    allowed = {"write in its own folder", "read in its own folder", "use the library"}
    assert {action for action, outcome in said.items() if outcome == "done"} == allowed
    assert {outcome for action, outcome in said.items() if action not in allowed} == {"PermissionError"}


def test_a_kernel_of_the_first_version_still_closes_every_file(tmp_path: Path) -> None:
    if landlock_version() < 1:
        pytest.skip("this kernel has no Landlock")
    said = inside(tmp_path, 1)
    closed = (
        "read another file",
        "list another folder",
        "write another file",
        "read the users",
        "run a program",
    )
    assert {said[action] for action in closed} == {"PermissionError"}


@pytest.mark.skipif(
    not seccomp_usable(), reason="this kernel has no seccomp filter, or the machine is unknown"
)
@pytest.mark.skipif(
    landlock_version() < 1, reason="this kernel has no Landlock: the tries would change files"
)
def test_no_socket_of_any_kind_is_opened_and_the_library_works(tmp_path: Path) -> None:
    said = inside(tmp_path, 1, seccomp=True)  # the first version closes no network by itself
    sockets = {action: outcome for action, outcome in said.items() if action.startswith("socket")}
    assert len(sockets) == 10
    assert set(sockets.values()) == {"PermissionError", "Operation not permitted"}
    assert said["connect"] == "PermissionError"
    assert said["use the library"] == "done"


@pytest.mark.skipif(
    landlock_version() < 1, reason="this kernel has no Landlock: the tries would change files"
)
def test_without_the_filter_the_same_tries_do_open_sockets(tmp_path: Path) -> None:
    said = inside(tmp_path, 1, seccomp=False)
    assert {said["socket UDP"], said["socket pair"], said["socket of a thread"], said["connect"]} == {"done"}


def test_a_guarded_parser_has_the_filter(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "a.csv", [sheet_row()])
    with GuardedParser(tmp_path / "guard", DEFAULT_LIMITS) as parser:
        parser.submit(path, path.name, None)
        parser.collect().discard()
        status = Path(f"/proc/{parser.child_pid}/status").read_text()
    if seccomp_usable():
        assert "Seccomp:\t2" in status
