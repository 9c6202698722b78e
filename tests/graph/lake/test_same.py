from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graph.lake.home import lake_home
from graph.lake.same import Pair, canonical_keys, components, representatives
from graph.lake.tables import open_tables, write_tables
from graph.schema.catalog import node_columns, relation_columns

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


def _write(root: Path, pairs: list[tuple[str, str]]) -> None:
    people = sorted({key for pair in pairs for key in pair})
    nodes = pl.DataFrame({"key": people}).with_columns(
        [pl.lit(None, dtype=t).alias(c) for c, t in node_columns("Person").items() if c != "key"]
    )
    ends = {"from_type": "Person", "to_type": "Person", "verdict": "same"}
    rows = pl.DataFrame(pairs, schema=["from_key", "to_key"], orient="row").with_columns(
        judged_at=pl.lit(datetime(2024, 3, 4, tzinfo=UTC)).cast(pl.Datetime("us", "UTC")),
        **{name: pl.lit(value) for name, value in ends.items()},
    )
    columns = relation_columns("SAME_AS")
    full = rows.with_columns(
        [pl.lit(None, dtype=t).alias(c) for c, t in columns.items() if c not in rows.columns]
    )
    write_tables(
        lake_home(root),
        {"Person": nodes.select(list(node_columns("Person"))), "SAME_AS": full.select(list(columns))},
    )


def test_a_valid_number_represents_its_component_before_a_local_key(tmp_path: Path) -> None:
    _write(tmp_path, [("local:a", "local:b"), ("local:b", "x9"), ("p", "q")])
    tables = open_tables(lake_home(tmp_path))
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
