"""The legal clocks of stops and freezes: how long each lasts, when it ends, when to warn."""

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from graph.errors import InputError
from graph.parameters import CHINA


@dataclass(frozen=True, slots=True)
class ControlLaw:
    """The figures that decide; see DOMAIN.md 7.3.

    stop, stops_at_most: 银发〔2016〕86号 (L). freeze_months, approved_months: 公安机关办理刑事案件程序规定,
    Art. 243 (L; the number seen on third-party pages only). The two warnings are ours (D).
    """

    stop: timedelta = timedelta(hours=48)
    stops_at_most: int = 2
    freeze_months: int = 6
    approved_months: int = 12
    warn_stop: timedelta = timedelta(hours=12)
    warn_freeze: timedelta = timedelta(days=15)


LAW = ControlLaw()


def utc(at: datetime) -> datetime:
    """`at` in UTC; InputError when it names no zone, for a clock may not rest on a guess."""
    if at.tzinfo is None:
        raise InputError("An order's instant names no time zone; give one, as in 2024-03-01T09:00+08:00.")
    return at.astimezone(UTC)


def add_months(at: datetime, months: int) -> datetime:
    """The instant `months` calendar months later at the same hour in China, in UTC; month ends are clamped.

    31 August 10:00 and six months: 28 February 10:00, or the 29th in a leap year. China has had one zone
    without summer time since 1992, so an hour is never missing or double.
    """
    local = utc(at).astimezone(CHINA)
    number = local.year * 12 + local.month - 1 + months
    year, month = number // 12, number % 12 + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day).astimezone(UTC)
