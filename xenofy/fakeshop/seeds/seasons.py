"""When people buy: the hour, the day of the week, the month, and how the shop grows."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

_HOURS = (2, 1, 1, 1, 1, 2, 4, 8, 12, 14, 15, 15, 16, 15, 14, 14, 15, 17, 20, 25, 27, 23, 13, 6)
_HOURS_SO_FAR = list(accumulate(_HOURS))
_WEEKDAYS = (1.1, 1.0, 0.98, 1.0, 0.95, 0.88, 1.15)  # from Monday
_MONTHS = (0.8, 0.75, 0.85, 0.9, 0.85, 0.75, 0.7, 0.8, 1.0, 1.2, 1.6, 1.7)
_GROWTH = 1.35  # in a year


def is_sale(day: date) -> bool:
    """Tell whether the shop has its sale: the week that ends with November."""
    return day.month == 11 and day.day >= 24


def pull(day: date, *, since: date) -> float:
    """Return how much is bought on a day, beside other days."""
    grown: float = _GROWTH ** ((day - since).days / 365)
    sale = 2.2 if is_sale(day) else 1.0
    return _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1] * grown * sale


def moments(
    rng: Random, *, first: date, days: int, count: int, zone: ZoneInfo
) -> Iterator[datetime]:
    """Yield moments within some days, in no order, more where more is bought."""
    all_days = [first + timedelta(days=number) for number in range(days)]
    so_far = list(accumulate(pull(day, since=first) for day in all_days))
    for _ in range(count):
        day = all_days[bisect(so_far, rng.random() * so_far[-1])]
        yield _at(rng, day, zone)


def _at(rng: Random, day: date, zone: ZoneInfo) -> datetime:
    hour = bisect(_HOURS_SO_FAR, rng.random() * _HOURS_SO_FAR[-1])
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), zone)
