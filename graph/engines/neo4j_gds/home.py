"""The folders and settings of the local Neo4j: one password, one lock, numbered homes that are swapped."""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from graph.durable import write_once
from graph.engines.neo4j_gds.install import Runtime
from graph.errors import EngineUnavailable
from graph.lake.home import LakeHome

USER = "neo4j"
_HASH_ROUNDS = 1024
_FIRST = "home-1"


@dataclass(frozen=True, slots=True)
class Memory:
    """Java heap and page cache in MiB; the defaults hold a few million relationships."""

    heap: int = 1536
    page_cache: int = 512


@dataclass(frozen=True, slots=True)
class Neo4jHome:
    """The files below `<lake home>/neo4j`; the whole folder may be deleted while the server is stopped."""

    root: Path

    @property
    def password_file(self) -> Path:
        """The password of this installation, mode 0600."""
        return self.root / "password"

    @property
    def process_file(self) -> Path:
        """Pid and port of the server that was started last."""
        return self.root / "server.json"

    @property
    def current_file(self) -> Path:
        """Names the home in force."""
        return self.root / "current"

    def current(self) -> Path:
        """The Neo4j home in force; the first one when nothing was swapped yet."""
        try:
            name = self.current_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            name = _FIRST
        return self.root / name

    def fresh(self) -> Path:
        """A home that does not exist yet, to be filled and put in force by `swap`."""
        number = int(self.current().name.partition("-")[2]) + 1
        fresh = self.root / f"home-{number}"
        shutil.rmtree(fresh, ignore_errors=True)
        return fresh

    def swap(self, fresh: Path) -> None:
        """Put `fresh` in force and remove every other home; a server must be stopped or run on `fresh`."""
        temporary = self.current_file.with_suffix(".tmp")
        temporary.write_text(fresh.name, encoding="ascii")
        temporary.replace(self.current_file)
        for other in self.root.glob("home-*"):
            if other != fresh:
                shutil.rmtree(other, ignore_errors=True)

    def password(self) -> str:
        """The password, made on first use."""
        try:
            return self.password_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            write_once(self.password_file, secrets.token_urlsafe(24).encode())
            return self.password_file.read_text(encoding="ascii").strip()

    def process(self) -> dict[str, int]:
        """What `process_file` says (`pid`, `port`); {} when there is none or it is damaged."""
        try:
            raw = json.loads(self.process_file.read_text(encoding="utf-8"))
            return {"pid": int(raw["pid"]), "port": int(raw["port"])}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold off every other start, stop or swap of this home until the block ends."""
        import fcntl

        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def neo4j_home(home: LakeHome) -> Neo4jHome:
    """The local Neo4j's folder of a lake home; nothing is created here."""
    return Neo4jHome(home.neo4j)


def prepare(folder: Path, runtime: Runtime, password: str, port: int, memory: Memory) -> None:
    """Write settings, links to the plug-ins and, for a home never started, the first password.

    Everything below is readable by the owner only: a store holds personal data.
    """
    for part in ("conf", "data/dbms", "logs", "plugins", "import"):
        (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / "conf" / "neo4j.conf").write_text(settings(port, memory), encoding="utf-8")
    for jar in runtime.plugins:
        link = folder / "plugins" / jar.name
        link.unlink(missing_ok=True)
        link.symlink_to((runtime.repository / jar).resolve())
    if not (folder / "data" / "databases" / "system").exists():
        _write_first_password(folder / "data" / "dbms" / "auth.ini", password)


def settings(port: int, memory: Memory) -> str:
    """neo4j.conf: loopback only, Bolt only, no way out to files or network, GDS the only added procedures."""
    lines = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": f"{memory.page_cache}m",
        "dbms.usage_report.enabled": "false",
        "dbms.security.auth_enabled": "true",
        # GUARANTEES 8: together these two close LOAD CSV to files and network.
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
        "dbms.security.procedures.allowlist": "gds.*",
        "dbms.security.procedures.unrestricted": "gds.*",
        "db.transaction.timeout": "10m",
        "db.memory.transaction.max": f"{memory.heap * 2 // 3}m",
        # A projection is rebuilt from the lake, so old transaction logs serve nobody.
        "db.tx_log.preallocate": "false",
        "db.tx_log.rotation.retention_policy": "keep_none",
        # The default waits twice 5 s for threads that are already idle (stop took 10.3 s, now 0.4 s).
        "internal.server.bolt.thread_pool_shutdown_wait_time": "100ms",
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def _write_first_password(place: Path, password: str) -> None:
    """Write what `neo4j-admin dbms set-initial-password` would: no default password is ever in force."""
    salt = secrets.token_bytes(32)
    digest = salt + password.encode("utf-8")
    for _ in range(_HASH_ROUNDS):
        digest = hashlib.sha256(digest).digest()
    line = f"{USER}:SHA-256,{digest.hex().upper()},{salt.hex().upper()},{_HASH_ROUNDS}:\n"
    place.unlink(missing_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(line)


def last_lines(folder: Path, count: int = 5) -> str:
    """The end of a home's server log, for the log of this program; "" when there is none."""
    try:
        text = (folder / "logs" / "neo4j.log").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])


def refused(message: str) -> EngineUnavailable:
    """The error of a local server that can't be had; one sentence with what to do."""
    return EngineUnavailable(message, engine="neo4j:local")
