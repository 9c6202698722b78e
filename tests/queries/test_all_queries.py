"""Every rule file is a test case: it loads, is unique and locked, and its examples do what they say."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from neo4j import Driver

from detect.cypher import evidence_rows, run_query
from detect.detectors import DETECTORS
from detect.examples import Case, Rows, cases, parameters_of, problems, world_of
from detect.facts import Facts
from detect.library import stale_files
from detect.rule import QUERIES, Rule, load_rules
from detect.rule_lock import lock_problems, read_lock
from detect.run import run_rule
from detect.worlds import World
from graph.connect import opened
from graph.contract import Engine
from graph.engines.neo4j_gds.server import Server
from graph.engines.neo4j_gds.session import connect as log_in
from graph.lake.duck import connect
from graph.lake.home import LakeHome
from graph.lake.tables import write_tables
from graph.parameters import Value
from tests.queries.neo4j_world import put_world

RULES = load_rules()
EMBEDDED = [case for rule in RULES if rule.form != "query" for case in cases(rule)]
CYPHER = [case for rule in RULES if rule.form == "query" for case in cases(rule)]


def test_the_library_is_as_large_as_promised() -> None:
    assert sum(rule.form == "query" for rule in RULES) >= 14


def test_every_file_of_a_theme_is_a_rule_with_its_own_id_name_and_uuid() -> None:
    files = [p for p in QUERIES.glob("*/*.yml") if p.parent.name not in ("regions", "weights", "exceptions")]
    assert len(files) == len(RULES)
    assert len({handle for rule in RULES for handle in (rule.id, rule.name, rule.uuid)}) == 3 * len(RULES)


def test_exploration_queries_stand_in_their_folder() -> None:
    for rule in RULES:
        assert (QUERIES / "explore" / f"{rule.name}.yml").exists() == (rule.id.startswith("Q")), rule.id


def test_every_rule_declares_what_its_columns_are() -> None:
    assert [rule.id for rule in RULES if not rule.columns] == []


def test_every_detector_that_a_rule_names_exists() -> None:
    assert {rule.detector for rule in RULES if rule.detector is not None} <= set(DETECTORS)


def test_no_changed_body_without_a_higher_revision() -> None:
    assert lock_problems(RULES, read_lock()) == []


def test_lock_schema_template_and_page_are_fresh() -> None:
    assert stale_files(RULES) == [], "run `python -m detect.library`"


@pytest.mark.parametrize("case", EMBEDDED, ids=lambda case: case.label)
def test_example_on_the_embedded_engine(case: Case, tmp_path: Path) -> None:
    assert problems(case, _run_embedded) == []


@pytest.mark.neo4j
@pytest.mark.parametrize("case", CYPHER, ids=lambda case: case.label)
def test_example_on_the_real_neo4j(case: Case, driver: Driver, engine: Engine) -> None:
    hits: Rows = []

    def run(rule: Rule, world: World, values: Mapping[str, Value]) -> Rows:
        put_world(driver, world.frames)
        result = run_query(rule, engine, values)
        hits.extend(dict(zip(result.columns, row, strict=True)) for row in result.rows)
        return hits

    assert problems(case, run) == []
    world = world_of(case)
    for hit in hits if case.rule.evidence is not None else ():
        rows = evidence_rows(case.rule, engine, parameters_of(case, world), hit)
        assert rows, f"{case.label} has a hit without a proving row"
        assert {source for source, _ in rows} == {world.source}


def _run_embedded(rule: Rule, world: World, values: Mapping[str, Value]) -> Rows:
    with tempfile.TemporaryDirectory() as folder:
        tables = write_tables(LakeHome(Path(folder)), world.frames)
        with connect(tables) as connection:
            hits = run_rule(rule, Facts(tables), connection, values).hits
    assert all(hit.rows for hit in hits), f"{rule.id} has a hit without a proving row"
    return [
        {"first_at": hit.first_at, "last_at": hit.last_at, "score": hit.score, **hit.values}
        | {"subject": hit.subject, "others": list(hit.others), "rows": len(hit.rows)}
        for hit in hits
    ]


@pytest.fixture(scope="module")
def driver(neo4j_server: Server) -> Iterator[Driver]:
    """A login that may write; the graph is empty again afterwards."""
    with log_in(neo4j_server.uri, neo4j_server.user, neo4j_server.password) as driver:
        yield driver
        put_world(driver, {})


@pytest.fixture(scope="module")
def engine(neo4j_server: Server, neo4j_lake: LakeHome) -> Iterator[Engine]:
    """The engine as the application opens it, its gate included."""
    engine = opened("neo4j:local", neo4j_lake)
    yield engine
    engine.close()
