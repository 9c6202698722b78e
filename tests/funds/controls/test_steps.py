"""Every legal rule of stops and freezes has a case on each side of its boundary."""

from datetime import UTC, datetime, timedelta

import pytest

from funds.controls.account import AccountControls, OrderState, State
from funds.controls.clocks import add_months
from funds.controls.events import Act, ControlEvent, Earlier, Measure, Mode, Particulars
from funds.controls.refusals import CODES, Refusal
from funds.controls.steps import record, replay, step
from graph.errors import InputError
from tests.funds.controls.orders import SOURCE, after, code, freeze, last, local, said, stop

ONE = stop("K1", "2024-03-01T09:00")
TWO = stop("K2", "2024-03-03T09:00")
FROZEN = freeze("F1", "2024-01-31T10:00")

RULES: dict[str, tuple[tuple[ControlEvent, ...], str | None]] = {
    "a first stop runs": (ONE, None),
    "a second stop of another case runs once the first has ended": ((*ONE, *TWO), None),
    "a second stop may be requested while the first runs": (
        (*ONE, said("stop requested", "2024-03-02T21:00", "K2")),
        None,
    ),
    "two stops never run at once": (
        (*ONE, *stop("K2", "2024-03-03T08:59:59")),
        "STOP_RUNS",
    ),
    "a third stop is refused, whatever its case": (
        (*ONE, *TWO, said("stop requested", "2024-03-09T09:00", "K3", case="other")),
        "THIRD_STOP",
    ),
    "a lifted stop has been used": (
        (
            *ONE,
            said("stop lifted", "2024-03-01T10:00"),
            *stop("K2", "2024-03-01T11:00"),
            said("stop lifted", "2024-03-01T12:00", "K2"),
            said("stop requested", "2024-03-01T13:00", "K3"),
        ),
        "THIRD_STOP",
    ),
    "a refused stop has not been used": (
        (
            said("stop requested", "2024-03-01T09:00"),
            said("stop refused", "2024-03-01T09:10"),
            *stop("K2", "2024-03-02T09:00"),
            *stop("K3", "2024-03-05T09:00"),
        ),
        None,
    ),
    "one stop awaits its answer at a time": (
        (said("stop requested", "2024-03-01T09:00"), said("stop requested", "2024-03-01T09:01", "K2")),
        "STOP_PENDING",
    ),
    "a stop lasts 48 hours, not a second more": (
        stop("K1", "2024-03-01T09:00", ends_at=local("2024-03-03T09:00:01")),
        "STOP_TERM",
    ),
    "a stop stated to last exactly 48 hours": (
        stop("K1", "2024-03-01T09:00", ends_at=local("2024-03-03T09:00")),
        None,
    ),
    "a stop can't be renewed": ((*ONE, said("stop renewed", "2024-03-02T09:00")), "NO_SUCH_STEP"),
    "a stop never waits": (
        (said("stop requested", "2024-03-01T09:00"), said("stop waiting", "2024-03-01T09:00")),
        "NO_SUCH_STEP",
    ),
    "a freeze needs no stop before it": (FROZEN, None),
    "a freeze needs a request": (
        (said("freeze executed", "2024-01-31T10:00", mode=Mode.RECEIVE_ONLY),),
        "NOT_REQUESTED",
    ),
    "six months and a clamped end": (
        freeze("F1", "2023-08-31T10:00", ends_at=local("2024-02-29T10:00")),
        None,
    ),
    "a second more than six months": (
        freeze("F1", "2023-08-31T10:00", ends_at=local("2024-02-29T10:00:01")),
        "OVER_SIX_MONTHS",
    ),
    "seven months without approval": (freeze("F1", "2024-01-31T10:00", months=7), "OVER_SIX_MONTHS"),
    "a year with city-level approval": (
        freeze("F1", "2024-02-29T10:00", ends_at=local("2025-02-28T10:00"), city_approval="S1"),
        None,
    ),
    "a second more than a year": (
        freeze("F1", "2024-02-29T10:00", ends_at=local("2025-02-28T10:00:01"), city_approval="S1"),
        "OVER_A_YEAR",
    ),
    "thirteen months": (freeze("F1", "2024-01-31T10:00", months=13, city_approval="S1"), "OVER_A_YEAR"),
    "no months": (freeze("F1", "2024-01-31T10:00", months=0), "NO_TERM"),
    "an end at the start": (freeze("F1", "2024-01-31T10:00", ends_at=local("2024-01-31T10:00")), "NO_TERM"),
    "a renewal in the last second": (
        (*FROZEN, said("freeze renewed", "2024-07-31T09:59:59", "F1")),
        None,
    ),
    "a renewal at the end comes too late": (
        (*FROZEN, said("freeze renewed", "2024-07-31T10:00", "F1")),
        "LAPSED",
    ),
    "a lifted freeze can't be renewed": (
        (
            *FROZEN,
            said("freeze lifted", "2024-02-01T10:00", "F1"),
            said("freeze renewed", "2024-02-02T10:00", "F1"),
        ),
        "NOT_FROZEN",
    ),
    "a renewal of six months from the end of the term before": (
        (*FROZEN, said("freeze renewed", "2024-07-20T10:00", "F1", ends_at=local("2025-01-31T10:00"))),
        None,
    ),
    "a renewal longer than that": (
        (*FROZEN, said("freeze renewed", "2024-07-20T10:00", "F1", ends_at=local("2025-01-31T10:00:01"))),
        "OVER_SIX_MONTHS",
    ),
    "a renewal that would shorten": (
        (*FROZEN, said("freeze renewed", "2024-02-20T10:00", "F1", months=1)),
        "RENEWAL_SHORTENS",
    ),
    "a freeze states its mode": (freeze("F1", "2024-01-31T10:00", mode=None), "NO_MODE"),
    "a limit states its amount": (freeze("F1", "2024-01-31T10:00", mode=Mode.LIMIT), "NO_LIMIT"),
    "a limit is filled exactly": (
        freeze("F1", "2024-01-31T10:00", mode=Mode.LIMIT, limit_fen=500, executed_fen=500),
        None,
    ),
    "a limit is never passed": (
        freeze("F1", "2024-01-31T10:00", mode=Mode.LIMIT, limit_fen=500, executed_fen=501),
        "OVER_LIMIT",
    ),
    "behind a receive-only freeze another waits": (
        (*FROZEN, *freeze("F2", "2024-02-01T10:00")),
        "HELD_BY_EARLIER",
    ),
    "it takes hold when the earlier one has ended": (
        (
            *FROZEN,
            said("freeze requested", "2024-02-01T10:00", "F2", mode=Mode.RECEIVE_ONLY),
            said("freeze waiting", "2024-02-01T10:05", "F2"),
            said("freeze executed", "2024-07-31T10:00", "F2"),
        ),
        None,
    ),
    "beside a limit another freeze takes hold": (
        (
            *freeze("F1", "2024-01-31T10:00", mode=Mode.LIMIT, limit_fen=500),
            *freeze("F2", "2024-02-01T10:00", mode=Mode.LIMIT, limit_fen=700),
        ),
        None,
    ),
    "a waiting freeze is not renewed": (
        (
            said("freeze requested", "2024-02-01T10:00", "F2"),
            said("freeze waiting", "2024-02-01T10:05", "F2"),
            said("freeze renewed", "2024-02-02T10:00", "F2"),
        ),
        "NOT_FROZEN",
    ),
    "every change has a document": (
        (said("stop requested", "2024-03-01T09:00", document=""),),
        "NO_DOCUMENT",
    ),
    "an order number is used once": (
        (*ONE, said("stop requested", "2024-03-05T09:00", "K1")),
        "ORDER_KNOWN",
    ),
    "nothing to lift": ((said("freeze lifted", "2024-03-01T09:00"),), "NOTHING_TO_LIFT"),
    "an answer needs a question": ((said("stop refused", "2024-03-01T09:00"),), "NOT_REQUESTED"),
    "not yet expired": ((*ONE, said("stop expired", "2024-03-03T08:59:59")), "NOT_ENDED"),
    "expired at the end": ((*ONE, said("stop expired", "2024-03-03T09:00")), None),
    "time never runs back": ((*ONE, said("freeze requested", "2024-03-01T08:59", "F1")), "OUT_OF_ORDER"),
    "particulars differ": (
        (said("stop requested", "2024-03-01T09:00", unequal=("name",)),),
        "MISMATCH",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_law_allows_or_refuses(rule: str) -> None:
    events, expected = RULES[rule]
    assert code(*events) == expected


def test_every_refusal_is_met_and_names_its_basis_in_both_languages() -> None:
    assert {expected for _, expected in RULES.values()} - {None} == set(CODES)
    for name in CODES:
        refusal = Refusal(name, ("name", "time"))
        assert refusal.basis in ("L", "S", "D")
        zh, en = refusal.said("zh"), refusal.said("en")
        assert "{" not in zh + en and zh.endswith("。") and en.endswith(".")
        if refusal.basis == "L":
            assert "号" in zh or "规定" in zh
    assert Refusal("MISMATCH", ("name", "time")).said("en").startswith("Name, account")
    assert "户名、时间" in Refusal("MISMATCH", ("name", "time")).said("zh")


def test_the_whole_way_with_the_paper_of_each_change() -> None:
    account = after(
        *ONE, *TWO, *freeze("F1", "2024-03-04T09:00"), said("freeze renewed", "2024-08-30T09:00", "F1")
    )
    steps = [(c.order, c.before, c.after, c.renewed) for c in account.changes]
    running, expired = OrderState.RUNNING, OrderState.EXPIRED
    assert steps == [
        ("K1", None, OrderState.REQUESTED, False),
        ("K1", OrderState.REQUESTED, running, False),
        ("K1", running, expired, False),
        ("K2", None, OrderState.REQUESTED, False),
        ("K2", OrderState.REQUESTED, running, False),
        ("F1", None, OrderState.REQUESTED, False),
        ("F1", OrderState.REQUESTED, running, False),
        ("K2", running, expired, False),
        ("F1", running, running, True),
    ]
    assert all(c.document and c.source == SOURCE and c.row for c in account.changes)
    assert account.changes[2].at == local("2024-03-03T09:00")
    assert account.changes[2].document == "D-K1-executed"


@pytest.mark.parametrize(
    ("events", "now", "state"),
    [
        ((), "2024-03-01T09:00", State.NONE),
        (ONE[:1], "2024-03-01T09:00", State.STOP_REQUESTED),
        (ONE, "2024-03-03T08:59:59", State.STOPPED_1),
        (ONE, "2024-03-03T09:00", State.EXPIRED),
        ((*ONE, *TWO), "2024-03-05T08:59:59", State.STOPPED_2),
        (
            (*ONE, said("freeze requested", "2024-03-01T10:00", "F1")),
            "2024-03-01T10:00",
            State.FREEZE_REQUESTED,
        ),
        (FROZEN, "2024-07-31T09:59:59", State.FROZEN),
        (FROZEN, "2024-07-31T10:00", State.EXPIRED),
        ((*FROZEN, said("freeze renewed", "2024-07-31T09:00", "F1")), "2024-07-31T10:00", State.RENEWED),
        ((*FROZEN, said("freeze lifted", "2024-03-01T09:00", "F1")), "2024-03-01T09:00", State.LIFTED),
        (
            (
                said("freeze requested", "2024-02-01T10:00", "F2"),
                said("freeze waiting", "2024-02-01T10:05", "F2"),
            ),
            "2024-02-02T10:00",
            State.WAITING,
        ),
    ],
)
def test_one_word_for_the_account(events: tuple[ControlEvent, ...], now: str, state: State) -> None:
    assert after(*events).at(local(now)).state is state


def test_unequal_particulars_are_refused_and_say_which() -> None:
    asked = Particulars("甲", "A", 500, local("2024-03-01T08:00"))
    stated = Particulars("乙", "A", 500, None)
    assert asked.unequal(stated) == ("name", "time")
    assert Particulars(None, "A", 500, None).unequal(Particulars(None, "A", 500, None)) == ("name", "time")
    outcome = last(said("stop requested", "2024-03-01T09:00", unequal=asked.unequal(stated)))
    assert outcome.refusal == Refusal("MISMATCH", ("name", "time"))
    assert outcome.change is not None and outcome.change.after is OrderState.REFUSED
    assert outcome.account.state is State.REFUSED and outcome.account.stops_used == 0


def test_a_waiting_freeze_keeps_who_is_before_it() -> None:
    earlier = Earlier("样局", 100, local("2024-05-01T00:00"))
    account = after(
        said("freeze requested", "2024-02-01T10:00", "F2"),
        said("freeze waiting", "2024-02-01T10:05", "F2", earlier=earlier),
    )
    order = account.find(Measure.FREEZE, "F2")
    assert order is not None and order.earlier == earlier and order.started_at is None


def test_an_unstated_renewal_counts_from_its_own_instant() -> None:
    account = after(*FROZEN, said("freeze renewed", "2024-07-20T10:00", "F1"))
    assert account.deadline == local("2025-01-20T10:00")


def test_a_stated_fact_that_may_not_be_is_kept_with_its_doubt() -> None:
    account = after(*ONE, *TWO)
    for event in stop("K3", "2024-03-09T09:00", ends_at=local("2024-03-20T09:00")):
        account = record(account, event).account
    third = account.find(Measure.STOP, "K3")
    assert third is not None and third.doubts == ("THIRD_STOP",) and account.stops_used == 3
    assert third.ends_at == third.started_at + timedelta(hours=48) if third.started_at else False
    lapsed = record(after(*FROZEN), said("freeze renewed", "2024-08-10T10:00", "F1"))
    assert lapsed.refusal == Refusal("LAPSED") and lapsed.account.freezes_running[0].doubts == ("LAPSED",)


def test_order_of_input_does_not_matter() -> None:
    events = [*ONE, *TWO, *freeze("F1", "2024-03-04T09:00"), said("stop requested", "2024-03-05T09:00", "K3")]
    first = replay("A", events)
    assert first == replay("A", reversed(events))
    assert [refusal.code for _, refusal in first[1]] == ["THIRD_STOP"]


def test_what_a_clock_can_not_rest_on_is_wrong_input() -> None:
    with pytest.raises(InputError):
        said("stop requested", datetime(2024, 3, 1))
    with pytest.raises(InputError):
        AccountControls("A").at(datetime(2024, 3, 1))
    with pytest.raises(InputError):
        said("stop requested", "2024-03-01", "")
    with pytest.raises(InputError):
        said("stop requested", "2024-03-01", executed_fen=-1)
    utc = ControlEvent("K", Measure.STOP, Act.REQUESTED, datetime(2024, 3, 1, tzinfo=UTC), "D", SOURCE, 1)
    assert step(AccountControls("A"), utc).refusal is None


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2023-08-31T10:00", 6, "2024-02-29T10:00"),
        ("2022-08-31T10:00", 6, "2023-02-28T10:00"),
        ("2024-02-29T23:59:59", 12, "2025-02-28T23:59:59"),
        ("2024-02-29T00:00", 48, "2028-02-29T00:00"),
        ("2099-08-31T00:00", 6, "2100-02-28T00:00"),
        ("2024-03-31T00:00", 1, "2024-04-30T00:00"),
        ("2024-07-01T02:00", 6, "2025-01-01T02:00"),
        # 31 March 23:00 UTC is already 1 April in China
        ("2024-04-01T07:00", 1, "2024-05-01T07:00"),
    ],
)
def test_months_are_chinese_calendar_months_with_clamped_ends(start: str, months: int, end: str) -> None:
    assert add_months(local(start), months) == local(end)
