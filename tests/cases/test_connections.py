"""Why two nodes are connected: every way with the rows behind it, under an access decision."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.access import Role, Subject
from cases.connections import Reader, Way, WayKind, Window, common_neighbours, connections
from graph.connect import open_engine
from graph.contract import Ref
from graph.errors import NotPermitted
from graph.lake.home import lake_home
from graph.lake.tables import write_tables
from tests.frames import at, small_world

NOW = datetime(2024, 3, 1, tzinfo=UTC)
A1, A2, A3, A4 = (Ref("Account", f"620000000000000000{n}") for n in range(1, 5))
P1, P2 = Ref("Person", "990101199001010018"), Ref("Person", "990101199001010026")


def asked(
    tmp_path: Path, one: Ref, other: Ref, window: Window | None = None
) -> dict[tuple[WayKind, bool], Way]:
    home = lake_home(tmp_path)
    write_tables(home, small_world())
    with open_engine("embedded:", home) as engine:
        reader = Reader(home, engine, Subject("王样", Role.ANALYST, every_case=True))
        found = connections(reader, one, other, window or Window(), NOW)
    return {(way.kind, way.back): way for way in found.ways}


def test_two_accounts_are_joined_in_three_ways_with_their_rows(tmp_path: Path) -> None:
    ways = asked(tmp_path, A1, A4)
    shortest = ways[WayKind.SHORTEST, False]
    assert [node.ref for node in shortest.nodes] == [A1, A2, A3, A4]
    earliest = ways[WayKind.EARLIEST, False]
    assert [step[0].rows for step in earliest.steps] == [
        (("f" * 64, 1), ("e" * 64, 7)), (("f" * 64, 3),), (("f" * 64, 4),),
    ]  # fmt: skip
    strongest = ways[WayKind.STRONGEST, False]
    assert (strongest.weakest_fen, [step[0].count for step in strongest.steps]) == (3_000_00, [2, 1, 1])
    assert all(not ways[kind, True].nodes for kind in (WayKind.EARLIEST, WayKind.STRONGEST))


def test_money_of_persons_is_followed_between_their_accounts(tmp_path: Path) -> None:
    ways = asked(tmp_path, P2, P1)
    back = ways[WayKind.EARLIEST, True]
    assert [node.ref for node in back.nodes] == [A1, A2]
    assert not ways[WayKind.EARLIEST, False].nodes


def test_the_window_bounds_money(tmp_path: Path) -> None:
    ways = asked(tmp_path, A1, A2, Window(since=at(1)))
    assert ways[WayKind.EARLIEST, False].steps[0][0].amount_fen == 2_500_00


def test_what_has_no_account_gets_the_shortest_way_only(tmp_path: Path) -> None:
    assert set(asked(tmp_path, A1, Ref("Device", "imei:00000000000001"))) == {(WayKind.SHORTEST, False)}


def test_who_may_not_view_gets_nothing(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    write_tables(home, small_world())
    with open_engine("embedded:", home) as engine:
        reader = Reader(home, engine, Subject("管样", Role.ADMIN, every_case=True))
        with pytest.raises(NotPermitted):
            connections(reader, A1, A4, Window(), NOW)
        with pytest.raises(NotPermitted):
            common_neighbours(reader, [A1, A2], 2, NOW)
