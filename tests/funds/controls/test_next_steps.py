"""What may be done next, why not the rest, and warnings at their exact instants."""

import pytest

from funds.controls.account import AccountControls
from funds.controls.events import Act, ControlEvent, Measure
from funds.controls.next_steps import options, warnings
from tests.funds.controls.orders import SOURCE, after, freeze, local, said, stop

TWO_STOPS = (*stop("K1", "2024-03-01T09:00"), *stop("K2", "2024-03-03T09:00"))


def _why(account: AccountControls, now: str) -> dict[tuple[str, str, str], str | None]:
    return {
        (o.act.value, o.measure.value, o.order): o.refusal.code if o.refusal else None
        for o in options(account, local(now))
    }


def test_an_untouched_account_may_be_stopped_or_frozen() -> None:
    assert _why(AccountControls("A"), "2024-03-01T09:00") == {
        ("requested", "stop", ""): None,
        ("requested", "freeze", ""): None,
    }


def test_after_two_stops_only_a_freeze_is_left() -> None:
    assert _why(after(*TWO_STOPS), "2024-03-04T09:00") == {
        ("requested", "stop", ""): "THIRD_STOP",
        ("requested", "freeze", ""): None,
        ("lifted", "stop", "K2"): None,
    }


@pytest.mark.parametrize(("now", "why"), [("2024-09-30T09:59:59", None), ("2024-09-30T10:00", "LAPSED")])
def test_a_freeze_may_be_renewed_until_its_end_and_no_longer(now: str, why: str | None) -> None:
    account = after(*freeze("F1", "2024-03-31T10:00"))
    assert _why(account, now)["renewed", "freeze", "F1"] == why


@pytest.mark.parametrize(
    ("events", "now", "warned"),
    [
        (TWO_STOPS[:2], "2024-03-02T20:59:59", False),
        (TWO_STOPS[:2], "2024-03-02T21:00", True),
        (TWO_STOPS[:2], "2024-03-03T08:59:59", True),
        (TWO_STOPS[:2], "2024-03-03T09:00", False),
        (freeze("F1", "2024-03-31T10:00"), "2024-09-15T09:59:59", False),
        (freeze("F1", "2024-03-31T10:00"), "2024-09-15T10:00", True),
        (freeze("F1", "2024-03-31T10:00"), "2024-09-30T10:00", False),
    ],
)
def test_warnings_come_twelve_hours_and_fifteen_days_before(
    events: tuple[ControlEvent, ...], now: str, warned: bool
) -> None:
    found = warnings(after(*events), local(now))
    assert bool(found) == warned
    for warning in found:
        assert warning.document and warning.rows == ((SOURCE, 1),)
        assert warning.said("zh") and warning.said("en")


def test_warnings_come_soonest_first() -> None:
    account = after(*freeze("F1", "2024-03-01T10:00", months=1), *stop("K1", "2024-03-30T09:00"))
    assert [w.order for w in warnings(account, local("2024-03-31T22:00"))] == ["K1", "F1"]


def test_what_is_open_says_what_it_is() -> None:
    (first, *_) = options(after(*freeze("F1", "2024-03-31T10:00")), local("2024-04-01T09:00"))
    assert (first.act, first.measure, first.allowed) == (Act.REQUESTED, Measure.STOP, True)
    assert said("stop requested", "2024-04-01T09:00").document
