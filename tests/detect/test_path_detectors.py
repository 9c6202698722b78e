"""F09, F10 and F11 find exactly what a walk over all paths finds."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from detect.detectors.layering_chain import layering_chain
from detect.detectors.scatter_gather import scatter_gather
from detect.detectors.time_cycle import time_cycle
from tests.detect.ledgers import Payment, facts_of, ledgers

WAIT, SPAN = 20, 60
CHAIN: dict[str, Any] = {
    "min_hops": 3,
    "max_hops": 8,
    "wait": timedelta(minutes=WAIT),
    "share": 0.8,
    "floor": 0,
    "max_steps": 100_000,
}
CYCLE: dict[str, Any] = {
    "min_hops": 3,
    "max_hops": 8,
    "span": timedelta(minutes=SPAN),
    "loss": 0.2,
    "carried": 0.0,
    "hop_share": 0.0,
    "strict": 0,
    "floor": 0,
    "max_steps": 100_000,
}
GATHER: dict[str, Any] = {
    "min_middles": 2,
    "window": timedelta(minutes=SPAN),
    "share": 0.8,
    "floor": 0,
    "max_legs": 1000,
}


def _chains(payments: list[Payment], path: list[Payment]) -> Iterator[list[Payment]]:
    yield path
    met = {path[0].payer, *(p.payee for p in path)}
    for p in payments:
        last = path[-1]
        fits = p.fen <= last.fen and p.fen * 10 >= last.fen * 8
        if p.payer == last.payee and p.payee not in met and 0 <= p.minute - last.minute <= WAIT and fits:
            yield from _chains(payments, [*path, p])


def _longest(payments: list[Payment], first: Payment) -> int:
    return max(len(path) for path in _chains(payments, [first]))


@settings(max_examples=80, deadline=None)
@given(ledgers(accounts=5))
def test_chains_are_the_longest_from_their_start_and_cover_every_start(payments: list[Payment]) -> None:
    hits = layering_chain(facts_of(payments), CHAIN).hits
    by_row = {p.row: p for p in payments}
    covered = set()
    for hit in hits:
        path = sorted((by_row[row] for _, row in hit.rows), key=lambda p: _place(hit, p))
        assert any(path == found for found in _chains(payments, [path[0]]))
        assert hit.values["hops"] == len(path) == _longest(payments, path[0])
        covered |= {p.row for p in path}
    starts = {p.row for p in payments if _longest(payments, p) >= 3}
    assert starts <= covered


def _place(hit: Any, payment: Payment) -> int:
    carriers = [hit.subject.key, *(other.key for other in hit.others)]
    return carriers.index(payment.payee)


def _cycles(payments: list[Payment], path: list[Payment], asked: dict[str, Any]) -> Iterator[list[Payment]]:
    start, first, last = path[0].payer, path[0], path[-1]
    for p in payments:
        if (
            p.payer != last.payee
            or p.minute < last.minute + asked["strict"]
            or p.minute - first.minute > SPAN
        ):
            continue
        small = min(q.fen for q in (*path, p))
        if p.fen * 10 < last.fen * round(asked["hop_share"] * 10):
            continue
        if small * 10 < first.fen * round(asked["carried"] * 10):
            continue
        if p.payee == start:
            hops = len(path) + 1
            if hops >= asked["min_hops"] and p.fen * 10 >= first.fen * 8 and hops * small >= asked["floor"]:
                yield [*path, p]
        elif len(path) + 1 < asked["max_hops"] and p.payee not in {q.payee for q in path}:
            yield from _cycles(payments, [*path, p], asked)


def _told(payments: list[Payment], asked: dict[str, Any]) -> list[list[int]]:
    """Rows of every cycle that F10 tells, in the order of its definition, out of a walk over all."""
    order = sorted(payments, key=lambda p: (p.minute, p.payer, p.row))
    told: list[set[int]] = []
    cited: set[int] = set()
    for again in (False, True):
        for first in order:
            if first.row in cited and not again:
                continue
            ranked = sorted(
                _cycles(payments, [first], asked),
                key=lambda path: (-min(p.fen for p in path), len(path), [(p.minute, p.row) for p in path]),
            )
            for path in ranked:
                rows = {p.row for p in path}
                if rows <= cited or any(2 * len(rows & other) >= len(rows) for other in told):
                    continue
                told.append(rows)
                cited |= rows
                if not again:
                    break
    return sorted(sorted(rows) for rows in told)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(ledgers(accounts=4), ledgers(accounts=4, payments=22), ledgers(accounts=9, payments=20)),
    st.sampled_from([3, 6, 8]),
    st.sampled_from([{"hop_share": 0.0}, {"hop_share": 0.8}, {"hop_share": 1.0}, {"carried": 0.5}]),
    st.sampled_from([0, 1]),
    st.sampled_from([{}, {"min_hops": 2}, {"floor": 30_000}]),
)
def test_cycles_are_those_of_a_walk_over_all_and_none_is_hidden_without_cause(
    payments: list[Payment], longest: int, shares: dict[str, Any], strict: int, more: dict[str, Any]
) -> None:
    asked = CYCLE | {"max_hops": longest, "strict": strict} | shares | more
    hits = time_cycle(facts_of(payments), asked).hits
    told = [{row for _, row in hit.rows} for hit in hits]
    assert sorted(sorted(rows) for rows in told) == _told(payments, asked)
    by_row = {p.row: p for p in payments}
    for hit, rows in zip(hits, told, strict=True):
        assert hit.values["hops"] == len(rows)
        assert hit.values["carried_fen"] == min(by_row[row].fen for row in rows)
        assert len([row for row in rows if by_row[row].payer == hit.subject.key]) == 1
    cited = {row for rows in told for row in rows}
    for first in payments:
        for path in _cycles(payments, [first], asked):
            rows = {p.row for p in path}
            assert rows <= cited or any(2 * len(rows & other) >= len(rows) for other in told)
    assert len(told) <= len(payments)


def test_a_short_cycle_hides_no_longer_one_from_the_same_payment() -> None:
    short = [("A", "B", 0, 3_500), ("B", "C", 1, 900), ("C", "A", 2, 3_600)]
    longer = [("B", "D", 3, 3_500), ("D", "E", 4, 3_430), ("E", "F", 5, 3_327), ("F", "A", 6, 3_260)]
    payments = [Payment(a, b, at, fen, row=n) for n, (a, b, at, fen) in enumerate([*short, *longer], start=1)]
    hits = time_cycle(facts_of(payments), CYCLE).hits
    assert [[row for _, row in hit.rows] for hit in hits] == [[1, 4, 5, 6, 7], [1, 2, 3]]
    only = time_cycle(facts_of(payments), CYCLE | {"carried": 0.5}).hits
    assert [[row for _, row in hit.rows] for hit in only] == [[1, 4, 5, 6, 7]]


def test_a_thousand_ways_round_are_told_a_few_times() -> None:
    sides = (("A", "B", 0), ("B", "C", 20), ("C", "A", 40))
    payments = [
        Payment(a, b, at + n, 10_000, row=10 * side + n + 1)
        for side, (a, b, at) in enumerate(sides)
        for n in range(10)
    ]
    hits = time_cycle(facts_of(payments), CYCLE).hits
    assert len(hits) == 19
    assert len({row for hit in hits for row in hit.rows}) == 30


def test_a_ring_of_eight_is_found_with_its_payments_and_one_of_nine_is_not() -> None:
    for size, found in ((8, 1), (9, 0)):
        ring = [Payment(f"K{n}", f"K{(n + 1) % size}", n, 1_000_00, row=n + 1) for n in range(size)]
        hits = time_cycle(facts_of(ring), CYCLE).hits
        assert [[row for _, row in hit.rows] for hit in hits] == [list(range(1, size + 1))] * found


def test_a_cycle_search_over_a_hub_is_cut_and_said() -> None:
    payments = [Payment("S", "H", 0, 10_000, row=1), Payment("Z", "S", 50, 10_000, row=2)]
    payments += [Payment("H", f"B{n}", n % 20, 10_000, row=n) for n in range(3, 60)]
    result = time_cycle(facts_of(payments), CYCLE | {"max_steps": 20})
    assert result.truncated == ("F10 ended the search of 1 starts after 20 steps each.",)


@settings(max_examples=80, deadline=None)
@given(ledgers(accounts=5))
def test_scatter_gather_finds_the_widest_of_each_pair(payments: list[Payment]) -> None:
    found: dict[tuple[str, str], int] = {}
    cited: dict[tuple[str, str], list[int]] = {}
    for hit in scatter_gather(facts_of(payments), GATHER).hits:
        pair = (hit.others[0].key, hit.subject.key)
        found[pair] = max(found.get(pair, 0), hit.values["middles"])
        cited.setdefault(pair, []).extend(row for _, row in hit.rows)
    assert all(len(rows) == len(set(rows)) for rows in cited.values()), "a payment stands in two hits"
    legs = [
        (a, b)
        for a in payments
        for b in payments
        if b.payer == a.payee
        and b.payee != a.payer
        and 0 <= b.minute - a.minute <= SPAN
        and b.fen <= a.fen
        and b.fen * 10 >= a.fen * 8
    ]
    wanted: dict[tuple[str, str], int] = {}
    for since in {a.minute for a, _ in legs}:
        for start, end in {(a.payer, b.payee) for a, b in legs}:
            inside = [
                (a, b)
                for a, b in legs
                if (a.payer, b.payee) == (start, end) and a.minute >= since and b.minute <= since + SPAN
            ]
            middles = len({a.payee for a, _ in inside})
            if middles >= 2:
                wanted[start, end] = max(wanted.get((start, end), 0), middles)
    assert found == wanted


def test_the_same_ends_are_hit_for_each_time() -> None:
    def relay(at: int, row: int, middles: int) -> list[Payment]:
        out = [Payment("S", f"M{n}", at + n, 1_000, row=row + n) for n in range(middles)]
        return out + [Payment(f"M{n}", "T", at + 9 + n, 900, row=row + 9 + n) for n in range(middles)]

    hits = scatter_gather(facts_of([*relay(0, 1, 2), *relay(500, 50, 3)]), GATHER).hits
    assert [(hit.values["middles"], len(hit.rows)) for hit in hits] == [(3, 6), (2, 4)]


def test_a_search_that_looks_at_too_much_is_cut_and_said() -> None:
    payments = [Payment("S", "H", 0, 10_000, row=1)]
    payments += [Payment("H", f"B{n}", n % 20, 10_000, row=n) for n in range(2, 60)]
    result = layering_chain(facts_of(payments), CHAIN | {"max_steps": 20})
    assert result.truncated == ("F09 ended the search of 1 starts after 20 steps each.",)


@settings(max_examples=30, deadline=None)
@given(ledgers())
def test_order_of_rows_changes_nothing(payments: list[Payment]) -> None:
    for detector, parameters in ((layering_chain, CHAIN), (time_cycle, CYCLE), (scatter_gather, GATHER)):
        one, other = facts_of(payments), facts_of(payments[::-1])
        assert detector(one, parameters) == detector(other, parameters)


def test_the_floor_is_held_against_the_sum_of_a_path() -> None:
    steps = [("V", "A"), ("A", "B"), ("B", "C")]
    payments = [Payment(a, b, n, 1_000, row=n) for n, (a, b) in enumerate(steps, start=1)]
    assert layering_chain(facts_of(payments), CHAIN | {"floor": 3_000}).hits
    assert not layering_chain(facts_of(payments), CHAIN | {"floor": 3_001}).hits
    back = [*payments[:2], Payment("B", "V", 3, 1_000, row=3)]
    assert time_cycle(facts_of(back), CYCLE | {"floor": 3_000}).hits
    assert not time_cycle(facts_of(back), CYCLE | {"floor": 3_001}).hits
