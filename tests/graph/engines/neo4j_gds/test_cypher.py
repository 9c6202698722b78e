"""Read-only Cypher against the real server: rows as plain values, limits, refusals, errors without values."""

from datetime import date, timedelta

import pytest

from graph.connect import GraphEngine
from graph.engines.neo4j_gds.cypher import OPERATORS, Neo4jCypher
from graph.engines.neo4j_gds.gate import check
from graph.engines.neo4j_gds.store import Neo4jEngine
from graph.errors import QueryFailed, UnsafeQuery
from tests.frames import START, at, small_world

pytestmark = pytest.mark.neo4j

TRANSFERS = (
    "MATCH (a:Account)-[t:TRANSFER]->(b:Account) WHERE t.at >= $since RETURN t.event_key AS event, t.at AS at"
)


@pytest.fixture
def engine(neo4j_engine: GraphEngine) -> Neo4jEngine:
    """The real engine over the small world."""
    assert isinstance(neo4j_engine, Neo4jEngine)
    return neo4j_engine


def test_rows_come_as_plain_values_with_instants_in_utc(engine: Neo4jEngine) -> None:
    found = engine.query(TRANSFERS + " ORDER BY at", {"since": at(9)})
    assert found.columns == ("event", "at")
    assert found.rows == (("t3", at(9)), ("t4", at(30)), ("t5", at(31)))
    assert not found.truncated
    assert found.rows[0][1].utcoffset() == timedelta(0)


def test_durations_and_days_are_parameters_and_values(engine: Neo4jEngine) -> None:
    returned = "p.birth_on AS day, $start + $window AS until, $window AS w"
    text = f"MATCH (p:Person) WHERE p.birth_on = $day RETURN {returned}"
    found = engine.query(text, {"day": date(1990, 1, 1), "start": START, "window": timedelta(minutes=5)})
    assert found.rows == ((date(1990, 1, 1), at(5), timedelta(minutes=5)),)


def test_nodes_relationships_and_paths_come_as_maps(engine: Neo4jEngine) -> None:
    found = engine.query("MATCH p = (:Person)-[h:HOLDS]->(s:Sim) RETURN s, h, p")
    sim, holds, path = found.rows[0]
    assert (sim["type"], sim["number"]) == ("Sim", "10000000001")
    assert (holds["relation"], holds["confidence"]) == ("HOLDS", 1.0)
    assert [part.get("type", part.get("relation")) for part in path] == ["Person", "HOLDS", "Sim"]


def test_the_row_limit_cuts_and_says_so(engine: Neo4jEngine) -> None:
    found = engine.query(TRANSFERS + " ORDER BY at", {"since": at(0)}, row_limit=2)
    assert ([row[0] for row in found.rows], found.truncated) == (["t1", "t2"], True)


def test_a_query_that_runs_too_long_is_ended_at_its_limit(engine: Neo4jEngine) -> None:
    rows = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b"
    text = f"{rows} WHERE a * b = -1 RETURN count(*) AS n"
    with pytest.raises(QueryFailed, match="time limit") as caught:
        engine.query(text, timeout_s=1.0)
    assert "range" not in str(caught.value)


def test_a_wrong_query_says_where_and_quotes_no_value(engine: Neo4jEngine) -> None:
    with pytest.raises(QueryFailed, match="SyntaxError at line 1") as caught:
        engine.query("MATCH (a:Account {key: '6200000000000000001'}) RETURN a.key AS k ORDER k")
    assert "62000" not in str(caught.value)
    with pytest.raises(QueryFailed):
        engine.query("MATCH (a:Account) RETURN $missing AS m")


def test_writing_is_refused_and_the_graph_stays(engine: Neo4jEngine) -> None:
    before = engine.digest()
    for text in (
        "MATCH (n) DETACH DELETE n",
        "MATCH (a:Account) SET a.bank = 'x' RETURN a.key AS k",
        "CREATE (n)",
    ):
        with pytest.raises(UnsafeQuery):
            engine.query(text)
    assert engine.digest() == before


@pytest.mark.parametrize(
    "text",
    [
        "UNWIND ['x'] AS x LOAD CSV FROM 'file:///x.csv' AS row RETURN row[0] AS cell",
        "CALL dbms.listConfig() YIELD name RETURN name",
        "CALL gds.graph.list() YIELD graphName RETURN graphName AS name",
        "SHOW SETTINGS YIELD name RETURN name AS name",
        "MATCH (a:Account) SET a.bank = 'x' RETURN a.key AS k",
        "MATCH (a:Account) CALL (a) { RETURN 1 AS one } IN TRANSACTIONS RETURN one AS one",
    ],
)
def test_the_plan_refuses_what_a_hole_in_the_lexer_would_let_through(
    engine: Neo4jEngine, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with pytest.raises(UnsafeQuery):
        check(text)
    monkeypatch.setattr("graph.engines.neo4j_gds.cypher.check", lambda text: None)
    with pytest.raises((UnsafeQuery, QueryFailed)):
        engine.query(text)


def test_no_writing_or_calling_operator_is_on_the_list() -> None:
    assert not {
        o for o in OPERATORS if o.startswith(("Create", "Delete", "Set", "Merge", "Remove", "Load", "Proc"))
    }
    assert not {o for o in OPERATORS if "Transaction" in o or "Call" in o}
    assert Neo4jCypher.query.__doc__


@pytest.mark.parametrize("name", sorted(small_world()))
def test_many_plain_shapes_of_queries_pass_both_gates(engine: Neo4jEngine, name: str) -> None:
    if name[1].isupper():
        texts = [
            f"MATCH (a)-[r:{name}]->(b) RETURN count(r) AS n, count(DISTINCT a) AS starts, max(b.key) AS k",
            f"MATCH p = SHORTEST 1 (a:Account)-[:{name}]-+(b:Account) RETURN length(p) AS n",
            f"MATCH (a:Account) OPTIONAL MATCH (a)-[r:{name}*1..2]-(b) RETURN collect(b.key) AS l",
            f"MATCH (a:Account) WHERE NOT EXISTS {{ (a)-[:{name}]-() }} OR a.corporate RETURN a.key AS k",
            f"MATCH (a:Account)-[r:{name}]-() WITH a, r ORDER BY r.source, r.row "
            "RETURN a.key AS k, head(collect(r.row)) AS row ORDER BY k LIMIT 3",
        ]
    else:
        texts = [
            f"MATCH (n:{name}) RETURN count(*) AS n",
            f"MATCH (n:{name}) WHERE n.key STARTS WITH '6' OR n.key CONTAINS ':' "
            "RETURN DISTINCT n.key AS k ORDER BY k SKIP 1",
            f"MATCH (n:{name}) WHERE n.key IN $keys RETURN n.key AS k UNION MATCH (n:{name}) RETURN 1 AS k",
            f"MATCH (n:{name}), (m:{name}) WHERE n.key < m.key RETURN n.key AS a, m.key AS b",
            f"UNWIND $keys AS key MATCH (n:{name} {{key: key}}) "
            "CALL (n) { MATCH (n)--(m) RETURN count(m) AS d } RETURN n.key AS k, d AS d",
        ]
    for text in texts:
        engine.query(text, {"keys": ["6200000000000000001"]})
