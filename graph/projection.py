"""The local Neo4j as the commands and the launcher need it: install, start, stop, status, sync."""

from typing import Any

from graph.lake.home import LakeHome
from graph.lake.tables import open_tables


def install() -> int:
    """Fetch and check the pinned jars; how many there are. EngineUnavailable when they can't be had."""
    from graph.engines.neo4j_gds.install import install as fetch

    return len(fetch().jars)


def start(home: LakeHome) -> dict[str, Any]:
    """Start the local server of a home unless it runs, fetching it first when needed: {"uri", "pid"}."""
    from graph.engines.neo4j_gds import server
    from graph.engines.neo4j_gds.install import installed

    if installed() is None:
        install()

    started = server.start(home)
    return {"uri": started.uri, "pid": started.pid}


def stop(home: LakeHome) -> bool:
    """Stop it; whether it was running."""
    from graph.engines.neo4j_gds import server

    return server.stop(home)


def status(home: LakeHome) -> dict[str, Any]:
    """{"state", "uri", ...} of the local server; starts nothing."""
    from graph.engines.neo4j_gds import server

    return dict(server.status(home))


def sync(url: str, home: LakeHome, rebuild: bool = False) -> dict[str, Any]:
    """Bring a Neo4j to the lake's state and compare digests: {"way", "digest", "equal", "seconds", ...}."""
    from graph.engines.neo4j_gds.sync import sync as bring

    return dict(bring(url, home, open_tables(home), rebuild=rebuild))
