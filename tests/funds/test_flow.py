"""The layered flow against the trace it sums: no fen lost by drawing, folding or replaying."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funds.cells import FIRST_VICTIM
from funds.claims import claims_of
from funds.flow import Flow, flow_of
from funds.flow_fold import picture_of
from funds.ledgers import ledgers_of
from funds.methods import METHODS, Traced, narrowed, trace_by
from funds.parts import lying_at, parts_of, under_way
from funds.tracing import CONSERVING
from tests.funds.rows import MINUTE, Row, draw, moved, pay
from tests.funds.test_tracing import EXAMPLE, VICTIMS, prepared, worlds

SEEDS = st.integers(0, 10**9)


def ended(flow: Flow) -> dict[str, int]:
    return {stop.point[1]: stop.received_fen for stop in flow.stops if stop.point[0] == "sink"}


def sinks_of(traced: Traced) -> dict[str, int]:
    """What the trace itself says ended, where rows tell of it."""
    found: Counter[str] = Counter()
    for owner, sink, fen in traced.sinks.iter_rows():
        if owner >= FIRST_VICTIM:
            found[sink] += fen
    return dict(found)


def held_of(traced: Traced) -> int:
    return int(traced.held.filter(pl.col("owner") >= FIRST_VICTIM)["fen"].sum())


@settings(max_examples=150, deadline=None)
@given(SEEDS, st.sampled_from(CONSERVING))
def test_the_flow_is_the_trace_to_the_fen(seed: int, method: str) -> None:
    rows, victims = worlds(seed)
    traced = trace_by(*prepared(rows, victims), method)
    flow = flow_of(traced)
    assert flow.paid_fen == sum(traced.claims.paid_fen) == flow.held_fen + flow.ended_fen
    assert (ended(flow), flow.held_fen, flow.under_way_fen) == (sinks_of(traced), held_of(traced), 0)
    for stop in flow.stops:
        if stop.point[0] == "account":
            assert stop.received_fen == stop.sent_fen + stop.held_fen, stop
    received = (
        traced.received.filter(pl.col("owner") >= FIRST_VICTIM).group_by("ledger").agg(pl.col("fen").sum())
    )
    assert {stop.point[1]: stop.received_fen for stop in flow.stops if stop.point[0] == "account"} == {
        traced.ledgers.accounts[ledger]: fen for ledger, fen in received.iter_rows()
    }


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_of_poison_every_link_is_what_the_trace_tells(seed: int) -> None:
    rows, victims = worlds(seed)
    traced = trace_by(*prepared(rows, victims), "poison")
    flow = flow_of(traced)
    assert not flow.conserved
    carried = sum(link.fen for link in flow.links if link.end[0] == "account" or link.start[0] != "account")
    assert carried <= int(traced.told["fen"].sum())
    received = traced.received.group_by("ledger").agg(pl.col("fen").sum())
    assert {stop.point[1]: stop.received_fen for stop in flow.stops if stop.point[0] == "account"} == {
        traced.ledgers.accounts[ledger]: fen for ledger, fen in received.iter_rows()
    }


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.sampled_from(METHODS), st.integers(1, 12))
def test_folding_loses_nothing_and_no_band_goes_to_an_earlier_column(
    seed: int, method: str, most: int
) -> None:
    rows, victims = worlds(seed)
    flow = flow_of(trace_by(*prepared(rows, victims), method))
    picture = picture_of(flow, most)
    assert Counter(link for band in picture.bands for link in band.links) == Counter(flow.links)
    assert sum(band.fen for band in picture.bands) == sum(link.fen for link in flow.links)
    assert all(band.end.column > band.start.column for band in picture.bands)
    drawn = Counter(stop for node in picture.nodes if node.group != "returns" for stop in node.stops)
    assert drawn == Counter(flow.stops)
    assert len({node.id for node in picture.nodes}) == len(picture.nodes)
    columns = {stop.column for stop in flow.stops}
    sinks = sum(stop.point[0] == "sink" for stop in flow.stops)
    marks = sum(node.group == "returns" for node in picture.nodes)
    assert len(picture.nodes) - marks <= max(most, 2 * len(columns) + sinks)


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.sampled_from(CONSERVING), st.integers(-1, 100))
def test_at_every_instant_what_was_paid_lies_ended_or_is_under_way(
    seed: int, method: str, minute: int
) -> None:
    rows, victims = worlds(seed)
    traced = trace_by(*prepared(rows, victims), method)
    parts, at = parts_of(traced), minute * MINUTE
    assert (lying_at(parts, at)["fen"] > 0).all()
    flow = flow_of(traced, until=at)
    assert flow.paid_fen == flow.held_fen + flow.ended_fen + flow.under_way_fen
    assert flow.under_way_fen == under_way(parts, at)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(CONSERVING))
def test_after_the_last_row_positions_are_those_of_the_trace(seed: int, method: str) -> None:
    rows, victims = worlds(seed)
    traced = trace_by(*prepared(rows, victims), method)
    whole, last = flow_of(traced), flow_of(traced, until=2**62)
    assert (whole.stops, whole.links) == (last.stops, last.links)


def test_the_example_has_its_levels_sums_and_rows() -> None:
    rows = [*EXAMPLE[:-1], Row("c", "A", "C", 900_000, 600, None, 400_000)]
    traced = trace_by(*prepared(rows, VICTIMS), "fifo")
    flow = flow_of(traced)
    found = {stop.point[1]: (stop.column, stop.received_fen, stop.held_fen) for stop in flow.stops}
    # C has no sheet: what became of the money there is unknown.
    assert found == {
        "V1": (0, 0, 0),
        "V2": (0, 0, 0),
        "A": (1, 1_600_000, 400_000),
        "B": (2, 700_000, 700_000),
        "C": (2, 500_000, 0),
        "left_data": (3, 500_000, 0),
    }
    assert [stop.point[1] for stop in flow.stops if not stop.followed] == ["C"]
    keys = traced.ledgers.rows["event_key"]
    behind = {(link.start[1], link.end[1]): [keys[e] for e in link.events] for link in flow.links}
    assert behind["A", "C"] == ["c"] == behind["C", "left_data"]
    one = flow_of(narrowed(traced, ["V1"]))
    assert (one.paid_fen, one.held_fen, one.ended_fen) == (1_000_000, 700_000, 300_000)


def test_money_that_comes_back_is_a_mark_of_its_own() -> None:
    rows = [
        pay("v", "X", "A", 1_000, 1, in_balance=1_000),
        pay("ab", "A", "B", 1_000, 2, 0, 1_000),
        pay("ba", "B", "A", 400, 3, 600, 400),
        draw("d", "A", 400, 4, 0),
    ]
    flow = flow_of(trace_by(*prepared(rows, {"v": "V"}), "fifo"))
    back = [link for link in flow.links if link.back]
    assert [(link.start[1], link.end[1], link.fen) for link in back] == [("B", "A", 400)]
    (mark,) = (node for node in picture_of(flow).nodes if node.group == "returns")
    assert (mark.column, [stop.point[1] for stop in mark.stops]) == (3, ["A"])


def test_an_account_below_the_share_stands_behind_who_paid_it() -> None:
    rows = [pay("v", "X", "A", 100_000, 1, in_balance=100_000), pay("ab", "A", "B", 999, 2)]
    flow = flow_of(trace_by(*prepared(rows, {"v": "V"}), "fifo"))
    assert {
        stop.point[1]: (stop.column, stop.level) for stop in flow.stops if stop.point[0] == "account"
    } == {
        "A": (1, 1),
        "B": (2, None),
    }
    lower = flow_of(trace_by(*prepared(rows, {"v": "V"}), "fifo"), share=0.005)
    assert next(stop.level for stop in lower.stops if stop.point[1] == "B") == 2


@pytest.mark.parametrize("currency", ["CNY", "USD"])
def test_currencies_are_told_apart(currency: str) -> None:
    rows = [
        pay("v", "X", "A", 1_000, 1, in_balance=1_000),
        Row("w", "X", "A", 70, 2, 2, None, 70, currency="USD"),
    ]
    ledgers = ledgers_of(moved(rows))
    flow = flow_of(trace_by(ledgers, claims_of(ledgers, {"v": "V", "w": "V"}), "fifo"), currency)
    assert flow.paid_fen == {"CNY": 1_000, "USD": 70}[currency]


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_what_must_be_seen_is_never_folded(seed: int) -> None:
    rows, victims = worlds(seed)
    flow = flow_of(trace_by(*prepared(rows, victims), "fifo"))
    smallest = sorted(flow.stops, key=lambda stop: stop.received_fen)[:2]
    picture = picture_of(flow, 1, [stop.point for stop in smallest])
    drawn = {node.stops[0] for node in picture.nodes if node.group == "stop"}
    assert set(smallest) <= drawn


def test_no_claims_give_an_empty_flow() -> None:
    flow = flow_of(trace_by(*prepared([pay("a", "X", "A", 10, 1)], {}), "fifo"))
    assert (flow.paid_fen, flow.stops, picture_of(flow).nodes) == (0, (), ())
