"""What happens to an order of stop or freeze: request, answer, renewal, end, each with its document."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from funds.controls.clocks import utc
from graph.errors import InputError


class Measure(StrEnum):
    """止付 or 冻结."""

    STOP = "stop"
    FREEZE = "freeze"


class Act(StrEnum):
    """What is said of an order at an instant."""

    REQUESTED = "requested"
    EXECUTED = "executed"
    REFUSED = "refused"
    WAITING = "waiting"
    RENEWED = "renewed"
    LIFTED = "lifted"
    EXPIRED = "expired"


class Mode(StrEnum):
    """方式: 01 限额, 02 只收不付."""

    LIMIT = "limit"
    RECEIVE_ONLY = "receive_only"


@dataclass(frozen=True, slots=True)
class Particulars:
    """What request and bank must agree on before anything is held; None says nothing and equals nothing."""

    name: str | None
    account: str | None
    amount_fen: int | None
    paid_at: datetime | None

    def unequal(self, other: "Particulars") -> tuple[str, ...]:
        """The fields (name, account, amount, time) that are not equal on both sides."""
        pairs = (
            ("name", self.name, other.name),
            ("account", self.account, other.account),
            ("amount", self.amount_fen, other.amount_fen),
            ("time", self.paid_at, other.paid_at),
        )
        return tuple(field for field, mine, theirs in pairs if mine is None or mine != theirs)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier freezer 在先冻结机关 as a bank's answer names it; what it does not say is None."""

    freezer: str
    fen: int | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ControlEvent:
    """One line about an order: source (sha256) and row prove it, document is its legal paper.

    months or ends_at: the term of a freeze or renewal; neither means the longest ordinary one. city_approval:
    the document of the city-level approval of a major or complex case. unequal: see Particulars.
    InputError for an instant without zone, an empty order number or source, or a negative amount.
    """

    order: str
    measure: Measure
    act: Act
    at: datetime
    document: str
    source: str
    row: int
    case: str = ""
    mode: Mode | None = None
    limit_fen: int | None = None
    executed_fen: int | None = None
    months: int | None = None
    ends_at: datetime | None = None
    city_approval: str = ""
    unequal: tuple[str, ...] = ()
    earlier: Earlier | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))
        if self.ends_at is not None:
            object.__setattr__(self, "ends_at", utc(self.ends_at))
        if not self.order or not self.source:
            raise InputError("An event of an order needs the order's number and its source; name both.")
        if min(self.limit_fen or 0, self.executed_fen or 0) < 0:
            raise InputError("An amount of an order is below zero; correct the row.", row=self.row)


_ACTS = tuple(Act)


def in_order(event: ControlEvent) -> tuple[datetime, str, int, str, int, str]:
    """The stable order of events: time, order number, request before answer, source, row, document."""
    return event.at, event.order, _ACTS.index(event.act), event.source, event.row, event.document
