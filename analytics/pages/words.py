"""Figures and stretches of days in words."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

from analytics.enums import Comparison, Grain
from analytics.metric import Metric, Unit, Value
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.sums import Sums
from shop_data.privacy.pseudonyms import NAME, is_pseudonym
from xenofy.common import formats
from xenofy.common.formats import MINUS, Change
from xenofy.common.money import from_minor

UNKNOWN = "—"
LARGE = 100_000  # units of a currency
UNITS = {1: "month", 3: "quarter", 12: "year"}
NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
LONG_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def shown(metric: Metric, value: Value, currency: str) -> str:
    """Write a figure in full."""
    if value is None:
        return UNKNOWN
    if metric.unit is Unit.MONEY:
        return formats.money(Decimal(value), currency)
    if metric.unit is Unit.SHARE:
        return formats.percent(Decimal(value))
    if metric.unit is Unit.NUMBER:
        return formats.number(Decimal(value), currency)
    return formats.integer(int(value), currency)


def customer(shopify_id: int) -> str:
    """Name a customer of whom nothing but the number is known."""
    return NAME if is_pseudonym(shopify_id) else f"Customer {shopify_id}"


def isolated(text: str) -> str:
    """Keep a name that is written from right to left from turning round what stands beside it."""
    turns = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if turns else text


def aside(metric: Metric, value: Value, currency: str) -> str:
    """Write a figure for a secondary note: amounts short, everything else in full."""
    if value is None or metric.unit is not Unit.MONEY:
        return shown(metric, value, currency)
    return short(Decimal(value), currency)


def short(amount: Decimal, currency: str) -> str:
    """Write an amount without its small change, a large one by its first digits."""
    if abs(amount) < LARGE:
        return formats.money(amount, currency, places=0)
    return formats.compact_money(amount, currency)


def minor(amount: int, currency: str) -> str:
    """Write minor units in full."""
    return formats.money(from_minor(amount, currency), currency)


def change(metric: Metric, now: Sums, earlier: Sums | None, currency: str) -> Change:
    """Return how a figure changed; what is stored negative is compared by its size."""
    values = [None if sums is None else metric.value(sums, currency) for sums in (now, earlier)]
    current, before = [-value if metric.negative and value else value for value in values]
    return formats.change(current, before, good_up=metric.good_up, points=metric.unit is Unit.SHARE)


def signed(change: Change) -> str:
    """Write a change with its sign, for columns without colours and arrows."""
    sign = {"up": "+", "down": MINUS}.get(change.direction, "")
    return f"{sign}{change.text}"


def counted(count: int, noun: str, currency: str = "") -> str:
    """Write "1 order", "1,204 orders"."""
    return f"{formats.integer(count, currency)} {noun if count == 1 else f'{noun}s'}"


def clock_hour(hour: int) -> str:
    """Write an hour of the day: "12 am", "3 pm"."""
    return f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}"


def clock(coverage: Coverage) -> str:
    """Write the time of day that it is in the shop."""
    return formats.clock(coverage.now.astimezone(coverage.zone))


def bucket_label(days: Period, grain: Grain, *, today: date, hour: int | None = None) -> str:
    """Write the short name of a bucket: "24 Oct", "Oct", "3 pm"."""
    if hour is not None:
        return clock_hour(hour)
    if grain is Grain.YEAR:
        return str(days.first.year)
    if grain is Grain.QUARTER:
        return f"Q{(days.first.month + 2) // 3} {days.first.year}"
    if grain is not Grain.MONTH:
        return formats.day(days.first, today=today)
    month = formats.MONTHS[days.first.month - 1]
    return month if days.first.year == today.year else f"{month} {days.first.year}"


def bucket_title(days: Period, grain: Grain, *, today: date, hour: int | None = None) -> str:
    """Write the full name of a bucket: "Sat 24 Oct", "24 – 30 Oct", "Sat 24 Oct, 3 pm"."""
    if grain in (Grain.DAY, Grain.HOUR):
        day = f"{WEEKDAYS[days.first.weekday()]} {formats.day(days.first, today=today)}"
        return day if hour is None else f"{day}, {clock_hour(hour)}"
    return range_of(days, today=today)


def range_of(period: Period, *, today: date) -> str:
    """Write the days of a period: "24 Oct – 22 Nov"."""
    return formats.day_range(period.first, period.last, today=today)


def compared_with(comparison: Comparison, period: Period) -> tuple[str, str]:
    """Write what a period is compared with, and the detail that phones leave out."""
    match comparison:
        case Comparison.PREVIOUS:
            return "previous", _length(period)
        case Comparison.YEAR:
            return "a year ago", "same dates"
        case Comparison.WEEKDAYS:
            return "a year ago", "same weekdays"
    return "nothing", ""


def _length(period: Period) -> str:
    if period.months:
        return UNITS.get(period.months, f"{period.months} months")
    return "day" if len(period) == 1 else f"{len(period)} days"
