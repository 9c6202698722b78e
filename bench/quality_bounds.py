"""Which planted patterns lie outside of what a rule looks at, and why: by the rule's own parameters."""

from collections.abc import Mapping

from bench.quality_checks import CHECKS
from bench.quality_ledger import Ledger, Move, read_ledger
from bench.quality_truth import Truth
from detect.rule import Rule
from graph.lake.tables import LakeTables

INSIDE = ""
OWN_MOVES = "a part moves between accounts of one holder"
BEFORE_OPENING = "rows before the stated opening"
FLOOR = "below the floor"
MISSING = "a row is in no sheet"
OTHER = "another bound"


def outside_reasons(
    tables: LakeTables, truth: Truth, rules: Mapping[str, Rule]
) -> dict[str, tuple[str, ...]]:
    """Rule -> for each planted pattern, in order, why it lies outside of the rule's bounds, or INSIDE.

    A pattern is inside when its rows that the lake holds satisfy the rule's definition with the default
    parameters, by a check apart from the detector. Else the first that mends it names the reason: counting
    moves between accounts of one holder, an opening before the first row, no floor; then a row that no sheet
    shows, then any other bound. Rules without a check (`CHECKS`) have all patterns inside.
    """
    checked = {rule: truth.planted[rule] for rule in CHECKS if rule in truth.planted and rule in rules}
    ledger = read_ledger(tables, {part for patterns in checked.values() for p in patterns for part in p})
    whole, early = ledger.without_parties(), ledger.opened_at_first_row()
    found = {rule: (INSIDE,) * len(patterns) for rule, patterns in truth.planted.items()}
    for rule, patterns in checked.items():
        found[rule] = tuple(_reason(rules[rule], pattern, ledger, whole, early) for pattern in patterns)
    return found


def _reason(rule: Rule, pattern: frozenset[str], ledger: Ledger, whole: Ledger, early: Ledger) -> str:
    values = rule.parameter_values()

    def holds(book: Ledger, **changed: int) -> bool:
        return CHECKS[rule.id](_rows(pattern, book), {**values, **changed}, book)

    if holds(ledger):
        return INSIDE
    if holds(whole):
        return OWN_MOVES
    if rule.id == "F07" and holds(early):
        return BEFORE_OPENING
    if "floor" in values and holds(ledger, floor=0):
        return FLOOR
    return MISSING if any(part not in ledger.moves for part in pattern) else OTHER


def _rows(pattern: frozenset[str], ledger: Ledger) -> list[Move]:
    return [
        ledger.moves[part] for part in sorted(pattern) if part in ledger.moves and ledger.moves[part].counts
    ]
