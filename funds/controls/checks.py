"""Whether an event may happen to an account now: the refusal that stands against it, or its term."""

from collections.abc import Callable
from datetime import datetime

from funds.controls.account import AccountControls, Order, OrderState
from funds.controls.clocks import ControlLaw, add_months
from funds.controls.events import Act, ControlEvent, Measure, Mode
from funds.controls.refusals import Refusal

_Check = Callable[[AccountControls, Order | None, ControlEvent, ControlLaw], Refusal | None]


def refusal_of(account: AccountControls, event: ControlEvent, law: ControlLaw) -> Refusal | None:
    """What stands against `event` on an account settled up to its instant; None when nothing does.

    Particulars that differ are no such thing: the request may be made, and its answer is a refusal.
    """
    if account.until is not None and event.at < account.until:
        return Refusal("OUT_OF_ORDER")
    if not event.document:
        return Refusal("NO_DOCUMENT")
    if event.measure is Measure.STOP and event.act in (Act.WAITING, Act.RENEWED):
        return Refusal("NO_SUCH_STEP")
    order = account.find(event.measure, event.order)
    return _CHECKS[event.act](account, order, event, law)


def _requested(
    account: AccountControls, order: Order | None, event: ControlEvent, law: ControlLaw
) -> Refusal | None:
    if order is not None:
        return Refusal("ORDER_KNOWN")
    if event.measure is Measure.FREEZE:
        return None
    if account.stops_used >= law.stops_at_most:
        return Refusal("THIRD_STOP")
    return Refusal("STOP_PENDING") if account.stop_pending else None


def _executed(
    account: AccountControls, order: Order | None, event: ControlEvent, law: ControlLaw
) -> Refusal | None:
    stop = event.measure is Measure.STOP
    if stop and account.stops_used >= law.stops_at_most:
        return Refusal("THIRD_STOP")
    if order is None or order.state not in (OrderState.REQUESTED, OrderState.WAITING):
        return Refusal("NOT_REQUESTED")
    if event.unequal:
        return None
    return _stop_executed(account, event, law) if stop else _freeze_executed(account, order, event, law)


def _stop_executed(account: AccountControls, event: ControlEvent, law: ControlLaw) -> Refusal | None:
    if account.stop_running:
        return Refusal("STOP_RUNS")
    if event.ends_at is not None and event.ends_at != event.at + law.stop:
        return Refusal("STOP_TERM")
    return None


def _freeze_executed(
    account: AccountControls, order: Order, event: ControlEvent, law: ControlLaw
) -> Refusal | None:
    mode = event.mode or order.mode
    limit = event.limit_fen if event.limit_fen is not None else order.limit_fen
    if mode is None:
        return Refusal("NO_MODE")
    if mode is Mode.LIMIT and not limit:
        return Refusal("NO_LIMIT")
    if mode is Mode.LIMIT and (event.executed_fen or 0) > (limit or 0):
        return Refusal("OVER_LIMIT")
    if any(o.mode is Mode.RECEIVE_ONLY and o.key != order.key for o in account.freezes_running):
        return Refusal("HELD_BY_EARLIER")
    return term_refusal(event.at, event, law)


def _renewed(
    account: AccountControls, order: Order | None, event: ControlEvent, law: ControlLaw
) -> Refusal | None:
    if order is None or order.state is not OrderState.RUNNING or order.ends_at is None:
        return Refusal("LAPSED" if order and order.state is OrderState.EXPIRED else "NOT_FROZEN")
    if freeze_end(event, law) < order.ends_at:
        return Refusal("RENEWAL_SHORTENS")
    return term_refusal(order.ends_at, event, law)


def _refused(
    account: AccountControls, order: Order | None, event: ControlEvent, law: ControlLaw
) -> Refusal | None:
    open_states = (OrderState.REQUESTED, OrderState.WAITING)
    return None if order and order.state in open_states else Refusal("NOT_REQUESTED")


def _waiting(
    account: AccountControls, order: Order | None, event: ControlEvent, law: ControlLaw
) -> Refusal | None:
    return None if order and order.state is OrderState.REQUESTED else Refusal("NOT_REQUESTED")


def _lifted(
    account: AccountControls, order: Order | None, event: ControlEvent, law: ControlLaw
) -> Refusal | None:
    held = (OrderState.RUNNING, OrderState.WAITING)
    return None if order and order.state in held else Refusal("NOTHING_TO_LIFT")


def _ended(
    account: AccountControls, order: Order | None, event: ControlEvent, law: ControlLaw
) -> Refusal | None:
    return None if order and order.state is OrderState.EXPIRED else Refusal("NOT_ENDED")


_CHECKS: dict[Act, _Check] = {
    Act.REQUESTED: _requested,
    Act.EXECUTED: _executed,
    Act.REFUSED: _refused,
    Act.WAITING: _waiting,
    Act.RENEWED: _renewed,
    Act.LIFTED: _lifted,
    Act.EXPIRED: _ended,
}


def term_refusal(counted_from: datetime, event: ControlEvent, law: ControlLaw) -> Refusal | None:
    """Whether the term asked for is longer than the law allows, counted from `counted_from`."""
    if event.ends_at is not None:
        if event.ends_at <= event.at:
            return Refusal("NO_TERM")
        over_short = event.ends_at > add_months(counted_from, law.freeze_months)
        over_long = event.ends_at > add_months(counted_from, law.approved_months)
    else:
        months = law.freeze_months if event.months is None else event.months
        if months < 1:
            return Refusal("NO_TERM")
        over_short, over_long = months > law.freeze_months, months > law.approved_months
    if over_long:
        return Refusal("OVER_A_YEAR")
    return Refusal("OVER_SIX_MONTHS") if over_short and not event.city_approval else None


def freeze_end(event: ControlEvent, law: ControlLaw) -> datetime:
    """The end of a freeze or renewal: as stated, else so many months from the instant of the event.

    A renewal may be stated to run from the end of the term before; unstated it counts from its own instant,
    which ends earlier: a warning too soon does no harm, one too late loses the money (our reading).
    """
    if event.ends_at is not None:
        return event.ends_at
    return add_months(event.at, law.freeze_months if event.months is None else event.months)
