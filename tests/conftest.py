"""Fixtures that more than one room needs: an engine of each kind over a small world."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.connect import GraphEngine, open_engine
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import write_tables
from tests.frames import small_world


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
