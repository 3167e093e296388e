"""The rows behind the figures that count customers, orders or checkouts, and what is reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet

from analytics.models import FulfillmentTime
from analytics.periods import Period
from analytics.reports import carts, fulfilment, rfm, segments
from analytics.reports.buying import customers_report
from analytics.reports.coverage import Coverage
from analytics.reports.listed import Kind, Listed, Part, Told
from analytics.reports.query import ReportQuery
from analytics.reports.rfm_groups import GROUPS
from shop_data.models import Order
from xenofy.common.errors import XenofyError

ID, COUNT, MOMENT, TEXT = Kind.ID, Kind.COUNT, Kind.MOMENT, Kind.TEXT
CELL_LENGTH = 2  # of the key of a cell, its two scores


class Asked(NamedTuple):
    """Which figure: of all rows without a `key`; `number` is that of a cohort's cell."""

    metric: str
    key: str | None
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """The rows of a figure, and the figure as its report has it: minor units, a sum or a count."""

    listed: Listed
    reported: Decimal | int


Behind = Callable[[Asked, ReportQuery, Coverage], Proven]


class NoSuchRow(XenofyError):
    """The report has no row of this key."""

    code = "VALIDATION_ERROR"


def no_such_row(*words: str) -> NoSuchRow:
    """Return the error that names the keys there are."""
    wrong = f"The report has no such row; its rows are {', '.join(words) or 'none'}."
    return NoSuchRow("Some fields are not right.", fields={"key": [wrong]})


# ── checkouts ─────────────────────────────────────────────────────────────────────────────────

OF_CARTS = (
    *(Told("checkoutId", "Checkout id", ID), Told("begunAt", "Begun (UTC)", MOMENT)),
    *(Told("day", "Day of the shop", Kind.DAY), Told("completedAt", "Completed (UTC)", MOMENT)),
    Told("totalPrice", "Total price", Kind.MONEY),
)
_CART = ("shopify_id", "checkout_created_at", "day", "completed_at", "total_price")
KIND_OF_CARTS = {
    "abandoned": (carts.LEFT, "", "open"),
    "abandonedValue": (carts.LEFT, "totalPrice", "value"),
    "withEmail": (carts.WITH_EMAIL, "", "with_email"),
    "recovered": (carts.RECOVERED, "", "recovered"),
    "recoveredValue": (carts.RECOVERED, "totalPrice", "recovered_value"),
    "completed": (carts.COMPLETED, "", "completed"),
}


def behind_carts(asked: Asked, query: ReportQuery, coverage: Coverage) -> Proven:
    """Return the checkouts that were abandoned, recovered or completed."""
    kind, adds, field = KIND_OF_CARTS[asked.metric]
    where: dict[str, Any] = {"currency": query.currency, "now": coverage.now}
    found = carts.carts_of(kind, query.period, **where).order_by(
        "checkout_created_at", "shopify_id"
    )
    report = carts.carts(query.period, live=coverage.live, **where)
    listed = Listed(columns=OF_CARTS, parts=[Part(found, _CART)], adds=adds)
    return Proven(listed=listed, reported=getattr(report, field))


# ── orders and their parcels ──────────────────────────────────────────────────────────────────

OF_ORDERS = (
    *(Told("orderId", "Order id", ID), Told("orderName", "Order", TEXT)),
    Told("processedAt", "Ordered (UTC)", MOMENT),
)
OF_TIMES = (*OF_ORDERS, Told("hours", "Hours", Kind.DURATION))
_ORDER = ("shopify_id", "name", "processed_at")
AGES = {age: age for age in (fulfilment.FRESH, fulfilment.WAITING, fulfilment.LATE)} | {
    "partial": fulfilment.PARTIAL,
    "open": fulfilment.ANY,
}


def behind_fulfilment(asked: Asked, query: ReportQuery, coverage: Coverage) -> Proven:
    """Return the orders that are open now, or those of the days that were sent or delivered."""
    if asked.metric in AGES:
        ages = fulfilment.open_by_age(coverage.now)
        found = fulfilment.orders_open(AGES[asked.metric], now=coverage.now)
        part = Part(found.order_by("processed_at", "shopify_id"), _ORDER)
        reported = ages.total if asked.metric == "open" else getattr(ages, asked.metric)
        return Proven(listed=Listed(columns=OF_ORDERS, parts=[part]), reported=reported)
    stage = FulfillmentTime.Stage(asked.metric)
    taken = fulfilment.times_of(query.period, live=coverage.live)
    found = fulfilment.orders_that_came_to(stage, query.period).order_by("took", "shopify_id")
    times = taken.sent if stage is FulfillmentTime.Stage.FULFILLED else taken.delivered
    listed = Listed(columns=OF_TIMES, parts=[Part(found, (*_ORDER, "took"))])
    return Proven(listed=listed, reported=times.orders)


# ── customers ─────────────────────────────────────────────────────────────────────────────────

OF_BUYERS = (
    *(Told("customerId", "Customer id", ID), Told("orders", "Orders", COUNT)),
    Told("firstAt", "First of them (UTC)", MOMENT),
)
BOUGHT = ("customers", "returningCustomers", "repeatCustomers")


def behind_customers(asked: Asked, query: ReportQuery, coverage: Coverage) -> Proven:
    """Return the customers with an order in the days, those who returned, or bought twice."""
    found = buyers_of(query.period, query.currency)
    if asked.metric == "returningCustomers":
        ever = _counted().filter(day__lte=query.period.last).values("customer_shopify_id")
        again = ever.annotate(all_orders=Count("id")).filter(all_orders__gte=2)
        found = found.filter(customer_shopify_id__in=again.values("customer_shopify_id"))
    elif asked.metric == "repeatCustomers":
        found = found.filter(bought__gte=2)
    totals = customers_report(query, coverage=coverage).now.totals
    reported = {
        "customers": totals.customers,
        "returningCustomers": totals.returning_customers,
        "repeatCustomers": totals.repeat_customers,
    }
    return Proven(listed=list_of_buyers(found), reported=reported[asked.metric])


def buyers_of(period: Period, currency: str) -> QuerySet[Any]:
    """Return who ordered in some days, with how many orders and when first."""
    inside = _counted().filter(day__range=(period.first, period.last), currency=currency)
    by_customer = inside.values("customer_shopify_id")
    return by_customer.annotate(bought=Count("id"), first_of_them=Min("processed_at"))


def list_of_buyers(*found: QuerySet[Any]) -> Listed:
    """Return buyers as rows, each of which counts one."""
    fields = ("customer_shopify_id", "bought", "first_of_them")
    parts = [Part(each.order_by("customer_shopify_id"), fields) for each in found]
    return Listed(columns=OF_BUYERS, parts=parts)


def _counted() -> QuerySet[Order]:
    return Order.objects.filter(counts=True, customer_shopify_id__isnull=False).order_by()


# ── groups of customers ───────────────────────────────────────────────────────────────────────

OF_PEOPLE = (
    *(Told("customerId", "Customer id", ID), Told("orders", "Orders", COUNT)),
    *(Told("firstAt", "First order (UTC)", MOMENT), Told("lastAt", "Last order (UTC)", MOMENT)),
    Told("netSales", "Net sales", Kind.MINOR),
)
_TOTAL = ("customer_shopify_id", "orders", "first_at", "last_at", "net_sales")
_OTHER = ("shopify_id", None, None, None, None)


def behind_rfm(asked: Asked, query: ReportQuery, coverage: Coverage) -> Proven:
    """Return the customers of a cell or a group; of all who have ordered without a key."""
    found, key = rfm.rfm(currency=query.currency), asked.key
    people = rfm.ordered_in(query.currency)
    if key == rfm.PROSPECTS:
        others = rfm.prospects()
        reported = others.count() if asked.metric == "customers" else 0
        return Proven(listed=_people(asked, None, others), reported=reported)
    known = _rfm_rows(found)
    if key is not None and key not in known:
        raise no_such_row(*known, rfm.PROSPECTS)
    if key in GROUPS:
        people = rfm.of_group(people, key)
    elif key is not None:
        people = rfm.of_cell(people, rfm.RfmOf(*map(int, key)))
    rows = [known[key]] if key else [sums for each, sums in known.items() if each in GROUPS]
    place = 0 if asked.metric == "customers" else 1
    return Proven(listed=_people(asked, people, None), reported=sum(row[place] for row in rows))


def behind_segments(asked: Asked, query: ReportQuery, coverage: Coverage) -> Proven:
    """Return the customers of a segment; of all without a key."""
    found = segments.segments(currency=query.currency, coverage=coverage)
    key = asked.metric if asked.metric in segments.SEGMENTS else asked.key
    if key is not None and key not in segments.SEGMENTS:
        raise no_such_row(*segments.SEGMENTS)
    buyers = segments.buyers(found.thresholds, currency=query.currency, coverage=coverage)
    others = segments.others_of(found.thresholds, coverage=coverage)
    if key is not None:
        buyers, others = buyers.filter(segment=key), others.filter(segment=key)
    rows = [each for each in found.segments if key in (None, each.key)]
    field = "net_sales" if asked.metric == "netSales" else "customers"
    reported = sum(getattr(row, field) for row in rows)
    return Proven(listed=_people(asked, buyers, others), reported=reported)


def _rfm_rows(found: rfm.Rfm | None) -> dict[str, tuple[int, int]]:
    if found is None:
        return {}
    cells = {f"{each.of.recency}{each.of.frequency}": each[1:] for each in found.cells}
    return {**cells, **{each.key: each[1:] for each in found.groups}}


def _people(asked: Asked, buyers: QuerySet[Any] | None, others: QuerySet[Any] | None) -> Listed:
    parts = []
    if buyers is not None:
        parts.append(Part(buyers.order_by("-net_sales", "customer_shopify_id"), _TOTAL))
    if others is not None:
        parts.append(Part(others.order_by("shopify_id"), _OTHER))
    adds = "netSales" if asked.metric == "netSales" else ""
    return Listed(columns=OF_PEOPLE, parts=parts, adds=adds)
