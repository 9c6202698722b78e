"""The query gate: what only reads passes, what asks for more is refused before the server sees it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.engines.neo4j_gds.gate import LONGEST, check, tokenise
from graph.errors import UnsafeQuery

QUERIES = Path(__file__).resolve().parents[4] / "queries"

PLAIN = [
    "MATCH (a:Account) RETURN a.key AS key ORDER BY key LIMIT 10",
    "match (a:Account {key: $key})-[t:TRANSFER]->(b:Account) return b.key as key, sum(t.amount_fen) as fen",
    "OPTIONAL MATCH (p:Person|Organization)-[:HOLDS]->(a:Account) RETURN count(DISTINCT p) AS holders",
    "MATCH (a:Account) WHERE a.holder_name = 'CREATE (n) // no comment' RETURN a.key AS `账户`",
    "MATCH (a:Account) WHERE EXISTS { (a)<-[:HOLDS]-(:Person) } RETURN count(*) AS n",
    "MATCH (a:Account) WHERE NOT EXISTS { MATCH (a)-[:OPENED_AT]->(b:Branch) WHERE b:Branch } RETURN"
    " a.key AS k",
    "MATCH (p:Person) CALL (p) { MATCH (p)-[:HOLDS]->(a:Account) RETURN a UNION MATCH"
    " (a:Account)-[:OPENED_BY_AGENT]->(p) RETURN a } RETURN a.key AS key",
    "MATCH p = shortestPath((a:Person)-[*..6]-(b:Account)) RETURN [n IN nodes(p) | n.key] AS keys",
    "MATCH p = SHORTEST 1 (a:Person)-[:HOLDS|TRANSFER]-+(b:Account) RETURN length(p) AS steps",
    "UNWIND range(1, 10) AS i RETURN i, {key: i, type: 'x'} AS made",
    "MATCH (d:Device) WITH collect({at: d.kind, key: d.key}) AS found RETURN found[0].key AS key,"
    " size(found) AS n",
    "MATCH (start:Account)-[set:TRANSFER]->(end) RETURN start.key AS s, set.amount_fen AS load, end.key"
    " AS e",
    "MATCH (n) WHERE n:Device OR n:Sim RETURN labels(n)[0] AS type, count(*) AS n",
    "WITH datetime({epochMillis: 0}) AS t RETURN t + duration('PT1H') AS later",
    "MATCH (a:Account)-[t:TRANSFER]->() WITH a, [x IN collect(t) WHERE x.amount_fen > 1 | x.at] AS ats"
    " RETURN ats",
    "MATCH ((a:Account)-[:TRANSFER]->(b:Account)){1,3} RETURN count(*) AS n",
    "RETURN /* a remark */ 1 AS one // end",
]  # fmt: skip

REFUSED = [
    "CREATE (n:Account)", "MATCH (n) SET n.x = 1", "MATCH (n) SET n:Account RETURN n",
    "MATCH (n) DETACH DELETE n", "MATCH (n) DELETE n", "MATCH (n) REMOVE n.key RETURN n",
    "MERGE (n:Account {key: '1'}) RETURN n", "MATCH (n) FOREACH (x IN [1] | SET n.x = x)",
    "MATCH (n)\nSeT n.x = 1", "MATCH (n) WITH n CREATE (m) RETURN m",
    "MATCH (a:Account) CALL (a) { CREATE (m) } RETURN a", "MATCH (a) WHERE EXISTS { CREATE (n) } RETURN a",
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "WITH 1 AS x LOAD CSV FROM $u AS row RETURN row",
    "UNWIND [1] AS x LOAD CSV WITH HEADERS FROM 'http://127.0.0.1/leak?id=' + x AS row RETURN row",
    "CALL dbms.listConfig()", "CALL dbms.components() YIELD name RETURN name", "CALL db.clearQueryCaches()",
    "MATCH (n) CALL dbms.killConnection('x') YIELD message RETURN message",
    "CALL gds.graph.project('g', '*', '*')", "MATCH (n) CALL gds.wcc.stream('g') YIELD nodeId RETURN nodeId",
    "CALL `dbms`.`listConfig`()", "MATCH (n) RETURN gds.graph.exists('g') AS e",
    "MATCH (n) RETURN gds . graph . exists('g') AS e", "RETURN gds.graph.project('g', 1, 2) AS g",
    "RETURN `gds`.graph.exists('g') AS e", "RETURN apoc.version() AS v", "SHOW SETTINGS", "SHOW USERS",
    "SHOW TRANSACTIONS", "TERMINATE TRANSACTION 'x'", "USE system MATCH (n) RETURN n",
    "MATCH (n) RETURN n; MATCH (m) RETURN m", "EXPLAIN MATCH (n) RETURN n", "PROFILE MATCH (n) RETURN n",
    "CYPHER runtime=slotted MATCH (n) RETURN n", "CYPHER 25 MATCH (n) RETURN n", "EXPLAIN CREATE (n)",
    "CRE\\u0041TE (n)", "MATCH (n) \\u0053ET n.x = 1",
    "MATCH (n) WHERE n.key = '\\u0027' CREATE (m) //' RETURN n", "MATCH (n:Secret) RETURN n",
    "MATCH (n:_Load) RETURN n.batch AS b", "MATCH (n:`_Load`) RETURN n", "MATCH (n)-[:SECRET]->() RETURN n",
    "MATCH (n) WHERE n:Secret RETURN n", "MATCH (n:Account|Secret) RETURN n",
    "MATCH (n:Account&!Secret) RETURN n", "MATCH (n:(Account|Secret)) RETURN n",
    "UNWIND range(1, 100000000) AS i RETURN i", "WITH 9 AS n UNWIND range(1, n * n) AS i RETURN i",
    "RETURN range(1, $n) AS r", "RETURN [i IN range(1, 99999999) | i * 2] AS r",
    "RETURN RANGE (0, 1e9) AS r", "MATCH (n) CALL (n) { RETURN 1 AS one } IN TRANSACTIONS RETURN n",
    "MATCH (n) CALL { CREATE (m) } RETURN n",
    "MATCH (a:Account) CALL (a) { RETURN 1 AS x } IN 2 CONCURRENT TRANSACTIONS OF 10 ROWS RETURN x",
    "DROP INDEX x", "CREATE INDEX FOR (n:Account) ON (n.key)",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'", "GRANT ROLE admin TO neo4j",
    "MATCH (n) RETURN rand() AS r", "RETURN randomUUID() AS r", "RETURN file('x') AS r",
    "MATCH (n) RETURN n\u200b", "MATCH (n)\u2028CREATE (m)", "MATCH (n)\x00RETURN n",
    "MATCH (n) RETURN 'a\u202eb' AS x", "MATCH\xa0(n) CREATE (m)", "MATCH (n) RETURN #", "", "   ",
    "// nothing", "n", ")", "MATCH (n RETURN n CALL (n", "MATCH (n) WITH * SET n.x = 1",
    "MATCH (n) WITH * LOAD CSV FROM $u AS r RETURN r", "MATCH (n) // x\rSET n.x = 1",
    "MATCH (x) ((a)-->(b))+ SET x.y = 1 RETURN x", "MATCH (n) WHERE n:% SET n.x = 1",
    "MATCH (n) SKIP 1. SET n.x = 1", "MATCH (n) RETURN [1..2] SET n.x = 1",
    "MATCH (n) RETURN (n).gds.graph.exists('g') AS e", "MATCH (n) RETURN n.`a`",
    "MATCH (n) WHERE n.key IS NOT NULL SET n.x = 1", "MATCH (n) RETURN n ORDER BY n.key DESC SET n.x = 1",
    "MATCH (n) RETURN 'open", "MATCH (n) /* open CREATE (m)", "MATCH (n) RETURN `a",
    "RETURN range(1, 2 AS x",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_reading_query_passes(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_asks_for_more_is_refused(text: str) -> None:
    with pytest.raises(UnsafeQuery):
        check(text)


def test_the_refusal_says_where_and_quotes_no_value() -> None:
    with pytest.raises(UnsafeQuery, match="at character 47: SET asks for more than reading") as caught:
        check("MATCH (a:Account {key: '990101199001010018'}) SET a.x = 1")
    assert "99010" not in str(caught.value)


def test_a_query_beyond_the_length_cap_is_refused() -> None:
    with pytest.raises(UnsafeQuery, match="longer"):
        check("RETURN 1 AS one " + " " * LONGEST)


def test_every_query_of_the_library_passes() -> None:
    checked = 0
    for file in sorted(QUERIES.glob("*/*.yml")):
        rule = yaml.safe_load(file.read_text(encoding="utf-8"))
        if isinstance(rule, dict) and rule.get("query"):
            for part in ("query", "evidence"):
                if rule.get(part):
                    check(rule[part])
                    checked += 1
    assert checked >= 20


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_passed_or_refused_and_never_crashes_the_gate(text: str) -> None:
    for query in (text, f"MATCH (n) RETURN n {text}", f"MATCH (n {text}"):
        try:
            check(query)
        except UnsafeQuery:
            continue
        assert tokenise(query)


WRITES = ("CREATE", "MERGE", "DELETE", "SET", "REMOVE", "LOAD", "SHOW", "USE", "DROP", "FOREACH", "TERMINATE")
BLANKS = (" ", "\n", "\t", "/**/", "//x\n", "\r\n  ")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(WRITES), st.sampled_from(BLANKS), st.sampled_from(BLANKS), st.booleans())
def test_no_blank_comment_or_case_hides_a_writing_clause(word: str, one: str, two: str, low: bool) -> None:
    clause = word.lower() if low else word.title()
    with pytest.raises(UnsafeQuery):
        check(f"MATCH (n:Account){one}{clause}{two}n.x")
