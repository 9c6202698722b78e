"""The example worlds: lines become canonical tables with synthetic keys."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from detect.world_keys import synthetic_key
from detect.worlds import build_world, tiny_world
from graph.contract import Ref
from graph.errors import InvalidRule
from graph.lake.home import LakeHome
from graph.lake.tables import write_tables
from graph.schema.catalog import STORED_NODES, table_columns

RING = [
    "A HOLDS K1",
    "K1 LOGGED_IN D at=2024-03-01T09:00+08:00",
    "K1 TRANSFER K2 at=2024-03-01T09:00+08:00 amount=1200.05 memo='两 词'",
]


def test_types_follow_from_all_relations_of_a_name() -> None:
    world = build_world(RING)
    assert {name: ref.type for name, ref in world.names.items()} == {
        "A": "Person",
        "K1": "Account",
        "D": "Device",
        "K2": "Account",
    }


def test_a_name_that_calls_makes_its_holding_a_sim() -> None:
    names = build_world(["A HOLDS S", "S CALLED T at=2024-03-01T09:00"]).names
    assert names["S"].type == "Sim" and names["A"].type == "Person"


def test_a_written_type_decides_where_the_relation_does_not() -> None:
    names = build_world(["Organization:A HOLDS K"]).names
    assert names["A"].type == "Organization"


def test_frames_have_exactly_the_catalogs_columns(tmp_path: Path) -> None:
    frames = tiny_world(RING)
    for name, frame in frames.items():
        assert dict(frame.schema) == table_columns(name)
    tables = write_tables(LakeHome(tmp_path), frames)
    assert tables.rows["TRANSFER"] == 1 and tables.rows["Account"] == 2


def test_values_are_fen_utc_and_text() -> None:
    row = tiny_world(RING)["TRANSFER"].row(0, named=True)
    assert row["amount_fen"] == 120_005
    assert row["at"] == datetime(2024, 3, 1, 1, tzinfo=UTC)
    assert row["memo"] == "两 词"
    assert row["row"] == 3


def test_every_end_of_a_relation_is_a_node() -> None:
    frames = tiny_world(RING)
    accounts = set(frames["Account"]["key"])
    assert set(frames["TRANSFER"]["from_key"]) | set(frames["TRANSFER"]["to_key"]) <= accounts


def test_ranges_and_repetition_make_one_row_each_with_its_own_number() -> None:
    frame = tiny_world(["K1..K5 TRANSFER K9 at=2024-03-01T09:00 every=PT1M amount=1"])["TRANSFER"]
    assert frame["row"].to_list() == [1, 2, 3, 4, 5]
    assert frame["from_key"].n_unique() == 5 and frame["event_key"].n_unique() == 5
    assert (frame["at"][4] - frame["at"][0]).total_seconds() == 240
    again = tiny_world(["K1 TRANSFER K2 at=2024-03-01T09:00 every=P1D times=7 amount=1"])["TRANSFER"]
    assert again.height == 7


def test_a_number_held_twice_is_two_sims_with_the_day_in_their_keys() -> None:
    world = build_world(
        ["S1 : Sim opened_at=2023-01-01", "S2 : Sim number=number(S1) opened_at=2024-01-01", "A HOLDS S1"]
    )
    number = world.frames["Sim"]["number"][0]
    assert world.names["S1"] == Ref("Sim", f"{number}@2023-01-01")
    assert world.names["S2"] == Ref("Sim", f"{number}@2024-01-01")


def test_equal_lines_give_equal_tables_and_no_lines_none() -> None:
    left, right = tiny_world(RING), tiny_world(list(RING))
    assert all(left[name].equals(right[name]) for name in left)
    assert tiny_world([]) == {}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("A HOLDS", "write"),
        ("A OWNS K1", "no stored relation"),
        ("A CONTROLS K1", "no stored relation"),
        ("K1 TRANSFER K2 amount=1", "needs at="),
        ("K1 TRANSFER K2 at=2024-03-01T09:00 amount=0.005", "two decimals"),
        ("K1 TRANSFER K2 at=2024-03-01T09:00 colour=red", "no property"),
        ("Person:A TRANSFER K2 at=2024-03-01T09:00", "no pair of types"),
        ("A HOLDS A", "no pair of types"),
        ("K1..K3 TRANSFER K5..K6 at=2024-03-01T09:00", "one length"),
        ("K1 TRANSFER K2 at=2024-03-01T09:00 memo='x", "quote"),
        ("K1 : Account reserved_phone=number(S)", "names nothing in this world"),
        ("K1..K99999 TRANSFER K at=2024-03-01T09:00", "longer than"),
    ],
)
def test_a_line_that_cant_be_read_is_named(line: str, says: str) -> None:
    with pytest.raises(InvalidRule, match=says) as caught:
        build_world(["A HOLDS K0", line])
    assert caught.value.facts["line"] == 2


def test_two_names_of_one_key_are_refused() -> None:
    with pytest.raises(InvalidRule, match="two names of one key"):
        build_world(["A : Device key=imei:00000000000009", "B : Device key=imei:00000000000009"])


@pytest.mark.parametrize("type_name", STORED_NODES)
def test_synthetic_keys_never_repeat(type_name: str) -> None:
    keys = [synthetic_key(type_name, n) for n in range(1, 2001)]
    assert len(set(keys)) == 2000
