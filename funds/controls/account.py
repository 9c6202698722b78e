"""The stops and freezes of one account over all cases, as they stand at an instant."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from funds.controls.clocks import utc
from funds.controls.events import ControlEvent, Earlier, Measure, Mode


class OrderState(StrEnum):
    """Where one order stands."""

    REQUESTED = "requested"
    RUNNING = "running"
    WAITING = "waiting"
    REFUSED = "refused"
    LIFTED = "lifted"
    EXPIRED = "expired"


class State(StrEnum):
    """One word for the account; DOMAIN.md 7.3."""

    NONE = "none"
    STOP_REQUESTED = "stop_requested"
    STOPPED_1 = "stopped(1)"
    STOPPED_2 = "stopped(2)"
    FREEZE_REQUESTED = "freeze_requested"
    FROZEN = "frozen"
    RENEWED = "renewed"
    WAITING = "waiting"
    REFUSED = "refused"
    EXPIRED = "expired"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Order:
    """One order; ends_at is the first instant at which it no longer holds, ended_at when it did end.

    doubts: codes of what contradicts it; only orders read from a sheet can have any.
    """

    number: str
    measure: Measure
    case: str
    state: OrderState
    events: tuple[ControlEvent, ...]
    requested_at: datetime | None = None
    started_at: datetime | None = None
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    mode: Mode | None = None
    limit_fen: int | None = None
    executed_fen: int | None = None
    renewals: int = 0
    earlier: Earlier | None = None
    doubts: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[Measure, str]:
        """Measure and number: a sheet may use one number for a stop and a freeze."""
        return self.measure, self.number

    @property
    def document(self) -> str:
        """The latest document number of the order."""
        return next((event.document for event in reversed(self.events) if event.document), "")

    @property
    def rows(self) -> tuple[tuple[str, int], ...]:
        """Source sha256 and row of every event of the order, in order of time."""
        return tuple(dict.fromkeys((event.source, event.row) for event in self.events))


@dataclass(frozen=True, slots=True)
class Change:
    """An order's change of state with the document and source row behind it.

    For a clock that ran out they are those of the term that ended: no paper says it.
    """

    at: datetime
    measure: Measure
    order: str
    before: OrderState | None
    after: OrderState
    document: str
    source: str
    row: int
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class AccountControls:
    """All orders of an account by time of their first event, settled up to `until`; changes in order of time.

    Terms hold from their start on and no longer at their end: [start, end).
    """

    account: str
    until: datetime | None = None
    orders: tuple[Order, ...] = ()
    changes: tuple[Change, ...] = ()

    def find(self, measure: Measure, number: str) -> Order | None:
        """The order of this measure and number, None when there is none."""
        return next((order for order in self.orders if order.key == (measure, number)), None)

    def those(self, measure: Measure, *states: OrderState) -> tuple[Order, ...]:
        """The orders of a measure in one of these states."""
        return tuple(order for order in self.orders if order.measure is measure and order.state in states)

    @property
    def stops_used(self) -> int:
        """Stops that took hold, over all cases; running ones are among them."""
        return sum(1 for o in self.orders if o.measure is Measure.STOP and o.started_at is not None)

    @property
    def stop_pending(self) -> Order | None:
        """The stop that awaits the bank's answer."""
        return next(iter(self.those(Measure.STOP, OrderState.REQUESTED)), None)

    @property
    def stop_running(self) -> Order | None:
        """The stop in force; of several contradictory ones the one that ends last."""
        running = self.those(Measure.STOP, OrderState.RUNNING)
        return max(running, key=_end, default=None)

    @property
    def freezes_running(self) -> tuple[Order, ...]:
        """The freezes in force."""
        return self.those(Measure.FREEZE, OrderState.RUNNING)

    @property
    def state(self) -> State:
        """The strongest of what is in force, then of what is asked for, then how the last order ended."""
        freezes = self.freezes_running
        if freezes:
            return State.RENEWED if any(order.renewals for order in freezes) else State.FROZEN
        if self.those(Measure.FREEZE, OrderState.REQUESTED):
            return State.FREEZE_REQUESTED
        if self.stop_running:
            return State.STOPPED_1 if self.stops_used == 1 else State.STOPPED_2
        if self.stop_pending:
            return State.STOP_REQUESTED
        if self.those(Measure.FREEZE, OrderState.WAITING):
            return State.WAITING
        return State(self.changes[-1].after) if self.changes else State.NONE

    @property
    def deadline(self) -> datetime | None:
        """When the next term in force ends; None when none is."""
        running = [order.ends_at for order in self.orders if order.state is OrderState.RUNNING]
        return min((end for end in running if end is not None), default=None)

    def at(self, now: datetime) -> "AccountControls":
        """The same account later: terms that ended by `now` have expired, at their own end."""
        now = utc(now)
        due = sorted(
            (o for o in self.orders if o.state is OrderState.RUNNING and o.ends_at and o.ends_at <= now),
            key=lambda order: (_end(order), order.key),
        )
        settled = self
        for order in due:
            settled = _expired(settled, order, _end(order))
        later = now if self.until is None else max(now, self.until)
        return replace(settled, until=later)

    def with_order(self, order: Order) -> "AccountControls":
        """The account with this order in the place of the one with its key, else behind all others."""
        if self.find(*order.key) is None:
            return replace(self, orders=(*self.orders, order))
        return replace(self, orders=tuple(order if o.key == order.key else o for o in self.orders))


def _expired(account: AccountControls, order: Order, end: datetime) -> AccountControls:
    term = next(e for e in reversed(order.events) if e.document or e is order.events[0])
    ended = replace(order, state=OrderState.EXPIRED, ended_at=end)
    change = Change(
        end, order.measure, order.number, order.state, ended.state, term.document, term.source, term.row
    )
    return replace(account.with_order(ended), changes=(*account.changes, change))


def _end(order: Order) -> datetime:
    if order.ends_at is None:
        raise ValueError(f"the running order {order.number} has no end")
    return order.ends_at
