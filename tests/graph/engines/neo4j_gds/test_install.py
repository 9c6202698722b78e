"""The installation: once, checked quickly afterwards, clear words when something is missing."""

import time
from pathlib import Path

import pytest

from graph.engines.neo4j_gds import install as module
from graph.engines.neo4j_gds.install import Runtime, cache_folder, install, installed, needed_runtime
from graph.errors import EngineUnavailable


def test_the_cache_is_inside_the_checkout_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUANLIAN_CACHE", raising=False)
    assert cache_folder() == Path(module.__file__).resolve().parents[3] / ".cache" / "neo4j"
    monkeypatch.setenv("DUANLIAN_CACHE", "/elsewhere")
    assert cache_folder() == Path("/elsewhere/neo4j")


def test_without_jars_the_message_says_what_to_run(tmp_path: Path) -> None:
    assert installed(tmp_path) is None
    with pytest.raises(EngineUnavailable, match="make setup"):
        needed_runtime(tmp_path)


def test_without_java_the_message_says_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match=r"No Java runtime .*make setup"):
        install(tmp_path)


@pytest.mark.neo4j
def test_a_second_installation_finds_all_in_place_within_the_blink_of_an_eye(neo4j_runtime: Runtime) -> None:
    began = time.process_time()
    assert install() == neo4j_runtime
    assert time.process_time() - began < 0.3
    assert neo4j_runtime.java.is_file()
    assert all((neo4j_runtime.repository / jar).is_file() for jar in neo4j_runtime.jars)


@pytest.mark.neo4j
def test_a_jar_cut_short_makes_the_installation_incomplete(
    neo4j_runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = neo4j_runtime.repository.parent
    (tmp_path / "repository").symlink_to(neo4j_runtime.repository)
    for stamp in cache.glob("installed-*.json"):
        (tmp_path / stamp.name).write_text(stamp.read_text().replace(": ", ": 1", 1))
    assert installed(tmp_path) is None
