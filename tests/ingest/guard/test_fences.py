"""The child's fences hold, tried from inside: a program that was confined says what it still can do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.guard.landlock import landlock_version

CHECKOUT = Path(__file__).resolve().parents[3]
INSIDE = """
import json, os, socket, sys
from pathlib import Path
import graph
from ingest.guard.fences import allow, confine
from ingest.limits import Limits
own, secret, port, version = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
confine(own, os.getppid(), version)
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
import polars as pl
said["use the library"] = "done" if pl.DataFrame({"a": [2, 1]}).lazy().sort("a").collect().height == 2 else ""
print(json.dumps(said))
"""


def inside(tmp_path: Path, version: int) -> dict[str, str]:
    """What the confined program could do."""
    import socket

    own, secret = tmp_path / "own", tmp_path / "outside" / "secret"
    own.mkdir()
    secret.parent.mkdir()
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        words = [str(own), str(secret), str(server.getsockname()[1]), str(version)]
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
    said = inside(tmp_path, landlock_version())
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
