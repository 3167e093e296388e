"""When people buy: hours, weekdays, seasons, the festival, and how the shop grew.

All days are the shop's own, in Asia/Kolkata.
"""

from __future__ import annotations

import math
from bisect import bisect
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Kolkata")
MONTHS = 24

DIWALI = {
    day.year: day
    for day in map(
        date.fromisoformat,
        (
            *("2022-10-24", "2023-11-12", "2024-10-31", "2025-10-20", "2026-11-08", "2027-10-29"),
            *("2028-10-17", "2029-11-05", "2030-10-26", "2031-11-14", "2032-11-02", "2033-10-22"),
            *("2034-11-10", "2035-10-30", "2036-10-18", "2037-11-07", "2038-10-27", "2039-10-17"),
        ),
    )
}
_WEEKDAY = (0.92, 0.91, 0.94, 0.96, 1.0, 1.14, 1.16)  # from Monday
_MONTH = (0.96, 0.95, 1.0, 0.95, 0.9, 0.86, 0.86, 1.04, 1.0, 1.06, 1.04, 1.08)  # from January
_HOURS = (1, 1, 1, 1, 1, 1, 1, 2, 3, 5, 9, 13, 15, 17, 15, 11, 8, 5, 5, 10, 20, 26, 24, 12)
_HOURS_SO_FAR = list(accumulate(_HOURS))
_SALES = {1: (10, 20), 7: (12, 24)}  # month -> first and last day of the end-of-season sale


def first_day(end: date) -> date:
    """Return the first day of a history of 24 months up to `end`, and of its month."""
    months = end.year * 12 + end.month - 1 - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def days_to_diwali(day: date) -> int | None:
    """Return how many days the nearest Diwali of the year is away; negative after it."""
    festival = DIWALI.get(day.year)
    return None if festival is None else (festival - day).days


def diwali_code_runs(day: date) -> bool:
    """Tell whether DIWALI15 is valid: the eleven days before Diwali."""
    away = days_to_diwali(day)
    return away is not None and 1 <= away <= 11


def sale_runs(day: date) -> bool:
    """Tell whether it is the end-of-season sale, whose discount is automatic."""
    first, last = _SALES.get(day.month, (99, 0))
    return first <= day.day <= last


def mood(day: date) -> float:
    """Return how lively a day is compared with an ordinary one, whatever the shop's size."""
    sale = 1.35 if sale_runs(day) else 1.0
    return _WEEKDAY[day.weekday()] * _MONTH[day.month - 1] * _festival(day) * sale


def size(day: date, *, first: date) -> float:
    """Return how large the shop is on a day, about 1 in the middle of its 24 months."""
    age = min(1.0, max(0.0, (day - first).days / 730))
    return 0.45 + 0.85 * math.pow(age, 0.6)


def moment(day: date, rng: Random) -> datetime:
    """Return a time of day at which somebody buys."""
    hour = bisect(_HOURS_SO_FAR, rng.random() * _HOURS_SO_FAR[-1])
    local = datetime.combine(day, time(hour), ZONE)
    return local + timedelta(seconds=rng.randrange(3600))


def liveliness(now: datetime) -> float:
    """Return how busy the shop is at this hour: 1 in the busiest."""
    return _HOURS[now.astimezone(ZONE).hour] / max(_HOURS)


def share_of_day(now: datetime) -> float:
    """Return how much of a day's trade is done in an hour like this one."""
    return _HOURS[now.astimezone(ZONE).hour] / _HOURS_SO_FAR[-1]


def local(moment: datetime) -> str:
    """Write a moment as the shop's Shopify does: "2026-11-25T12:30:00+05:30"."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def _festival(day: date) -> float:
    """Return the festival's pull: Navratri, the weeks up to Diwali, and the quiet after it."""
    away = days_to_diwali(day)
    if away is None or not -12 <= away <= 32:
        return 1.0
    steps = ((20, 1.25), (12, 1.35), (1, 1.7), (-2, 0.5), (-12, 0.84))
    return next(pull for least, pull in steps if away >= least)
