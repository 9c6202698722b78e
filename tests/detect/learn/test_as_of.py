"""The lake as of an instant holds nothing that its own times say came later, and times compose."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from detect.learn.as_of import frames_as_of
from detect.worlds import build_world
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from tests.detect.ledgers import in_memory

LINES = [
    "A HOLDS K1 valid_from_at=2024-01-01T00:00Z",
    "B HOLDS K2 valid_from_at=2024-03-05T00:00Z",
    "K1 : Account opened_at=2024-01-01T00:00Z",
    "K2 : Account opened_at=2024-03-05T00:00Z",
    "K1 TRANSFER K3 at=2024-03-02T00:00Z amount=10",
    "K3 TRANSFER K1 at=2024-03-04T00:00Z amount=20",
    "K1 LOGGED_IN D at=2024-03-03T00:00Z",
    "K1 BOUND_TO S",
    "K2 BOUND_TO S",
]
WORLD = build_world(LINES)
FIRST, LAST = datetime(2024, 2, 28, tzinfo=UTC), datetime(2024, 3, 7, tzinfo=UTC)


def _as_of(at: datetime, frames: Mapping[str, pl.DataFrame] = WORLD.frames) -> dict[str, pl.DataFrame]:
    return frames_as_of(in_memory(frames), at)


def test_an_event_is_known_from_its_own_instant_on() -> None:
    at = datetime(2024, 3, 2, tzinfo=UTC)
    assert _as_of(at)["TRANSFER"].height == 1
    assert "TRANSFER" not in _as_of(at - timedelta(microseconds=1))
    assert "LOGGED_IN" not in _as_of(at)


def test_a_day_is_known_when_it_is_over() -> None:
    frames = dict(WORLD.frames)
    frames["TRANSFER"] = frames["TRANSFER"].with_columns(pl.lit("day").alias("precision"))
    assert "TRANSFER" not in _as_of(datetime(2024, 3, 2, 23, 59, tzinfo=UTC), frames)
    assert _as_of(datetime(2024, 3, 3, tzinfo=UTC), frames)["TRANSFER"].height == 1


def test_of_an_account_not_yet_opened_only_the_key_is_known() -> None:
    before, after = _as_of(datetime(2024, 3, 4, tzinfo=UTC)), _as_of(datetime(2024, 3, 5, tzinfo=UTC))
    key = WORLD.names["K2"].key
    assert before["Account"].filter(pl.col("key") == key)["opened_at"].to_list() == [None]
    assert [before[name].height for name in ("HOLDS", "BOUND_TO")] == [1, 1]
    assert [after[name].height for name in ("HOLDS", "BOUND_TO")] == [2, 2]


def test_status_and_grades_have_no_time_and_are_not_told() -> None:
    frames = dict(WORLD.frames)
    frames["Account"] = frames["Account"].with_columns(
        pl.lit("冻结").alias("status"), pl.lit("A").alias("grade")
    )
    told = _as_of(LAST, frames)["Account"]
    assert told["status"].null_count() == told["grade"].null_count() == told.height


def test_an_end_that_lies_later_is_open() -> None:
    over = datetime(2024, 3, 4, tzinfo=UTC)
    frames = dict(WORLD.frames)
    frames["HOLDS"] = frames["HOLDS"].with_columns(
        pl.lit(over).cast(pl.Datetime("us", "UTC")).alias("valid_to_at")
    )
    assert _as_of(over, frames)["HOLDS"]["valid_to_at"].to_list() == [over]
    assert _as_of(over - timedelta(seconds=1), frames)["HOLDS"]["valid_to_at"].to_list() == [None]


def test_a_case_and_all_that_hangs_on_it_is_known_from_its_opening() -> None:
    frames = build_world(
        [
            "J : Report case_number=A990100000001 paid_at=2024-03-01T00:00Z",
            "J PAID_TO K1 at=2024-03-01T00:00Z amount=10",
            "J FILED C",
            "C : Case key=A990100000001 opened_at=2024-03-03T00:00Z",
        ]
    ).frames
    before = _as_of(datetime(2024, 3, 2, tzinfo=UTC), frames)
    assert not {"Case", "Report", "PAID_TO", "FILED"} & set(before)
    after = _as_of(datetime(2024, 3, 3, tzinfo=UTC), frames)
    assert {"Case", "Report", "PAID_TO", "FILED"} <= set(after)


@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=30)
@given(st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)), st.integers(0, 200))
def test_going_back_twice_is_going_back_once(when: datetime, hours: int) -> None:
    at = when.replace(tzinfo=UTC)
    once = _as_of(at)
    twice = _as_of(at, _as_of(at + timedelta(hours=hours)))
    assert once.keys() == twice.keys()
    assert all(once[name].equals(twice[name]) for name in once)
    nodes = {(name, key) for name in once if name in NODE_TYPES for key in once[name]["key"]}
    for name in set(once) & set(RELATION_TYPES):
        for end in ("from", "to"):
            assert set(once[name].select(f"{end}_type", f"{end}_key").iter_rows()) <= nodes
