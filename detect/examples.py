"""Runs a rule's own examples: the world is built, the body run, the rows compared with what is expected."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from detect.rule import Rule
from detect.rule_parts import Fires, Silent
from detect.world_values import resolved
from detect.worlds import World, build_world
from graph.contract import Ref
from graph.errors import InvalidRule
from graph.parameters import ParameterType, Value, read_instant, typed

Rows = list[dict[str, Any]]
RunBody = Callable[[Rule, World, Mapping[str, Value]], Rows]
"""Runs the body of a rule on a world with all parameter values; rows by column name, best first."""


@dataclass(frozen=True, slots=True)
class Case:
    """One example of a rule, with a label for reports."""

    rule: Rule
    label: str
    example: Silent
    fires: bool


def cases(rule: Rule) -> Iterator[Case]:
    """All examples of a rule in file order, those that fire first."""
    for kind, examples in (("fires", rule.examples.fires), ("stays_silent", rule.examples.stays_silent)):
        for number, example in enumerate(examples, start=1):
            yield Case(rule, f"{rule.id} {kind} {number}", example, kind == "fires")


def world_of(case: Case) -> World:
    """The world of an example; InvalidRule names the rule and the line that can't be read."""
    try:
        return build_world(case.example.given)
    except InvalidRule as error:
        raise InvalidRule(f"{case.label}: {error.message}", **error.facts) from error


def parameters_of(case: Case, world: World) -> dict[str, Value]:
    """The parameter values of an example; identifiers written as names become those nodes' keys."""
    given: dict[str, object] = {}
    for name, raw in case.example.parameters.items():
        parameter = case.rule.parameters.get(name)
        personal = parameter is not None and parameter.type is ParameterType.IDENTIFIER
        given[name] = _named(raw, world) if personal and isinstance(raw, str) else raw
    return case.rule.parameter_values(given)


def problems(case: Case, run: RunBody) -> list[str]:
    """What is wrong with an example, one sentence each; nothing when it does what it says."""
    world = world_of(case)
    rows = run(case.rule, world, parameters_of(case, world))
    if not case.fires:
        return [f"{case.label} fired {len(rows)} times but should stay silent"] if rows else []
    if not rows:
        return [f"{case.label} did not fire"]
    expect = case.example.expect if isinstance(case.example, Fires) else ()
    if not expect:
        return []
    if len(rows) != len(expect):
        return [f"{case.label} gave {len(rows)} rows, expected {len(expect)}"]
    return [
        f"{case.label}, row {number}: {column} is {_plain(row.get(column))!r}, expected {wanted[column]!r}"
        for number, (row, wanted) in enumerate(zip(rows, expect, strict=True), start=1)
        for column in wanted
        if not matches(row.get(column), wanted[column], world)
    ]


def matches(actual: object, wanted: object, world: World) -> bool:
    """Whether a value is what the example writes: names stand for keys, text for instants and spans."""
    if isinstance(wanted, list):
        if not isinstance(actual, list | tuple) or len(actual) != len(wanted):
            return False
        return all(matches(a, w, world) for a, w in zip(actual, wanted, strict=True))
    if isinstance(actual, Ref):
        actual = actual.key
    if isinstance(wanted, str):
        return _matches_text(actual, _named(wanted, world))
    if isinstance(wanted, float) and isinstance(actual, int | float):
        return abs(actual - wanted) <= 1e-6 * max(1.0, abs(wanted))
    return _plain(actual) == wanted and isinstance(actual, bool) == isinstance(wanted, bool)


def _matches_text(actual: object, wanted: str) -> bool:
    try:
        if isinstance(actual, datetime):
            return actual == read_instant(wanted)
        if isinstance(actual, timedelta):
            return actual == typed(ParameterType.DURATION, wanted)
    except ValueError:
        return False
    return _plain(actual) == wanted


def _named(text: str, world: World) -> str:
    """`A`, `key(A)` or `number(S)` as the key or number in the world, other text as it is."""
    return world.key(text) or resolved(text, world.value) or text


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
