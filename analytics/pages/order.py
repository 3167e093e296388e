"""One order as texts: its statement day by day, its lines, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from analytics.pages import words
from analytics.pages.orders import (
    Tag,
    customer_href,
    customer_of,
    fulfilment_tag,
    marks,
    moment,
    payment_tag,
)
from analytics.pages.proof import ACTIONS, line_name
from analytics.pages.statement import ALWAYS
from analytics.reports.coverage import Coverage
from analytics.reports.order import OrderDetail, RefundDetail
from analytics.sums import Sums, total_of
from shop_data.models import OrderAddress, OrderItem, Sale
from xenofy.common import formats

ADMIN = "https://admin.shopify.com/store/{handle}/orders/{order}"
COLUMNS = {
    "items": ["Item", "SKU", "Pieces", "Price", "Discount", "Total"],
    "sales": ["Day", "What happened", "Line", "Pieces", "Gross", "Discount", "Tax"],
    "refunds": ["Refund", "Pieces", "Goods", "Adjusted"],
    "fulfilments": ["Parcel", "Made ready", "Status", "Carrier", "Number"],
    "timeline": ["When", "What"],
}
LEDGER = "#ledger"  # the rows of the ledger on the page
Rows = list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of components/statement.html: of one order there is nothing to compare.

    `proof` leads to the rows of the ledger on the same page.
    """

    label: str
    amount: str
    kind: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStatement:
    """What of the order counts on one day."""

    heading: str
    rows: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """The inputs of analytics/order.html; `admin` is empty where there is no Shopify behind.

    `totals` are those of the tables of items and of ledger rows.
    """

    name: str
    sub: str
    customer: str
    tags: list[Tag]
    admin: str
    days: list[DayStatement]
    items: Rows
    sales: Rows
    totals: dict[str, list[str]]
    refunds: Rows
    fulfilments: Rows
    timeline: Rows
    addresses: list[tuple[str, list[str]]]


def order_page(
    report: OrderDetail, *, coverage: Coverage, may_see_people: bool, is_demo: bool
) -> OrderPage:
    """Return the page of an order."""
    order = report.order
    return OrderPage(
        name=f"Order {order}",
        sub=f"{moment(order.processed_at, coverage)} · "
        f"{words.isolated(customer_of(order, may_see_people=may_see_people))}",
        customer=customer_href(order),
        tags=[payment_tag(order), fulfilment_tag(order), *marks(order)],
        admin="" if is_demo else _admin(report, coverage),
        days=_days(report, coverage),
        items=[_item(item, order.currency) for item in report.items],
        sales=[_sale(row, report, coverage) for row in report.sales],
        totals={"items": _items(report), "sales": _sales(report)},
        refunds=[_refund(each, order.currency, coverage) for each in report.refunds],
        fulfilments=_fulfilments(report, coverage, may_see_people),
        timeline=_timeline(report, coverage),
        addresses=[_address(address) for address in report.addresses],
    )


def _admin(report: OrderDetail, coverage: Coverage) -> str:
    domain = (coverage.store and coverage.store.myshopify_domain) or ""
    handle, _, rest = domain.partition(".")
    if rest != "myshopify.com":
        return ""
    return ADMIN.format(handle=handle, order=report.order.shopify_id)


def _days(report: OrderDetail, coverage: Coverage) -> list[DayStatement]:
    currency = report.order.currency
    days = [
        DayStatement(heading=f"Counted on {_day(day, coverage)}", rows=_statement(sums, currency))
        for day, sums in report.days
    ]
    if len(days) > 1:
        whole = total_of(sums for _, sums in report.days)
        days.append(DayStatement(heading="All days", rows=_statement(whole, currency)))
    return days


def _statement(sums: Sums, currency: str) -> list[Line]:
    """Return the lines that are not 0, and the two sums always."""
    return [
        Line(
            label=metric.label,
            amount=words.shown(metric, metric.value(sums, currency), currency),
            kind=kind,
            proof=LEDGER if metric.of(sums) else "",
        )
        for metric, kind in ALWAYS
        if metric.of(sums) or kind in ("sum", "total")
    ]


def _item(item: OrderItem, currency: str) -> list[str]:
    name = " · ".join(words.isolated(part) for part in (item.title, item.variant_title) if part)
    total = item.price * item.quantity - item.total_discount
    return [
        name or f"Line {item.shopify_id}",
        item.sku or "",
        formats.integer(item.quantity, currency),
        formats.money(item.price, currency),
        formats.money(-item.total_discount, currency),
        formats.money(total, currency),
    ]


def _items(report: OrderDetail) -> list[str]:
    """Return what all items come to, before taxes and shipping."""
    currency, items = report.order.currency, report.items
    discount = sum((item.total_discount for item in items), Decimal(0))
    total = sum((item.price * item.quantity - item.total_discount for item in items), Decimal(0))
    return [
        "All items",
        "",
        formats.integer(sum(item.quantity for item in items), currency),
        "",
        formats.money(-discount, currency),
        formats.money(total, currency),
    ]


def _sale(row: Sale, report: OrderDetail, coverage: Coverage) -> list[str]:
    names = {item.shopify_id: item.title for item in report.items}
    return [
        _day(row.day, coverage),
        ACTIONS[row.action],
        names.get(row.line_item_shopify_id or 0) or line_name(row.line_type),
        formats.integer(row.quantity, row.currency),
        *(words.minor(amount, row.currency) for amount in (row.gross, row.discount, row.tax)),
    ]


def _sales(report: OrderDetail) -> list[str]:
    """Return what the rows of the ledger come to."""
    currency = report.order.currency
    columns = zip(*((row.gross, row.discount, row.tax) for row in report.sales), strict=True)
    amounts = [words.minor(sum(column), currency) for column in columns]
    return ["All rows", "", "", "", *amounts]


def _refund(each: RefundDetail, currency: str, coverage: Coverage) -> list[str]:
    goods = sum((line.subtotal or Decimal(0) for line in each.lines), Decimal(0))
    other = sum((-adjustment.amount for adjustment in each.adjustments), Decimal(0))
    return [
        moment(each.refund.processed_at or each.refund.refund_created_at, coverage),
        formats.integer(sum(line.quantity for line in each.lines), currency),
        formats.money(goods, currency),
        formats.money(other, currency),
    ]


def _fulfilments(report: OrderDetail, coverage: Coverage, may_see_people: bool) -> Rows:
    """Return the parcels; their numbers lead to an address and are for who may see people."""
    return [
        [
            str(each),
            moment(each.fulfillment_created_at, coverage),
            (each.shipment_status or each.status or words.UNKNOWN).replace("_", " "),
            each.tracking_company or words.UNKNOWN,
            ", ".join(map(str, each.tracking_numbers)) if may_see_people else words.UNKNOWN,
        ]
        for each in report.fulfilments
    ]


def _timeline(report: OrderDetail, coverage: Coverage) -> Rows:
    """Return what happened, oldest first."""
    known = [(at, text) for at, text in _happenings(report) if at is not None]
    known.sort(key=lambda event: event[0])
    return [[moment(at, coverage), text] for at, text in known]


def _happenings(report: OrderDetail) -> Iterator[tuple[datetime | None, str]]:
    order, currency = report.order, report.order.currency
    yield order.processed_at, "Placed"
    for each in report.transactions:
        amount = formats.money(each.amount or Decimal(0), each.currency or currency)
        kind = (each.kind or "payment").replace("_", " ").capitalize()
        yield each.processed_at, f"{kind} of {amount}: {each.status or 'unknown'}"
    for fulfilment in report.fulfilments:
        yield fulfilment.fulfillment_created_at, f"Parcel {fulfilment} made ready"
        yield fulfilment.delivered_at, f"Parcel {fulfilment} delivered"
    for refund in report.refunds:
        yield refund.refund.processed_at or refund.refund.refund_created_at, "Refunded"
    yield order.cancelled_at, f"Cancelled: {order.cancel_reason or 'no reason given'}"
    yield order.closed_at, "Closed"
    yield order.synced_at, "Newest version stored here"


def _address(address: OrderAddress) -> tuple[str, list[str]]:
    place = " ".join(part for part in (address.zip, address.city) if part)
    lines = (
        *(address.name, address.company, address.address1, address.address2, place),
        *(address.province, address.country, address.phone),
    )
    heading = "Shipped to" if address.type == OrderAddress.Type.SHIPPING else "Billed to"
    return heading, [line for line in lines if line]


def _day(day: date, coverage: Coverage) -> str:
    return formats.day(day, today=coverage.today)
