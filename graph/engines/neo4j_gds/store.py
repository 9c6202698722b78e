"""The Neo4j engine: View, Algorithms and read-only Cypher on the local server or any other."""

import os

from graph.contract import Promise
from graph.engines.neo4j_gds.algorithms import Neo4jAlgorithms
from graph.engines.neo4j_gds.cypher import Neo4jCypher
from graph.engines.neo4j_gds.home import USER
from graph.engines.neo4j_gds.server import at_hand
from graph.engines.neo4j_gds.session import Session, connect
from graph.engines.neo4j_gds.view import Neo4jView
from graph.errors import EngineUnavailable
from graph.lake.home import LakeHome

LOCAL = "neo4j:local"


class Neo4jEngine(Neo4jView, Neo4jAlgorithms, Neo4jCypher):
    """Keeps all promises on one server; may be shared between threads."""

    name = "neo4j"
    promises = frozenset({Promise.VIEW, Promise.ALGORITHMS, Promise.CYPHER, Promise.SYNC})

    def __init__(self, session: Session) -> None:
        self.session = session
        self.driver = session.driver

    def close(self) -> None:
        """Let go of the connections; a second call does nothing."""
        self.driver.close()


def open_neo4j(url: str, home: LakeHome) -> Neo4jEngine:
    """The engine behind `neo4j:local` or an address; EngineUnavailable when it is down or refuses us."""
    return Neo4jEngine(open_session(url, home))


def open_session(url: str, home: LakeHome) -> Session:
    """A login on the local server of `home`, which must be running, or on the server at an address.

    For an address the user is DUANLIAN_NEO4J_USER (default neo4j), the password DUANLIAN_NEO4J_PASSWORD.
    """
    if url == LOCAL:
        server = at_hand(home)
        if server is None:
            raise EngineUnavailable(
                "The local Neo4j is not running; start it with `python -m graph neo4j start`.", engine=LOCAL
            )
        return Session(connect(server.uri, server.user, server.password))
    password = os.environ.get("DUANLIAN_NEO4J_PASSWORD")
    if not password:
        raise EngineUnavailable(
            "No password is set for this Neo4j; put it into DUANLIAN_NEO4J_PASSWORD.", engine=url
        )
    return Session(connect(url, os.environ.get("DUANLIAN_NEO4J_USER", USER), password))
