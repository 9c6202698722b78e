"""How long a term still runs, in words."""

from datetime import datetime, timedelta

from ui.desk import Desk


def time_left(desk: Desk, until: datetime, now: datetime) -> str:
    """Days and hours, or hours and minutes, from `now` to `until`."""
    minutes = max(timedelta(0), until - now) // timedelta(minutes=1)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return desk.words("freeze.days_left", days=days, hours=hours)
    return desk.words("freeze.hours_left", hours=hours, minutes=minutes % 60)
