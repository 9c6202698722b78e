"""How long look-ups take on a large lake: `python -m bench.lookups --lake LAKE --seed 5`.

The server's part only: what the engine and the finder do, without drawing. Each look-up is asked of nodes
drawn at random; "first" is the first of its kind after opening, the percentiles are of all others. No answer
is kept for the next question.
CPU counts all threads; beside other work it is the steadier figure. `bench.grown_lake` makes a lake to ask.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from bench.clock import machine
from bench.grown_lake import HUB
from graph.connect import GraphEngine, open_engine
from graph.contract import Direction, Ref
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import LakeTables, open_tables
from graph.lookup.finder import Finder
from graph.lookup.index import open_index

_FETCHED = 1_200
"""Rows that a double click on the chart fetches of a relation."""
_ORDINARY = 200
"""A node with more links is not an ordinary one."""


def main() -> int:
    """Print one line a look-up."""
    parser = argparse.ArgumentParser(prog="python -m bench.lookups", description=__doc__)
    parser.add_argument(
        "--lake", type=Path, required=True, help="a loaded home; look-up files are made in it"
    )
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--draws", type=int, default=200)
    given = parser.parse_args()
    home = lake_home(given.lake)
    print(machine())
    began = time.perf_counter()
    tables = open_tables(home)
    print(f"{tables.rows['TRANSFER']:,} transfers, {_nodes(tables):,} nodes; seed {given.seed}")
    with open_engine("embedded:", home) as engine:
        # The first question for a way makes the files of links when they are missing.
        engine.paths(Ref("Account", HUB), Ref("Account", HUB))
        engine.get(Ref("Account", HUB))
        print(f"opened and first row read: {time.perf_counter() - began:.1f} s", flush=True)
        draw = random.Random(given.seed)
        accounts = _drawn(tables, "Account", given.draws, draw)
        people = _drawn(tables, "Person", given.draws, draw)
        _hub(engine)
        _expanding(engine, accounts, people)
        _connecting(engine, accounts, draw)
        _searching(home, tables, given.draws, draw)
    return 0


def _expanding(engine: GraphEngine, accounts: list[Ref], people: list[Ref]) -> None:
    small = [ref for ref in accounts if sum(e.others for e in engine.expansions(ref)) <= _ORDINARY]
    print(f"accounts of at most {_ORDINARY} links: {len(small)} of {len(accounts)}")
    _timed("count what lies behind an account", small, engine.expansions)
    _timed("count what lies behind a person", people, engine.expansions)
    _timed(
        "fetch the transfers of an account",
        small,
        lambda ref: engine.neighbours(ref, "TRANSFER", Direction.BOTH, _FETCHED),
    )
    _timed("expand: count, then fetch the transfers", small, lambda ref: _expanded(engine, ref, True))
    _timed("expand all relations at once", small, lambda ref: _expanded(engine, ref, False))


def _expanded(engine: GraphEngine, ref: Ref, one: bool) -> list[Any]:
    ways = [e for e in engine.expansions(ref) if not one or e.relation == "TRANSFER"]
    asked = dict.fromkeys((e.relation, e.direction) for e in ways)
    return [engine.neighbours(ref, relation, way, _FETCHED) for relation, way in asked]


def _searching(home: LakeHome, tables: LakeTables, draws: int, draw: random.Random) -> None:
    began = time.perf_counter()
    index = open_index(home.lookups, tables)
    made = time.perf_counter() - began
    print(f"search index: {len(index.values):,} values, {len(index.names):,} names; {made:.1f} s", flush=True)
    finder = Finder(index)
    cards = [ref.key for ref in _drawn(tables, "Card", draws, draw)]
    phones = _values(tables, "Sim", "number", draws, draw)
    names = _values(tables, "Person", "name", draws, draw)
    _timed("search: exact card", cards, finder.find)
    _timed("search: exact phone", phones, finder.find)
    _timed("search: first 8 of a card", [c[:8] for c in cards], finder.find)
    _timed("search: last 6 of a card", [c[-6:] for c in cards], finder.find)
    _timed("search: last 4 of a card", [c[-4:] for c in cards], finder.find)
    _timed("search: masked card", [f"{c[:6]}***{c[-4:]}" for c in cards], finder.find)
    _timed("search: name", names, finder.find)
    _timed("search: name and other spellings", names, lambda text: finder.find(text, guess=True))
    spoken = [index.forms["sounds"].texts.at(draw.randrange(len(index.forms["sounds"].texts))) for _ in names]
    _timed("search: pinyin", spoken, finder.find)
    initials = index.forms["initials"].texts
    _timed("search: initials", [initials.at(draw.randrange(len(initials))) for _ in names], finder.find)
    wrong = [name[:-1] + draw.choice("甲乙丙丁") for name in names]
    _timed("search: name with a wrong sign", wrong, finder.find)
    lists = [cards[n : n + 20] * 5 for n in range(0, min(len(cards), 100), 20)]
    _timed("a list of 100 cards", lists, lambda cells: [finder.find_exactly(cell) for cell in cells])


def _connecting(engine: GraphEngine, accounts: list[Ref], draw: random.Random) -> None:
    began = time.perf_counter()
    engine.earliest_route([accounts[0]], [accounts[1]])
    print(f"transfers mapped (made when missing): {time.perf_counter() - began:.1f} s", flush=True)
    pairs = [tuple(draw.sample(accounts, 2)) for _ in accounts]
    found = [engine.earliest_route([a], [b]) for a, b in pairs]
    steps = sorted(len(route.steps) for route in found if route.steps)
    middle = steps[len(steps) // 2] if steps else 0
    print(f"of {len(pairs)} pairs {len(steps)} are joined along time; steps: median {middle}")
    _timed("first way along time", pairs, lambda two: engine.earliest_route([two[0]], [two[1]]))
    _timed("the same, not before", pairs, lambda two: engine.earliest_route([two[0]], [two[1]], strict=False))
    few = pairs[:20]
    _timed("strongest way", few, lambda two: engine.strongest_route([two[0]], [two[1]]))
    _timed("shortest way of any relation", few, lambda two: engine.paths(two[0], two[1]))
    _timed("common neighbours of 2", few, lambda two: engine.shared_neighbours(two))
    tens = [draw.sample(accounts, 10) for _ in few]
    _timed("common neighbours of 10", tens, engine.shared_neighbours)


def _hub(engine: GraphEngine) -> None:
    hub = Ref("Account", HUB)
    if engine.get(hub) is None:
        print("no hub in this lake")
        return
    others = sum(e.others for e in engine.expansions(hub))
    _timed(f"count what lies behind the hub of {others:,}", [hub] * 20, engine.expansions)
    _timed("ten strongest of the hub", [hub] * 20, lambda ref: engine.neighbours(ref, "TRANSFER", limit=10))


def _timed(name: str, asked: Sequence[Any], ask: Callable[[Any], Any]) -> None:
    spent = []
    for one in asked:
        began, used = time.perf_counter(), time.process_time()
        ask(one)
        spent.append(((time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000))
    wall, cpu = (sorted(one[kind] for one in spent[1:]) for kind in (0, 1))
    print(
        f"{name}: first {spent[0][0]:.1f} ms; wall p50 {_at(wall, 0.5):.1f}, p95 {_at(wall, 0.95):.1f}, "
        f"p99 {_at(wall, 0.99):.1f}; CPU p50 {_at(cpu, 0.5):.1f}, p95 {_at(cpu, 0.95):.1f} ms ({len(wall)})",
        flush=True,
    )


def _at(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _drawn(tables: LakeTables, kind: str, count: int, draw: random.Random) -> list[Ref]:
    keys = tables.scan(kind).select("key").collect()["key"].sort()
    return [Ref(kind, keys[place]) for place in sorted(draw.sample(range(len(keys)), min(count, len(keys))))]


def _values(tables: LakeTables, kind: str, column: str, count: int, draw: random.Random) -> list[str]:
    found = tables.scan(kind).select(pl.col(column).drop_nulls().unique().sort()).collect()[column]
    return [found[draw.randrange(len(found))] for _ in range(count)]


def _nodes(tables: LakeTables) -> int:
    return sum(rows for name, rows in tables.rows.items() if not name.isupper())


if __name__ == "__main__":
    sys.exit(main())
