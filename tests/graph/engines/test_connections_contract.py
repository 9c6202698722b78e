"""Ways along money and shared neighbours: the same answers on every engine, and those of a plain search."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.connect import GraphEngine, open_engine
from graph.contract import Direction, Ref, Route
from graph.engines.embedded.store import EmbeddedEngine
from graph.errors import InputError
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from tests.frames import at, edge, event, nodes, table
from tests.neo4j_server import TEST_MEMORY

A1, A2, A3, A4 = (Ref("Account", f"620000000000000000{n}") for n in range(1, 5))
P1, P2 = Ref("Person", "990101199001010018"), Ref("Person", "990101199001010026")
DEVICE = Ref("Device", "imei:00000000000001")
KEYS = [f"88{n:015d}" for n in range(6)]


def events_of(route: Route) -> list[list[str | None]]:
    return [[e.event_key for e in step] for step in route.steps]


def test_the_earliest_way_follows_time(engine: GraphEngine) -> None:
    route = engine.earliest_route([A1], [A4])
    assert [n.ref for n in route.nodes] == [A1, A2, A3, A4]
    assert events_of(route) == [["t1"], ["t3"], ["t4"]]
    assert (route.weakest_fen, route.truncated) == (1_000_00, False)
    assert engine.earliest_route([A1], [A4], since=at(1)).steps[0][0].event_key == "t2"
    assert engine.earliest_route([A1], [A4], until=at(29)) == Route()
    assert engine.earliest_route([A4], [A1]) == Route()
    assert engine.earliest_route([A1], [Ref("Account", "nobody")]) == Route()


def test_every_step_of_a_way_carries_its_source_rows(engine: GraphEngine) -> None:
    first = engine.earliest_route([A1], [A3]).steps[0][0]
    assert first.rows == (("f" * 64, 1), ("e" * 64, 7))
    assert (first.start, first.end, first.at) == (A1, A2, at(0))


def test_the_strongest_way_sums_what_one_paid_the_next(engine: GraphEngine) -> None:
    route = engine.strongest_route([A1], [A3])
    assert events_of(route) == [["t1", "t2"], ["t3"]]
    assert route.weakest_fen == 3_400_50
    assert engine.strongest_route([A1], [A3], until=at(0)) == Route()
    assert engine.strongest_route([A1], [A2], until=at(0)).weakest_fen == 1_000_00


def test_a_node_is_its_own_way_and_only_accounts_pay(engine: GraphEngine) -> None:
    assert [n.ref for n in engine.earliest_route([A1, A2], [A2]).nodes] == [A2]
    assert [n.ref for n in engine.strongest_route([A1], [A1]).nodes] == [A1]
    for ask in (engine.earliest_route, engine.strongest_route):
        with pytest.raises(InputError, match="between accounts"):
            ask([P1], [A1])


def test_shared_neighbours_say_how_they_are_linked(engine: GraphEngine) -> None:
    found = engine.shared_neighbours([A1, A2])
    assert [(one.node.ref, one.linked, one.others, one.hub) for one in found.found] == [(DEVICE, 2, 2, False)]
    link = found.found[0].links[0]
    assert (link.relation, link.direction, link.linked, link.count) == ("LOGGED_IN", Direction.OUT, 2, 2)
    paid = engine.shared_neighbours([A1, A3])
    assert [one.node.ref for one in paid.found] == [A2]
    assert [(one.relation, one.direction, one.amount_fen) for one in paid.found[0].links] == [
        ("TRANSFER", Direction.OUT, 3_500_00),
        ("TRANSFER", Direction.IN, 3_400_50),
    ]
    assert engine.shared_neighbours([A1, A2, A4], least=3).found == ()
    assert engine.shared_neighbours([P1, A2]).found[0].node.ref == A1


def test_too_few_or_too_many_nodes_are_refused(engine: GraphEngine) -> None:
    for refs in ([A1], [A1, A1], [Ref("Account", str(n)) for n in range(201)]):
        with pytest.raises(InputError, match="2 to 200"):
            engine.shared_neighbours(refs)


@st.composite
def payments(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """Up to 14 payments (payer, payee, minute, fen) among six accounts, many at one instant."""
    one = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.integers(1, 9))
    return draw(st.lists(one, min_size=1, max_size=14))


def frames_of(paid: list[tuple[int, int, int, int]]) -> dict[str, Any]:
    rows = [
        event(
            f"e{number:02d}", ("Account", KEYS[payer]), ("Account", KEYS[payee]), at(minute), amount_fen=fen
        )
        for number, (payer, payee, minute, fen) in enumerate(paid)
    ]
    return {"Account": nodes("Account", *KEYS), "TRANSFER": table("TRANSFER", rows)}


@contextmanager
def embedded_over(paid: list[tuple[int, int, int, int]], home: LakeHome) -> Iterator[GraphEngine]:
    write_tables(home, frames_of(paid))
    with open_engine("embedded:", home) as opened:
        yield opened


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paid=payments(), strict=st.booleans(), low=st.integers(0, 3), high=st.integers(2, 5))
def test_ways_are_those_of_a_plain_search(
    paid: list[tuple[int, int, int, int]], strict: bool, low: int, high: int, tmp_path: Path
) -> None:
    with embedded_over(paid, lake_home(tmp_path / "lake")) as engine:
        first_is_right(engine, paid, strict, low, high)
        strongest_is_right(engine, paid, low, high)


def arrival(paid: list[tuple[int, int, int, int]], strict: bool, low: int, high: int) -> int | None:
    """The minute at which account 1 is first reached from account 0, by trying all ways."""
    best: list[int] = []

    def go(here: int, minute: int, used: frozenset[int]) -> None:
        if here == 1:
            best.append(minute)
            return
        for number, (payer, payee, when, _) in enumerate(paid):
            later = when > minute or (when == minute and not strict)
            if payer == here and number not in used and later and low <= when <= high:
                go(payee, when, used | {number})

    go(0, -1, frozenset())
    return min(best, default=None)


def first_is_right(
    engine: GraphEngine, paid: list[tuple[int, int, int, int]], strict: bool, low: int, high: int
) -> None:
    start, end = Ref("Account", KEYS[0]), Ref("Account", KEYS[1])
    route = engine.earliest_route([start], [end], at(low), at(high), strict)
    wanted = arrival(paid, strict, low, high)
    if wanted is None:
        assert route == Route()
        return
    edges = [step[0] for step in route.steps]
    assert edges[-1].at == at(wanted)
    assert [e.start for e in edges] == [start, *(e.end for e in edges[:-1])]
    assert edges[-1].end == end
    times = [e.at for e in edges if e.at]
    assert all(b - a > timedelta(0) if strict else b >= a for a, b in pairwise(times))
    assert at(low) <= times[0] and times[-1] <= at(high)
    assert len({n.ref for n in route.nodes}) == len(route.nodes) == len(edges) + 1


def strongest_is_right(
    engine: GraphEngine, paid: list[tuple[int, int, int, int]], low: int, high: int
) -> None:
    sums: dict[tuple[int, int], int] = {}
    for payer, payee, minute, fen in paid:
        if low <= minute <= high:
            sums[payer, payee] = sums.get((payer, payee), 0) + fen
    ways: list[tuple[int, int, list[int]]] = []

    def go(way: list[int], width: int) -> None:
        if way[-1] == 1:
            ways.append((-width, len(way), list(way)))
            return
        for (payer, payee), total in sums.items():
            if payer == way[-1] and payee not in way:
                go([*way, payee], min(width, total))

    go([0], 10**9)
    route = engine.strongest_route([Ref("Account", KEYS[0])], [Ref("Account", KEYS[1])], at(low), at(high))
    if not ways:
        assert route == Route()
        return
    width, _, best = min(ways)
    assert [n.ref.key for n in route.nodes] == [KEYS[n] for n in best]
    assert route.weakest_fen == -width
    said = [sum(e.properties["amount_fen"] for e in step) for step in route.steps]
    assert said == [sums[pair] for pair in pairwise(best)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paid=payments(), asked=st.sets(st.integers(0, 5), min_size=2, max_size=4), least=st.integers(2, 3))
def test_shared_neighbours_are_those_of_a_plain_count(
    paid: list[tuple[int, int, int, int]], asked: set[int], least: int, tmp_path: Path
) -> None:
    refs = [Ref("Account", KEYS[n]) for n in sorted(asked)]
    wanted: dict[int, tuple[int, int, int]] = {}
    for far in set(range(6)) - asked:
        own = [p for p in paid if far in p[:2] and asked & {p[0], p[1]}]
        linked = {p[0] if p[1] == far else p[1] for p in own}
        if len(linked) >= least:
            wanted[far] = (len(linked), len(own), sum(p[3] for p in own))
    with embedded_over(paid, lake_home(tmp_path / "lake")) as engine:
        found = engine.shared_neighbours(refs, least).found
    said = {
        KEYS.index(one.node.ref.key): (
            one.linked, sum(x.count for x in one.links), sum(x.amount_fen or 0 for x in one.links)
        )
        for one in found
    }  # fmt: skip
    assert said == wanted
    order = [(-said[n][0], -said[n][2], KEYS[n]) for n in (KEYS.index(one.node.ref.key) for one in found)]
    assert order == sorted(order)


@pytest.mark.neo4j
def test_both_engines_find_the_same_ways(
    tmp_path: Path, neo4j_lake: LakeHome, neo4j_server: Any, neo4j_runtime: Any
) -> None:
    from random import Random

    from graph.engines.neo4j_gds.sync import sync

    draw = Random(11)
    paid = [
        (draw.randrange(6), draw.randrange(6), draw.randrange(4), draw.randrange(1, 9)) for _ in range(40)
    ]
    home = lake_home(tmp_path / "lake")
    with embedded_over(paid, home) as engine:
        done = sync("neo4j:local", neo4j_lake, open_tables(home), memory=TEST_MEMORY, runtime=neo4j_runtime)
        assert done["equal"]
        with open_engine("neo4j:local", neo4j_lake) as other:
            for start in KEYS:
                for end in KEYS:
                    ends = [Ref("Account", start)], [Ref("Account", end)]
                    for strict in (True, False):
                        assert engine.earliest_route(*ends, at(1), at(3), strict) == other.earliest_route(
                            *ends, at(1), at(3), strict
                        )
                    assert engine.strongest_route(*ends) == other.strongest_route(*ends)
            refs = [Ref("Account", key) for key in KEYS[:3]]
            assert engine.shared_neighbours(refs) == other.shared_neighbours(refs)


def test_a_hub_stands_last_and_is_called_one(tmp_path: Path) -> None:
    many = [f"77{n:015d}" for n in range(1_001)]
    hub, small = "99000000000000000", "66000000000000000"
    rows = [event(f"h{k}", ("Account", k), ("Account", hub), at(1), amount_fen=100) for k in many]
    rows += [event(f"s{k}", ("Account", k), ("Account", small), at(2), amount_fen=1) for k in many[:2]]
    home = lake_home(tmp_path)
    write_tables(home, {"Account": nodes("Account", *many, hub, small), "TRANSFER": table("TRANSFER", rows)})
    with open_engine("embedded:", home) as engine:
        found = engine.shared_neighbours([Ref("Account", k) for k in many[:3]])
    assert [(one.node.ref.key, one.linked, one.hub, one.others) for one in found.found] == [
        (small, 2, False, 2), (hub, 3, True, 1_001),
    ]  # fmt: skip


def test_look_up_files_are_private_and_follow_the_tables(tmp_path: Path) -> None:
    home = lake_home(tmp_path / "lake")
    paid = [(0, 2, 1, 5), (2, 1, 2, 5)]
    start, end = Ref("Account", KEYS[0]), Ref("Account", KEYS[1])
    with embedded_over(paid, home) as engine:
        assert len(engine.earliest_route([start], [end]).steps) == 2
    (kept,) = home.lookups.iterdir()
    assert (home.lookups.stat().st_mode & 0o777, kept.stat().st_mode & 0o777) == (0o700, 0o700)
    with embedded_over([*paid, (0, 1, 1, 7)], home) as engine:
        assert len(engine.earliest_route([start], [end]).steps) == 1
    assert [path != kept for path in home.lookups.iterdir()] == [True]


def test_damaged_look_up_files_are_made_anew(tmp_path: Path) -> None:
    home = lake_home(tmp_path / "lake")
    start, end = Ref("Account", KEYS[0]), Ref("Account", KEYS[1])
    with embedded_over([(0, 1, 1, 7)], home) as engine:
        assert engine.earliest_route([start], [end]).steps
    (kept,) = home.lookups.iterdir()
    (kept / "payee.npy").write_bytes((kept / "payee.npy").read_bytes()[:-4] + b"\xff\xff\xff\x7f")
    with open_engine("embedded:", home) as engine:
        assert engine.earliest_route([start], [end]).steps[0][0].end == end


def test_tables_without_a_home_are_searched_in_memory(small_home: LakeHome) -> None:
    held = EmbeddedEngine(open_tables(small_home))
    assert len(held.earliest_route([A1], [A4]).steps) == 3
    held.close()


def test_a_shared_holder_is_found_whatever_the_relation(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    write_tables(home, {
        "Account": nodes("Account", *KEYS[:2]), "Sim": nodes("Sim", "10000000001"),
        "Person": nodes("Person", P1.key),
        "HOLDS": table("HOLDS", [edge(("Person", P1.key), ("Account", KEYS[0])),
                                 edge(("Person", P1.key), ("Sim", "10000000001"))]),
    })  # fmt: skip
    with open_engine("embedded:", home) as engine:
        found = engine.shared_neighbours([Ref("Account", KEYS[0]), Ref("Sim", "10000000001")])
    assert [(one.node.ref, one.linked) for one in found.found] == [(P1, 2)]
