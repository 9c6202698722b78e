"""An account's stops and freezes as the sheets state them, with every contradiction shown."""

from datetime import timedelta

import pytest

from detect.worlds import build_world
from funds.controls.account import State
from funds.controls.earlier import earlier_fen
from funds.controls.events import Act, Measure
from funds.controls.problems import CODES, Problem
from funds.controls.reading import Reading, orders_without_account, read_controls
from funds.controls.stated import act_of, measure_of
from tests.detect.ledgers import in_memory
from tests.funds.controls.orders import local

NOW = "2024-03-02T08:00"


def order(name: str, kind: str, start: str, end: str = "", account: str = "A", **values: str) -> list[str]:
    state = values.pop("state", "executed")
    terms = {"document": f"D{name}"} | values
    if start:
        terms["started_at"] = start
    if end:
        terms["ended_at"] = end
    said = " ".join(f"{key}={value}" for key, value in terms.items() if value)
    return [
        f"{name} : ControlOrder kind={kind} {said}",
        f"{name} CONTROL {account} at={start or end} state={state}",
    ]


def read(*lines: list[str], now: str = NOW) -> Reading:
    world = build_world([line for part in lines for line in part])
    reading = read_controls(in_memory(world.frames), local(now))[world.names["A"].key]
    assert all(problem.said("zh") and problem.said("en") for problem in reading.problems)
    return reading


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


STOP = order("O1", "止付", "2024-03-01T09:00", "2024-03-03T09:00")
FREEZE = order("O2", "冻结", "2024-02-01T09:00", mode="limit", requested_fen="500", executed_fen="500")


def test_a_stop_is_read_with_its_clock_paper_and_row() -> None:
    reading = read(STOP)
    assert (reading.controls.state, codes(reading)) == (State.STOPPED_1, [])
    assert reading.controls.deadline == local("2024-03-03T09:00")
    change = reading.controls.changes[-1]
    assert (change.document, change.row) == ("DO1", 2) and len(change.source) == 64
    assert [o.allowed for o in reading.options()] == [True, True, True]
    assert len(reading.sure_holds) == 1


@pytest.mark.parametrize(
    ("now", "state"),
    [("2024-03-03T08:59:59", State.STOPPED_1), ("2024-03-03T09:00", State.EXPIRED)],
)
def test_the_state_is_that_of_the_instant(now: str, state: State) -> None:
    assert read(STOP, now=now).controls.state is state


def test_rows_after_the_instant_count_for_nothing() -> None:
    reading = read(STOP, order("O9", "冻结", "2024-03-05T09:00", mode="receive_only"))
    assert (reading.later, reading.controls.state) == (1, State.STOPPED_1)


def test_a_freeze_without_a_stated_end_has_six_months() -> None:
    assert read(FREEZE).controls.deadline == local("2024-08-01T09:00")


def test_a_term_over_the_law_is_clocked_by_the_law_and_shown() -> None:
    long = order("O1", "冻结", "2023-08-31T09:00", "2024-03-10T09:00", mode="receive_only")
    assert codes(read(long)) == ["OVER_SIX_MONTHS"]
    assert read(long, now="2024-02-29T08:59:59").controls.state is State.FROZEN
    assert read(long, now="2024-02-29T09:00").controls.state is State.EXPIRED


def test_three_stops_and_overlapping_ones_are_shown() -> None:
    second = order("O3", "止付", "2024-03-01T20:00", "2024-03-03T20:00")
    third = order("O4", "止付", "2024-03-04T09:00")
    reading = read(STOP, second, third, now="2024-03-04T10:00")
    assert sorted(codes(reading)) == ["STOP_RUNS", "THIRD_STOP"]
    assert reading.controls.stops_used == 3
    assert reading.options()[0].refusal is not None and reading.sure_holds == ()


def test_a_refused_order_tells_of_an_earlier_freezer_and_holds_nothing() -> None:
    refused = order(
        "O1",
        "冻结",
        "2024-03-01T09:00",
        state="refused",
        reason="在先冻结",
        earlier_freezer="样局",
        earlier_fen="1000",
        earlier_until_at="2024-03-02T08:00:01",
    )
    reading = read(refused)
    assert reading.controls.state is State.REFUSED and reading.controls.stops_used == 0
    assert earlier_fen(reading.earlier, local(NOW)) == 1000
    assert earlier_fen(reading.earlier, local("2024-03-02T08:00:01")) == 0


def test_rows_that_differ_on_a_freezer_are_all_shown() -> None:
    one = order("O1", "止付", "2024-02-01T09:00", state="refused", earlier_freezer="样局", earlier_fen="1000")
    two = order("O2", "止付", "2024-03-01T09:00", state="refused", earlier_freezer="样局")
    reading = read(one, two)
    assert codes(reading) == ["EARLIER_DIFFERS", "EARLIER_NO_AMOUNT"]
    assert reading.earlier[0].fen is None and len(reading.earlier[0].rows) == 2


def test_a_waiting_freeze_whose_turn_has_come_is_asked_about_not_assumed() -> None:
    waiting = order(
        "O1",
        "冻结",
        "2024-02-01T09:00",
        state="轮候",
        earlier_freezer="样局",
        earlier_fen="5",
        earlier_until_at="2024-03-02T08:00",
    )
    assert codes(read(waiting)) == ["WAITING_DUE"]
    assert codes(read(waiting, now="2024-03-02T07:59:59")) == []
    assert read(waiting).controls.state is State.WAITING


def test_a_lifting_with_its_own_number_means_the_only_freeze() -> None:
    lift = order("O5", "解除冻结", "2024-03-01T09:00")
    reading = read(FREEZE, lift)
    assert (codes(reading), reading.controls.state) == (["LIFT_BY_ONLY"], State.LIFTED)


def test_a_lifting_that_could_mean_two_lifts_none() -> None:
    other = order("O3", "冻结", "2024-02-02T09:00", mode="limit", requested_fen="900")
    reading = read(FREEZE, other, order("O5", "解除冻结", "2024-03-01T09:00"))
    assert sorted(codes(reading)) == ["FREEZES_OVERLAP", "LIFT_UNCLEAR"]
    assert len(reading.controls.freezes_running) == 2 and reading.sure_holds == ()


def test_a_renewal_with_its_own_number_goes_on_with_the_freeze() -> None:
    renewal = order("O5", "续冻", "2024-07-30T09:00", "2025-02-01T09:00")
    reading = read(FREEZE, renewal, now="2024-09-01T00:00")
    assert (reading.controls.state, codes(reading)) == (State.RENEWED, ["LIFT_BY_ONLY"])
    assert reading.controls.deadline == local("2025-02-01T09:00")
    late = read(FREEZE, order("O5", "续冻", "2024-08-01T09:00", "2025-02-01T09:00"), now="2024-09-01T00:00")
    assert (late.controls.state, codes(late)) == (State.EXPIRED, ["LIFT_UNCLEAR"])


def test_what_a_row_leaves_open_is_shown_and_a_stop_counts_as_used() -> None:
    unknown = order("O1", "止付", "2024-02-01T09:00", state="07")
    no_start = order("O2", "止付", "", "2024-02-20T09:00")
    reading = read(unknown, no_start)
    assert sorted(codes(reading)) == ["NO_START", "STATE_UNKNOWN"]
    assert (reading.controls.stops_used, reading.stops_at_most) == (0, 2)
    assert reading.options()[0].refusal is not None
    query = read(order("O1", "动态查询", "2024-02-01T09:00"))
    assert (codes(query), query.controls.state) == (["MEASURE_UNKNOWN"], State.NONE)


def test_rows_that_contradict_themselves_are_shown() -> None:
    assert codes(read(order("O1", "止付", "2024-03-01T09:00", reason="余额不足"))) == ["DONE_BUT_REASON"]
    held = order("O1", "止付", "2024-03-01T09:00", state="未执行", executed_fen="5")
    assert codes(read(held)) == ["REFUSED_BUT_HELD"]
    assert codes(read(order("O1", "止付", "2024-03-01T09:00", "2024-03-01T09:00"))) == ["END_BEFORE_START"]
    assert codes(read(order("O1", "止付", "2024-03-01T09:00", document=""))) == ["NO_DOCUMENT"]


def test_an_order_told_again_moves_no_clock_and_may_be_a_second_stop() -> None:
    again = ["O1 CONTROL A at=2024-03-02T07:00 state=executed"]
    reading = read(STOP, again)
    assert codes(reading) == ["RETOLD", "NOT_REQUESTED", "RETOLD"]
    assert reading.controls.deadline == local("2024-03-03T09:00")
    assert reading.stops_at_most == 2 and reading.sure_holds == ()


def test_an_order_over_two_accounts_is_shown_on_each() -> None:
    assert codes(read(STOP, ["O1 CONTROL B at=2024-03-01T09:00 state=executed"])) == ["SEVERAL_ACCOUNTS"]


def test_orders_without_any_time_are_named() -> None:
    world = build_world(["O1 : ControlOrder kind=止付", *STOP[:0]])
    assert orders_without_account(in_memory(world.frames)) == [world.names["O1"].key]
    assert read_controls(in_memory({}), local(NOW)) == {}


def test_the_order_of_rows_does_not_show() -> None:
    lines = [*STOP, *FREEZE, *order("O5", "解除冻结", "2024-03-01T09:00")]
    world = build_world(lines)
    turned = {name: frame.reverse() for name, frame in world.frames.items()}
    now = local(NOW) + timedelta(seconds=1)
    assert read_controls(in_memory(world.frames), now) == read_controls(in_memory(turned), now)


@pytest.mark.parametrize(
    ("kind", "state", "measure", "act"),
    [
        ("止付", "executed", Measure.STOP, Act.EXECUTED),
        ("紧急止付", "未冻结", Measure.STOP, Act.REFUSED),
        ("冻结", "已冻结", Measure.FREEZE, Act.EXECUTED),
        ("冻结", "未到期", Measure.FREEZE, None),
        ("冻结", "解除申请中", Measure.FREEZE, None),
        ("冻结", "待执行", Measure.FREEZE, Act.REQUESTED),
        ("轮候冻结", "成功", Measure.FREEZE, Act.WAITING),
        ("续冻", "成功", Measure.FREEZE, Act.RENEWED),
        ("解除止付", "成功", Measure.STOP, Act.LIFTED),
        ("解冻", "失败", Measure.FREEZE, Act.REFUSED),
        ("冻结", "到期", Measure.FREEZE, Act.EXPIRED),
        ("止付冻结", "01", None, None),
    ],
)
def test_words_are_read_as_they_stand(
    kind: str, state: str, measure: Measure | None, act: Act | None
) -> None:
    assert (measure_of(kind), act_of(kind, state)) == (measure, act)


def test_every_problem_has_words() -> None:
    for name in CODES:
        problem = Problem(name, (), (), "x")
        assert problem.said("zh").endswith("。") and problem.said("en").endswith(".")
