"""The local Neo4j server: start, stop, status and health, each safe to call at any time."""

import json
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

from graph.durable import replace_bytes
from graph.engines.neo4j_gds import process
from graph.engines.neo4j_gds.home import USER, Memory, Neo4jHome, last_lines, neo4j_home, prepare, refused
from graph.engines.neo4j_gds.install import Runtime, needed_runtime
from graph.engines.neo4j_gds.session import can_log_in
from graph.lake.home import LakeHome

_log = logging.getLogger(__name__)
_READY_WITHIN_S = 180.0
_LOOK_EVERY_S = 0.1
_TRIES = 3
_PORT_TAKEN = "already in use"


@dataclass(frozen=True, slots=True)
class Server:
    """A running local server and how to log in to it."""

    uri: str
    user: str
    password: str = field(repr=False)
    pid: int
    folder: Path


def start(home: LakeHome, memory: Memory | None = None, runtime: Runtime | None = None) -> Server:
    """The local server of `home`, started when it is not running; returns once a real login succeeded.

    EngineUnavailable when it is not installed, there is no Java runtime, or it does not come up.
    """
    place = neo4j_home(home)
    with place.locked():
        return running(place) or start_on(place, place.current(), memory, runtime)


def stop(home: LakeHome) -> bool:
    """Stop the local server of `home`; whether it was running. A stale pid file is removed. Never fails."""
    place = neo4j_home(home)
    if not place.root.is_dir():
        return False
    with place.locked():
        return stop_running(place)


def status(home: LakeHome) -> dict[str, object]:
    """`state` (running, stopped, not_answering), `uri`, `pid`, `folder`, `installed`; starts nothing.

    not_answering: the process lives but refuses a login (still starting, or stuck).
    """
    from graph.engines.neo4j_gds.install import installed

    place = neo4j_home(home)
    found = place.process()
    alive = bool(found) and process.is_server(found["pid"], place.root)
    answers = alive and can_log_in(_uri(found["port"]), USER, place.password())
    return {
        "state": "running" if answers else "not_answering" if alive else "stopped",
        "uri": _uri(found["port"]) if alive else None,
        "pid": found["pid"] if alive else None,
        "folder": str(place.current()),
        "installed": installed() is not None,
    }


def at_hand(home: LakeHome) -> Server | None:
    """The local server of `home` when its process lives, without waiting for it; else None."""
    place = neo4j_home(home)
    found = place.process()
    if not found or not process.is_server(found["pid"], place.root):
        return None
    return Server(_uri(found["port"]), USER, place.password(), found["pid"], place.current())


def running(place: Neo4jHome) -> Server | None:
    """The server of `place` when it lives and lets us in; one that lives but never does is stopped."""
    found = place.process()
    if not found or not process.is_server(found["pid"], place.root):
        place.process_file.unlink(missing_ok=True)
        return None
    uri, password = _uri(found["port"]), place.password()
    if not _ready(uri, password, found["pid"], place.root):
        stop_running(place)
        return None
    return Server(uri, USER, password, found["pid"], place.current())


def stop_running(place: Neo4jHome) -> bool:
    """`stop` for a caller that holds the lock."""
    found = place.process()
    was_running = bool(found) and process.end(found["pid"], place.root)
    place.process_file.unlink(missing_ok=True)
    if was_running:
        _log.info("local Neo4j stopped, pid %d", found["pid"])
    return was_running


def start_on(
    place: Neo4jHome, folder: Path, memory: Memory | None = None, runtime: Runtime | None = None
) -> Server:
    """Start a server on one home folder of `place`, for a caller that holds the lock."""
    runtime, memory = runtime or needed_runtime(), memory or Memory()
    password = place.password()
    for _ in range(_TRIES):
        port = process.free_port()
        prepare(folder, runtime, password, port, memory)
        (folder / "logs" / "neo4j.log").unlink(missing_ok=True)
        pid = process.spawn_server(runtime, folder, memory)
        replace_bytes(place.process_file, json.dumps({"pid": pid, "port": port}).encode())
        if _ready(_uri(port), password, pid, place.root):
            _log.info("local Neo4j started, pid %d", pid)
            return Server(_uri(port), USER, password, pid, folder)
        stop_running(place)
        # Another program may take the port between our look and the server's.
        if _PORT_TAKEN not in last_lines(folder, 50):
            break
    raise refused(
        f"The local Neo4j does not start; read {folder / 'logs' / 'neo4j.log'}, or run "
        "`python -m graph neo4j sync` to build it anew from the lake."
    )


def _ready(uri: str, password: str, pid: int, root: Path) -> bool:
    """Wait until a login succeeds; False when the process ends before, or the patience does."""
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until:
        if can_log_in(uri, USER, password):
            return True
        if not process.is_server(pid, root):
            return False
        time.sleep(_LOOK_EVERY_S)
    return False


def _uri(port: int) -> str:
    return f"bolt://127.0.0.1:{port}"
