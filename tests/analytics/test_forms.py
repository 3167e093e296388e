"""From query strings to what a report is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analytics.enums import Comparison, Grain, Preset
from analytics.forms import OverviewForm
from analytics.metrics import NET_SALES, ORDERS
from analytics.pages.links import Links
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.live import LiveDays
from analytics.reports.overview import OverviewQuery

KNOWN = Coverage(
    now=datetime(2026, 11, 23, 9, 42, tzinfo=UTC),
    today=date(2026, 11, 23),
    store=None,
    zone=ZoneInfo("Asia/Kolkata"),
    currencies=("INR", "USD"),
    first_day=date(2025, 1, 5),
    known_since_at=datetime(2025, 1, 2, 4, 30, tzinfo=UTC),
    history_since=None,
    financial_month=4,
    live=LiveDays(frozenset(), frozenset(), ()),
)


def query(**given: str) -> OverviewQuery:
    form = OverviewForm(given, coverage=KNOWN)
    assert form.is_valid(), form.problems()
    return form.query()


def problems(**given: str) -> list[str]:
    return OverviewForm(given, coverage=KNOWN).problems()


def test_nothing_said_is_the_last_30_complete_days() -> None:
    assert query() == OverviewQuery(
        preset=Preset.DAYS_30,
        period=Period(date(2026, 10, 24), date(2026, 11, 22)),
        comparison=Comparison.PREVIOUS,
        grain=Grain.DAY,
        metric=NET_SALES,
        currency="INR",
    )


def test_all_time_begins_with_the_first_day_that_has_figures() -> None:
    found = query(period="all", vs="year")

    assert found.period == Period(date(2025, 1, 5), date(2026, 11, 23))
    assert found.earlier is None


def test_two_days_make_a_comparison_without_a_name() -> None:
    found = query(vs_start="2026-01-01", vs_end="2026-01-31")

    assert found.earlier == Period(date(2026, 1, 1), date(2026, 1, 31), 1)
    links = Links(found, default_currency="INR")
    assert links.to(metric="orders") == "?vs_start=2026-01-01&vs_end=2026-01-31&metric=orders"
    assert links.to_comparison(Comparison.YEAR) == "?vs=year"
    assert query(period="all", vs_start="2026-01-01", vs_end="2026-01-31").earlier is None


def test_long_comparison_widens_the_buckets() -> None:
    assert query(vs_start="2025-02-01", vs_end="2026-10-31", period="7d").fitting() is Grain.MONTH


def test_two_days_make_a_period_without_a_name() -> None:
    found = query(start="2026-11-01", end="2026-11-04")

    assert (found.preset, len(found.period)) == (Preset.CUSTOM, 4)
    assert found == query(period="custom", start="2026-11-01", end="2026-11-04")


@pytest.mark.parametrize(
    "given",
    [
        {"period": "nonsense"},
        {"period": "custom"},
        {"period": "30d", "start": "2026-11-01", "end": "2026-11-04"},
        {"start": "2026-11-01"},
        {"vs_start": "2026-10-01"},
        {"vs_start": "2026-10-02", "vs_end": "2026-10-01"},
        {"vs": "year", "vs_start": "2026-10-01", "vs_end": "2026-10-02"},
        {"vs_start": "2026-10-01", "vs_end": "2026-11-24"},
        {"end": "2026-11-01"},
        {"start": "2026-11-04", "end": "2026-11-01"},
        {"start": "2026-11-31", "end": "2026-12-01"},
        {"start": "04.11.2026", "end": "2026-11-05"},
        {"start": "2026-11-01", "end": "2026-11-24"},
        {"start": "0001-01-01", "end": "2026-11-01"},
        {"vs": "last-week"},
        {"by": "hour"},
        {"metric": "visits"},
        {"currency": "EUR"},
        {"currency": "inr"},
        {"metric": "netSales\x00"},
    ],
    ids=str,
)
def test_what_cannot_be_right_is_said(given: dict[str, str]) -> None:
    assert problems(**given)


def test_a_wrong_word_is_answered_with_the_right_ones() -> None:
    assert problems(by="hour") == ["by: “hour” is none of day, week, month, quarter, year."]


def test_shop_without_a_currency_has_none_to_choose() -> None:
    empty = replace(KNOWN, currencies=(), first_day=None, known_since_at=None)

    assert OverviewForm({}, coverage=empty).is_valid()
    assert not OverviewForm({"currency": "INR"}, coverage=empty).is_valid()


def test_days_of_which_nothing_is_known_are_left_out() -> None:
    found = query(start="2024-12-01", end="2025-01-03")

    assert found.period == Period(date(2025, 1, 2), date(2025, 1, 3))
    assert problems(start="2024-12-01", end="2025-01-01") == [
        "This shop is known since 2 Jan 2025. Days before have no figures."
    ]


def test_shop_of_today_shows_today() -> None:
    begun = replace(KNOWN, known_since_at=KNOWN.now)
    form = OverviewForm({}, coverage=begun)

    assert form.is_valid()
    assert (form.query().preset, form.query().period) == (
        Preset.TODAY,
        Period(begun.today, begun.today),
    )


def test_problem_of_a_day_is_said_in_the_words_of_the_page() -> None:
    assert problems(start="soon", end="2026-11-04", vs_start="2026-11-05", vs_end="2026-11-04") == [
        "First day: A day is written like 2026-11-04.",
        "Last day to compare with: The last day lies before the first.",
    ]


LINKS = [
    ({}, {}, "?"),
    ({}, {"metric": "orders"}, "?metric=orders"),
    ({"metric": "orders"}, {"metric": "netSales"}, "?"),
    ({"period": "mtd", "vs": "year"}, {"by": "week"}, "?period=mtd&vs=year&by=week"),
    ({"start": "2026-11-01", "end": "2026-11-04"}, {"vs": "none"},
     "?start=2026-11-01&end=2026-11-04&vs=none"),
    ({"currency": "USD"}, {}, "?currency=USD"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "changes", "address"), LINKS)
def test_link_changes_one_thing_and_leaves_defaults_out(
    given: dict[str, str], changes: dict[str, Any], address: str
) -> None:
    assert Links(query(**given), default_currency="INR").to(**changes) == address


def test_link_leads_to_the_query_it_was_made_from() -> None:
    given = query(start="2026-11-01", end="2026-11-04", vs="weekdays", metric=ORDERS.key, by="week")

    address = Links(given, default_currency="INR").to()

    assert query(**dict(part.split("=") for part in address[1:].split("&"))) == given


def test_links_to_other_periods_keep_the_rest() -> None:
    links = Links(
        query(start="2026-11-01", end="2026-11-04", metric="orders"), default_currency="INR"
    )

    assert links.to_preset(Preset.TODAY) == "?period=today&metric=orders"
    assert links.to_preset(Preset.DAYS_30) == "?metric=orders"
    november = Period(date(2026, 11, 2), date(2026, 11, 2))
    assert links.to_days(november) == "?start=2026-11-02&end=2026-11-02&metric=orders"
    assert links.kept("period", "start", "end") == [("metric", "orders")]
