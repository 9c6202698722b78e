"""Examples of rules: what counts as firing as expected, and what is reported when a rule does not."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from detect.examples import Rows, cases, matches, parameters_of, problems, world_of
from detect.rule import Rule
from detect.worlds import World, build_world
from graph.contract import Ref
from graph.parameters import Value
from tests.detect.rule_samples import fields, rule

SAYS = {"zh": "{holders}", "en": "{holders}"}
WORLD = build_world(["A HOLDS Sim:S", "S : Sim opened_at=2024-01-01"])


def test_names_instants_and_spans_are_written_as_text() -> None:
    at = datetime(2024, 3, 1, 1, tzinfo=UTC)
    key = WORLD.key("A")
    assert matches(key, "A", WORLD) and matches(Ref("Person", key or ""), "A", WORLD)
    assert matches("15400000001", "number(S)", WORLD) and matches("15400000001@2024-01-01", "S", WORLD)
    assert matches(at, "2024-03-01T09:00+08:00", WORLD) and not matches(at, "2024-03-01T09:01+08:00", WORLD)
    assert matches(timedelta(hours=1), "PT1H", WORLD) and matches(at.date(), "2024-03-01", WORLD)
    assert matches((key, 1), ["A", 1], WORLD) and not matches((key,), ["A", 1], WORLD)
    assert not matches(1, True, WORLD) and not matches(None, "A", WORLD) and matches(0.3, 0.1 + 0.2, WORLD)


def test_identifiers_of_an_example_become_keys() -> None:
    parameters = {
        "number": {"type": "identifier", "required": True, "meaning": {"zh": "号", "en": "number"}},
    }
    query = (
        "MATCH (p:Person)-[:HOLDS]->(:Account)-[l:LOGGED_IN]->(d:Device {key: $number}) "
        "RETURN d.key AS subject, 1 AS holders, l.at AS since ORDER BY since"
    )
    examples = fields()["examples"]
    examples["fires"][0] |= {
        "given": ["A HOLDS S", "S CALLED T at=2024-03-01"],
        "parameters": {"number": "number(S)"},
    }
    examples["stays_silent"][0] |= {"parameters": {"number": "A"}}
    read = rule(parameters=parameters, query=query, evidence=None, examples=examples, message=SAYS)
    fires, silent = cases(read)
    assert parameters_of(fires, world_of(fires)) == {"number": "15400000001"}
    assert parameters_of(silent, world_of(silent)) == {"number": world_of(silent).key("A")}


def _answering(rows: Rows) -> list[str]:
    def run(_rule: Rule, _world: World, _values: Mapping[str, Value]) -> Rows:
        return rows

    return [problem for case in cases(rule()) for problem in problems(case, run)]


def test_an_example_that_does_not_do_what_it_says_is_reported() -> None:
    device = build_world(fields()["examples"]["fires"][0]["given"]).key("D")
    good = {"subject": device, "holders": 1}
    assert _answering([good]) == ["Z01 stays_silent 1 fired 1 times but should stay silent"]
    assert _answering([])[0] == "Z01 fires 1 did not fire"
    assert "gave 2 rows, expected 1" in _answering([good, good])[0]
    assert "holders is 2, expected 1" in _answering([good | {"holders": 2}])[0]
