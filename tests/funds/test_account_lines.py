"""The table of victims and accounts agrees with the trace and with the record other programs read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from funds.account_lines import account_lines
from funds.answer import forward_record
from funds.comparison import compare
from funds.methods import METHODS
from funds.tracing import CONSERVING
from tests.funds.rows import MINUTE
from tests.funds.test_tracing import EXAMPLE, VICTIMS, prepared, worlds


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(METHODS))
def test_lines_are_those_of_the_record(seed: int, method: str) -> None:
    found = compare(*prepared(*worlds(seed)))
    record = forward_record(found, method, str, str)["accounts"]
    ours = [
        (o.victim, o.account, o.currency, o.level, o.received_fen, o.held_fen, [o.low_fen, o.high_fen])
        for o in account_lines(found, method)
    ]
    names = ("victim", "account", "currency", "level", "received_fen", "held_fen", "interval")
    theirs = [tuple(one[name] for name in names) for one in record]
    assert sorted(ours, key=str) == sorted(theirs, key=str)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(CONSERVING))
def test_each_line_sends_on_holds_or_ends_what_it_received(seed: int, method: str) -> None:
    found = compare(*prepared(*worlds(seed)))
    for line in account_lines(found, method):
        assert line.by_method[method] == line.received_fen
        assert line.held_fen + sum(line.ends.values()) <= line.received_fen
        assert line.low_fen <= line.received_fen <= line.high_fen


def test_the_example_says_when_money_first_came() -> None:
    lines = account_lines(compare(*prepared(EXAMPLE, VICTIMS)), "fifo")
    assert [(o.victim, o.account, o.level, o.first_at // MINUTE) for o in lines] == [
        ("V1", "A", 1, 540),
        ("V1", "B", 2, 560),
        ("V1", "C", 2, 600),
        ("V2", "A", 1, 580),
        ("V2", "C", 2, 600),
    ]
