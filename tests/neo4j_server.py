"""One real Neo4j server for all tests that need it; started once, stopped at the end, never a mock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.connect import GraphEngine, open_engine
from graph.engines.neo4j_gds.home import Memory
from graph.engines.neo4j_gds.install import Runtime, install
from graph.engines.neo4j_gds.server import Server, start, stop
from graph.engines.neo4j_gds.sync import sync
from graph.errors import EngineUnavailable
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables

TEST_MEMORY = Memory(heap=1024, page_cache=128)


@pytest.fixture(scope="session")
def neo4j_runtime() -> Runtime:
    """The installed jars and Java; a skip with the reason where they can't be had."""
    try:
        return install()
    except EngineUnavailable as error:
        pytest.skip(f"no local Neo4j: {error}")


@pytest.fixture(scope="session")
def neo4j_lake(tmp_path_factory: pytest.TempPathFactory, neo4j_runtime: Runtime) -> Iterator[LakeHome]:
    """A lake home whose local server is stopped at the end, whatever happened."""
    home = lake_home(Path(tmp_path_factory.mktemp("neo4j")))
    try:
        yield home
    finally:
        stop(home)


@pytest.fixture(scope="module")
def neo4j_server(neo4j_lake: LakeHome, neo4j_runtime: Runtime) -> Server:
    """The running server of the tests' lake home; a module before may have killed it, or moved its port."""
    return start(neo4j_lake, TEST_MEMORY, neo4j_runtime)


@pytest.fixture
def neo4j_engine(
    small_home: LakeHome, neo4j_lake: LakeHome, neo4j_server: Server, neo4j_runtime: Runtime
) -> Iterator[GraphEngine]:
    """The Neo4j engine over the small world, put back when another test has written."""
    done = sync("neo4j:local", neo4j_lake, open_tables(small_home), memory=TEST_MEMORY, runtime=neo4j_runtime)
    assert done["equal"], done
    with open_engine("neo4j:local", neo4j_lake) as opened:
        yield opened
