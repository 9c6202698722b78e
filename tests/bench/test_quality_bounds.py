"""Checks of planted patterns agree with each rule's own examples, and name the reason when outside."""

import pytest

from bench.quality_bounds import BEFORE_OPENING, FLOOR, INSIDE, MISSING, OTHER, OWN_MOVES, outside_reasons
from bench.quality_checks import CHECKS
from bench.quality_ledger import read_ledger
from bench.quality_truth import Truth
from detect.examples import Case, cases
from detect.rule import load_rules
from detect.worlds import build_world
from graph.lake.tables import LakeTables
from tests.detect.ledgers import in_memory

RULES = {rule.id: rule for rule in load_rules()}
# Examples that turn on what the check says it leaves out.
UNASKED = ("the two traded before", "working days", "next payment", "start from one payment", "second turn")
EXAMPLES = [
    case
    for rule in sorted(CHECKS)
    for case in cases(RULES[rule])
    if not case.example.parameters and not any(word in (case.example.why or "") for word in UNASKED)
]


def _tables(lines: list[str]) -> LakeTables:
    return in_memory(build_world(lines).frames)


def _events(tables: LakeTables) -> frozenset[str]:
    kinds = ("TRANSFER", "CASH_OUT", "CASH_IN")
    keys = [key for kind in kinds for key in tables.scan(kind).select("event_key").collect()["event_key"]]
    return frozenset(f"event {key}" for key in keys)


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case.label)
def test_a_check_agrees_with_the_rules_examples(case: Case) -> None:
    tables = _tables(list(case.example.given))
    ledger = read_ledger(tables, _events(tables))
    rows = [move for move in ledger.moves.values() if move.counts]
    assert CHECKS[case.rule.id](rows, case.rule.parameter_values(), ledger) == case.fires


def _why(rule: str, lines: list[str], *more: str) -> str:
    """Why the pattern of all rows of a world, and of `more` that it lacks, lies outside."""
    tables = _tables(lines)
    pattern = _events(tables) | frozenset(more)
    nothing = tables.scan("Person").collect()
    truth = Truth(nothing, nothing, frozenset(), frozenset(), {rule: (pattern,)}, {})
    return outside_reasons(tables, truth, RULES)[rule][0]


CHAIN = ["V TRANSFER A at=2024-03-01T09:00 amount={0}", "A TRANSFER B at=2024-03-01T10:00 amount={0}"]
LAST = "B TRANSFER C at=2024-03-01T11:00 amount={0}"


def _chain(yuan: int) -> list[str]:
    return [line.format(yuan) for line in (*CHAIN, LAST)]


def test_reasons_are_named_by_the_rules_own_bounds() -> None:
    assert _why("F09", _chain(2000)) == INSIDE
    assert _why("F09", _chain(1600)) == FLOOR
    assert _why("F09", ["P HOLDS A", "P HOLDS B", *_chain(2000)]) == OWN_MOVES
    assert _why("F09", _chain(2000)[:2], "event 4711") == MISSING
    assert _why("F09", [*_chain(2000)[:2], LAST.format(2001)]) == OTHER


def test_a_row_that_no_sheet_shows_leaves_a_pattern_inside_that_holds_without_it() -> None:
    assert _why("F09", _chain(2000), "event 4711") == INSIDE


def test_a_burst_before_the_stated_opening_is_outside() -> None:
    burst = "V TRANSFER K at=2024-03-01T09:00 amount=50000"
    assert _why("F07", ["K : Account opened_at=2024-03-01T09:00", burst]) == INSIDE
    assert _why("F07", ["K : Account opened_at=2024-03-01T09:00:01", burst]) == BEFORE_OPENING


def test_rules_without_a_check_have_every_pattern_inside() -> None:
    assert _why("F19", _chain(1)) == INSIDE
