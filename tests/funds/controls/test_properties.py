"""Whatever is asked of an account in whatever order, the law's limits hold."""

import calendar
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from funds.controls.account import AccountControls, OrderState
from funds.controls.clocks import LAW, add_months
from funds.controls.events import Act, ControlEvent, Measure, Mode
from funds.controls.next_steps import options
from funds.controls.steps import record, replay, step
from graph.parameters import CHINA
from tests.funds.controls.orders import SOURCE

START = datetime(2023, 8, 31, 2, tzinfo=UTC)
HOURS = st.sampled_from([0, 1, 12, 47, 48, 49, 24 * 15, 24 * 100, 24 * 182, 24 * 184])

EVENTS = st.builds(
    lambda gap, number, measure, act, mode, months, approval, row: (
        gap,
        ControlEvent(
            order=f"K{number}",
            measure=measure,
            act=act,
            at=START,
            document="D",
            source=SOURCE,
            row=row,
            mode=mode,
            limit_fen=500,
            months=months,
            city_approval=approval,
        ),
    ),
    HOURS,
    st.integers(1, 4),
    st.sampled_from(Measure),
    st.sampled_from([Act.REQUESTED, Act.EXECUTED, *Act]),
    st.sampled_from(Mode),
    st.sampled_from([None, 1, 6, 7, 12, 13]),
    st.sampled_from(["", "S1"]),
    st.integers(1, 9),
)


def _timed(drawn: list[tuple[int, ControlEvent]]) -> list[ControlEvent]:
    events, at = [], START
    for gap, event in drawn:
        at += timedelta(hours=gap)
        events.append(
            ControlEvent(
                **{name: getattr(event, name) for name in ControlEvent.__slots__ if name != "at"}, at=at
            )
        )
    return events


def _terms(account: AccountControls, measure: Measure) -> list[tuple[datetime, datetime]]:
    return sorted(
        (o.started_at, min(o.ends_at, o.ended_at or o.ends_at))
        for o in account.orders
        if o.measure is measure and o.started_at and o.ends_at
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(EVENTS, max_size=25))
def test_no_sequence_of_events_breaks_the_limits(drawn: list[tuple[int, ControlEvent]]) -> None:
    account = AccountControls("A")
    for event in _timed(drawn):
        before = account
        outcome = step(account, event)
        account = outcome.account
        order = before.at(event.at).find(event.measure, event.order)
        if event.act is Act.RENEWED and order is not None and order.state is not OrderState.RUNNING:
            assert outcome.refusal is not None and outcome.change is None
        if outcome.change is None:
            assert account.orders == before.at(event.at).orders or event.act is Act.EXPIRED
        assert account.stops_used <= 2
        assert len(account.those(Measure.STOP, OrderState.RUNNING)) <= 1
    stops = _terms(account, Measure.STOP)
    assert all(end - start <= LAW.stop for start, end in stops)
    assert all(first[1] <= then[0] for first, then in pairwise(stops))
    for order in account.orders:
        if order.measure is Measure.STOP and order.started_at:
            assert order.ends_at == order.started_at + LAW.stop
        if order.measure is Measure.FREEZE and order.started_at and order.ends_at:
            assert order.ends_at <= add_months(order.started_at, 12 * (1 + order.renewals))
        if order.state is OrderState.EXPIRED:
            assert order.ended_at == order.ends_at
    assert [c.at for c in account.changes] == sorted(c.at for c in account.changes)
    assert all(change.document and change.source for change in account.changes)
    lapsed = [(c.measure, c.order) for c in account.changes if c.after is OrderState.EXPIRED]
    assert len(lapsed) == len(set(lapsed))


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=15), st.randoms(use_true_random=False))
def test_replay_does_not_see_the_order_of_its_input(
    drawn: list[tuple[int, ControlEvent]], shuffler: Random
) -> None:
    events = _timed(drawn)
    mixed = list(events)
    shuffler.shuffle(mixed)
    assert replay("A", events) == replay("A", mixed)


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=15))
def test_an_option_that_is_open_is_not_refused_when_taken(drawn: list[tuple[int, ControlEvent]]) -> None:
    account, _ = replay("A", _timed(drawn))
    now = account.until or START
    for option in options(account, now):
        order = account.find(option.measure, option.order)
        end = order.ends_at if order is not None and option.act is Act.RENEWED else None
        taken = ControlEvent(
            option.order or "N", option.measure, option.act, now, "D", SOURCE, 1, ends_at=end
        )
        assert (step(account, taken).refusal is None) == option.allowed


@settings(max_examples=100, deadline=None)
@given(st.lists(EVENTS, max_size=15))
def test_stated_facts_are_never_lost(drawn: list[tuple[int, ControlEvent]]) -> None:
    account = AccountControls("A")
    for event in _timed(drawn):
        account = record(account, event).account
        order = account.find(event.measure, event.order)
        assert order is not None and event in order.events
    assert sum(len(order.events) for order in account.orders) == len(drawn)


@given(st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(0, 24))
def test_months_end_on_the_day_or_the_last_of_the_month(at: datetime, months: int) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    start, end = at.astimezone(zone), add_months(at, months).astimezone(zone)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == min(start.day, calendar.monthrange(end.year, end.month)[1])
    assert end.timetz() == start.timetz()
    assert at.astimezone(CHINA).replace(tzinfo=None) == start.replace(tzinfo=None)
