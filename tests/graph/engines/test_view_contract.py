"""What every engine with a View promises; runs on the embedded engine and on the real Neo4j."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.connect import GraphEngine, open_engine
from graph.contract import Direction, Ref
from graph.lake.digest import graph_digest
from graph.lake.home import LakeHome, lake_home
from tests.frames import at, small_world
from tests.graph.layered import write_layered

A1, A2, A3, A4 = (Ref("Account", f"620000000000000000{n}") for n in range(1, 5))
P1, P2 = Ref("Person", "990101199001010018"), Ref("Person", "990101199001010026")
DEVICE = Ref("Device", "imei:00000000000001")
SIM = Ref("Sim", "10000000001@2024-01-01")


@pytest.fixture(scope="session")
def layered_home(tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """A lake that holds the small world in layers."""
    home = lake_home(Path(tmp_path_factory.mktemp("layered")))
    tables = write_layered(home, small_world())
    assert min(len(tables.stack(name).layers) for name in small_world()) >= 2
    return home


@pytest.fixture(scope="session")
def layered_engine(layered_home: LakeHome) -> Iterator[GraphEngine]:
    """The embedded engine over it."""
    with open_engine("embedded:", layered_home) as opened:
        yield opened


@pytest.fixture(params=["embedded", "layered", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def engine(request: pytest.FixtureRequest) -> GraphEngine:
    """Each engine in turn over the small world, the embedded one also where it lies in layers."""
    found: GraphEngine = request.getfixturevalue(f"{request.param}_engine")
    return found


def test_counts_are_rows_per_stored_type(engine: GraphEngine) -> None:
    assert engine.counts() == {name: frame.height for name, frame in small_world().items()}


def test_digest_equals_the_digest_of_the_tables(engine: GraphEngine) -> None:
    expected = graph_digest(small_world())
    found = engine.digest()
    assert (found.digest, found.counts) == (expected.digest, expected.counts)


def test_a_node_comes_with_its_properties_and_source_row(engine: GraphEngine) -> None:
    node = engine.get(A1)
    assert node is not None
    assert node.properties["holder_name"] == "虚甲"
    assert node.properties["balance_fen"] == 100
    assert node.properties["opened_at"] == at(-60)
    assert (node.source, node.row) == ("f" * 64, 1)
    assert engine.get(Ref("Account", "nobody")) is None


def test_nodes_come_in_the_order_asked_for(engine: GraphEngine) -> None:
    refs = [DEVICE, A2, Ref("Account", "nobody"), P1, A2]
    assert [node.ref for node in engine.nodes(refs)] == [DEVICE, A2, P1]


def test_threads_look_up_side_by_side(engine: GraphEngine) -> None:
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda _: engine.subgraph([A1, A2, A3, A4, P1]), range(64)))
    assert all(found == drawn[0] for found in drawn)
    assert {node.ref for node in drawn[0].nodes} == {A1, A2, A3, A4, P1}


@pytest.mark.parametrize(
    ("text", "first"),
    [("6200000000000000003", A3), ("虚甲", P1), ("00000000000001", DEVICE), ("1000000000", SIM)],
)  # fmt: skip
def test_search_finds_identifiers_and_names(engine: GraphEngine, text: str, first: Ref) -> None:
    assert engine.search(text)[0].ref == first


def test_search_puts_exact_hits_first_and_blank_text_gives_nothing(engine: GraphEngine) -> None:
    assert [n.ref for n in engine.search("62000000000000000", types=["Account"])] == [A1, A2, A3, A4]
    assert len(engine.search("62000000000000000", limit=2)) == 2
    assert engine.search("   ") == ()
    assert engine.search("' OR 1=1 --") == ()


def test_expansions_count_before_anything_is_fetched(engine: GraphEngine) -> None:
    found = {
        (e.relation, e.direction): (e.other_type, e.count, e.others, e.amount_fen)
        for e in engine.expansions(A2)
    }
    assert found == {
        ("TRANSFER", Direction.OUT): ("Account", 1, 1, 340_050),
        ("TRANSFER", Direction.IN): ("Account", 2, 1, 350_000),
        ("LOGGED_IN", Direction.OUT): ("Device", 1, 1, None),
        ("HOLDS", Direction.IN): ("Person", 1, 1, None),
    }


def test_neighbours_keep_the_largest_amounts_and_say_what_was_cut(engine: GraphEngine) -> None:
    whole = engine.neighbours(A2, "TRANSFER")
    assert [e.event_key for e in whole.edges] == ["t3", "t2", "t1"]
    assert {n.ref for n in whole.nodes} == {A1, A2, A3}
    cut = engine.neighbours(A2, "TRANSFER", Direction.IN, limit=1)
    assert ([e.event_key for e in cut.edges], cut.truncated) == (["t2"], True)


def test_an_edge_carries_both_source_rows(engine: GraphEngine) -> None:
    edges = {e.event_key: e for e in engine.neighbours(A1, "TRANSFER").edges}
    assert edges["t1"].rows == (("f" * 64, 1), ("e" * 64, 7))
    assert edges["t2"].rows == (("f" * 64, 2),)
    assert edges["t1"].at == at(0)


def test_a_self_transfer_is_one_row(engine: GraphEngine) -> None:
    edges = [e.event_key for e in engine.neighbours(A3, "TRANSFER").edges]
    assert sorted(k for k in edges if k) == ["t3", "t4", "t5"]


def test_the_shortest_path_joins_two_nodes_whatever_the_direction(engine: GraphEngine) -> None:
    path = engine.paths(P1, A4)
    assert [n.ref for n in path.nodes] == [P1, A1, A2, A3, A4]
    assert {e.relation for e in path.edges} == {"HOLDS", "TRANSFER"}
    assert engine.paths(P1, A4, longest=3).nodes == ()
    assert [n.ref for n in engine.paths(A1, A1).nodes] == [A1]


def test_subgraph_holds_all_rows_between_the_given_nodes(engine: GraphEngine) -> None:
    found = engine.subgraph([A1, A2, P1])
    assert [(e.relation, e.event_key) for e in found.edges] == [
        ("TRANSFER", "t1"), ("TRANSFER", "t2"), ("HOLDS", None),
    ]  # fmt: skip
    assert engine.subgraph([A1, A2, P1], limit=1).truncated


def test_edges_come_with_the_catalogs_columns_within_the_time(engine: GraphEngine) -> None:
    frame = engine.edges("TRANSFER", since=at(5), until=at(9))
    assert frame["event_key"].to_list() == ["t2", "t3"]
    assert frame.schema == small_world()["TRANSFER"].schema
    assert engine.edges("CALLED").is_empty()


def test_edges_come_as_stored_whole_whatever_layers_they_lie_in(
    embedded_engine: GraphEngine, layered_engine: GraphEngine
) -> None:
    for name in ("TRANSFER", "LOGGED_IN", "HOLDS"):
        assert layered_engine.edges(name).equals(embedded_engine.edges(name)), name
