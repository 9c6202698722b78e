"""The queue of a lake: trace, control sheets and registers together, and what is unknown stays unknown."""

from datetime import timedelta

import polars as pl
import pytest

from detect.worlds import World, build_world
from funds.cells import FIRST_VICTIM
from funds.freeze_now import QueueLine, QueueNow, queue_at
from funds.freeze_score import Hold
from funds.known import known_at, last_instant
from funds.queue_rows import control_rows, money_rows
from funds.tracing import CONSERVING
from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.tables import empty_tables, open_tables
from tests.detect.ledgers import in_memory
from tests.funds.controls.orders import local

NOW = local("2024-03-01T12:00")
PAID = [
    "R1 : Report",
    "R1 PAID_FROM V at=2024-03-01T09:00 amount=1000",
    "R1 PAID_TO A at=2024-03-01T09:00 amount=1000",
    "V TRANSFER A at=2024-03-01T09:00 amount=1000 from_at=2024-03-01T09:00 from_balance_fen=500000 "
    "to_at=2024-03-01T09:00 to_balance_fen=100000",
    "A TRANSFER B at=2024-03-01T10:00 amount=400 from_at=2024-03-01T10:00 from_balance_fen=60000 "
    "to_at=2024-03-01T10:00 to_balance_fen=40000",
]
SECOND = [
    "R2 : Report",
    "R2 PAID_FROM W at=2024-03-01T11:00 amount=300",
    "R2 PAID_TO A at=2024-03-01T11:00 amount=300",
    "W TRANSFER A at=2024-03-01T11:00 amount=300 from_at=2024-03-01T11:00 from_balance_fen=0 "
    "to_at=2024-03-01T11:00 to_balance_fen=90000",
]


def order(name: str, kind: str, start: str, end: str = "", **values: str) -> list[str]:
    terms = {"document": f"D{name}", "started_at": start} | values
    terms |= {"ended_at": end} if end else {}
    state = terms.pop("state", "executed")
    said = " ".join(f"{key}={value}" for key, value in terms.items())
    return [f"{name} : ControlOrder kind={kind} {said}", f"{name} CONTROL A at={start} state={state}"]


def asked(world: World, method: str = "fifo", cases: list[str] | None = None) -> QueueNow:
    return queue_at(in_memory(world.frames), NOW, method, cases)


def line(*lines: str, name: str = "A", method: str = "fifo") -> QueueLine:
    world = build_world(list(lines))
    return next(one for one in asked(world, method).lines if one.account == world.names[name].key)


def test_victims_money_balance_level_and_speed_come_together() -> None:
    world = build_world(PAID)
    found = asked(world)
    a, b = (world.names[name].key for name in "AB")
    assert [(one.account, one.score.candidate.victim_fen) for one in found.lines] == [
        (a, 60_000),
        (b, 40_000),
    ]
    own = found.lines[0].score.candidate
    assert (own.level, own.available_fen, own.last_row_at) == (1, 60_000, local("2024-03-01T10:00"))
    assert (own.rest.h, own.rest.basis, own.rest.exits) == (timedelta(hours=1), "all", 1)
    assert [one.cumulative_fen for one in found.lines] == [found.expect(1), found.expect(2)]
    assert found.expect(99) == found.expect(2) and found.expect(0) == found.expect(-1) == 0


def test_money_of_two_cases_on_one_account_counts_once() -> None:
    world = build_world([*PAID, *SECOND])
    both, one, two = world.names["A"].key, world.names["R1"].key, world.names["R2"].key
    (account,) = [found for found in asked(world).lines if found.account == both]
    assert {share.case: share.held_fen for share in account.shares} == {one: 60_000, two: 30_000}
    assert account.score.parts.value_fen == 90_000 == account.balance.fen
    assert [found.account for found in asked(world, cases=[two]).lines] == [both]
    assert asked(world, cases=[two]).lines[0].score.candidate.victim_fen == 30_000
    assert asked(world, cases=[one, two]).lines == asked(world).lines
    assert account.interval[1] <= 90_000


@pytest.mark.parametrize("method", CONSERVING)
def test_the_rows_behind_an_amount_add_up_to_it(method: str) -> None:
    world = build_world([*PAID, *SECOND])
    found = asked(world, method)
    for one in found.lines:
        rows = money_rows(in_memory(world.frames), found, one)
        came, went = (int(rows.filter(into=way)["victim_fen"].sum()) for way in (True, False))
        assert came - went == one.score.candidate.victim_fen
        assert rows["source"].null_count() == rows["row"].null_count() == 0
        assert (rows["victim_fen"] <= rows["fen"]).all()


def test_a_method_that_does_not_conserve_money_is_refused() -> None:
    with pytest.raises(InputError, match="conserves"):
        asked(build_world(PAID), "poison")


def test_our_own_sure_hold_counts_and_takes_nothing_off_the_balance() -> None:
    held = line(*PAID, *order("O1", "止付", "2024-03-01T11:00", "2024-03-03T11:00"))
    assert held.score.candidate.hold == Hold(local("2024-03-03T11:00"))
    assert (held.score.reason, held.score.parts.value_fen) == ("HELD_BEYOND", 60_000)
    assert [one.allowed for one in held.options][:2] == [True, True]  # the second stop may be asked for
    assert len(control_rows(held)) == 1


def test_a_hold_that_its_rows_contradict_is_none() -> None:
    stop = order("O1", "止付", "2024-03-01T11:00", "2024-03-03T11:00", reason="余额不足", executed_fen="0")
    held = line(*PAID, *stop)
    assert held.score.candidate.hold is None and held.score.expected_fen > 0
    assert [one.code for one in held.reading.problems] == ["DONE_BUT_REASON"]  # type: ignore[union-attr]


def test_overlapping_holds_the_longest_whole_one_counts_else_the_greatest_part() -> None:
    limits = [
        *order("O1", "冻结", "2024-02-01T09:00", mode="limit", requested_fen="100"),
        *order("O2", "冻结", "2024-02-02T09:00", mode="limit", requested_fen="50000"),
    ]
    part = line(*PAID, *limits)
    assert part.score.candidate.hold == Hold(local("2024-08-02T09:00"), 50_000)
    assert part.score.advice == ("HOLD_COVERS_PART",)
    whole = line(*PAID, *limits, *order("O3", "止付", "2024-02-29T21:00", "2024-03-02T21:00"))
    assert whole.score.candidate.hold == Hold(local("2024-03-02T21:00"))
    assert [one.order for one in whole.warnings] == []
    later = queue_at(
        in_memory(build_world([*PAID, *order("O3", "止付", "2024-02-29T21:00")]).frames),
        local("2024-03-02T10:00"),
    )
    assert [len(one.warnings) for one in later.lines if one.reading] == [1]


def test_two_stops_used_leave_a_freeze_alone() -> None:
    used = [
        *order("O1", "止付", "2024-02-20T09:00", "2024-02-22T09:00"),
        *order("O2", "止付", "2024-02-23T09:00", "2024-02-25T09:00"),
    ]
    spent = line(*PAID, *used)
    assert (spent.score.reason, spent.score.candidate.stops_used) == ("NO_WAY_LEFT", 2)
    stop, freeze = spent.options[:2]
    assert (stop.allowed, freeze.allowed) == (False, True)
    assert stop.refusal is not None and stop.refusal.code == "THIRD_STOP"
    asked_for = line(*PAID, *used, *order("O3", "冻结", "2024-03-01T11:30", state="requested"))
    assert (asked_for.score.candidate.freeze_document, asked_for.score.reason) == ("DO3", "")


def test_an_earlier_freezer_comes_first() -> None:
    earlier = {"earlier_freezer": "X", "earlier_fen": "55000", "earlier_until_at": "2024-06-01T09:00"}
    behind = line(*PAID, *order("O1", "冻结", "2024-03-01T11:00", state="未冻结", **earlier))
    assert (behind.score.candidate.earlier_fen, behind.score.parts.value_fen) == (55_000, 5_000)


def test_a_closed_account_saves_nothing() -> None:
    for said in ("closed_at=2024-03-01T11:30", "status=销户"):
        assert line(f"A : Account {said}", *PAID).score.reason == "CLOSED"
    assert line("A : Account closed_at=2024-03-05T11:30 status=销户", *PAID).score.reason == ""


def test_an_overdrawn_account_holds_nothing_and_its_balance_is_shown() -> None:
    over = [*PAID[:-1], PAID[-1].replace("from_balance_fen=60000", "from_balance_fen=-100")]
    world = build_world(over)
    assert all(one.account != world.names["A"].key for one in asked(world).lines)  # all of it has left
    below = line("A : Account balance_fen=-5 balance_at=2024-03-01T11:00", *PAID)
    assert (below.balance.fen, below.score.candidate.available_fen) == (-5, 0)
    assert below.score.reason == "NOTHING_FREE"


def test_a_balance_nobody_states_is_unknown_and_asked_for() -> None:
    bare = [one.replace(" to_balance_fen=100000", "").replace("from_balance_fen=60000", "") for one in PAID]
    unknown = line(*bare)
    assert (unknown.balance.fen, unknown.score.candidate.available_fen) == (None, None)
    assert unknown.score.advice == ("ASK_BALANCE",)
    told = line("A : Account balance_fen=1000 balance_at=2024-03-01T11:00", *bare)
    assert (told.balance.fen, told.score.parts.value_fen) == (1_000, 1_000)
    old = line("A : Account balance_fen=1000 balance_at=2024-03-01T09:30", *bare)  # a row is later
    assert old.balance.fen is None


def test_an_account_without_a_sheet_is_told_apart_and_never_summed() -> None:
    world = build_world(PAID)
    seen = pl.col("to_key") != world.names["B"].key
    rows = world.frames["TRANSFER"].with_columns(
        pl.when(seen).then(pl.col(one)).alias(one) for one in ("to_at", "to_balance_fen")
    )
    found = queue_at(in_memory({**world.frames, "TRANSFER": rows}), NOW)
    assert [one.account for one in found.lines] == [world.names["A"].key]
    (unseen,) = found.unseen
    assert (unseen.account, unseen.received_fen) == (world.names["B"].key, 40_000)
    assert unseen.cases == (world.names["R1"].key,) and unseen.last_at == local("2024-03-01T10:00")


def test_other_currencies_are_told_and_never_added() -> None:
    dollars = [
        "R3 : Report",
        "R3 PAID_TO A at=2024-03-01T11:10 amount=70",
        "U TRANSFER A at=2024-03-01T11:10 amount=70 currency=USD from_at=2024-03-01T11:10 "
        "to_at=2024-03-01T11:10 to_balance_fen=7000",
    ]
    world = build_world([*PAID, *dollars])
    found = asked(world)
    assert sum(one.score.candidate.victim_fen for one in found.lines) == 100_000
    assert [(one.count, one.what) for one in found.notices if one.code == "OTHER_CURRENCY"] == [(1, "USD")]


def test_a_case_without_a_known_payment_is_refused_and_nothing_gives_nothing() -> None:
    with pytest.raises(InputError, match="1 of the cases"):
        asked(build_world(PAID), cases=["A990100009999"])
    empty = queue_at(empty_tables(), NOW)
    assert (empty.lines, empty.unseen, empty.expect(3)) == ((), (), 0)
    before = queue_at(in_memory(build_world(PAID).frames), local("2024-03-01T08:00"))
    assert before.lines == ()


def test_the_sample_adds_up_and_tells_the_same_twice(sample_home: LakeHome) -> None:
    tables = open_tables(sample_home)
    end = last_instant(tables)
    assert end is not None
    for now in (end, end - timedelta(days=40)):
        found = queue_at(tables, now)
        traced = found.found.traced["fifo"]
        followed = traced.held.filter(traced.held["owner"] >= FIRST_VICTIM)
        assert sum(one.score.candidate.victim_fen for one in found.lines) == followed["fen"].sum()
        assert found.lines == queue_at(tables, now).lines
        assert found.lines == queue_at(known_at(tables, now), now).lines
        for one in found.lines:
            assert one.score.parts.value_fen <= one.score.candidate.victim_fen
            assert one.balance.fen is None or one.score.parts.value_fen <= max(0, one.balance.fen)
            assert one.interval[0] <= one.score.candidate.victim_fen <= one.interval[1]
        rows = money_rows(tables, found, found.lines[0])
        signed = rows["victim_fen"] * (2 * rows["into"].cast(int) - 1)
        assert signed.sum() == found.lines[0].score.candidate.victim_fen
    assert len({one.account for one in found.lines}) == len(found.lines)
