"""Fixtures that more than one room needs: an engine of each kind over a small world."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from graph.connect import GraphEngine, open_engine
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import write_tables
from tests.frames import small_world
from tests.neo4j_server import neo4j_engine, neo4j_lake, neo4j_runtime, neo4j_server

# How long an example takes hangs on the machine; what is too slow is measured in bench/.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
# Imported once, so that one server serves all.
__all__ = ["neo4j_engine", "neo4j_lake", "neo4j_runtime", "neo4j_server"]


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """A lake that holds the small world."""
    home = lake_home(Path(tmp_path_factory.mktemp("small")))
    write_tables(home, small_world())
    return home


@pytest.fixture(scope="session")
def embedded_engine(small_home: LakeHome) -> Iterator[GraphEngine]:
    """The embedded engine over the small world."""
    with open_engine("embedded:", small_home) as opened:
        yield opened


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def engine(request: pytest.FixtureRequest) -> GraphEngine:
    """Each engine in turn over the small world; `neo4j_engine` comes with the server's fixtures."""
    found: GraphEngine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture(scope="session")
def sample_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Source files of a small invented world."""
    from tests.sample import write_sample  # the engines' tests need none of detection

    return write_sample(tmp_path_factory.mktemp("sample") / "data")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory, sample_files: Path) -> LakeHome:
    """That world loaded, with detection run on it; tests only read it."""
    from tests.sample import load_sample

    return load_sample(tmp_path_factory.mktemp("sample-home"), sample_files)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Under DUANLIAN_NO_SKIP (CI) a skip fails, but for what not all have (see below)."""
    report: pytest.TestReport = yield  # type: ignore[misc, assignment]  # a wrapper gets the report sent in
    if report.skipped and os.environ.get("DUANLIAN_NO_SKIP") and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr)
        if not any(missing in reason for missing in ("outside data", "Landlock", "seccomp")):
            report.outcome = "failed"
            report.longrepr = f"skipped where nothing may be: {reason}"
    return report  # type: ignore[return-value]  # the report goes on
