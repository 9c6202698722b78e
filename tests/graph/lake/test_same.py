from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graph.lake.duck import connect
from graph.lake.home import lake_home
from graph.lake.same import Pair, as_one, canonical_keys, components, representatives
from graph.lake.tables import LakeTables, open_tables, write_tables
from tests.frames import edge, nodes, small_world, table

_THINGS = st.sampled_from([("Person", sign) for sign in "abcdef"])
_PAIRS = st.lists(st.tuples(_THINGS, _THINGS).filter(lambda pair: pair[0] != pair[1]), max_size=8)


def _reachable(pairs: list[Pair], start: tuple[str, str]) -> set[tuple[str, str]]:
    seen, wave = {start}, {start}
    while wave:
        wave = {b for x, y in pairs for a, b in ((x, y), (y, x)) if a in wave} - seen
        seen |= wave
    return seen


@given(_PAIRS, _PAIRS)
def test_components_are_what_can_be_reached_and_a_difference_inside_blocks(
    same: list[Pair], different: list[Pair]
) -> None:
    found = components(same, different)
    for thing in {end for pair in same for end in pair}:
        group = tuple(sorted(_reachable(same, thing)))
        torn = any(set(pair) <= set(group) for pair in different)
        assert group in (found.blocked if torn else found.joined)
        assert group not in (found.joined if torn else found.blocked)


@given(_PAIRS, _PAIRS, st.randoms())
def test_the_order_of_judgements_does_not_show(
    same: list[Pair], different: list[Pair], chance: object
) -> None:
    turned = [(b, a) for a, b in same]
    chance.shuffle(turned)  # type: ignore[attr-defined]  # random.Random
    assert components(same, different) == components(turned, different[::-1])


def _same(*pairs: tuple[str, str]) -> pl.DataFrame:
    return table("SAME_AS", [edge(("Person", a), ("Person", b), verdict="same") for a, b in pairs])


def _write(root: Path, *pairs: tuple[str, str]) -> LakeTables:
    people = nodes("Person", *sorted({key for pair in pairs for key in pair}))
    return write_tables(lake_home(root), {"Person": people, "SAME_AS": _same(*pairs)})


def test_a_valid_number_represents_its_component_before_a_local_key(tmp_path: Path) -> None:
    tables = _write(tmp_path, ("local:a", "local:b"), ("local:b", "x9"), ("p", "q"))
    assert representatives(tables, "Person") == {
        "local:a": "x9",
        "local:b": "x9",
        "x9": "x9",
        "p": "p",
        "q": "p",
    }
    assert representatives(tables, "Device") == {}


def test_a_lake_without_judgements_joins_nobody(tmp_path: Path) -> None:
    assert canonical_keys(open_tables(lake_home(tmp_path))).height == 0


def test_rules_count_joined_holders_once_and_the_graph_keeps_both(tmp_path: Path) -> None:
    world = small_world()
    first, second = (
        world["HOLDS"].filter(pl.col("from_type") == "Person")["from_key"].unique().sort().to_list()[:2]
    )
    tables = write_tables(lake_home(tmp_path), {**world, "SAME_AS": _same((first, second))})
    count = "SELECT count(DISTINCT from_key) FROM holds WHERE from_key IN ($a, $b)"
    for as_they_count, wanted in ((True, 1), (False, 2)):
        with connect(tables, holders_as_one=as_they_count) as connection:
            rows = connection.execute(count, {"a": first, "b": second}).fetchall()
        assert rows == [(wanted,)]
    holders = {
        row["holder"]
        for row in tables.scan("HOLDS").select(holder=as_one(tables, "from_key")).collect().to_dicts()
    }
    assert first in holders and second not in holders
