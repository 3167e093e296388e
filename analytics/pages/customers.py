"""Customers as texts: the figures of a period, the list, the cohorts, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from analytics import metrics
from analytics.models import CustomerTotal
from analytics.pages import words
from analytics.pages.facts import Fact
from analytics.pages.orders import OrderRow, moment, order_rows
from analytics.reports.cohorts import Cell, Cohort
from analytics.reports.coverage import Coverage
from analytics.reports.customers import CustomerDetail, CustomerList
from analytics.sums import Sums
from shop_data.models import Customer
from xenofy.common import formats

FEW = 20  # below it a share says more than is known: counts are shown
LEVELS = (Decimal("0.02"), Decimal("0.05"), Decimal("0.10"), Decimal("0.20"))
RETURNING = "Customers of these days who by their end have two or more orders / customers."


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """One customer of the list."""

    name: str
    href: str
    orders: str
    net_sales: str
    average: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One month of a cohort; `kind` is a class of static/css/components/heat.css."""

    text: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """One cohort."""

    month: str
    size: str
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersPage:
    """The inputs of analytics/customers.html; `first` leads to the beginning of the list."""

    sub: str
    updating: bool
    facts: list[Fact]
    rows: list[CustomerRow]
    first: str
    older: str
    cohorts: list[CohortRow]
    months: range


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """The inputs of analytics/customer.html; `contact` is empty where people may not be seen."""

    name: str
    sub: str
    updating: bool
    facts: list[Fact]
    contact: list[str]
    orders: list[OrderRow]


def customers_page(
    report: CustomerList,
    found: list[Cohort],
    *,
    coverage: Coverage,
    currency: str,
    state: Mapping[str, str],
    paged: bool,
) -> CustomersPage:
    """Return the page of the list."""
    width = max((len(cohort.cells) for cohort in found), default=0)
    return CustomersPage(
        sub=f"{words.counted(report.known, 'customer', currency)}, by net sales of all time",
        updating=report.updating,
        facts=_facts(report, currency),
        rows=[_row(each, report.names, coverage) for each in report.totals],
        first=f"?{urlencode(state)}" if paged else "",
        older=f"?{urlencode({**state, 'after': str(report.more)})}" if report.more else "",
        cohorts=[_cohort(cohort, currency) for cohort in found],
        months=range(1, width + 1),
    )


def customer_page(
    report: CustomerDetail, *, coverage: Coverage, may_see_people: bool
) -> CustomerPage:
    """Return the page of one customer."""
    return CustomerPage(
        name=str(report.customer or f"Customer {report.shopify_id}"),
        sub=f"{words.counted(len(report.orders), 'order')} shown, newest first",
        updating=report.updating,
        facts=[fact for total in report.totals for fact in _totals(total, coverage)],
        contact=_contact(report.customer) if report.customer else [],
        orders=order_rows(report.orders, {}, coverage=coverage, may_see_people=may_see_people),
    )


def _facts(report: CustomerList, currency: str) -> list[Fact]:
    buyers, sums = report.buyers, report.sums
    rate = Decimal(buyers.returning) / buyers.customers if buyers.customers else None
    orders = metrics.ORDERS.value(sums, currency)
    return [
        Fact(label="Customers", value=formats.integer(report.known, currency),
             was="known to the shop"),
        Fact(label="Bought in these days", value=formats.integer(buyers.customers, currency),
             was="each counted once", title="Different customers with an order in these days."),
        Fact(label=metrics.NEW_CUSTOMERS.label, title=metrics.NEW_CUSTOMERS.formula,
             value=words.shown(metrics.NEW_CUSTOMERS, sums.new_customers, currency)),
        Fact(label="Returning customers", title=RETURNING,
             value=words.UNKNOWN if rate is None else formats.percent(rate)),
        Fact(label=metrics.ORDERS.label, title=metrics.ORDERS.formula,
             value=words.shown(metrics.ORDERS, orders, currency)),
        Fact(label=metrics.RETURNING_ORDERS.label, title=metrics.RETURNING_ORDERS.formula,
             value=words.shown(metrics.RETURNING_ORDERS, metrics.RETURNING_ORDERS.of(sums),
                               currency)),
    ]  # fmt: skip


def _row(each: CustomerTotal, names: Mapping[int, str], coverage: Coverage) -> CustomerRow:
    customer = each.customer_shopify_id
    return CustomerRow(
        name=names.get(customer, f"Customer {customer}"),
        href=reverse("analytics:customer", args=[customer]),
        orders=formats.integer(each.orders, each.currency),
        net_sales=words.minor(each.net_sales, each.currency),
        average=_average(each),
        last=moment(each.last_at, coverage),
    )


def _totals(each: CustomerTotal, coverage: Coverage) -> list[Fact]:
    return [
        Fact(label=metrics.NET_SALES.label, value=words.minor(each.net_sales, each.currency)),
        Fact(label=metrics.ORDERS.label, value=formats.integer(each.orders, each.currency)),
        Fact(label=metrics.AVERAGE_ORDER_VALUE.label, value=_average(each)),
        Fact(label="First order", value=_day(each.first_at, coverage)),
        Fact(label="Second order", value=_day(each.second_at, coverage)),
        Fact(label="Last order", value=_day(each.last_at, coverage)),
    ]


def _day(at: datetime | None, coverage: Coverage) -> str:
    if at is None:
        return words.UNKNOWN
    return formats.day(at.astimezone(coverage.zone).date(), today=coverage.today)


def _average(each: CustomerTotal) -> str:
    sums = Sums(order_value=each.order_value, orders=each.orders)
    metric = metrics.AVERAGE_ORDER_VALUE
    return words.shown(metric, metric.value(sums, each.currency), each.currency)


def _contact(customer: Customer) -> list[str]:
    place = ", ".join(part for part in (customer.city, customer.country_code) if part)
    return [line for line in (customer.email, customer.phone, place) if line]


def _cohort(cohort: Cohort, currency: str) -> CohortRow:
    month = f"{formats.MONTHS[cohort.month.month - 1]} {cohort.month.year}"
    return CohortRow(
        month=month,
        size=formats.integer(cohort.size, currency),
        cells=[_cell(cell, cohort.size) for cell in cohort.cells],
    )


def _cell(cell: Cell, size: int) -> HeatCell:
    """Return a share, or the count of a small cohort; a month that runs is marked."""
    share = Decimal(cell.active) / size
    level = sum(share >= least for least in LEVELS)
    return HeatCell(
        text=formats.percent(share) if size >= FEW else str(cell.active),
        kind=f"h{level}" if cell.mature else "part",
        title=f"{cell.active} of {size}{'' if cell.mature else ', the month is not over'}",
    )
