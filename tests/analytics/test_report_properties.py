"""Whatever happens to the orders of a small shop, its reports add up in every window."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import rollups
from analytics.enums import Grain, Lens
from analytics.metrics import PROVABLE
from analytics.periods import Period
from analytics.reports.breakdowns import breakdown
from analytics.reports.bridge import bridge
from analytics.reports.coverage import Coverage, coverage
from analytics.reports.hours import hours_report
from analytics.reports.proof import proof
from analytics.reports.query import ReportQuery
from analytics.reports.sales import sales_report
from analytics.reports.splits import SPLITS
from analytics.sums import total_of
from shop_data.models import Order
from tenants.scope import tenant_scope
from tests.shop_data.order_stories import stories
from tests.shop_data.test_properties import process

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MARCH = date(2026, 3, 1)
ALL_TIME = Period(MARCH, date(2026, 5, 31))
SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NUMBERS = st.lists(st.integers(1001, 1006), min_size=1, max_size=3, unique=True)


@st.composite
def windows(draw: st.DrawFn) -> Period:
    first = MARCH + timedelta(days=draw(st.integers(0, 12)))
    return Period(first, first + timedelta(days=draw(st.integers(0, 15))))


@given(NUMBERS, windows(), st.sampled_from(Grain), st.booleans(), st.data())
@SLOW
def test_every_report_adds_up_in_every_window(
    numbers: list[int], window: Period, grain: Grain, refreshed: bool, data: st.DataObject
) -> None:
    tenant = process([data.draw(stories(number)).told for number in numbers])
    if refreshed:
        rollups.refresh(tenant, now=NOW)

    with tenant_scope(tenant):
        known = coverage(now=NOW)
        for currency in known.currencies:
            for lens, period in product(Lens, (window, ALL_TIME)):
                query = ReportQuery(
                    period=period,
                    earlier=period.previous(),
                    currency=currency,
                    grain=grain if period is window else Grain.WEEK,
                    lens=lens,
                )
                assert_it_adds_up(query, known)


def assert_it_adds_up(query: ReportQuery, known: Coverage) -> None:
    report = sales_report(query, coverage=known)
    totals = report.now.totals._replace(customers=0, returning_customers=0)
    in_buckets = total_of(bucket.sums for bucket in report.now.buckets)
    assert in_buckets._replace(customers=0, returning_customers=0) == totals
    assert hours_report(query, coverage=known).totals == totals
    for name, split in SPLITS.items():
        found = breakdown(name, query, coverage=known)
        for metric in split.metrics:
            if metric not in split.once:
                assert metric.of(found.totals) == metric.of(totals), (name, metric.key)
    for metric in PROVABLE.values():
        proven = proof("sales", query, metric=metric, key=None, coverage=known)
        assert proven.value == proven.reported == metric.of(totals), metric.key
    found_bridge = bridge(query, coverage=known)
    if found_bridge.earlier is not None:
        gap = found_bridge.now.net_sales - found_bridge.earlier.net_sales
        assert sum(step.amount for step in found_bridge.steps) == gap


@given(NUMBERS, st.booleans(), st.data())
@SLOW
def test_both_lenses_come_to_the_same_over_all_time(
    numbers: list[int], refreshed: bool, data: st.DataObject
) -> None:
    tenant = process([data.draw(stories(number)).told for number in numbers])
    if refreshed:
        rollups.refresh(tenant, now=NOW)

    with tenant_scope(tenant):
        known = coverage(now=NOW)
        for currency in known.currencies:
            event, order = (
                sales_report(
                    ReportQuery(period=ALL_TIME, earlier=None, currency=currency, lens=lens),
                    coverage=known,
                ).now.totals
                for lens in Lens
            )
            assert event == order


@given(NUMBERS, windows(), st.data())
@SLOW
def test_customers_of_a_window_are_those_of_its_orders(
    numbers: list[int], window: Period, data: st.DataObject
) -> None:
    tenant = process([data.draw(stories(number)).told for number in numbers])
    rollups.refresh(tenant, now=NOW)

    with tenant_scope(tenant):
        known = coverage(now=NOW)
        for currency in known.currencies:
            query = ReportQuery(period=window, earlier=None, currency=currency)
            totals = sales_report(query, coverage=known).now.totals
            orders = Order.objects.filter(counts=True, customer_shopify_id__isnull=False)
            inside = orders.filter(day__range=(window.first, window.last), currency=currency)
            bought = set(inside.values_list("customer_shopify_id", flat=True))
            upto = list(orders.filter(day__lte=window.last).values_list("customer_shopify_id"))
            again = {who for who in bought if upto.count((who,)) > 1}
            assert (totals.customers, totals.returning_customers) == (len(bought), len(again))
