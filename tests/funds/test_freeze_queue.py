"""The freeze-or-lose score is that of the worked example, and moves only the way it should."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.freeze_queue import (
    ADVICE,
    CANDIDATE_COLUMNS,
    EXIT_COLUMNS,
    ZERO,
    candidates_of,
    freeze_queue,
)
from funds.freeze_score import Candidate, Hold, freeze_score
from funds.rest_times import DEFAULT_REST, LEAST_REST, Exit, Rest, Rests
from graph.errors import InputError, SchemaError
from tests.funds.controls.orders import local

NOW = local("2024-03-01T12:00")
HOUR = timedelta(hours=1)


def one(name: str, yuan: int, hours: float, held: float | None = None) -> Candidate:
    hold = None if held is None else Hold(NOW + held * HOUR)
    return Candidate(name, yuan * 100, yuan * 100, NOW - hours * HOUR, hold=hold)


A1, A2, A3 = one("a1", 40_000, 1), one("a2", 200_000, 30), one("a3", 90_000, 5, held=6)


def test_the_worked_example_to_the_fen_and_in_its_order() -> None:
    queue = freeze_queue([A1, A2, A3], NOW)
    found = [(s.candidate.account, s.expected_fen) for s in queue.scores]
    assert found == [("a3", 8_982_421), ("a1", 2_827_736), ("a2", 610)]
    assert [fen // 100 for _, fen in found] == [89_824, 28_277, 6]
    assert [queue.expect(k) for k in range(5)] == [0, 8_982_421, 11_810_157, 11_810_767, 11_810_767]
    parts = queue.scores[1].parts
    assert (str(parts.p_here), str(parts.p_leave)) == ("0.707106", "0.999755")
    assert queue.scores[2].advice == ("FRESH_SHEET",)
    assert queue.table()["cumulative_fen"].to_list() == [8_982_421, 11_810_157, 11_810_767]


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (replace(A1, closed=True), "CLOSED"),
        (replace(A1, stops_used=2), "NO_WAY_LEFT"),
        (replace(A1, stops_used=2, freeze_document="F1"), ""),
        (replace(A1, victim_fen=0), "NO_VICTIM_MONEY"),
        (replace(A1, earlier_fen=4_000_000), "NOTHING_FREE"),
        (replace(A1, earlier_fen=3_999_900), ""),
        (replace(A1, hold=Hold(NOW + 24 * HOUR)), "HELD_BEYOND"),
        (replace(A1, hold=Hold(NOW + 24 * HOUR - timedelta(seconds=1))), ""),
        (replace(A1, last_row_at=None), "NO_ROWS"),
        (replace(A1, last_row_at=None, hold=Hold(NOW + HOUR)), ""),
        (replace(A1, last_row_at=NOW - 90 * HOUR), "GONE"),
    ],
)
def test_a_score_of_zero_has_its_reason(candidate: Candidate, reason: str) -> None:
    score = freeze_score(candidate, NOW)
    assert score.reason == reason
    assert (score.expected_fen == 0) == bool(reason)
    assert not reason or all(ZERO[reason])


def test_a_chance_of_nothing_is_a_plain_zero() -> None:
    beyond = freeze_score(replace(A1, hold=Hold(NOW + 24 * HOUR)), NOW)
    assert str(beyond.parts.p_leave) == "0.000000"


def test_a_hold_that_has_ended_holds_nothing() -> None:
    ended = replace(A1, hold=Hold(NOW))
    assert freeze_score(ended, NOW).expected_fen == freeze_score(A1, NOW).expected_fen


def test_a_hold_up_to_an_amount_does_not_hide_the_rest() -> None:
    part = replace(A1, hold=Hold(NOW + 48 * HOUR, up_to_fen=1_000_000))
    score = freeze_score(part, NOW)
    assert score.parts.held_fen == 1_000_000 and score.advice == ("HOLD_COVERS_PART",)
    assert score.expected_fen == freeze_score(one("x", 30_000, 1), NOW).expected_fen
    assert all(ADVICE["HOLD_COVERS_PART"])


def test_an_unknown_balance_is_asked_for() -> None:
    score = freeze_score(replace(A1, available_fen=None), NOW)
    assert score.advice == ("ASK_BALANCE",) and score.parts.value_fen == 4_000_000


def test_ties_go_to_the_sooner_deadline_then_the_key() -> None:
    zero = [replace(A1, account=name, closed=True) for name in "dcb"]
    zero[0] = replace(zero[0], hold=Hold(NOW + 2 * HOUR))
    zero[1] = replace(zero[1], hold=Hold(NOW + HOUR))
    queue = freeze_queue([zero[2], replace(zero[2], account="a"), *zero[:2]], NOW)
    assert [s.candidate.account for s in queue.scores] == ["c", "d", "a", "b"]


def test_h_is_the_shortest_median_of_account_level_and_all_then_two_hours() -> None:
    own = [Exit("C", "A", 1, n * HOUR) for n in (1, 5, 3)]
    others = [Exit("C", "B", 1, 9 * HOUR), Exit("D", "B", 1, 40 * HOUR), Exit("C", "E", 2, 50 * HOUR)]
    assert Rests([*own, *others]).of("A", 1) == Rest(3 * HOUR, "account", 3)
    assert Rests([*own[1:], *others]).of("A", 1) == Rest(7 * HOUR, "level", 4)
    assert Rests(others).of("A", 2) == Rest(40 * HOUR, "all", 3)
    quick = [Exit("D", "Q", 3, HOUR // 2)] * 9
    assert Rests([*own, *quick]).of("A", 1) == Rest(HOUR // 2, "all", 12)
    assert Rests([]).of("A", 1) == Rest(DEFAULT_REST, "default", 0)
    assert Rests([Exit("C", "A", 1, timedelta(0))] * 3).of("A", 1).h == LEAST_REST
    assert Rests([Exit("C", "A", 1, n * HOUR) for n in (1, 2, 3, 4)]).of("A", None).h == 2.5 * HOUR


def test_money_is_seen_until_the_sheet_ends_not_only_until_its_last_row() -> None:
    stale = replace(A1, last_row_at=NOW - 4 * HOUR, seen_until=NOW - 2 * HOUR)
    assert str(freeze_score(stale, NOW).parts.p_here) == "0.500000"
    rested = replace(A2, last_row_at=NOW - 30 * HOUR, seen_until=NOW - 15 * HOUR)  # longer than h
    assert str(freeze_score(rested, NOW).parts.p_here) == "0.500000"
    assert str(freeze_score(replace(rested, seen_until=NOW), NOW).parts.p_here) == "1.000000"
    assert freeze_score(replace(A2, seen_until=NOW - 90 * HOUR), NOW) == replace(
        freeze_score(A2, NOW), candidate=replace(A2, seen_until=NOW - 90 * HOUR)
    )
    unseen = replace(A2, last_row_at=None, seen_until=NOW)
    assert freeze_score(unseen, NOW).reason == "NO_ROWS"


def test_frames_give_the_same_queue_and_lacking_columns_are_named() -> None:
    lines = [
        {"case": "C", "account": c.account, "level": 1, "victim_fen": c.victim_fen}
        | {"available_fen": c.available_fen, "last_row_at": c.last_row_at}
        | {"hold_ends_at": c.hold.ends_at if c.hold else None}
        for c in (A1, A2, A3)
    ]
    frame = pl.DataFrame(
        [dict.fromkeys(CANDIDATE_COLUMNS) | line for line in lines], schema=CANDIDATE_COLUMNS
    )
    queue = freeze_queue(candidates_of(frame, pl.DataFrame(schema=EXIT_COLUMNS)), NOW)
    assert [s.expected_fen for s in queue.scores] == [8_982_421, 2_827_736, 610]
    with pytest.raises(SchemaError, match="level"):
        candidates_of(frame.drop("level"), pl.DataFrame(schema=EXIT_COLUMNS))
    assert freeze_queue([], NOW).table().height == 0


def test_wrong_input_is_refused() -> None:
    with pytest.raises(InputError):
        freeze_score(replace(A1, victim_fen=-1), NOW)
    with pytest.raises(InputError):
        freeze_score(A1, datetime(2024, 3, 1))


FEN = st.integers(0, 10**12)
MINUTES = st.integers(0, 60 * 24 * 60)


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    held = draw(st.none() | st.integers(1, 60 * 60))
    up_to = draw(st.none() | FEN)
    return Candidate(
        draw(st.sampled_from("abc")),
        draw(FEN),
        draw(st.none() | FEN),
        NOW - draw(MINUTES) * timedelta(minutes=1),
        earlier_fen=draw(FEN),
        rest=Rest(draw(st.integers(1, 6000)) * timedelta(minutes=1), "account", 3),
        hold=None if held is None else Hold(NOW + timedelta(minutes=held), up_to),
        stops_used=draw(st.integers(0, 2)),
        freeze_document=draw(st.sampled_from(["", "F"])),
    )


def _fen(candidate: Candidate) -> int:
    return freeze_score(candidate, NOW).expected_fen


@given(candidates(), st.integers(1, 10**9), st.integers(1, 5000))
def test_the_score_moves_only_the_way_it_should(c: Candidate, fen: int, minutes: int) -> None:
    more, span = _fen(c), minutes * timedelta(minutes=1)
    assert 0 <= more <= freeze_score(c, NOW).parts.value_fen <= c.victim_fen
    assert _fen(replace(c, victim_fen=c.victim_fen + fen)) >= more
    if c.available_fen is not None:
        assert _fen(replace(c, available_fen=c.available_fen + fen)) >= more
    assert _fen(replace(c, earlier_fen=c.earlier_fen + fen)) <= more
    assert c.last_row_at is not None
    assert _fen(replace(c, last_row_at=c.last_row_at - span)) <= more
    if c.hold is not None:
        assert _fen(replace(c, hold=replace(c.hold, ends_at=c.hold.ends_at + span))) <= more
    assert _fen(replace(c, closed=True)) == 0


@given(st.lists(candidates(), max_size=6), st.randoms(use_true_random=False))
def test_the_queue_does_not_see_the_order_of_its_input(drawn: list[Candidate], shuffler: Random) -> None:
    named = [replace(c, account=f"{c.account}{n}") for n, c in enumerate(drawn)]
    mixed = list(named)
    shuffler.shuffle(mixed)
    queue = freeze_queue(named, NOW)
    assert queue == freeze_queue(mixed, NOW)
    fens = [score.expected_fen for score in queue.scores]
    assert fens == sorted(fens, reverse=True) and queue.expect(len(fens)) == sum(fens)


@given(candidates())
def test_every_zero_has_words_and_decimals_stay_within_bounds(c: Candidate) -> None:
    score = freeze_score(c, NOW)
    assert (score.reason in ZERO) == (score.expected_fen == 0)
    assert Decimal(0) <= score.parts.p_here <= 1 and Decimal(0) <= score.parts.p_leave <= 1
    assert set(score.advice) <= set(ADVICE)
