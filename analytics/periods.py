"""Periods of whole shop-local days: presets, neighbours, comparisons and buckets.

Pure functions over dates. Whoever calls passes `today` in, a day of the shop's own time zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from analytics.enums import Comparison, Grain, Preset

ONE_DAY = timedelta(days=1)
SAME_WEEKDAY = timedelta(days=364)  # 52 weeks
MOST_BUCKETS = 62  # more bars than this cannot be told apart
CHARTED = (Grain.DAY, Grain.WEEK, Grain.MONTH)  # the grains between which charts choose
MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included.

    `months` is the calendar unit that the period is (1 a month, 3 a quarter, 12 a year); with
    `to_date` it is that unit's beginning only. Both say what the period before it is.
    """

    first: date
    last: date
    months: int | None = None
    to_date: bool = False

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"A period cannot end ({self.last}) before it begins ({self.first}).")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def dates(self) -> Iterator[date]:
        """Yield each day, oldest first."""
        return (self.first + timedelta(days=index) for index in range(len(self)))

    def moved(self, days: int) -> Period:
        """Return as many days, `days` later (earlier when negative)."""
        shift = timedelta(days=days)
        return Period(self.first + shift, self.last + shift)

    def previous(self) -> Period:
        """Return the same stretch of the unit before, or as many days directly before."""
        if self.months is None:
            return self.moved(-len(self))
        first = add_months(self.first, -self.months)
        last = self.first - ONE_DAY
        if self.to_date:
            last = min(last, first + (self.last - self.first))
        return Period(first, last, self.months, self.to_date)

    def year_before(self) -> Period:
        """Return the same dates a year ago; whole months stay whole in a leap year."""
        first = add_months(self.first, -12)
        if self.months and not self.to_date:
            return Period(first, add_months(first, self.months) - ONE_DAY, self.months)
        return Period(first, add_months(self.last, -12), self.months, self.to_date)

    def compared(self, comparison: Comparison) -> Period | None:
        """Return the earlier days of a comparison."""
        match comparison:
            case Comparison.PREVIOUS:
                return self.previous()
            case Comparison.YEAR:
                return self.year_before()
            case Comparison.WEEKDAYS:
                return self.moved(-SAME_WEEKDAY.days)
        return None

    def earlier(self) -> Period:
        """Return the neighbour before, whole."""
        if self.months is None:
            return self.moved(-len(self))
        first = add_months(self.first, -self.months)
        return Period(first, self.first - ONE_DAY, self.months)

    def later(self, *, today: date) -> Period | None:
        """Return the neighbour after, up to today where it is still running; None in the future."""
        if self.months is None:
            later = self.moved(len(self))
            return later if later.last <= today else None
        first = add_months(self.first, self.months)
        last = add_months(first, self.months) - ONE_DAY
        if first > today:
            return None
        return Period(first, min(last, today), self.months, to_date=last > today)

    def buckets(self, grain: Grain) -> list[Period]:
        """Return the calendar's days, weeks, ... inside the period, cut at its ends.

        Of hours it returns their days: a period has nothing finer.
        """
        found = []
        first = self.first
        while first <= self.last:
            last = min(_end_of_bucket(first, grain), self.last)
            found.append(Period(first, last))
            first = last + ONE_DAY
        return found

    def grains(self) -> list[Grain]:
        """Return the grains whose buckets can still be told apart; the widest always can."""
        fitting = [grain for grain in CHARTED if _count(self, grain) <= MOST_BUCKETS]
        return fitting or [Grain.MONTH]

    def grain(self, wanted: Grain) -> Grain:
        """Return the wanted grain, or the finest that fits where that has too many buckets."""
        grains = self.grains()
        return wanted if wanted in grains else grains[0]


def bucket_start(day: date, grain: Grain) -> date:
    """Return the first day of the calendar's week, month, ... in which a day lies."""
    if grain in (Grain.HOUR, Grain.DAY):
        return day
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(month=day.month - (day.month - 1) % MONTHS[grain], day=1)


def bucket_after(start: date, grain: Grain, number: int) -> date:
    """Return the start of the bucket so many after the one that begins on `start`."""
    if grain in MONTHS:
        return add_months(start, MONTHS[grain] * number)
    return start + timedelta(days=(7 if grain is Grain.WEEK else 1) * number)


def bucket_name(first: date, grain: Grain) -> str:
    """Return the name of a bucket in answers: "2026-W41", "2026-10", "2026-Q4", "2026"."""
    if grain is Grain.WEEK:
        return f"{first:%G-W%V}"
    if grain is Grain.MONTH:
        return f"{first:%Y-%m}"
    if grain is Grain.QUARTER:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return str(first.year) if grain is Grain.YEAR else first.isoformat()


class Bucket(NamedTuple):
    """A whole week, month or quarter of the calendar."""

    grain: Grain
    days: Period


def named_bucket(name: str) -> Bucket:
    """Return the week, month or quarter of a name like "2026-W41", "2026-10", "2026-Q4".

    Raises
    ------
    ValueError
        where it names none.
    """
    year, _, part = name.partition("-")
    if part.startswith("W"):
        grain, first = Grain.WEEK, date.fromisocalendar(int(year), int(part[1:]), 1)
    elif part.startswith("Q"):
        grain, first = Grain.QUARTER, date(int(year), int(part[1:]) * 3 - 2, 1)
    else:
        grain, first = Grain.MONTH, date.fromisoformat(f"{name}-01")
    return Bucket(grain, Period(first, bucket_after(first, grain, 1) - ONE_DAY))


def chosen_period(first: date, last: date) -> Period:
    """Return the days from `first` to `last`; whole months are known as such."""
    after = last + ONE_DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    whole = first.day == 1 and after.day == 1 and months > 0
    return Period(first, last, months if whole else None)


def preset_period(preset: Preset, *, today: date, since: date, financial_month: int) -> Period:
    """Return what a preset means today.

    `since` is the first day of "all time"; `financial_month` the month in which the financial
    year begins.
    """
    calculations: dict[Preset, Callable[[], Period]] = {
        Preset.TODAY: lambda: Period(today, today),
        Preset.YESTERDAY: lambda: _complete_days(1, today),
        Preset.DAYS_7: lambda: _complete_days(7, today),
        Preset.DAYS_30: lambda: _complete_days(30, today),
        Preset.DAYS_90: lambda: _complete_days(90, today),
        Preset.MONTH: lambda: _to_date(1, today),
        Preset.LAST_MONTH: lambda: _complete_months(1, today),
        Preset.QUARTER: lambda: _to_date(3, today),
        Preset.YEAR: lambda: _to_date(12, today),
        Preset.MONTHS_12: lambda: _complete_months(12, today),
        Preset.FINANCIAL_YEAR: lambda: _to_date(12, today, begins=financial_month),
        Preset.ALL: lambda: Period(min(since, today), today),
    }
    return calculations[preset]()


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or that month's last day where it has none such."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    return first + timedelta(days=min(day.day, _days_in_month(first)) - 1)


def _complete_days(count: int, today: date) -> Period:
    return Period(today - timedelta(days=count), today - ONE_DAY)


def _complete_months(count: int, today: date) -> Period:
    month = today.replace(day=1)
    return Period(add_months(month, -count), month - ONE_DAY, months=count)


def _to_date(months: int, today: date, *, begins: int = 1) -> Period:
    """Return the running unit of `months` months; units are counted from the month `begins`."""
    into_unit = (today.month - begins) % months
    first = add_months(today.replace(day=1), -into_unit)
    return Period(first, today, months, to_date=True)


def _end_of_bucket(day: date, grain: Grain) -> date:
    begins = bucket_start(day, grain)
    if grain in MONTHS:
        return add_months(begins, MONTHS[grain]) - ONE_DAY
    return begins + timedelta(days=6) if grain is Grain.WEEK else day


def _days_in_month(day: date) -> int:
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (following - ONE_DAY).day


def _count(period: Period, grain: Grain) -> int:
    """Return how many buckets a period has, without making them."""
    if grain is Grain.DAY:
        return len(period)
    if grain is Grain.WEEK:
        return (period.last.toordinal() - 1) // 7 - (period.first.toordinal() - 1) // 7 + 1
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
