"""The state machine: one event after another changes an account's orders, or is refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from funds.controls.account import AccountControls, Change, Order, OrderState
from funds.controls.checks import freeze_end, refusal_of
from funds.controls.clocks import LAW, ControlLaw, add_months
from funds.controls.events import Act, ControlEvent, Measure, in_order
from funds.controls.refusals import Refusal

_Then = Callable[[Order, ControlEvent, ControlLaw], Order]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The account after an event. change: None when no state changed; refusal: None when nothing forbids it.

    Both are given when a request is recorded and refused in one: its particulars are not all equal.
    """

    account: AccountControls
    change: Change | None
    refusal: Refusal | None


def step(account: AccountControls, event: ControlEvent, law: ControlLaw = LAW) -> Outcome:
    """Apply one event; what is refused leaves the orders as they were (but for terms that ended by then)."""
    if account.until is not None and event.at < account.until:
        return Outcome(account, None, Refusal("OUT_OF_ORDER"))
    settled = account.at(event.at)
    refusal = refusal_of(settled, event, law)
    if refusal is not None:
        return Outcome(settled, None, refusal)
    return _apply(settled, event, law)


def replay(
    account: str, events: Iterable[ControlEvent], law: ControlLaw = LAW
) -> tuple[AccountControls, tuple[tuple[ControlEvent, Refusal], ...]]:
    """All events in their stable order, whatever order they come in; with those refused, and why."""
    state = AccountControls(account)
    refused: list[tuple[ControlEvent, Refusal]] = []
    for event in sorted(events, key=in_order):
        outcome = step(state, event, law)
        state = outcome.account
        if outcome.refusal is not None:
            refused.append((event, outcome.refusal))
    return state, tuple(refused)


def record(account: AccountControls, event: ControlEvent, law: ControlLaw = LAW) -> Outcome:
    """Take an event as a bank states it, also what may not be: the refusal becomes a doubt of its order."""
    settled = account.at(event.at)
    refusal = refusal_of(settled, event, law)
    outcome = _apply(settled, event, law)
    if refusal is None:
        return outcome
    order = outcome.account.find(event.measure, event.order)
    if order is None:
        return Outcome(outcome.account, outcome.change, refusal)
    doubts = tuple(dict.fromkeys((*order.doubts, refusal.code)))
    return Outcome(outcome.account.with_order(replace(order, doubts=doubts)), outcome.change, refusal)


def _apply(account: AccountControls, event: ControlEvent, law: ControlLaw) -> Outcome:
    before = account.find(event.measure, event.order)
    order = before or Order(event.order, event.measure, event.case, OrderState.REQUESTED, ())
    order = replace(
        order,
        events=(*order.events, event),
        case=order.case or event.case,
        mode=event.mode or order.mode,
        limit_fen=event.limit_fen if event.limit_fen is not None else order.limit_fen,
        earlier=event.earlier or order.earlier,
    )
    asks = event.act in (Act.REQUESTED, Act.EXECUTED, Act.WAITING)
    refusal = Refusal("MISMATCH", event.unequal) if asks and event.unequal else None
    after = (_closed(OrderState.REFUSED) if refusal else _THEN[event.act])(order, event, law)
    was = before.state if before else None
    renewed = event.act is Act.RENEWED
    change = None
    if after.state is not was or renewed:
        change = Change(
            event.at,
            event.measure,
            event.order,
            was,
            after.state,
            event.document,
            event.source,
            event.row,
            renewed,
        )
    changes = account.changes if change is None else (*account.changes, change)
    return Outcome(replace(account.with_order(after), changes=changes), change, refusal)


def _requested(order: Order, event: ControlEvent, law: ControlLaw) -> Order:
    return replace(order, requested_at=order.requested_at or event.at)


def _executed(order: Order, event: ControlEvent, law: ControlLaw) -> Order:
    if order.started_at is not None:
        return order  # told again: a second telling moves no clock
    started = replace(
        order, state=OrderState.RUNNING, started_at=event.at, executed_fen=event.executed_fen, ended_at=None
    )
    return replace(started, ends_at=_lawful_end(event, event.at, law))


def _renewed(order: Order, event: ControlEvent, law: ControlLaw) -> Order:
    end = _lawful_end(event, order.ends_at or event.at, law)
    return replace(
        order,
        state=OrderState.RUNNING,
        started_at=order.started_at or event.at,
        ends_at=end,
        ended_at=None,
        executed_fen=order.executed_fen if event.executed_fen is None else event.executed_fen,
        renewals=order.renewals + 1,
    )


def _waiting(order: Order, event: ControlEvent, law: ControlLaw) -> Order:
    return replace(order, state=OrderState.WAITING)


def _closed(state: OrderState) -> _Then:
    def close(order: Order, event: ControlEvent, law: ControlLaw) -> Order:
        return replace(order, state=state, ended_at=event.at)

    return close


def _ended(order: Order, event: ControlEvent, law: ControlLaw) -> Order:
    """Our own clock says when a known term ends; an order heard of only now has ended, whenever it began."""
    return order if len(order.events) > 1 else replace(order, state=OrderState.EXPIRED, ended_at=event.at)


_THEN: dict[Act, _Then] = {
    Act.REQUESTED: _requested,
    Act.EXECUTED: _executed,
    Act.REFUSED: _closed(OrderState.REFUSED),
    Act.WAITING: _waiting,
    Act.RENEWED: _renewed,
    Act.LIFTED: _closed(OrderState.LIFTED),
    Act.EXPIRED: _ended,
}


def _lawful_end(event: ControlEvent, counted_from: datetime, law: ControlLaw) -> datetime:
    """The end stated, but none later than the law allows: a clock that runs too long would hide a lapse."""
    if event.measure is Measure.STOP:
        legal = event.at + law.stop
        return min(event.ends_at, legal) if event.ends_at and event.ends_at > event.at else legal
    months = law.approved_months if event.city_approval else law.freeze_months
    latest = add_months(counted_from, months)
    stated = freeze_end(event, law)
    return min(stated, latest) if stated > event.at else latest
