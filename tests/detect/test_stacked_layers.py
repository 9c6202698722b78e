"""F12 finds planted stacks whatever stands around them, and every stack it finds holds all its bounds."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from detect.detectors.stacked_layers import stacked_layers
from detect.hits import Hit
from tests.detect.ledgers import Payment, facts_of

WINDOW = 60
VALUES: dict[str, Any] = {
    "side": 3,
    "density": 0.5,
    "links": 2,
    "window": timedelta(minutes=WINDOW),
    "floor": 1_000,
    "max_peers": 20,
    "max_middles": 50,
    "max_searches": 1000,
}


def _stack(first: int, sides: tuple[int, int, int], share: float, seed: int) -> list[Payment]:
    """Two layers with at least `share` of their links, the accounts of each pair in a ring besides."""
    random, payments = Random(seed), []
    for layer, (many, few) in enumerate((sides[:2], sides[1:])):
        for a in range(many):
            for b in range(few):
                near = (b - a) % few in (0, 1) or (a - b) % many in (0, 1)
                if near or random.random() < share:
                    minute = first + 25 * layer + random.randrange(20)
                    payments.append(Payment(f"L{layer}{a:02d}", f"L{layer + 1}{b:02d}", minute, 1000))
    return payments


def _numbered(payments: list[Payment]) -> list[Payment]:
    return [
        Payment(p.payer, p.payee, p.minute, p.fen, row=row)
        for row, p in enumerate(sorted(payments, key=lambda one: one.minute), start=1)
    ]


def _assert_holds(hit: Hit, payments: list[Payment]) -> None:
    """Checks a hit from its rows alone, by the definition."""
    by_row = {p.row: p for p in payments}
    rows = [by_row[row] for _, row in hit.rows]
    payers, payees = {p.payer for p in rows}, {p.payee for p in rows}
    middles = payers & payees
    assert hit.subject.key in middles
    assert max(p.minute for p in rows) - min(p.minute for p in rows) <= WINDOW
    into, out_of = [p for p in rows if p.payee in middles], [p for p in rows if p.payer in middles]
    assert len(into) + len(out_of) == len(rows), "layers share no payment"
    outer = [{p.payer for p in into}, {p.payee for p in out_of}]
    assert outer[0].isdisjoint(outer[1]) and not (outer[0] | outer[1]) & middles
    assert [len(outer[0]), len(middles), len(outer[1])] == [
        hit.values[name] for name in ("payers", "middles", "payees")
    ]
    assert min(len(outer[0]), len(middles), len(outer[1])) >= VALUES["side"]
    for layer, name in ((into, "sum_in"), (out_of, "sum_out")):
        links = {(p.payer, p.payee) for p in layer}
        ends = [{a for a, _ in links}, {b for _, b in links}]
        assert len(links) >= VALUES["density"] * len(ends[0]) * len(ends[1])
        near: dict[str, int] = defaultdict(int)
        for link in links:
            for account in link:
                near[account] += 1
        assert min(near.values()) >= VALUES["links"]
        assert sum(p.fen for p in layer) == hit.values[name] >= VALUES["floor"]
    for middle in middles:
        ins, outs = (
            [p.minute for p in into if p.payee == middle],
            [p.minute for p in out_of if p.payer == middle],
        )
        assert min(outs) >= min(ins) and max(ins) <= max(outs)


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.integers(3, 7), st.integers(3, 7), st.integers(3, 7)),
    st.floats(0.5, 1.0),
    st.integers(0, 10_000),
    st.integers(0, 150),
)
def test_a_planted_stack_is_found_among_other_payments(
    sides: tuple[int, int, int], share: float, seed: int, noise: int
) -> None:
    random = Random(seed + 1)
    others = [
        Payment(f"N{random.randrange(60)}", f"M{random.randrange(60)}", random.randrange(300), 1000)
        for _ in range(noise)
    ]
    planted = _stack(100, sides, share, seed)
    payments = _numbered(planted + others)
    hits = stacked_layers(facts_of(payments), VALUES).hits
    for hit in hits:
        _assert_holds(hit, payments)
    dense = [sum(p.payer[:2] == f"L{n}" for p in planted) / (sides[n] * sides[n + 1]) for n in (0, 1)]
    if min(dense) >= VALUES["density"]:
        whole = [hit for hit in hits if hit.values["middles"] == sides[1]]
        assert whole and len(whole[0].rows) == len(planted)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 12)), max_size=70))
def test_whatever_is_found_in_a_crowd_holds_all_bounds(moves: list[tuple[int, int, int]]) -> None:
    payments = _numbered([Payment(f"K{a}", f"K{b}", 10 * at, 1000) for a, b, at in moves if a != b])
    for hit in stacked_layers(facts_of(payments), VALUES).hits:
        _assert_holds(hit, payments)


def test_hubs_and_searches_beyond_the_bound_are_said() -> None:
    hub = [Payment("L000", f"X{n}", 100, 1000) for n in range(21)]
    payments = _numbered(_stack(100, (4, 4, 4), 1.0, 1) + hub)
    found = stacked_layers(facts_of(payments), VALUES)
    assert [hit.values["payers"] for hit in found.hits] == [3]
    assert found.truncated == ("F12 passed over 1 accounts with more than 20 others a window.",)
    one = stacked_layers(facts_of(payments), VALUES | {"max_searches": 1})
    assert any(said.startswith("F12 searched from the first 1 of") for said in one.truncated)


def test_no_payments_give_no_stacks() -> None:
    assert stacked_layers(facts_of([]), VALUES).hits == ()
