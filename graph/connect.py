"""The only place that names engines: a URL picks one, opened over one home."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from graph.contract import Algorithms, Engine, View
from graph.errors import EngineUnavailable
from graph.lake.home import LakeHome
from graph.lake.spill import spill_into
from graph.lake.tables import LakeTables, open_tables

if TYPE_CHECKING:
    from graph.engines.embedded.store import EmbeddedEngine


class GraphEngine(Engine, View, Algorithms, Protocol):
    """What every engine of today keeps: View and Algorithms."""


@contextmanager
def open_engine(url: str, home: LakeHome) -> Iterator[GraphEngine]:
    """Open the engine that `url` names and close it afterwards.

    `embedded:` reads the lake; `neo4j:local` is the local server (must be running: `python -m graph neo4j
    start`); `neo4j://host:port` any other, with the password in DUANLIAN_NEO4J_PASSWORD.
    EngineUnavailable when the server can't be reached or the scheme is unknown.
    """
    engine = opened(url, home)
    try:
        yield engine
    finally:
        engine.close()


def opened(url: str, home: LakeHome, tables: LakeTables | None = None) -> GraphEngine:
    """The same without the closing: for one that keeps its engine.

    tables: the state that `embedded:` reads, the one in force when left out.
    """
    spill_into(home)
    scheme = url.partition(":")[0]
    if scheme == "embedded":
        return _embedded(tables or open_tables(home), home)
    if scheme.startswith("neo4j") or scheme.startswith("bolt"):
        from graph.engines.neo4j_gds.store import open_neo4j

        return open_neo4j(url, home)
    raise EngineUnavailable(
        f"No engine is called {scheme!r}; use one of: embedded:, neo4j:local, neo4j://host:port.",
        engine=scheme,
    )


def _embedded(tables: LakeTables, home: LakeHome) -> "EmbeddedEngine":
    from graph.engines.embedded.store import EmbeddedEngine

    return EmbeddedEngine(tables, home.lookups)
