"""The events of a chart: which are read, how bins count them, when lines have some; by plain searches."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cases.bins import MOST_BINS, binned, by_day_only, scale_of, span_of
from cases.gaps import missing_rows
from cases.line_runs import runs_of_events, runs_of_validity
from cases.meeting_events import as_events, chart_meetings
from cases.streams import EVENT_SCHEMA, STREAMS, Asked, instant, micros, once, read_events, read_rows
from detect.worlds import build_world
from graph.contract import Edge, Ref
from graph.schema.catalog import RELATION_TYPES
from tests.detect.ledgers import in_memory
from tests.frames import event, table

FIRST = datetime(1995, 1, 1, tzinfo=UTC)
WHEN = some.integers(0, 40 * 365 * 86_400 * 10**6).map(lambda us: FIRST + timedelta(microseconds=us))
SPREAD = some.sampled_from([1, 60, 3600, 86_400, 30 * 86_400, 3000 * 86_400])
ROW = some.tuples(
    some.floats(0, 1),
    some.integers(-(10**15), 10**15),
    some.sampled_from(["money", "calls", "logins"]),
    some.sampled_from(["CNY", "USD"]),
    some.integers(0, 5),
    some.booleans(),
)


def account(n: int) -> Ref:
    """An invented account."""
    return Ref("Account", f"880000000000000{n:04d}")


def frame(start: datetime, spread: int, rows: list[Any]) -> pl.DataFrame:
    """Rows as events: somewhere within `spread` seconds from `start`."""
    made = []
    for number, (share, fen, stream, currency, other, day_only) in enumerate(rows):
        at = start + timedelta(microseconds=int(share * spread * 1_000_000))
        money = stream == "money"
        ends = ("Account", account(0).key, "Account", account(other).key)
        money_of = (fen, currency) if money else (None, None)
        made.append((stream, STREAMS[stream][0], f"k{number}", at, day_only, *money_of, *ends))
    made_frame = pl.DataFrame(made, schema=EVENT_SCHEMA, orient="row")
    return made_frame.sort("at", "relation", "event_key")


def test_every_event_relation_of_the_catalog_has_its_stream() -> None:
    events = {name for name, declared in RELATION_TYPES.items() if declared.event}
    assert Counter(name for names in STREAMS.values() for name in names) == Counter(events)


@given(WHEN, SPREAD, some.lists(ROW, min_size=1, max_size=60), some.integers(1, 300))
@settings(max_examples=150)
def test_the_sums_of_the_bins_are_the_sums_of_the_rows(
    start: datetime, spread: int, rows: list[Any], most: int
) -> None:
    events = frame(start, spread, rows)
    span = span_of(events)
    assert span is not None
    scale = scale_of(*span, most)
    assert list(scale.edges) == sorted(set(scale.edges))
    assert scale.edges[0] <= micros(span[0]) and micros(span[1]) < scale.edges[-1]
    assert len(scale.edges) - 1 <= most or scale.unit == "year"
    found = binned(events, scale)
    wanted: Counter[tuple[str, str | None, int]] = Counter()
    fen: Counter[tuple[str, str | None]] = Counter()
    for stream, at, amount, currency in events.select("stream", "at", "amount_fen", "currency").iter_rows():
        place = sum(edge <= micros(at) for edge in scale.edges) - 1
        wanted[stream, currency, place] += 1
        fen[stream, currency] += amount or 0
    assert wanted == Counter(
        {(one.stream, one.currency, b.place): b.count for one in found for b in one.bins}
    )
    for one in found:
        assert one.count == sum(b.count for b in one.bins)
        assert (one.amount_fen or 0) == sum(b.amount_fen or 0 for b in one.bins)
        assert (one.amount_fen or 0) == fen[one.stream, one.currency]


@given(WHEN, some.integers(0, 400 * 86_400))
def test_bins_lie_on_the_clock_and_calendar_of_utc_8(start: datetime, seconds: int) -> None:
    scale = scale_of(start, start + timedelta(seconds=seconds))
    assert len(scale.edges) - 1 <= MOST_BINS
    for edge in scale.edges:
        local = instant(edge) + timedelta(hours=8)
        assert (local.second, local.microsecond) == (0, 0)
        if scale.unit in ("day", "week"):
            assert (local.hour, local.minute) == (0, 0)
        if scale.unit == "week":
            assert local.weekday() == 0


@given(some.lists(some.tuples(some.integers(0, 3), some.integers(0, 10**7), some.booleans()), max_size=80),
       some.integers(0, 10**7), some.integers(0, 10**7))  # fmt: skip
@settings(max_examples=200)
def test_a_line_is_dark_exactly_where_it_has_no_event(
    rows: list[tuple[int, int, bool]], one: int, other: int
) -> None:
    low, high = sorted((one, other))
    made = [
        (
            "money",
            "TRANSFER",
            f"k{n}",
            instant(ms * 1000),
            day,
            1,
            "CNY",
            "Account",
            "a",
            "Account",
            f"b{line}",
        )
        for n, (line, ms, day) in enumerate(rows)
    ]
    events = pl.DataFrame(made, schema=EVENT_SCHEMA, orient="row")
    runs = runs_of_events(events)
    rough = runs_of_events(events, most=5)
    for line in range(4):
        key = ("TRANSFER", Ref("Account", "a"), Ref("Account", f"b{line}"))
        spans = [(ms, ms + 86_399_999 if day else ms) for n, ms, day in rows if n == line]
        lit = any(first <= high and last >= low for first, last in spans)
        assert lit == any(first <= high and last >= low for first, last in runs.get(key, ()))
        # With pauses bridged a line may be lit too often, never too seldom.
        assert not lit or any(first <= high and last >= low for first, last in rough.get(key, ()))
    assert sum(map(len, rough.values())) <= max(5, len({line for line, _, _ in rows}))


def test_only_what_runs_among_the_shown_nodes_is_read_or_all_at_them() -> None:
    lines = [
        ("t1", 1, 2, 100), ("t2", 2, 1, 50), ("t3", 1, 3, 7), ("t4", 4, 2, 9), ("t5", 3, 4, 11),
        ("t6", 1, 1, 5),
    ]  # fmt: skip
    start = datetime(2024, 3, 1, tzinfo=UTC)
    rows = [
        event(key, ("Account", account(a).key), ("Account", account(b).key), start + timedelta(hours=n),
              amount_fen=fen, currency="CNY", precision="second")
        for n, (key, a, b, fen) in enumerate(lines)
    ]  # fmt: skip
    tables = in_memory({"TRANSFER": table("TRANSFER", rows)})
    shown = (account(1), account(2))
    assert read_events(tables, Asked(shown))["event_key"].to_list() == ["t1", "t2", "t6"]
    every = read_events(tables, Asked(shown, "every"))
    assert every["event_key"].to_list() == ["t1", "t2", "t3", "t4", "t6"]
    assert read_events(tables, Asked(shown, relations=frozenset({"CALLED"}))).is_empty()
    assert read_events(tables, Asked(())).is_empty()
    part = read_rows(tables, Asked(shown, "every"), "money", "CNY", start, start + timedelta(hours=3))
    assert part["event_key"].to_list() == ["t1", "t2", "t3"]
    assert part["row"].to_list() == [1, 2, 3]


def test_a_login_that_names_device_and_address_counts_once() -> None:
    start = datetime(2024, 3, 1, tzinfo=UTC)
    one = event("l1", ("Account", account(1).key), ("Device", "imei:1"), start)
    two = event("l1", ("Account", account(1).key), ("Ip", "192.0.2.1"), start)
    tables = in_memory(
        {"LOGGED_IN": table("LOGGED_IN", [one]), "LOGGED_IN_FROM": table("LOGGED_IN_FROM", [two])}
    )
    shown = (account(1), Ref("Device", "imei:1"), Ref("Ip", "192.0.2.1"))
    events = read_events(tables, Asked(shown))
    assert events.height == 2 and once(events).height == 1
    (row,) = binned(events, scale_of(start, start))
    assert (row.stream, row.count, row.amount_fen) == ("logins", 1, None)
    # Both lines are lit by it all the same.
    assert len(runs_of_events(events)) == 2


def test_a_parcel_is_sent_once_and_received_once_though_one_waybill_says_both() -> None:
    start = datetime(2024, 3, 1, tzinfo=UTC)
    sent = event("w1", ("Sim", "s1"), ("Parcel", "p"), start)
    got = event("w1", ("Parcel", "p"), ("Sim", "s2"), start + timedelta(days=2))
    tables = in_memory({"SENT": table("SENT", [sent]), "RECEIVED": table("RECEIVED", [got])})
    asked = Asked((Ref("Parcel", "p"),), "every")
    (row,) = binned(read_events(tables, asked), scale_of(start, start + timedelta(days=2)))
    assert (row.stream, row.count, [one.count for one in row.bins]) == ("parcels", 2, [1, 1])
    assert read_rows(tables, asked, "parcels", None, start, start + timedelta(days=3)).height == 2


def test_an_event_known_by_its_day_is_said_and_lasts_that_day() -> None:
    start = datetime(2024, 3, 1, 16, tzinfo=UTC)  # a day of UTC+8 begins
    row = event("t1", ("Account", account(1).key), ("Account", account(2).key), start, amount_fen=5,
                precision="day")  # fmt: skip
    events = read_events(in_memory({"TRANSFER": table("TRANSFER", [row])}), Asked((account(1), account(2))))
    assert by_day_only(events) == {"money": 1}
    (runs,) = runs_of_events(events).values()
    assert runs == ((micros(start) // 1000, micros(start) // 1000 + 86_399_999),)


def test_what_stands_holds_from_its_beginning_to_its_end() -> None:
    start, end = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC)
    one = Edge("HOLDS", Ref("Person", "p"), account(1), {"valid_from_at": start, "valid_to_at": end})
    on = Edge("HOLDS", Ref("Person", "p"), account(1), {"valid_from_at": end})
    never = Edge("HOLDS", Ref("Person", "p"), account(1), {})
    assert runs_of_validity([one]) == ((micros(start) // 1000, micros(end) // 1000),)
    assert runs_of_validity([on])[0][1] == 2**53 - 1
    assert runs_of_validity([one, never]) == ()


def test_meetings_of_the_shown_phones_are_events_with_rows_of_both() -> None:
    world = build_world([
        "S1 AT_CELL C at=2024-03-01T09:00 every=PT5M times=4",
        "S2 AT_CELL C at=2024-03-01T09:02 every=PT5M times=4",
        "S2 AT_CELL C at=2024-03-02T09:02",
        "S1 AT_CELL C at=2024-03-02T09:05",
        "S3 AT_CELL C at=2024-03-02T09:05",
    ])  # fmt: skip
    tables = in_memory(world.frames)
    shown = (world.names["S1"], world.names["S2"])
    met = chart_meetings(tables, Asked(shown))
    assert met is not None
    # One long meeting on the first day, one on the second; the third phone is not on the chart.
    assert met.rows.height == 2
    assert (met.rows["first"][0], met.rows["second"][0]) == tuple(sorted(ref.key for ref in shown))
    assert met.rows["first_at"][0] == datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
    assert met.rows["last_at"][0] == datetime(2024, 3, 1, 1, 17, tzinfo=UTC)
    assert len(met.rows["rows"][0]) == 8 and len(met.rows["rows"][1]) == 2
    events = as_events(met)
    assert dict(zip(events.columns, events.dtypes, strict=True)) == dict(EVENT_SCHEMA)
    (row,) = binned(events, scale_of(met.rows["first_at"][0], met.rows["first_at"][1]))
    assert (row.stream, row.count) == ("meetings", 2)


def test_a_crowd_at_a_place_is_no_meeting_even_when_it_is_not_on_the_chart() -> None:
    crowd = [f"S{n} AT_CELL C at=2024-03-01T09:01" for n in range(10, 75)]
    world = build_world(["S1 AT_CELL C at=2024-03-01T09:00", "S2 AT_CELL C at=2024-03-01T09:02", *crowd])
    shown = (world.names["S1"], world.names["S2"])
    met = chart_meetings(in_memory(world.frames), Asked(shown))
    assert met is not None and met.rows.is_empty() and met.crowded > 0


@pytest.mark.parametrize("shown", [1, 2])
def test_a_jump_of_the_balance_is_a_gap_of_the_shown_account(shown: int) -> None:
    start = datetime(2024, 3, 1, tzinfo=UTC)
    balances = [1000, 900, 500]  # 300 is missing before the third row
    rows = [
        event(f"t{n}", ("Account", account(1).key), ("Account", account(2).key), start + timedelta(hours=n),
              amount_fen=100, currency="CNY", precision="second", from_balance_fen=balance,
              from_at=start + timedelta(hours=n))
        for n, balance in enumerate(balances)
    ]  # fmt: skip
    sheet = table("Account", [{"key": account(1).key}])
    found = missing_rows(
        in_memory({"TRANSFER": table("TRANSFER", rows), "Account": sheet}), Asked((account(shown),))
    )
    told = [(gap.account, gap.since, gap.until, abs(gap.fen)) for gap in found]
    after = [(account(1), start + timedelta(hours=1), start + timedelta(hours=2), 300)]
    assert told == (after if shown == 1 else [])
