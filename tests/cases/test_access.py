"""The access decision: every cell of role and action, and each condition beyond the role."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.access import Action, Context, Effect, Role, Subject, Target, decide
from graph.schema.kinds import Privacy

NOW = datetime(2024, 3, 1, 1, 5, tzinfo=UTC)
GIVEN = Context(case="A43-1", purpose="tracing", reason="victim asks", approver="second", now=NOW)

# One line a role: A allow, M mask, - deny. Columns in the order of Action:
# load count view search query unmask export export_full push push_full approve audit accounts reveal
# judge judge_role open_chart keep_chart work_finding
TABLE = {
    Role.UPLOADER: "AA-----------------",
    Role.ANALYST: "AAMMM---------A-MAA",
    Role.INVESTIGATOR: "AAMMMAMAMA---AAAMAA",
    Role.SUPERVISOR: "AAMMMAMAMAA--AAAMAA",
    Role.AUDITOR: "-----------A-------",
    Role.ADMIN: "------------A------",
}
LETTERS = {"A": Effect.ALLOW, "M": Effect.MASK, "-": Effect.DENY}
CELLS = [
    (role, action, LETTERS[letter])
    for role, line in TABLE.items()
    for action, letter in zip(Action, line, strict=True)
]


def person(role: Role) -> Subject:
    return Subject("officer", role, regions=("4301",), cases=frozenset({"A43-1"}))


def target(action: Action) -> Target:
    if action is Action.REVEAL_INFORMANT:
        return Target("informant", Privacy.INFORMANT)
    if action in (Action.OPEN_CHART, Action.KEEP_CHART):
        return Target("chart", owner="officer")
    return Target("gang", requested_by="other")


@pytest.mark.parametrize(("role", "action", "effect"), CELLS)
def test_every_cell_of_the_table(role: Role, action: Action, effect: Effect) -> None:
    decision = decide(person(role), action, target(action), GIVEN)
    assert decision.effect is effect
    assert (decision.scope is None) == (effect is Effect.DENY)
    assert decision.reason.endswith(".")


def test_the_table_covers_all_roles() -> None:
    assert set(TABLE) == set(Role)


@pytest.mark.parametrize("action", [Action.UNMASK, Action.EXPORT_FULL, Action.PUSH_FULL])
@pytest.mark.parametrize(
    "context",
    [
        replace(GIVEN, reason="  "),
        replace(GIVEN, case=None),
        replace(GIVEN, case="A43-2"),
        replace(GIVEN, expires_at=NOW - timedelta(seconds=1)),
        replace(GIVEN, expires_at=NOW, now=None),
        replace(GIVEN, approver="officer"),
    ],
)
def test_whole_values_need_reason_bound_case_running_purpose_and_another_approver(
    action: Action, context: Context
) -> None:
    assert decide(person(Role.INVESTIGATOR), action, target(action), GIVEN).effect is Effect.ALLOW
    assert decide(person(Role.INVESTIGATOR), action, target(action), context).effect is Effect.DENY


def test_a_purpose_holds_through_its_last_instant() -> None:
    context = replace(GIVEN, expires_at=NOW)
    decision = decide(person(Role.INVESTIGATOR), Action.UNMASK, target(Action.UNMASK), context)
    assert decision.effect is Effect.ALLOW and decision.scope is not None and decision.scope.full


def test_a_desk_without_case_binding_still_needs_a_reason() -> None:
    desk = Subject("officer", Role.INVESTIGATOR, every_case=True)
    assert decide(desk, Action.EXPORT_FULL, Target("gang"), Context(reason="r")).effect is Effect.ALLOW
    assert decide(desk, Action.EXPORT_FULL, Target("gang"), Context()).effect is Effect.DENY


def test_another_region_is_denied_and_the_own_allowed() -> None:
    own, other = Target("gang", region="430121"), Target("gang", region="420100")
    assert decide(person(Role.ANALYST), Action.VIEW, own, GIVEN).effect is Effect.MASK
    assert decide(person(Role.ANALYST), Action.VIEW, other, GIVEN).effect is Effect.DENY


def test_informant_data_is_seen_by_no_ordinary_action_and_needs_a_second_person() -> None:
    for action in set(Action) - {Action.REVEAL_INFORMANT}:
        for role in Role:
            found = decide(person(role), action, Target("tip", Privacy.INFORMANT, requested_by="x"), GIVEN)
            assert found.effect is Effect.DENY
    alone = replace(GIVEN, approver=None)
    reveal = decide(person(Role.SUPERVISOR), Action.REVEAL_INFORMANT, target(Action.REVEAL_INFORMANT), alone)
    assert reveal.effect is Effect.DENY


@pytest.mark.parametrize("requested_by", [None, "officer"])
def test_nobody_approves_the_own_request(requested_by: str | None) -> None:
    request = Target("request", requested_by=requested_by)
    assert decide(person(Role.SUPERVISOR), Action.APPROVE, request, GIVEN).effect is Effect.DENY


def test_public_things_are_not_masked() -> None:
    assert (
        decide(person(Role.ANALYST), Action.VIEW, Target("site", Privacy.PUBLIC), GIVEN).effect
        is Effect.ALLOW
    )


def test_more_cases_never_deny_what_fewer_allowed() -> None:
    few = person(Role.INVESTIGATOR)
    more = replace(few, cases=few.cases | {"A43-2"})
    for action in Action:
        before = decide(few, action, target(action), GIVEN).effect
        assert decide(more, action, target(action), GIVEN).effect is before


def test_a_chart_is_its_owners_until_shared_and_never_leaves_its_case() -> None:
    def may(role: Role, action: Action, chart: Target) -> bool:
        return decide(person(role), action, chart, Context()).effect is not Effect.DENY

    private = Target("chart", owner="colleague", case="A43-1")
    shared, elsewhere = replace(private, shared=True), replace(private, shared=True, case="A43-2")
    for role in (Role.ANALYST, Role.INVESTIGATOR, Role.SUPERVISOR):
        assert may(role, Action.OPEN_CHART, private) is (role is Role.SUPERVISOR)
        assert may(role, Action.OPEN_CHART, shared)
        assert may(role, Action.OPEN_CHART, replace(shared, case=None)), "shared without a case"
        assert not may(role, Action.OPEN_CHART, replace(private, case=None)), "a draft of one person"
        assert not may(role, Action.OPEN_CHART, elsewhere), "another case"
        assert not may(role, Action.KEEP_CHART, shared), "only the owner changes it"
        assert not may(role, Action.OPEN_CHART, replace(shared, owner=None)), "nobody's"
