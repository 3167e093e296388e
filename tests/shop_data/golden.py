"""Golden cases: deliveries of an order, and the sales statement that has to come out, day by day.

Lines that are 0 are left out. Days are days of the shop, whose zone is UTC where a case names none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from analytics import metrics, rollups
from analytics.enums import Lens
from analytics.periods import Period
from analytics.reports.coverage import coverage
from analytics.reports.query import ReportQuery
from analytics.reports.sales import SalesReport, sales_report
from shop_data.models import Order
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Delivered, Shop

REPORTED = {
    "discounts": metrics.DISCOUNTS,
    "duties": metrics.DUTIES,
    "fees": metrics.ADDITIONAL_FEES,
    "gift cards": metrics.GIFT_CARDS_SOLD,
    "gross": metrics.GROSS_SALES,
    "returns": metrics.RETURNS,
    "shipping": metrics.SHIPPING,
    "taxes": metrics.TAXES,
    "tips": metrics.TIPS,
    "total": metrics.TOTAL_SALES,
    "units": metrics.UNITS,
    "units returned": metrics.UNITS_RETURNED,
}
Statement = dict[str, dict[str, str]]
Told = tuple[list[Delivered], Statement]


@dataclass(frozen=True)
class Case:
    """Deliveries in the order in which they come, and the statement after the last one."""

    name: str
    deliveries: list[Delivered]
    expected: Statement
    by_order_day: Statement | None  # where the second lens says something else
    zone: str
    orders: int  # that count as orders

    def check(self, shop: Shop) -> None:
        """Let a shop go through the case."""
        if self.zone:
            shop.process(("shop/update", {"id": 1, "iana_timezone": self.zone}))
        shop.process(*self.deliveries)

        assert set(shop.statuses()) <= {"done", "superseded"}
        assert written(shop.statement()) == self.expected
        by_order_day = self.by_order_day
        if by_order_day is None:
            by_order_day = written(shop.statement(by_order_day=True))
        assert written(shop.statement(by_order_day=True)) == by_order_day
        with tenant_scope(shop.connection.tenant_id):
            assert Order.objects.filter(counts=True).count() == self.orders
        self.check_report(shop, Lens.EVENT, self.expected)
        self.check_report(shop, Lens.ORDER, by_order_day)

    def check_report(self, shop: Shop, lens: Lens, expected: Statement) -> None:
        """Ask the report of sales, before and after its sums by day are made."""
        days = sorted(map(date.fromisoformat, expected)) or [date(2026, 3, 2)]
        period = Period(days[0], days[-1])
        for refreshed in (False, True):
            if refreshed:
                rollups.refresh(shop.connection.tenant_id, now=timezone.now())
            with tenant_scope(shop.connection.tenant_id):
                report = reported(period, lens)
            assert daily(report) == expected, (lens, refreshed)
            assert report.now.totals.orders == self.orders


class Cases(list[Case]):
    """Cases in the order in which their functions stand in a module."""

    def add(
        self,
        name: str,
        *,
        by_order_day: Statement | None = None,
        zone: str = "",
        orders: int = 1,
    ) -> Callable[[Callable[[], Told]], None]:
        """Take up the case that a function tells."""

        def take(tell: Callable[[], Told]) -> None:
            self.append(Case(name, *tell(), by_order_day, zone, orders))

        return take


def reported(period: Period, lens: Lens) -> SalesReport:
    """Return what the product says of some days in the shop's currency."""
    known = coverage(now=datetime(2027, 1, 1, tzinfo=UTC))
    query = ReportQuery(period=period, earlier=None, currency=known.currency, lens=lens)
    return sales_report(query, coverage=known)


def daily(report: SalesReport) -> Statement:
    """Return the statement of a report as cases write it."""
    currency = report.query.currency
    found = {
        bucket.days.first.isoformat(): {
            name: str(value)
            for name, metric in REPORTED.items()
            if (value := metric.value(bucket.sums, currency))
        }
        for bucket in report.now.buckets
    }
    return {day: lines for day, lines in found.items() if lines}


def lines(**amounts: Any) -> dict[str, str]:
    """Return the lines of one day; underscores stand for spaces."""
    return {name.replace("_", " "): str(amount) for name, amount in sorted(amounts.items())}


def placed(order: OrderBuilder) -> Delivered:
    return "orders/create", order.body()


def updated(order: OrderBuilder) -> Delivered:
    return "orders/updated", order.body()


def cancelled(order: OrderBuilder, at: str) -> Delivered:
    return "orders/cancelled", order.cancel(at).body()


def written(statement: dict[str, dict[str, Decimal]]) -> Statement:
    """Return a statement as cases write it, without days on which nothing happened."""
    return {
        day: {name: str(amount) for name, amount in found.items()}
        for day, found in statement.items()
        if found
    }
