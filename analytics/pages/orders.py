"""The list of orders as texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from analytics.list_forms import OrdersForm
from analytics.pages import words
from analytics.pages.figure import drawn
from analytics.pages.files import list_files
from analytics.pages.frame import Chart, Frame, chart, frame
from analytics.pages.links import Links
from analytics.pages.picker import Choice
from analytics.reports.coverage import Coverage
from analytics.reports.orders import FINANCIAL, FULFILMENT, UNFULFILLED, Like, OrderList, OrderTotal
from analytics.reports.overview import OverviewQuery
from analytics.reports.sales import SalesReport
from analytics.reports.splits import SPLITS
from shop_data.models import Order
from xenofy.common import formats

NOBODY = "No customer"  # a guest, or one whom Shopify keeps from us
TONES = {
    **dict.fromkeys(("paid", "fulfilled"), "good"),
    **dict.fromkeys(("pending", "authorized", "partially_paid", "partial", UNFULFILLED), "warn"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """The inputs of components/tag.html."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One order of the list."""

    name: str
    href: str
    at: str
    customer: str
    customer_href: str
    items: str
    total: str
    payment: Tag
    fulfilment: Tag
    marks: list[Tag]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersPage:
    """The inputs of analytics/orders.html; `totals` are of the whole filter.

    `like` says which figure's orders these are. Without a chart the list is narrowed further than
    the chart could show.
    """

    sub: str
    frame: Frame
    nothing: bool
    like: str
    whole: str
    kept: list[tuple[str, str]]
    chart: Chart | None
    files: list[Choice]
    rows: list[OrderRow]
    totals: list[tuple[str, str]]
    newer: str
    older: str


def orders_page(
    report: OrderList,
    sales: SalesReport | None,
    *,
    query: OverviewQuery,
    like: Like | None,
    chosen: Mapping[str, object],
    links: Links,
    coverage: Coverage,
    may_see_people: bool,
) -> OrdersPage:
    """Return the page of a list; `sales` are those of its days, for the chart.

    `chosen` is what its filters are given. The orders behind a figure are a file of its proof.
    """
    count = sum(total.orders for total in report.totals)
    own = ("q", "financial", "fulfilment", "after", "before")
    return OrdersPage(
        sub=f"{words.counted(count, 'order', coverage.currency)}, newest first",
        frame=frame(query, links, coverage=coverage, stale=sales.stale if sales else 0),
        nothing=coverage.first_day is None and not report.orders,
        like=_like(like) if like else "",
        whole=links.to(**dict.fromkeys(OrdersForm.filters, "")),
        kept=links.kept(*own),
        chart=chart(drawn(query, sales), links, OrdersForm.strip, file="sales") if sales else None,
        files=[] if like else list_files("orders", chosen),
        rows=order_rows(
            report.orders, report.units, coverage=coverage, may_see_people=may_see_people
        ),
        totals=totals(report.totals),
        newer=links.to(before=str(report.newer)) if report.newer else "",
        older=links.to(after=str(report.older)) if report.older else "",
    )


def _like(like: Like) -> str:
    """Write which orders stand behind a figure: "Channel: Online store, Monday, 8 pm"."""
    told = [f"in {like.currency}"]
    if like.split:
        split = SPLITS[like.split]
        name = split.names([like.key])[like.key] if like.key else split.none
        told.append(f"{split.label}: {name}")
    if like.weekday is not None:
        told.append(words.LONG_WEEKDAYS[like.weekday - 1])
    if like.hour is not None:
        told.append(words.clock_hour(like.hour))
    return ", ".join(told)


def totals(found: Sequence[OrderTotal]) -> list[tuple[str, str]]:
    """Return what all orders of a filter come to: "2 orders", "₹400.00"."""
    return [
        (
            words.counted(each.orders, "order", each.currency),
            words.minor(each.total, each.currency),
        )
        for each in found
    ]


def order_rows(
    orders: Sequence[Order],
    units: Mapping[UUID, int],
    *,
    coverage: Coverage,
    may_see_people: bool,
) -> list[OrderRow]:
    """Return rows of orders; `units` counts their pieces."""
    return [_row(order, units.get(order.id, 0), coverage, may_see_people) for order in orders]


def customer_href(order: Order) -> str:
    """Return the page of who bought; where nobody is named there is none."""
    customer = order.customer_shopify_id
    return reverse("analytics:customer", args=[customer]) if customer else ""


def customer_of(order: Order, *, may_see_people: bool) -> str:
    """Name who bought: by Shopify's id where people may not be seen or are not known."""
    if order.customer_shopify_id is None:
        return NOBODY
    if may_see_people and order.customer is not None:
        return str(order.customer)
    return words.customer(order.customer_shopify_id)


def payment_tag(order: Order) -> Tag:
    """Tell how far an order is paid."""
    return _tag(order.financial_status or "", FINANCIAL)


def fulfilment_tag(order: Order) -> Tag:
    """Tell how far an order is sent."""
    return _tag(order.fulfillment_status or UNFULFILLED, FULFILMENT)


def marks(order: Order) -> list[Tag]:
    """Tell what is unusual about an order."""
    cancelled = [Tag(text="Cancelled", tone="bad")] if order.cancelled_at else []
    return [*cancelled, *([Tag(text="Test")] if order.test else [])]


def moment(at: datetime | None, coverage: Coverage) -> str:
    """Write a moment in the shop's time zone: "4 Nov, 3:12 pm"."""
    if at is None:
        return words.UNKNOWN
    local = at.astimezone(coverage.zone)
    return f"{formats.day(local.date(), today=coverage.today)}, {formats.clock(local)}"


def _row(order: Order, units: int, coverage: Coverage, may_see_people: bool) -> OrderRow:
    return OrderRow(
        name=str(order),
        href=reverse("analytics:order", args=[order.shopify_id]),
        at=moment(order.processed_at, coverage),
        customer=customer_of(order, may_see_people=may_see_people),
        customer_href=customer_href(order),
        items=formats.integer(units, order.currency),
        total=words.minor(order.total_price_minor, order.currency),
        payment=payment_tag(order),
        fulfilment=fulfilment_tag(order),
        marks=marks(order),
    )


def _tag(status: str, names: Mapping[str, str]) -> Tag:
    text = names.get(status, status.replace("_", " ").capitalize() or words.UNKNOWN)
    return Tag(text=text, tone=TONES.get(status, ""))
