"""Customers as texts: the figures of a period, the list, the cohorts, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from analytics import metrics
from analytics.enums import Grain
from analytics.list_forms import CustomersForm
from analytics.metric import Metric
from analytics.models import CustomerTotal
from analytics.pages import words
from analytics.pages.cohorts import CohortSheet, HeatTable, cohort_name, cohort_sheet, rfm_table
from analytics.pages.facts import Fact
from analytics.pages.figure import drawn
from analytics.pages.figures import Cell
from analytics.pages.frame import Chart, Frame, chart, frame
from analytics.pages.groups import SEGMENT_NAMES, GroupTable, group_table, segment_table
from analytics.pages.links import Links, rows_href
from analytics.pages.orders import OrderRow, moment, order_rows
from analytics.periods import Bucket
from analytics.reports.cohorts import CohortsReport
from analytics.reports.coverage import Coverage
from analytics.reports.customers import Bought, CustomerDetail, CustomerList, Whole
from analytics.reports.overview import OverviewQuery
from analytics.reports.rfm import Rfm
from analytics.reports.rfm_groups import GROUPS
from analytics.reports.sales import SalesReport
from analytics.reports.segments import Segments
from analytics.sums import Sums
from shop_data.models import Customer
from shop_data.withheld_customers import Withheld
from xenofy.common import formats
from xenofy.common.formats import Change

BOUGHT_COLUMNS = ["Product", "Net sales", "Units", "Returned"]


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
class CustomersPage:
    """The inputs of analytics/customers.html; `first` leads to the beginning of the list.

    `heading` is that of the list; `whole` leads from a cohort or a cell back to all customers.
    """

    sub: str
    frame: Frame
    withheld: Withheld | None
    nothing: bool
    updating: bool
    chart: Chart
    rates: list[Fact]
    heading: str
    whole: str
    rows: list[CustomerRow]
    totals: CustomerRow
    first: str
    older: str
    cohorts: CohortSheet | None
    groups: GroupTable | None
    rfm: HeatTable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """The inputs of analytics/customer.html; `contact` is empty where people may not be seen."""

    name: str
    sub: str
    updating: bool
    facts: list[Fact]
    contact: list[str]
    orders: list[OrderRow]
    bought: list[list[str | Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersReports:
    """What the page of customers is made of; `repeated` ordered twice or more in its days.

    `segments` are there where the page tells people apart by them, and not by groups.
    """

    listed: CustomerList
    sales: SalesReport
    cohorts: CohortsReport
    rfm: Rfm | None
    segments: Segments | None
    repeated: int
    withheld: Withheld | None


def customers_page(
    reports: CustomersReports,
    *,
    form: CustomersForm,
    query: OverviewQuery,
    links: Links,
    coverage: Coverage,
) -> CustomersPage:
    """Return the page of the list."""
    listed, currency = reports.listed, query.currency
    paged = form.cleaned_data["after"] is not None
    return CustomersPage(
        sub=f"{words.counted(listed.known, 'customer', currency)} known to the shop",
        frame=frame(query, links, coverage=coverage, report="customers", stale=reports.sales.stale),
        withheld=reports.withheld,
        nothing=coverage.first_day is None,
        updating=listed.updating and not reports.sales.stale,  # else a note says it already
        chart=chart(drawn(query, reports.sales), links, CustomersForm.strip, file="sales"),
        rates=_rates(reports, query),
        heading=_heading(form, reports, coverage),
        whole=f"{links.only()}#rows" if listed.whole else "",
        rows=[_row(each, listed.names, coverage) for each in listed.totals],
        totals=_whole(listed, reports.rfm, currency),
        first=f"{links.to()}#rows" if paged else "",
        older=f"{links.to(after=str(listed.more))}#rows" if listed.more else "",
        cohorts=cohort_sheet(reports.cohorts, links),
        groups=(
            segment_table(reports.segments, links, currency)
            if reports.segments
            else group_table(reports.rfm, links, currency)
        ),
        rfm=rfm_table(reports.rfm, links, coverage),
    )


def _heading(form: CustomersForm, reports: CustomersReports, coverage: Coverage) -> str:
    """Say whose customers are listed."""
    whole, given, currency = reports.listed.whole, form.cleaned_data, form.currency
    if whole is None:
        return "By net sales of all time"
    people = words.counted(whole.customers, "customer", currency)
    if given["cohort"]:
        return (
            f"{people} who ordered first {_in(given['cohort'], coverage)}{_again(given, coverage)}"
        )
    if given["segment"]:
        return f"{people} of the segment “{SEGMENT_NAMES[given['segment']]}” who have ordered"
    of = f"the group “{GROUPS[given['group']].name}”" if given["group"] else "this cell"
    return f"{people} of {of}, by net sales of all time"


def _again(given: Mapping[str, Any], coverage: Coverage) -> str:
    return f" and again {_in(given['active'], coverage)}" if given["active"] else ""


def _in(bucket: Bucket, coverage: Coverage) -> str:
    name = cohort_name(bucket.days.first, bucket.grain, today=coverage.today)
    return f"in the week of {name}" if bucket.grain is Grain.WEEK else f"in {name}"


def _rates(reports: CustomersReports, query: OverviewQuery) -> list[Fact]:
    sums, currency = reports.sales.now.totals, query.currency
    before = reports.sales.earlier.totals if reports.sales.earlier else None
    rows = rows_href(metrics.CUSTOMERS, query.period, currency=currency)
    returning, repeat = metrics.RETURNING_CUSTOMER_RATE, metrics.REPEAT_PURCHASE_RATE
    return [
        Fact(label=returning.label, title=returning.formula, rows=rows,
             value=_share(sums.returning_customers, sums.customers),
             was=f"{formats.integer(sums.returning_customers, currency)} of "
                 f"{words.counted(sums.customers, 'customer', currency)}",
             change=_growth(returning, sums, before, currency)),
        Fact(label=repeat.label, title=repeat.formula, rows=rows,
             value=_share(reports.repeated, sums.customers),
             was=f"{words.counted(reports.repeated, 'customer', currency)} ordered twice or more",
             change=_growth(repeat, sums, before, currency)),
    ]  # fmt: skip


def _growth(metric: Metric, now: Sums, before: Sums | None, currency: str) -> Change | None:
    """Return how a rate changed; None where nobody bought or the days before are not known."""
    known = now.customers and before and before.customers
    return words.change(metric, now, before, currency) if known else None


def _share(part: int, whole: int) -> str:
    return formats.percent(Decimal(part) / whole) if whole else words.UNKNOWN


def customer_page(report: CustomerDetail, *, coverage: Coverage) -> CustomerPage:
    """Return the page of one customer."""
    return CustomerPage(
        name=str(report.customer or words.customer(report.shopify_id)),
        sub=f"{words.counted(len(report.orders), 'order')} shown, newest first",
        updating=report.updating,
        facts=[fact for total in report.totals for fact in _totals(total, coverage)],
        contact=_contact(report.customer) if report.customer else [],
        orders=order_rows(report.orders, {}, coverage=coverage, may_see_people=False),
        bought=[_bought(each) for each in report.bought],
    )


def _bought(each: Bought) -> list[str | Cell]:
    gone = f"Product {each.product}" if each.product else "Without a product"
    name = each.title or gone
    href = reverse("analytics:product", args=[each.product]) if each.product else ""
    return [
        Cell(text=name, href=href) if href else name,
        words.minor(each.net_sales, each.currency),
        formats.integer(each.units, each.currency),
        formats.integer(each.units_returned, each.currency),
    ]


def _row(each: CustomerTotal, names: Mapping[int, str], coverage: Coverage) -> CustomerRow:
    customer = each.customer_shopify_id
    return CustomerRow(
        name=names.get(customer, words.customer(customer)),
        href=reverse("analytics:customer", args=[customer]),
        orders=formats.integer(each.orders, each.currency),
        net_sales=words.minor(each.net_sales, each.currency),
        average=_average(each),
        last=moment(each.last_at, coverage),
    )


def _whole(listed: CustomerList, everybody: Rfm | None, currency: str) -> CustomerRow:
    """Return what all that are listed come to; of all customers the groups say it already."""
    whole = listed.whole or (_of_all(everybody) if everybody else Whole(0, 0, 0))
    return CustomerRow(
        name=f"All {words.counted(whole.customers, 'customer', currency)}",
        href="",
        orders=formats.integer(whole.orders, currency),
        net_sales=words.minor(whole.net_sales, currency),
        average="",
        last="",
    )


def _of_all(found: Rfm) -> Whole:
    people = sum(group.customers for group in found.groups)
    return Whole(people, found.orders, sum(group.net_sales for group in found.groups))


def _totals(each: CustomerTotal, coverage: Coverage) -> list[Fact]:
    net = words.minor(each.net_sales, each.currency)
    orders = formats.integer(each.orders, each.currency)
    figures = {
        metrics.NET_SALES.label: net,
        metrics.ORDERS.label: orders,
        metrics.AVERAGE_ORDER_VALUE.label: _average(each),
        "First order": _day(each.first_at, coverage),
        "Second order": _day(each.second_at, coverage),
        "Last order": _day(each.last_at, coverage),
    }
    return [Fact(label=label, value=value, rows="#rows") for label, value in figures.items()]


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
