"""Card levels on a trace: the example of DOMAIN 7.2, the least share, and agreement with the fifo levels."""

import pytest

from detect.worlds import build_world
from funds.claims import claims_of, reported_claims
from funds.ledgers import ledgers_of, load_ledgers
from funds.levels import counting_transfers
from funds.methods import METHODS, trace_by
from funds.trace_levels import account_levels, counting_steps
from funds.tracing import trace
from tests.detect.ledgers import in_memory
from tests.funds.rows import moved, pay
from tests.funds.test_levels import EXAMPLE as LINES
from tests.funds.test_tracing import EXAMPLE, VICTIMS, YUAN


@pytest.mark.parametrize("method", METHODS)
def test_levels_are_those_of_the_domain_example_by_every_method(method: str) -> None:
    rows = [*EXAMPLE, pay("d", "B", "D", 8_000 * YUAN, 545)]
    ledgers = ledgers_of(moved(rows))
    traced = trace_by(ledgers, claims_of(ledgers, VICTIMS), method)
    least: dict[str, int] = {}
    for _, ledger, level in account_levels(traced).iter_rows():
        account = ledgers.accounts[ledger]
        least[account] = min(level, least.get(account, 99))
    assert least == {"A": 1, "B": 2, "C": 2}


def test_exactly_the_least_share_counts_and_a_fen_less_does_not() -> None:
    for fen, counted in ((1_000, 2), (999, 1)):
        rows = [pay("v", "X", "A", 100_000, 1, in_balance=100_000), pay("on", "A", "B", fen, 2)]
        ledgers = ledgers_of(moved(rows))
        assert counting_steps(trace(ledgers, claims_of(ledgers, {"v": "V"}))).height == counted


def test_money_under_way_gives_no_level_before_it_arrives() -> None:
    rows = [
        pay("v", "X", "A", 1_000, 1, in_balance=1_000),
        pay("w", "Y", "B", 10_000, 2, in_balance=10_000),
        pay("ab", "A", "B", 500, 3),
        pay("bc", "B", "C", 10_200, 5),
        pay("cd", "C", "D", 300, 6),
    ]
    ledgers = ledgers_of(moved(rows))
    steps = counting_steps(trace(ledgers, claims_of(ledgers, {"v": "V", "w": "W"})))
    named = {(o, ledgers.rows["event_key"][e]): level for o, e, level, _ in steps.iter_rows()}
    assert named == {(2, "v"): 1, (2, "ab"): 2, (2, "bc"): 3, (3, "w"): 1, (3, "bc"): 2, (3, "cd"): 3}


def test_the_fifo_levels_of_a_world_without_small_parts_agree() -> None:
    tables = in_memory(build_world(LINES).frames)
    ledgers = load_ledgers(tables)
    claims = reported_claims(tables, ledgers)
    steps = counting_steps(trace(ledgers, claims))
    ours = {
        (claims.victims[o - 2], ledgers.rows["event_key"][e], level, fen)
        for o, e, level, fen in steps.iter_rows()
    }
    theirs = counting_transfers(tables).select("case", "event_key", "level", "carried_fen")
    assert ours == set(theirs.iter_rows())
