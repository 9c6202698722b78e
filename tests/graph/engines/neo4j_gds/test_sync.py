"""The sync against the real server: the lake's digest whatever the way, and after every interruption."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graph.engines.neo4j_gds.bulk import bulk_import
from graph.engines.neo4j_gds.changes import differences, statements
from graph.engines.neo4j_gds.home import neo4j_home, prepare
from graph.engines.neo4j_gds.install import Runtime
from graph.engines.neo4j_gds.process import is_server
from graph.engines.neo4j_gds.server import Server, at_hand, status, stop
from graph.engines.neo4j_gds.session import Session, connect
from graph.engines.neo4j_gds.store import Neo4jEngine, open_neo4j
from graph.engines.neo4j_gds.sync import sync
from graph.engines.neo4j_gds.synced import SyncedStates
from graph.errors import EngineUnavailable, QueryFailed
from graph.lake.digest import graph_digest
from graph.lake.home import LakeHome, lake_home
from graph.lake.layers import LayerLimits, write_changes
from graph.lake.tables import LakeTables, empty_tables, write_tables
from tests.frames import at, edge, event, small_world, table
from tests.graph.layered import ANY_SHARE, changes_between, write_layered
from tests.neo4j_server import TEST_MEMORY

LOCAL = "neo4j:local"
A1, A2, A4 = (("Account", f"620000000000000000{n}") for n in (1, 2, 4))


def lake(folder: Path, frames: dict[str, pl.DataFrame]) -> LakeTables:
    return write_tables(lake_home(folder), frames)


def grown_world() -> dict[str, pl.DataFrame]:
    """The small world later: rows of several types new, changed, moved and unloaded."""
    world = small_world()
    transfers = world["TRANSFER"].filter(pl.col("event_key") != "t2")
    more = table("TRANSFER", [event("t6", A4, A1, at(50), amount_fen=7, currency="CNY", memo='引"号\\,\n行')])
    logins = world["LOGGED_IN"].with_columns(
        pl.when(pl.col("event_key") == "l2").then(pl.lit(A4[1])).otherwise("from_key").alias("from_key")
    )
    accounts = world["Account"].with_columns(
        pl.when(pl.col("key") == A2[1]).then(pl.lit("")).otherwise("holder_name").alias("holder_name")
    )
    persons = table("Person", [{"key": "990101199001010034", "name": "虚丙"}])
    return world | {
        "TRANSFER": pl.concat([transfers, more]),
        "LOGGED_IN": logins,
        "Account": accounts,
        "Person": pl.concat([world["Person"], persons]),
        "HOLDS": table("HOLDS", [edge(("Person", "990101199001010034"), A4, at(1), valid_to_at=at(2))]),
        "Sim": world["Sim"].clear(),
    }


def test_a_difference_names_what_goes_and_what_comes(tmp_path: Path) -> None:
    old, new = lake(tmp_path / "old", small_world()), lake(tmp_path / "new", grown_world())
    found = {d.name: (d.removed.height, d.added.height) for d in differences(old, new)}
    assert found == {
        "Account": (1, 1), "Person": (0, 1), "Sim": (1, 0),
        "TRANSFER": (1, 1), "LOGGED_IN": (1, 1), "HOLDS": (3, 1),
    }  # fmt: skip
    assert differences(new, new) == []
    assert differences(empty_tables(), empty_tables()) == []


def test_statements_take_relations_out_before_their_nodes_and_put_nodes_in_before_relations(
    tmp_path: Path,
) -> None:
    old, new = lake(tmp_path / "old", small_world()), lake(tmp_path / "new", grown_world())
    texts = [text for text, _ in statements(differences(old, new))]
    marks = {"DELETE r": "rel-", "DELETE n": "node-", "->(b)": "rel+", "MERGE (n": "node+"}
    kinds = [next(kind for mark, kind in marks.items() if mark in text) for text in texts]
    assert list(dict.fromkeys(kinds)) == ["rel-", "node+", "rel+", "node-"]


def test_a_kept_state_outlives_the_lakes_own_tables(tmp_path: Path) -> None:
    tables = lake(tmp_path, small_world())
    states = SyncedStates(tmp_path / "states")
    states.keep(tables)
    lake(tmp_path, grown_world())
    kept = states.find(tables.state)
    assert kept is not None
    assert kept.frame("TRANSFER").height == small_world()["TRANSFER"].height
    states.forget_all_but("none")
    assert states.find(tables.state) is None


def test_the_difference_of_two_states_over_one_table_is_read_from_their_layers(tmp_path: Path) -> None:
    home, states = lake_home(tmp_path / "lake"), SyncedStates(tmp_path / "states")
    old = write_layered(home, small_world())
    kept = states.keep(old)
    changes = changes_between(small_world(), grown_world())
    new = write_changes(home, old, changes, limits=ANY_SHARE)
    new = write_changes(home, new, {"TRANSFER": changes["TRANSFER"].undone()}, limits=LayerLimits(2, 1000.0))
    new = write_changes(home, new, {"TRANSFER": changes["TRANSFER"]}, limits=ANY_SHARE)
    whole = lake(tmp_path / "old", small_world()), lake(tmp_path / "new", grown_world())
    wanted = differences(*whole)
    assert (kept.state, new.state) == (whole[0].state, whole[1].state)
    for folder, part in zip(new.folders, new.parts, strict=True):
        for file in part.files:
            if file.count(".") == 1:  # a whole table
                (folder / file).unlink()
    for one, other in ((kept, new), (states.find(kept.state), new)):
        assert one is not None
        found = differences(one, other)
        assert [d.name for d in found] == [d.name for d in wanted]
        for mine, theirs in zip(found, wanted, strict=True):
            for side in ("removed", "added"):
                assert_frame_equal(getattr(mine, side), getattr(theirs, side), check_row_order=False)


def test_a_state_kept_whole_serves_for_the_same_rows_in_layers(tmp_path: Path) -> None:
    states = SyncedStates(tmp_path / "states")
    whole = states.keep(lake(tmp_path / "whole", small_world()))
    again = states.keep(write_layered(lake_home(tmp_path / "lake"), small_world()))
    assert again == whole == states.find(whole.state)
    assert again.frame("TRANSFER").height == 5


def test_two_nodes_of_one_key_are_refused_before_any_import(tmp_path: Path) -> None:
    accounts = small_world()["Account"]
    twice = lake(tmp_path / "a", {"Account": pl.concat([accounts, accounts.head(1)])})
    nothing = Runtime(tmp_path / "no-java", tmp_path, (), ())
    with pytest.raises(QueryFailed, match="same key"):
        bulk_import(twice, tmp_path / "home", nothing, TEST_MEMORY)


@pytest.mark.neo4j
def test_an_end_without_its_node_fails_the_import(neo4j_runtime: Runtime, tmp_path: Path) -> None:
    world = small_world()
    world["Account"] = world["Account"].filter(pl.col("key") != A2[1])
    home = tmp_path / "home"
    prepare(home, neo4j_runtime, "invented-password", 7687, TEST_MEMORY)
    with pytest.raises(QueryFailed, match="bulk import"):
        bulk_import(lake(tmp_path / "a", world), home, neo4j_runtime, TEST_MEMORY)


def test_a_server_elsewhere_needs_a_password_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUANLIAN_NEO4J_PASSWORD", raising=False)
    with pytest.raises(EngineUnavailable, match="DUANLIAN_NEO4J_PASSWORD"):
        open_neo4j("neo4j://127.0.0.1:9", lake_home(tmp_path))
    with pytest.raises(EngineUnavailable, match="python -m graph neo4j start"):
        open_neo4j(LOCAL, lake_home(tmp_path))


@pytest.fixture
def session(neo4j_server: Server, neo4j_lake: LakeHome) -> Iterator[Session]:
    """A login on the server, whose graph is emptied first."""
    server = at_hand(neo4j_lake)
    assert server is not None
    opened = Session(connect(server.uri, server.user, server.password))
    opened.write([("MATCH (n) DETACH DELETE n", {})])
    yield opened
    opened.driver.close()


@pytest.fixture
def bring(neo4j_lake: LakeHome, neo4j_runtime: Runtime, session: Session) -> Any:
    """The sync of the test's server."""

    def run(tables: LakeTables, **more: Any) -> dict[str, object]:
        return sync(LOCAL, neo4j_lake, tables, memory=TEST_MEMORY, runtime=neo4j_runtime, **more)

    return run


def digest_of(session: Session) -> str:
    return Neo4jEngine(session).digest().digest


@pytest.mark.neo4j
def test_batches_lead_from_state_to_state_and_back_with_the_lakes_digest(
    bring: Any, session: Session, tmp_path: Path
) -> None:
    small, grown = lake(tmp_path / "a", small_world()), lake(tmp_path / "b", grown_world())
    for tables, added, removed in ((small, 19, 0), (grown, 5, 7), (small, 7, 5)):
        done = bring(tables)
        assert (done["way"], done["equal"], done["added"], done["removed"]) == (
            "batches",
            True,
            added,
            removed,
        )
        assert digest_of(session) == tables.digest.digest
    assert bring(small)["way"] == "none"


@pytest.mark.neo4j
def test_changes_in_layers_reach_the_graph_as_batches_and_writing_them_whole_changes_nothing(
    bring: Any, session: Session, tmp_path: Path
) -> None:
    home = lake_home(tmp_path / "lake")
    tables = write_layered(home, small_world())
    assert bring(tables)["added"] == 19
    changes = changes_between(small_world(), grown_world())
    grown = write_changes(home, tables, changes, limits=ANY_SHARE)
    done = bring(grown)
    assert (done["way"], done["equal"], done["added"], done["removed"]) == ("batches", True, 5, 7)
    assert digest_of(session) == graph_digest(grown_world()).digest
    assert bring(lake(tmp_path / "whole", grown_world()))["way"] == "none"
    back = {name: change.undone() for name, change in changes.items()}
    done = bring(write_changes(home, grown, back, limits=ANY_SHARE))
    assert (done["way"], done["added"], done["removed"]) == ("batches", 7, 5)
    assert digest_of(session) == tables.digest.digest


@pytest.mark.neo4j
def test_a_sync_cut_short_after_any_chunk_is_finished_by_the_next(
    bring: Any, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, grown = lake(tmp_path / "a", small_world()), lake(tmp_path / "b", grown_world())
    bring(small)
    write = Session.write
    for allowed in range(3, 12, 2):
        left = iter(range(allowed))

        def cut(self: Session, found: Any, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise ConnectionError("cut")
            write(self, found)

        monkeypatch.setattr(Session, "write", cut)
        with pytest.raises(ConnectionError):
            bring(grown)
        monkeypatch.setattr(Session, "write", write)
        assert bring(grown)["equal"]
        assert digest_of(session) == grown.digest.digest
        bring(small)


@pytest.mark.neo4j
def test_a_commit_whose_reply_was_lost_is_not_written_twice(
    bring: Any, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = lake(tmp_path / "a", small_world())
    write = Session.write
    seen: list[int] = []

    def lose_a_reply(self: Session, found: Any) -> None:
        write(self, found)
        seen.append(len(found))
        if len(seen) == 8:
            raise ConnectionError("reply lost")

    monkeypatch.setattr(Session, "write", lose_a_reply)
    with pytest.raises(ConnectionError):
        bring(small)
    monkeypatch.setattr(Session, "write", write)
    assert bring(small)["equal"]
    assert digest_of(session) == small.digest.digest


@pytest.mark.neo4j
def test_a_small_local_graph_in_an_unknown_state_is_emptied_and_loaded_anew(
    bring: Any, session: Session, tmp_path: Path
) -> None:
    small = lake(tmp_path / "a", small_world())
    session.write([("CREATE (:Foreign {key: 'x'})-[:TRANSFER]->(:_Load {batch: 'lost', chunk: -1})", {})])
    done = bring(small)
    assert (done["way"], done["equal"]) == ("batches", True)
    assert session.rows("MATCH (n:Foreign) RETURN n.key AS key") == []
    assert digest_of(session) == small.digest.digest


@pytest.mark.neo4j
def test_another_server_with_a_graph_that_is_not_ours_is_left_alone(
    session: Session,
    neo4j_server: Server,
    neo4j_lake: LakeHome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = at_hand(neo4j_lake)
    assert server is not None
    monkeypatch.setenv("DUANLIAN_NEO4J_PASSWORD", server.password)
    home = lake_home(tmp_path)
    small, grown = lake(tmp_path / "a", small_world()), lake(tmp_path / "b", grown_world())
    session.write([("CREATE (:Foreign {key: 'x'})", {})])
    with pytest.raises(QueryFailed, match="another graph"):
        sync(server.uri, home, small)
    assert session.rows("MATCH (n) RETURN count(n) AS n") == [{"n": 1}]
    session.write([("MATCH (n) DELETE n", {})])
    assert sync(server.uri, home, small)["equal"]
    assert sync(server.uri, home, grown)["way"] == "batches"
    assert digest_of(session) == grown.digest.digest


@pytest.mark.neo4j
def test_a_rebuild_imports_all_into_a_fresh_home_and_puts_it_in_force(
    neo4j_runtime: Runtime, tmp_path: Path
) -> None:
    home = lake_home(tmp_path / "涉案 资料, (1+1)")
    old = neo4j_home(home).current()
    old.mkdir(parents=True)
    world = grown_world() | {"Sim": small_world()["Sim"]}
    small, grown = lake(tmp_path / "a", small_world()), write_layered(lake_home(tmp_path / "b"), world)
    try:
        done = sync(LOCAL, home, grown, rebuild=True, memory=TEST_MEMORY, runtime=neo4j_runtime)
        assert (done["way"], done["equal"], done["compared"]) == ("rebuild", True, "digest")
        place = neo4j_home(home)
        assert list(place.root.glob("home-*")) == [place.current()]
        assert place.current() != old
        assert list((place.current() / "import").iterdir()) == []
        server = at_hand(home)
        assert server is not None
        engine = open_neo4j(LOCAL, home)
        assert engine.digest().digest == grown.digest.digest
        # An increment upon an imported graph finds what the import wrote.
        assert sync(LOCAL, home, small, memory=TEST_MEMORY, runtime=neo4j_runtime)["way"] == "batches"
        assert engine.digest().digest == small.digest.digest
        engine.close()
    finally:
        assert stop(home) is True
    assert not is_server(server.pid, home.neo4j)
    assert stop(home) is False
    assert status(home)["state"] == "stopped"
