"""Hands the real Neo4j server's fixtures to the engine tests."""

from tests.neo4j_server import neo4j_lake, neo4j_runtime, neo4j_server

__all__ = ["neo4j_lake", "neo4j_runtime", "neo4j_server"]
