"""The truth that the freeze bench counts by: what lay where, and what of it left."""

from datetime import UTC, datetime, timedelta

import polars as pl

from bench.freeze_truth import World, changes_of
from graph.lake.tables import empty_tables
from simulate.play import play
from simulate.settings import Settings

START = datetime(2024, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def world(*changes: tuple[str, float, int]) -> World:
    rows = [{"account": account, "at": START + hours * HOUR, "fen": fen} for account, hours, fen in changes]
    return World(empty_tables(), pl.DataFrame(rows))


def test_money_that_comes_later_is_no_part_of_what_a_freeze_saves() -> None:
    told = world(("A", 0, 100), ("B", 0, 50), ("A", 2, -30), ("A", 3, 500), ("A", 4, -200), ("B", 9, -50))
    assert told.stakes(START + HOUR, START + 5 * HOUR).rows() == [("A", 100, 100), ("B", 50, 0)]
    assert told.stakes(START + HOUR, START + 2 * HOUR).rows() == [("A", 100, 30), ("B", 50, 0)]
    assert told.stakes(START + 9 * HOUR, START + 99 * HOUR).rows() == [("A", 370, 0)]


def test_a_played_world_never_lies_below_zero_and_ends_as_it_was_traced() -> None:
    played = play(Settings(1_000, 1, 30, 7, "LOW"), lambda _: None)
    changes = changes_of(played)
    lying = changes.with_columns(lies=pl.col("fen").cum_sum().over("account"))
    assert changes.height > 50 and (lying["lies"] >= 0).all()
    came = changes.filter(pl.col("fen") > 0)["fen"].sum()
    received = sum(fen for fen, _ in played.flows.received.values())
    assert 0 < came <= received  # what went to accounts of banks that report nothing is not told
