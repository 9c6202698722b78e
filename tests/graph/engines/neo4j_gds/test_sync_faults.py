"""Whatever happens to the server or the line during a sync, lake and Neo4j have one digest afterwards."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.engines.neo4j_gds.install import Runtime
from graph.engines.neo4j_gds.server import Server, at_hand, start
from graph.engines.neo4j_gds.session import Session, connect
from graph.engines.neo4j_gds.store import Neo4jEngine
from graph.engines.neo4j_gds.sync import sync
from graph.engines.neo4j_gds.synced import SyncedStates
from graph.errors import EngineUnavailable
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import LakeTables, write_tables
from tests.frames import small_world
from tests.graph.engines.neo4j_gds.test_sync import grown_world
from tests.neo4j_server import TEST_MEMORY
from tests.tcp_proxy import CountingProxy

LOCAL = "neo4j:local"
Bring = Callable[[LakeTables], dict[str, object]]


@pytest.fixture
def worlds(tmp_path: Path) -> tuple[LakeTables, LakeTables]:
    """Two states of a lake."""
    small = write_tables(lake_home(tmp_path / "a"), small_world())
    return small, write_tables(lake_home(tmp_path / "b"), grown_world())


@pytest.fixture
def bring(neo4j_lake: LakeHome, neo4j_runtime: Runtime, neo4j_server: Server) -> Iterator[Bring]:
    """The sync of the local server, which runs again at the end."""

    def run(tables: LakeTables) -> dict[str, object]:
        return sync(LOCAL, neo4j_lake, tables, memory=TEST_MEMORY, runtime=neo4j_runtime)

    yield run
    start(neo4j_lake, TEST_MEMORY, neo4j_runtime)


def server_of(home: LakeHome) -> Server:
    server = at_hand(home)
    assert server is not None
    return server


def digest_of(home: LakeHome) -> str:
    server = server_of(home)
    session = Session(connect(server.uri, server.user, server.password))
    try:
        return Neo4jEngine(session).digest().digest
    finally:
        session.driver.close()


def strike(monkeypatch: pytest.MonkeyPatch, at: int, what: Callable[[], object]) -> None:
    """Do something to the server right before the sync's write number `at`, once."""
    write, count = Session.write, iter(range(1, 10**6))

    def struck(self: Session, found: Any) -> None:
        if next(count) == at:
            what()
        write(self, found)

    monkeypatch.setattr(Session, "write", struck)


@pytest.mark.neo4j
def test_a_server_killed_during_an_increment_is_started_and_the_sync_goes_on(
    bring: Bring,
    worlds: tuple[LakeTables, LakeTables],
    neo4j_lake: LakeHome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, grown = worlds
    bring(small)
    pid = server_of(neo4j_lake).pid
    strike(monkeypatch, 5, lambda: os.kill(pid, signal.SIGKILL))
    done = bring(grown)
    assert (done["way"], done["equal"], done["compared"]) == ("batches", True, "digest")
    assert server_of(neo4j_lake).pid != pid
    assert digest_of(neo4j_lake) == grown.digest.digest


@pytest.mark.neo4j
def test_a_server_that_stands_still_for_seconds_is_waited_for(
    bring: Bring,
    worlds: tuple[LakeTables, LakeTables],
    neo4j_lake: LakeHome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, grown = worlds
    bring(small)
    pid = server_of(neo4j_lake).pid

    def stand_still() -> None:
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(4.0, os.kill, (pid, signal.SIGCONT)).start()

    strike(monkeypatch, 5, stand_still)
    assert bring(grown)["equal"]
    assert server_of(neo4j_lake).pid == pid
    assert digest_of(neo4j_lake) == grown.digest.digest


@pytest.fixture
def elsewhere(
    neo4j_lake: LakeHome, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[CountingProxy, Session]]:
    """The server as another machine's behind a proxy, its graph empty; a direct login beside."""
    server = server_of(neo4j_lake)
    monkeypatch.setenv("DUANLIAN_NEO4J_PASSWORD", server.password)
    session = Session(connect(server.uri, server.user, server.password))
    session.write([("MATCH (n) DETACH DELETE n", {})])
    with CountingProxy(int(server.uri.rpartition(":")[2])) as proxy:
        yield proxy, session
    session.write([("MATCH (n) DETACH DELETE n", {})])
    session.driver.close()


@pytest.mark.neo4j
def test_a_line_cut_after_a_commit_and_before_its_reply_changes_nothing(
    elsewhere: tuple[CountingProxy, Session], worlds: tuple[LakeTables, LakeTables], tmp_path: Path
) -> None:
    proxy, session = elsewhere
    small, grown = worlds
    home, url = lake_home(tmp_path / "home"), f"bolt://127.0.0.1:{proxy.port}"
    sync(url, home, small)
    proxy.commits = 0
    sync(url, home, grown)
    commits = proxy.commits
    assert commits >= 8
    for at in (2, commits // 2, commits - 1):
        for tables in (small, grown):
            proxy.commits, proxy.cut_at, proxy.cuts = 0, at, 0
            assert sync(url, home, tables)["equal"]
            assert proxy.cuts == 1
            assert Neo4jEngine(session).digest().digest == tables.digest.digest


@pytest.mark.neo4j
def test_a_password_that_turns_wrong_during_a_sync_stops_it_and_the_right_one_finishes_it(
    elsewhere: tuple[CountingProxy, Session],
    worlds: tuple[LakeTables, LakeTables],
    neo4j_lake: LakeHome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy, session = elsewhere
    small, grown = worlds
    home, url = lake_home(tmp_path / "home"), f"bolt://127.0.0.1:{proxy.port}"
    sync(url, home, small)
    right = server_of(neo4j_lake).password
    change = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"

    def change_password(old: str, new: str) -> None:
        with session.driver.session(database="system") as system:
            system.run(change, {"old": old, "new": new}).consume()

    def turn_wrong() -> None:
        change_password(right, "invented-other-1")
        proxy.cut_all()

    strike(monkeypatch, 5, turn_wrong)
    try:
        with pytest.raises(EngineUnavailable, match="refuses the login"):
            sync(url, home, grown)
    finally:
        monkeypatch.undo()
        change_password("invented-other-1", right)
    monkeypatch.setenv("DUANLIAN_NEO4J_PASSWORD", right)
    assert sync(url, home, grown)["equal"]
    assert Neo4jEngine(session).digest().digest == grown.digest.digest


def test_a_kept_state_that_is_damaged_is_not_taken_for_what_the_graph_holds(
    worlds: tuple[LakeTables, LakeTables], tmp_path: Path
) -> None:
    states = SyncedStates(tmp_path / "states")
    kept = states.keep(worlds[0])
    assert states.find(worlds[0].state) == kept
    path = kept.relation("TRANSFER").whole
    assert path is not None
    path.write_bytes(path.read_bytes()[:-100])
    assert states.find(worlds[0].state) is None
