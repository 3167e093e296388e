"""Periods, their neighbours and their buckets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.enums import Comparison, Grain, Preset
from analytics.periods import MOST_BUCKETS, Period, add_months, chosen_period, preset_period

TODAY = date(2026, 11, 23)  # a Monday
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


def days(first: str, last: str) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last)


def ends(period: Period | None) -> tuple[date, date] | None:
    return period and (period.first, period.last)


def preset(name: Preset, today: date = TODAY, *, financial_month: int = 4) -> Period:
    since = date(2024, 11, 1)
    return preset_period(name, today=today, since=since, financial_month=financial_month)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (Preset.TODAY, "2026-11-23", "2026-11-23"),
        (Preset.YESTERDAY, "2026-11-22", "2026-11-22"),
        (Preset.DAYS_7, "2026-11-16", "2026-11-22"),
        (Preset.DAYS_30, "2026-10-24", "2026-11-22"),
        (Preset.DAYS_90, "2026-08-25", "2026-11-22"),
        (Preset.MONTH, "2026-11-01", "2026-11-23"),
        (Preset.LAST_MONTH, "2026-10-01", "2026-10-31"),
        (Preset.QUARTER, "2026-10-01", "2026-11-23"),
        (Preset.YEAR, "2026-01-01", "2026-11-23"),
        (Preset.MONTHS_12, "2025-11-01", "2026-10-31"),
        (Preset.FINANCIAL_YEAR, "2026-04-01", "2026-11-23"),
        (Preset.ALL, "2024-11-01", "2026-11-23"),
    ],
)
def test_preset_means_these_days(name: Preset, first: str, last: str) -> None:
    assert ends(preset(name)) == days(first, last)


def test_financial_year_of_india_begins_in_april_of_the_year_before() -> None:
    assert ends(preset(Preset.FINANCIAL_YEAR, date(2027, 2, 3))) == days("2026-04-01", "2027-02-03")


def test_financial_year_elsewhere_is_the_calendar_year() -> None:
    period = preset(Preset.FINANCIAL_YEAR, financial_month=1)

    assert period == preset(Preset.YEAR)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (preset(Preset.DAYS_30), "2026-09-24", "2026-10-23"),
        (preset(Preset.TODAY), "2026-11-22", "2026-11-22"),
        (preset(Preset.MONTH), "2026-10-01", "2026-10-23"),
        (preset(Preset.LAST_MONTH), "2026-09-01", "2026-09-30"),
        (preset(Preset.QUARTER), "2026-07-01", "2026-08-23"),
        (preset(Preset.YEAR), "2025-01-01", "2025-11-23"),
        (preset(Preset.MONTHS_12), "2024-11-01", "2025-10-31"),
        (preset(Preset.MONTH, date(2026, 3, 31)), "2026-02-01", "2026-02-28"),
        (preset(Preset.DAYS_30, date(2026, 10, 1)), "2026-08-02", "2026-08-31"),
        (chosen_period(*days("2026-02-01", "2026-02-28")), "2026-01-01", "2026-01-31"),
        (chosen_period(*days("2026-01-01", "2026-12-31")), "2025-01-01", "2025-12-31"),
        (chosen_period(*days("2026-02-02", "2026-02-28")), "2026-01-06", "2026-02-01"),
    ],
)
def test_previous_period_is_the_same_stretch_before(period: Period, first: str, last: str) -> None:
    assert ends(period.compared(Comparison.PREVIOUS)) == days(first, last)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (preset(Preset.DAYS_30), "2025-10-24", "2025-11-22"),
        (chosen_period(*days("2024-02-29", "2024-02-29")), "2023-02-28", "2023-02-28"),
        (chosen_period(*days("2025-02-01", "2025-02-28")), "2024-02-01", "2024-02-29"),
    ],
)
def test_same_dates_a_year_ago(period: Period, first: str, last: str) -> None:
    assert ends(period.compared(Comparison.YEAR)) == days(first, last)


@given(DAYS)
def test_same_weekdays_lie_364_days_back(day: date) -> None:
    earlier = Period(day, day).compared(Comparison.WEEKDAYS)

    assert earlier == Period(day - timedelta(days=364), day - timedelta(days=364))
    assert earlier.first.weekday() == day.weekday()


def test_comparison_with_nothing_has_no_days() -> None:
    assert preset(Preset.TODAY).compared(Comparison.NONE) is None


def test_steps_go_whole_units_back_and_forth() -> None:
    running = preset(Preset.MONTH)

    october = running.earlier()

    assert ends(october) == days("2026-10-01", "2026-10-31")
    assert october.later(today=TODAY) == running
    assert running.later(today=TODAY) is None


def test_step_of_days_stops_before_the_future() -> None:
    week = preset(Preset.DAYS_7)

    assert week.later(today=TODAY) is None
    assert week.earlier().later(today=TODAY) == week


@given(DAYS, st.integers(0, 1500), st.sampled_from(Grain))
def test_buckets_hold_each_day_once(first: date, more: int, grain: Grain) -> None:
    period = Period(first, first + timedelta(days=more))

    dates = [day for bucket in period.buckets(grain) for day in bucket.dates()]

    assert dates == list(period.dates())


@given(DAYS, st.integers(0, 1500))
def test_grain_has_as_many_buckets_as_can_be_told_apart(first: date, more: int) -> None:
    period = Period(first, first + timedelta(days=more))

    counts = {grain: len(period.buckets(grain)) for grain in period.grains()}

    assert max(counts.values()) <= MOST_BUCKETS
    assert period.grain(Grain.DAY) is (
        Grain.DAY if len(period) <= 62 else min(counts, key=list(Grain).index)
    )


def test_long_periods_switch_to_weeks_and_then_to_months() -> None:
    assert preset(Preset.DAYS_90).grain(Grain.DAY) is Grain.WEEK
    assert preset(Preset.ALL).grain(Grain.DAY) is Grain.MONTH
    assert preset(Preset.DAYS_30).grain(Grain.MONTH) is Grain.MONTH


def test_weeks_begin_on_monday() -> None:
    weeks = preset(Preset.DAYS_30).buckets(Grain.WEEK)

    assert [week.first for week in weeks[:2]] == list(days("2026-10-24", "2026-10-26"))


@given(DAYS, st.integers(-120, 120))
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    moved = add_months(day, months)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


def test_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Period(TODAY, TODAY - timedelta(days=1))
