"""Starts, finds and ends the Java process of the local Neo4j; knows pids and ports, nothing of graphs."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from graph.engines.neo4j_gds.home import Memory
from graph.engines.neo4j_gds.install import Runtime

_SERVER_CLASS = "org.neo4j.server.CommunityEntryPoint"
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
_STOP_WITHIN_S = 20.0
_LOOK_EVERY_S = 0.05


def free_port() -> int:
    """A loopback port that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def java_command(runtime: Runtime, heap_mb: int, main_class: str, *arguments: str) -> list[str]:
    """The command line of a Java program of Neo4j, whatever folder it is run in."""
    return [
        str(runtime.java),
        f"-Xmx{heap_mb}m",
        # On two cores G1's own threads cost the bulk import a third more CPU (57 s against 38 s).
        "-XX:+UseParallelGC",
        "-Dfile.encoding=UTF-8",
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
        "-cp",
        ":".join(str(runtime.repository / jar) for jar in runtime.jars),
        main_class,
        *arguments,
    ]


def java_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a Java process: no options of the caller's own Java, UTF-8 file names."""
    kept = {
        n: v for n, v in os.environ.items() if n not in ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH")
    }
    return {**kept, "LC_ALL": "C.UTF-8", **(extra or {})}


def spawn_server(runtime: Runtime, folder: Path, memory: Memory) -> int:
    """Start a server on the prepared home `folder`, detached from this process; its pid."""
    command = java_command(
        runtime, memory.heap, _SERVER_CLASS, f"--home-dir={folder}", f"--config-dir={folder / 'conf'}"
    )
    with (folder / "logs" / "console.log").open("ab") as console:
        started = subprocess.Popen(
            command,
            cwd=folder,
            env=java_environment(),
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # For a moment after its start a program has no command line yet, and nobody could tell it is ours.
    while not _command_of(started.pid) and started.poll() is None:
        time.sleep(_LOOK_EVERY_S)
    started.returncode = 0  # the server outlives this process: nobody waits for it here
    return started.pid


def is_server(pid: int, root: Path) -> bool:
    """Whether `pid` is a living server on a home below `root`, not another program under the same number."""
    _reap(pid)
    command = _command_of(pid)
    return _SERVER_CLASS in command and f"--home-dir={root}{os.sep}" in command


def end(pid: int, root: Path, within_s: float = _STOP_WITHIN_S) -> bool:
    """End the server `pid` on a home below `root`, kindly, then by force; whether it was running at all."""
    if not is_server(pid, root):
        return False
    for number, patience in ((signal.SIGTERM, within_s), (signal.SIGKILL, within_s)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if not is_server(pid, root):
                return True
            time.sleep(_LOOK_EVERY_S)
    return True


def _reap(pid: int) -> None:
    """Take note of the end of a child of ours, which would stay a zombie otherwise."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except (ChildProcessError, OSError):
        return


def _command_of(pid: int) -> str:
    """The command line of a process; "" when there is no such process or it has ended."""
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        if Path("/proc/self").exists():
            return ""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # noqa: S607  (systems without /proc)
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout
