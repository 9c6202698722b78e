"""The days of a refund plan: notice, end of objections, first day of the decision, and the bank's days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from funds.controls.clocks import utc
from funds.refund.plan import RefundPlan
from graph.errors import InputError
from graph.parameters import CHINA

NOTICE_DAYS = 30
BANK_DAYS = 3


class Stage(StrEnum):
    """Where a plan stands at an instant."""

    TO_ANNOUNCE = "to_announce"
    OBJECTIONS = "objections"
    DECIDABLE = "decidable"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Objections:
    """The period of objections: the day of the notice does not count, the last day counts whole (China)."""

    announced_on: date
    last_on: date
    closes_at: datetime


def objections(announced_on: date) -> Objections:
    """30 days from the day after the notice; closes_at is the first instant after them, in UTC.

    The end is not moved past a holiday: later is safe, so a person may add days. Source: DOMAIN.md 7.4.
    """
    last = announced_on + timedelta(days=NOTICE_DAYS)
    midnight = datetime.combine(last + timedelta(days=1), time(), tzinfo=CHINA)
    return Objections(announced_on, last, midnight.astimezone(UTC))


def stage(
    plan: RefundPlan, now: datetime, announced_on: date | None = None, decided_at: datetime | None = None
) -> Stage:
    """Where the plan stands; one without notice is decidable at once.

    InputError when it was decided before objections closed.
    """
    closes = objections(announced_on).closes_at if announced_on is not None else None
    if decided_at is not None and utc(decided_at) <= utc(now):
        if plan.needs_notice and (closes is None or utc(decided_at) < closes):
            raise InputError("The plan was decided before the time for objections was over; check the days.")
        return Stage.DECIDED
    if not plan.needs_notice:
        return Stage.DECIDABLE
    if closes is None:
        return Stage.TO_ANNOUNCE
    return Stage.OBJECTIONS if utc(now) < closes else Stage.DECIDABLE


def bank_deadline(decided_on: date, holidays: Collection[date] = (), workdays: Collection[date] = ()) -> date:
    """The third working day after the decision reached the bank, which acts at once where it can.

    holidays: days off; workdays: weekend days worked instead. Both are published each year: without them only
    weekends are left out, and the real deadline may be later.
    """
    day, left = decided_on, BANK_DAYS
    while left:
        day += timedelta(days=1)
        off = (day.weekday() >= 5 and day not in workdays) or day in holidays
        left -= 0 if off else 1
    return day
