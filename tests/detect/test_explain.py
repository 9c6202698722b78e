"""An explanation names what holds against a finding, what was not tested, and what its rule leaves open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from detect.explain import Explanation, explain, explanation_record, parameters_text
from detect.facts import Facts
from detect.results import Finding
from detect.rule import open_library
from detect.worlds import World, build_world
from graph.contract import Ref
from tests.detect.ledgers import in_memory

RULES = {rule.id: rule for rule in open_library().rules}
AT = datetime(2024, 3, 5, 1, tzinfo=UTC)
WAGES = [
    "P TRANSFER W1..W5 at=2024-03-05T09:00 every=PT1M amount=5000 memo=工资",
    "P TRANSFER W1..W5 at=2024-04-05T09:00 every=PT1M amount=5000 memo=工资",
]


def _finding(rule: str, subject: Ref, *others: Ref) -> Finding:
    return Finding(f"{rule}-1", rule, 2, subject, 0.9, AT, AT, {}, {}, others, (("0" * 64, 3),))


def _explained(world: World, finding: Finding, *every: Finding) -> Explanation:
    return explain(finding, RULES.get(finding.rule), Facts(in_memory(world.frames)), every)


def test_wages_speak_against_a_finding_on_the_accounts_it_names() -> None:
    world = build_world(WAGES)
    place, paid = Ref("Merchant", "88001"), world.names["W1"]
    found = _explained(world, _finding("F18", place, paid))
    assert [(one.name, one.account) for one in found.counter] == [("payroll", paid)]
    assert 0 < found.counter[0].strength <= 1
    assert set(found.tested) == set(RULES["F18"].exclude) and found.untested == ()


def test_accounts_that_the_finding_does_not_name_explain_nothing() -> None:
    world = build_world([*WAGES, "A TRANSFER B at=2024-03-05T09:00 amount=5000"])
    found = _explained(world, _finding("F18", Ref("Merchant", "88001"), world.names["B"]))
    assert found.counter == () and found.tested


def test_an_explanation_without_a_file_is_named_as_untested() -> None:
    world = build_world(WAGES)
    rule = next(rule for rule in RULES.values() if rule.id == "F18")
    facts = Facts(in_memory(world.frames))
    other = rule.model_copy(update={"exclude": ("payroll", "crypto_hobby")})
    found = explain(_finding("F18", world.names["W1"]), other, facts)
    assert (found.tested, found.untested) == (("payroll",), ("crypto_hobby",))


def test_other_rules_on_the_same_subject_are_counted() -> None:
    world = build_world(WAGES)
    one = _finding("F18", world.names["W1"])
    every = [one, *(replace(one, rule=rule) for rule in ("F03", "F03", "D01"))]
    every.append(replace(one, rule="F20", subject=world.names["W2"]))
    assert _explained(world, one, *every).beside == (("D01", 1), ("F03", 2))


def test_the_record_masks_keys_and_says_what_to_ask_for() -> None:
    world = build_world(WAGES)
    account = world.names["W1"]
    finding = _finding("F18", Ref("Merchant", "88001"), account)
    record = explanation_record(_explained(world, finding), lambda ref: "masked", False)
    assert account.key not in str(record) and record["subject"]["key"] == "masked"
    assert record["next_steps"] == [{"zh": one.zh, "en": one.en} for one in RULES["F18"].next_steps]
    assert {clause for demand in record["answers"] for clause in demand["clauses"]} == set(
        RULES["F18"].answers
    )
    assert record["counter_evidence"][0]["name"] == "payroll"


def test_what_lowered_the_score_is_named_though_no_account_meets_its_condition() -> None:
    finding = replace(
        _finding("F18", Ref("Merchant", "88001")),
        values={"excluded_by": ("family",), "excluded_strength": 1.0, "score_alone": 0.9},
    )
    found = _explained(build_world(WAGES), finding)
    assert found.counter == () and found.excused == ("family",)
    assert explanation_record(found, lambda ref: ref.key, True)["excluded_by"] == ["family"]


def test_a_finding_whose_rule_is_gone_keeps_its_own_values() -> None:
    found = _explained(build_world(WAGES), _finding("Z99", Ref("Account", "88000000000000001")))
    record = explanation_record(found, lambda ref: ref.key, True)
    assert record["message"] is None and "next_steps" not in record and record["rows"] == [["0" * 64, 3]]


def test_parameters_are_said_with_their_meaning() -> None:
    finding = replace(
        _finding("F18", Ref("Merchant", "88001")),
        parameters={"min_holders": 3, "window": timedelta(minutes=30)},
    )
    said = dict(parameters_text(finding, RULES["F18"], "en"))
    assert said == {"fewest holders": "3", "window": "30 minutes"}
