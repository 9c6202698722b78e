"""What may be done to an account next and why not the rest, and which clocks are about to run out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from funds.controls.account import AccountControls, Order, OrderState
from funds.controls.checks import refusal_of
from funds.controls.clocks import LAW, ControlLaw
from funds.controls.events import Act, ControlEvent, Measure
from funds.controls.refusals import Refusal

_ASKED = "-"
"""Stands for a document and source that an officer has yet to name."""


_STEPS: dict[tuple[Act, Measure], tuple[str, str]] = {
    (Act.REQUESTED, Measure.STOP): ("申请止付", "ask for a stop"),
    (Act.REQUESTED, Measure.FREEZE): ("申请冻结", "ask for a freeze"),
    (Act.RENEWED, Measure.FREEZE): ("续冻", "renew freeze"),
    (Act.LIFTED, Measure.STOP): ("解除止付", "lift stop"),
    (Act.LIFTED, Measure.FREEZE): ("解除冻结", "lift freeze"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One next step: act on measure; order: whose, empty for a new one. refusal: why not, None if allowed."""

    act: Act
    measure: Measure
    order: str
    refusal: Refusal | None

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return self.refusal is None

    def said(self, language: str) -> str:
        """The step in a few words of `zh` or `en`, with the number of the order it is about."""
        words = _STEPS[self.act, self.measure][0 if language == "zh" else 1]
        return f"{words} {self.order}".strip()


@dataclass(frozen=True, slots=True)
class TermWarning:
    """A term that is about to end: warn_at <= now < ends_at."""

    measure: Measure
    order: str
    ends_at: datetime
    document: str
    rows: tuple[tuple[str, int], ...]

    def said(self, language: str) -> str:
        """The sentence in `zh` or `en`; the time left is for the screen to say."""
        if self.measure is Measure.STOP:
            zh, en = "止付将在 12 小时内期满，请再次止付或办理冻结。", "A stop ends within 12 hours: ask for "
            return zh if language == "zh" else f"{en}the second stop or a freeze."
        zh = "冻结将在 15 日内期满，须在期满前续冻，逾期自动解除。"
        en = "A freeze ends within 15 days: renew it before its end, or it lapses."
        return zh if language == "zh" else en


def options(account: AccountControls, now: datetime, law: ControlLaw = LAW) -> tuple[Option, ...]:
    """New stop, new freeze, then renewal and lifting of each order that took hold or waits."""
    settled = account.at(now)
    asked = [(Act.REQUESTED, measure, "") for measure in Measure]
    for order in settled.orders:
        if order.measure is Measure.FREEZE and order.started_at is not None:
            asked.append((Act.RENEWED, order.measure, order.number))
        if order.state in (OrderState.RUNNING, OrderState.WAITING):
            asked.append((Act.LIFTED, order.measure, order.number))
    return tuple(
        Option(act, measure, number, _against(settled, act, measure, number, law))
        for act, measure, number in asked
    )


def _against(
    settled: AccountControls, act: Act, measure: Measure, number: str, law: ControlLaw
) -> Refusal | None:
    at = settled.until
    if at is None:
        raise ValueError("an account is settled before its next steps are asked for")
    end = None
    order = settled.find(measure, number)
    if act is Act.RENEWED and order is not None:
        end = order.ends_at  # the shortest renewal: whether one is possible at all
        end = end if end is not None and end > at else None
    event = ControlEvent(number or "\0new", measure, act, at, _ASKED, _ASKED, 0, ends_at=end)
    return refusal_of(settled, event, law)


def warnings(account: AccountControls, now: datetime, law: ControlLaw = LAW) -> tuple[TermWarning, ...]:
    """Terms in force that end within the time to warn, that instant included; soonest first, then key."""
    settled = account.at(now)
    due = [
        (order.ends_at, order)
        for order in settled.orders
        if order.state is OrderState.RUNNING and order.ends_at is not None
        if (settled.until or now) >= order.ends_at - _ahead(order, law)
    ]
    due.sort(key=lambda pair: (pair[0], pair[1].key))
    return tuple(TermWarning(o.measure, o.number, end, o.document, o.rows) for end, o in due)


def _ahead(order: Order, law: ControlLaw) -> timedelta:
    return law.warn_stop if order.measure is Measure.STOP else law.warn_freeze
