"""The reports that are measured, each with the SQL that answers the same without rollups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from analytics import metrics
from analytics.buyers import Stretch, buyers_by_gaps
from analytics.enums import Comparison, Grain, Preset
from analytics.periods import Period, add_months, preset_period
from analytics.reports.breakdowns import breakdown
from analytics.reports.bridge import bridge
from analytics.reports.carts import carts
from analytics.reports.cohorts import cohorts
from analytics.reports.coverage import Coverage, coverage
from analytics.reports.customers import CustomersQuery, customer_list
from analytics.reports.fulfilment import times_of
from analytics.reports.hours import hours_report
from analytics.reports.inventory import BY_PRODUCT, inventory
from analytics.reports.overview import OverviewQuery, overview
from analytics.reports.product_list import product_list
from analytics.reports.products import top_products
from analytics.reports.query import ReportQuery
from analytics.reports.rfm import rfm
from analytics.reports.sales import sales_report
from bench import base_sql
from bench.data import LAST_DAY

LAST = date.fromisoformat(LAST_DAY) - timedelta(days=1)  # all of it is over
NOW = datetime(LAST.year, LAST.month, LAST.day, 20, tzinfo=UTC)  # early on the next day, in India
MONTH, YEAR = timedelta(days=29), timedelta(days=364)
CURRENCY = "INR"


@dataclass(frozen=True)
class Pair:
    """A report over the days from `back` before the last one, and its yardstick.

    The yardstick runs `times`: twice where the report compares two periods.
    """

    name: str
    back: timedelta
    report: Callable[[], Any]
    sql: str
    times: int = 1


def pairs() -> Iterator[Pair]:
    """Yield all pairs, over a month and over a year."""
    for back in (MONTH, YEAR):
        for name, report, sql, times in _of_period(Period(LAST - back, LAST)):
            yield Pair(name, back, report, sql, times)
    twelve = Period(add_months(LAST.replace(day=1), -11), LAST)
    by_month = {"currency": CURRENCY, "today": LAST, "period": twelve, "grain": Grain.MONTH}
    yield Pair("cohorts by month", YEAR, lambda: cohorts(**by_month), base_sql.COHORTS)
    yield Pair("RFM by fixed thresholds", YEAR, lambda: rfm(currency=CURRENCY), base_sql.RFM)


def overviews() -> dict[str, Callable[[], Any]]:
    """Return the Overview over what is mostly looked at, and over days that nobody foresees."""
    custom = Period(LAST - timedelta(days=400), LAST - timedelta(days=3))
    presets = (Preset.TODAY, Preset.DAYS_7, Preset.DAYS_30, Preset.DAYS_90, Preset.MONTHS_12,
               Preset.ALL)  # fmt: skip
    found: dict[str, Callable[[], Any]] = {
        preset.label: lambda preset=preset: _overview(preset, None) for preset in presets
    }
    return found | {"398 days of one's own": lambda: _overview(Preset.DAYS_30, custom)}


def _of_period(period: Period) -> Iterator[tuple[str, Callable[[], Any], str, int]]:
    earlier = Period(period.first - timedelta(days=len(period)), period.first - timedelta(days=1))

    def with_query(
        report: Callable[..., Any], compared: Period | None = earlier
    ) -> Callable[[], Any]:
        query = ReportQuery(period=period, earlier=compared, currency=CURRENCY, grain=Grain.DAY)
        return lambda: report(query, coverage=_coverage())

    def split(name: str) -> Callable[[], Any]:
        return with_query(lambda query, coverage: breakdown(name, query, coverage=coverage), None)

    yield "statement by day, two periods", with_query(sales_report), base_sql.BY_DAY, 2
    yield "bridge, two periods", with_query(bridge), base_sql.STATEMENT, 2
    yield "channels", split("channels"), base_sql.BY_CHANNEL, 1
    yield "regions", split("regions"), base_sql.BY_REGION, 1
    yield "countries", split("countries"), base_sql.BY_COUNTRY, 1
    yield "gateways", split("payment-gateways"), base_sql.BY_GATEWAY, 1
    yield "discount codes", split("discount-codes"), base_sql.BY_CODE, 1
    yield "taxes", split("taxes"), base_sql.BY_TAX, 1
    yield "refund reasons", split("refund-reasons"), base_sql.BY_REASON, 1
    yield "new and returning", split("new-returning"), base_sql.NEW_AND_RETURNING, 1
    yield "hours and weekdays", with_query(hours_report, None), base_sql.BY_HOUR, 1
    yield "products", split("products"), base_sql.BY_PRODUCT, 1
    yield "variants", split("variants"), base_sql.BY_VARIANT, 1
    yield "vendors", split("vendors"), base_sql.BY_VENDOR, 1
    yield "types", split("types"), base_sql.BY_TYPE, 1
    yield "fulfilment times", lambda: times_of(period, live=_coverage().live), base_sql.TIMES, 1
    yield "carts", lambda: carts(
        period, live=_coverage().live, currency=CURRENCY, now=NOW), base_sql.CARTS, 1  # fmt: skip
    yield "top products", lambda: top_products(
        period, live=_coverage().live, currency=CURRENCY), base_sql.TOP_PRODUCTS, 1  # fmt: skip
    yield "product list", lambda: product_list(
        period, live=_coverage().live, currency=CURRENCY), base_sql.BY_PRODUCT, 1  # fmt: skip
    yield (
        "inventory",
        with_query(lambda query, coverage: inventory(BY_PRODUCT, query, coverage=coverage), None),
        base_sql.BY_PRODUCT,
        1,
    )
    yield "unique buyers", lambda: buyers_by_gaps(
        [Stretch(period)], live=frozenset()), base_sql.BUYERS, 1  # fmt: skip
    yield "customers", lambda: customer_list(
        CustomersQuery(currency=CURRENCY, may_see_people=True), coverage=_coverage()
    ), base_sql.BEST_CUSTOMERS, 1  # fmt: skip


def _overview(preset: Preset, custom: Period | None) -> Any:
    known = _coverage()
    assert known.first_day is not None
    period = custom or preset_period(
        preset, today=known.today, since=known.first_day, financial_month=4
    )
    query = OverviewQuery(
        preset=preset,
        period=period,
        comparison=Comparison.PREVIOUS,
        grain=Grain.DAY,
        metric=metrics.NET_SALES,
        currency=CURRENCY,
    )
    return overview(query, coverage=known)


def _coverage() -> Coverage:
    return coverage(now=NOW)
