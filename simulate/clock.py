"""Local time of the invented world in whole seconds, and the hours at which things happen."""

from datetime import date

import numpy as np

from simulate.identifiers import Floats, Ints

DAY = 86_400
HOUR = 3_600
FIRST_DAY = date(2024, 3, 4)  # a Monday; fixed, so that no result depends on the wall clock
START = (FIRST_DAY - date(1970, 1, 1)).days * DAY  # local seconds since 1970-01-01 00:00 local
ZONE_OFFSET_S = 8 * HOUR  # Asia/Shanghai has no clock change in the years used


def _hours(*spans: tuple[int, int, float]) -> Floats:
    weights = np.full(24, 0.02)
    for first, last, weight in spans:
        weights[first:last] += weight
    total: float = float(weights.sum())
    share: Floats = weights / total
    return share


SHOPPING = _hours((7, 9, 1.0), (11, 13, 2.0), (17, 21, 2.2), (21, 23, 0.8))
OFFICE = _hours((9, 12, 2.0), (14, 17, 2.0))
EVENING = _hours((8, 12, 0.6), (12, 14, 1.0), (18, 23, 2.0), (23, 24, 0.6))
NIGHT = _hours((0, 5, 2.0), (21, 24, 2.0), (18, 21, 0.7))
MEALS = _hours((11, 13, 3.0), (17, 20, 3.0), (20, 24, 0.8))


def moments(rng: np.random.Generator, count: int, days: int, hours: Floats) -> Ints:
    """`count` local seconds spread over the window by day, with hours drawn by their weights."""
    day = rng.integers(0, days, count)
    return START + day * DAY + day_seconds(rng, count, hours)


def day_seconds(rng: np.random.Generator, count: int, hours: Floats) -> Ints:
    """`count` seconds of the day, hours drawn by weight, minutes and seconds evenly."""
    edges = np.cumsum(hours)
    hour = np.searchsorted(edges / edges[-1], rng.random(count), side="right")
    return (np.minimum(hour, 23) * HOUR + rng.integers(0, HOUR, count)).astype(np.int64)


def month_days(days: int, day_of_month: int) -> list[int]:
    """Day offsets inside the window that fall on a day of the month."""
    found = []
    for offset in range(days):
        if date.fromordinal(FIRST_DAY.toordinal() + offset).day == day_of_month:
            found.append(offset)
    return found
