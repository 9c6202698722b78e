"""The push into a Neo4j: counted first, merged once, masked by default; on the real server."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cases.roles.deciding import withdraw_role
from cases.roles.standing import open_decisions
from cases.scope import Scope
from export.chart import MapData
from export.push_py2neo import KEY, LABEL, map_subgraph, node_key, push_gang_map, relation_name
from graph.errors import EngineUnavailable, InputError
from graph.lake.tables import open_tables
from tests.cases.roles.ring_home import AT, OFFICER, PROVIDER, decided, ring_home
from tests.export.payloads import ALL
from tests.export.ring import FULL, STAMP, account, ring_map
from tests.export.test_html_pyvis import hostile


def mapped(folder: Path, scope: Scope = Scope()) -> MapData:  # noqa: B008 (frozen)
    return ring_map(folder, scope)


def test_a_subgraph_has_every_node_and_edge_and_no_key_when_masked(tmp_path: Path) -> None:
    data = mapped(tmp_path)
    subgraph = map_subgraph(data, STAMP)
    assert (len(subgraph.nodes), len(subgraph.relationships)) == (len(data.nodes), len(data.edges))
    assert account(1).key not in repr([dict(n) for n in subgraph.nodes])
    assert all({LABEL} < set(node.labels) for node in subgraph.nodes)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("TRANSFER", "TRANSFER"),
        ("LINK:ip_slot", "EVIDENCE_IP_SLOT"),
        ("LINK:`]->() DETACH", "EVIDENCE_OTHER"),
    ],
)
def test_relationship_names_are_ours(kind: str, name: str) -> None:
    assert relation_name(kind) == name


@pytest.mark.parametrize("url", ["127.0.0.1:7687", "http://127.0.0.1:7474", "neo4j://u:p@127.0.0.1", ""])
def test_an_address_of_another_kind_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="neo4j://host"):
        push_gang_map(mapped(tmp_path), STAMP, url, "neo4j", "x", dry_run=True)


@pytest.mark.neo4j
class TestOnTheServer:
    """Against the real server, which is emptied of our label before each test."""

    @pytest.fixture(autouse=True)
    def _server(self, neo4j_server: Any) -> None:
        self.login = (neo4j_server.uri, neo4j_server.user, neo4j_server.password)
        self.run("MATCH (n) DETACH DELETE n")

    def run(self, query: str, **values: Any) -> list[list[Any]]:
        from py2neo import Graph

        uri, user, password = self.login
        graph = Graph("bolt://" + uri.partition("://")[2], auth=(user, password))
        return [list(record.values()) for record in graph.run(query, **values)]

    def push(self, data: MapData, dry_run: bool = False) -> dict[str, Any]:
        return push_gang_map(data, STAMP, *self.login, dry_run=dry_run).as_dict()

    def test_a_dry_run_counts_and_changes_nothing(self, tmp_path: Path) -> None:
        data = mapped(tmp_path)
        counts = self.push(data, dry_run=True)
        assert (counts["nodes_new"], counts["edges_new"]) == (len(data.nodes), len(data.edges))
        assert counts["by_type"]["Account"] == 10 and counts["by_type"]["TRANSFER"] == 14
        assert self.run("MATCH (n) RETURN count(n)") == [[0]]

    def test_a_withdrawn_confirmation_leaves_with_the_next_push(self, tmp_path: Path) -> None:
        home = ring_home(tmp_path / "home")
        asked = f"MATCH (n:{LABEL}:Person) UNWIND n.confirmed_roles AS role RETURN role"
        decided(home)
        for wanted in (["卡农 0.73 [已确认 · 王样警官 · 2024-05-06 UTC]"], []):
            self.push(ring_map(home.root, decisions=open_decisions(home, open_tables(home))))
            assert [role for (role,) in self.run(asked)] == wanted
            if wanted:
                withdraw_role(home, OFFICER, PROVIDER, "card_provider", "", AT)

    def test_a_second_push_changes_nothing(self, tmp_path: Path) -> None:
        data = mapped(tmp_path)
        self.push(data)
        before = self.run("MATCH (n)-[r]->(m) RETURN n, type(r), properties(r), m ORDER BY id(r)")
        again = self.push(data)
        assert (again["nodes_new"], again["edges_new"]) == (0, 0)
        assert self.run("MATCH (n) RETURN count(n)") == [[len(data.nodes)]]
        assert self.run("MATCH ()-[r]->() RETURN count(r)") == [[len(data.edges)]]
        assert self.run("MATCH (n)-[r]->(m) RETURN n, type(r), properties(r), m ORDER BY id(r)") == before

    def test_sums_and_citations_arrive_at_the_right_ends(self, tmp_path: Path) -> None:
        data = mapped(tmp_path, FULL)
        self.push(data)
        keys = {node.id: node_key(node) for node in data.nodes}
        wanted = {
            (keys[e.start], relation_name(e.kind), keys[e.end],
             e.total if e.measure == "amount_fen" else None, e.count, len(e.citations))
            for e in data.edges
        }  # fmt: skip
        found = self.run(
            f"MATCH (a)-[r]->(b) RETURN a.{KEY}, type(r), b.{KEY}, r.amount_fen, r.count, size(r.citations)"
        )
        assert {tuple(row) for row in found} == wanted
        assert self.run("MATCH (n:Account {key: $key}) RETURN n.bank", key=account(1).key) == [["样例银行"]]

    def test_the_investigators_own_nodes_stay_as_they_were(self, tmp_path: Path) -> None:
        self.run("CREATE (:Account {key: $key, note: 'mine'})", key=account(1).key)
        self.push(mapped(tmp_path, FULL))
        mine = self.run(f"MATCH (n:Account) WHERE NOT n:{LABEL} RETURN properties(n), COUNT {{ (n)--() }}")
        assert mine == [[{"key": account(1).key, "note": "mine"}, 0]]

    def test_a_masked_push_leaves_no_key_on_the_server(self, tmp_path: Path) -> None:
        self.push(mapped(tmp_path))
        stored = repr(self.run("MATCH (n) RETURN properties(n)"))
        assert account(1).key not in stored and "虚甲" not in stored and "620000*********0001" in stored

    def test_hostile_texts_are_stored_as_texts(self, tmp_path: Path) -> None:
        texts = [text.replace("\ud800", "?") for text in (*ALL, "'}) DETACH DELETE n //", "`) //", "\\u0060")]
        data = mapped(tmp_path)
        given = hostile(replace(data, edges=()), *texts)
        nodes = tuple(replace(n, handle=f"h{i}") for i, n in enumerate(given.nodes))
        self.push(replace(given, nodes=nodes))
        assert self.run("MATCH (n) RETURN count(n)") == [[len(nodes)]]
        assert {key for [key] in self.run("MATCH (n) RETURN n.key")} == {n.key for n in nodes}

    def test_a_wrong_password_is_one_sentence(self, tmp_path: Path) -> None:
        uri, user, _ = self.login
        with pytest.raises(EngineUnavailable, match="DUANLIAN_PUSH_PASSWORD"):
            push_gang_map(mapped(tmp_path), STAMP, uri, user, "wrong-word", dry_run=True)

    def test_an_empty_map_pushes_nothing(self, tmp_path: Path) -> None:
        counts = self.push(replace(mapped(tmp_path), nodes=(), edges=()))
        assert (counts["nodes"], counts["edges"]) == (0, 0)
