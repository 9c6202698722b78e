"""Fetches the pinned jars of Neo4j and Graph Data Science and checks each against its locked sha256."""

import hashlib
import os
import ssl
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import EngineUnavailable

if TYPE_CHECKING:
    import requests
    from jgo.maven import MavenContext
    from requests.adapters import HTTPAdapter

ROOTS = (
    "org.neo4j:neo4j:5.26.30",
    "org.neo4j.app:neo4j-server:5.26.30",
    "org.neo4j.gds:proc:2.13.9",
    "org.neo4j.gds:opengds-extension:2.13.9",
)
"""What is wanted; `jars.lock` holds these and all they need."""
_GDS_VERSION = "2.13.9"
LOCK = Path(__file__).with_name("jars.lock")
_WORKERS = 8
_TIMEOUT_S = 60
_CHUNK = 1 << 18

Progress = Callable[[int, int], None]
"""Called with (jars done, jars in all) after each jar."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked jar: Maven coordinate and sha256."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def path(self) -> Path:
        """Place inside a Maven repository."""
        suffix = f"-{self.classifier}" if self.classifier else ""
        name = f"{self.artifact}-{self.version}{suffix}.jar"
        return Path(*self.group.split("."), self.artifact, self.version, name)

    @property
    def is_plugin(self) -> bool:
        """Whether it holds procedures: Neo4j loads every class of the jars in `plugins/` to look for them.

        Seen in 2.13.9: 12 of its 113 jars do, with 342 of 5,110 classes; a test counts what registers.
        """
        named = self.artifact.startswith(("proc-", "alpha-proc"))
        return named and self.group == "org.neo4j.gds" and self.version == _GDS_VERSION


def locked_jars(lock: Path = LOCK) -> tuple[Jar, ...]:
    """The jars of the lock file, in its order; each line is `group:artifact:version[:classifier] sha256`."""
    return tuple(_jar(line) for line in lock.read_text(encoding="ascii").splitlines() if line)


def _jar(line: str) -> Jar:
    coordinate, sha256 = line.split(" ")
    group, artifact, version, *classifier = coordinate.split(":")
    return Jar(group, artifact, version, classifier[0] if classifier else "", sha256)


def fetch(jars: Iterable[Jar], repository: Path, progress: Progress | None = None) -> None:
    """Bring every jar into `repository`, from the user's own Maven repository or a remote one.

    A jar that is there and right is kept. EngineUnavailable names the jar that can't be had or is not the
    locked one; a wrong file never stays.
    """
    wanted = list(jars)
    context = repository_context(repository)
    with ThreadPoolExecutor(_WORKERS) as pool:
        for done, _ in enumerate(pool.map(lambda jar: _fetch_one(jar, context, repository), wanted), start=1):
            if progress is not None:
                progress(done, len(wanted))


def _fetch_one(jar: Jar, context: "MavenContext", repository: Path) -> None:
    place = repository / jar.path
    if place.exists() and file_sha256(place) == jar.sha256:
        return
    place.unlink(missing_ok=True)
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact(jar.classifier)
    try:
        found = artifact.resolve()
    except (RuntimeError, OSError) as error:
        raise EngineUnavailable(
            f"The jar {jar.path.name} of the local Neo4j can't be had; check the network or the Maven mirror "
            "of this machine and run `make setup` again.",
            jar=jar.path.name,
        ) from error
    if file_sha256(found) != jar.sha256:
        if found == place:
            place.unlink()
        raise EngineUnavailable(
            f"The jar {jar.path.name} is not the locked one (sha256 differs); check the Maven mirror of this "
            "machine and run `make setup` again.",
            jar=jar.path.name,
        )
    if found != place:
        place.parent.mkdir(parents=True, exist_ok=True)
        _replace_bytes(place, found.read_bytes())


def file_sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def repository_context(repository: Path) -> "MavenContext":
    """jgo's repositories: cache in `repository`, the user's own one read only, mirrors honoured."""
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL, default_maven_repo
    from jgo.maven import Artifact, MavenContext, PythonResolver

    class PooledResolver(PythonResolver):
        """Keeps one connection a thread; jgo's own opens two an artifact, which took 65 s of CPU."""

        def download(self, artifact: Artifact) -> Path | None:
            """The artifact from the first remote repository that has it, None when none has."""
            relative = (artifact.component.path_prefix / artifact.filename).as_posix()
            for address in artifact.context.remote_repos.values():
                answer = _session(sessions).get(
                    f"{address.rstrip('/')}/{relative}", timeout=_TIMEOUT_S, stream=True
                )
                if answer.status_code == 200:
                    place: Path = artifact.context.repo_cache / relative
                    place.parent.mkdir(parents=True, exist_ok=True)
                    _replace_bytes(place, b"".join(answer.iter_content(_CHUNK)))
                    return place
            return None

    sessions = threading.local()
    mirror = mirror_of_central(settings_files(os.environ))
    own = default_maven_repo()
    return MavenContext(
        resolver=PooledResolver(),
        repo_cache=repository,
        local_repos=[own] if own.is_dir() else [],
        remote_repos={"central": mirror or MAVEN_CENTRAL_URL, **GlobalSettings.load().repositories},
        timeout=_TIMEOUT_S,
    )


def _system_trust() -> "HTTPAdapter":
    """An adapter that trusts what the system trusts too: a mirror may have a certificate of the house."""
    import certifi
    from requests.adapters import HTTPAdapter

    trust = ssl.create_default_context()
    trust.load_verify_locations(certifi.where())

    class SystemTrust(HTTPAdapter):
        """Hands the context on; without it requests looks at its own list only."""

        def init_poolmanager(self, *args: Any, **more: Any) -> None:
            super().init_poolmanager(*args, **more, ssl_context=trust)

        def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
            """The context verifies; requests would put its own list in its place."""

    return SystemTrust()


def _session(store: threading.local) -> "requests.Session":
    import requests

    if not hasattr(store, "session"):
        store.session = requests.Session()
        store.session.mount("https://", _system_trust())
    session: requests.Session = store.session
    return session


def _replace_bytes(place: Path, content: bytes) -> None:
    temporary = place.with_name(f"{place.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(place)


def settings_files(environ: Mapping[str, str]) -> list[Path]:
    """The machine's Maven settings files, the user's first; those that are missing are left out."""
    homes = [environ[name] for name in ("MAVEN_HOME", "M2_HOME") if environ.get(name)]
    user = Path(environ["HOME"]) / ".m2" if environ.get("HOME") else Path.home() / ".m2"
    found = [user / "settings.xml", *(Path(home) / "conf" / "settings.xml" for home in homes)]
    return [path for path in [*found, Path("/etc/maven/settings.xml")] if path.is_file()]


def mirror_of_central(files: Iterable[Path]) -> str | None:
    """The address of the first mirror in `files` that stands for the central repository, None without one."""
    for path in files:
        try:
            root = ElementTree.parse(path).getroot()  # noqa: S314  (the machine's own settings)
        except (ElementTree.ParseError, OSError):
            continue
        for element in root.iter():
            if element.tag.rpartition("}")[2] == "mirror":
                values = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element}
                if values.get("blocked") != "true" and _stands_for_central(values.get("mirrorOf", "")):
                    return values.get("url") or None
    return None


def _stands_for_central(mirror_of: str) -> bool:
    names = [name.strip() for name in mirror_of.split(",")]
    return "!central" not in names and any(name in ("central", "*", "external:*") for name in names)
