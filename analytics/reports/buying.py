"""Who bought in a period: how many, how many of them again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Count

from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from analytics.reports.sales import SalesReport, SalesSeries, sales_report
from analytics.sales_reads import Window
from shop_data.models import Order


def customers_report(query: ReportQuery, *, coverage: Coverage) -> SalesReport:
    """Return the sales of a period, with who ordered twice or more in it in the totals."""
    report = sales_report(query, coverage=coverage)
    now, before = query.windows(coverage)
    return replace(
        report,
        now=_with_repeat_buyers(report.now, now),
        earlier=_with_repeat_buyers(report.earlier, before) if report.earlier and before else None,
    )


def repeat_buyers(window: Window) -> int:
    """Return how many customers placed two or more orders in a window."""
    days = window.period
    orders = Order.objects.filter(
        day__range=(days.first, days.last),
        counts=True,
        currency=window.currency,
        customer_shopify_id__isnull=False,
    )
    if window.clock is not None:
        until = datetime.combine(days.last, window.clock, window.zone)
        orders = orders.filter(processed_at__lte=until)
    by_customer = orders.order_by().values("customer_shopify_id").annotate(orders=Count("id"))
    count: int = by_customer.filter(orders__gte=2).count()
    return count


def _with_repeat_buyers(series: SalesSeries, window: Window) -> SalesSeries:
    sums = series.totals._replace(repeat_customers=repeat_buyers(window))
    return series._replace(totals=sums)
