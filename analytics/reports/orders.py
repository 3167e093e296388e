"""The list of orders: one page of a filter, and what the whole filter comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum

from analytics.order_rows import orders_placed_as
from analytics.periods import Period
from analytics.reports.hours import BY_HOUR, OF_WEEK
from analytics.reports.long_lists import of_all
from analytics.reports.splits import SPLITS
from shop_data.models import Order, OrderItem, Variant

PAGE = 50
MOST_VARIANTS = 200  # that a search for a SKU looks for
UNFULFILLED = "unfulfilled"  # Shopify leaves the status of such an order out
FINANCIAL = {
    "pending": "Pending",
    "authorized": "Authorised",
    "partially_paid": "Partly paid",
    "paid": "Paid",
    "partially_refunded": "Partly refunded",
    "refunded": "Refunded",
    "voided": "Voided",
}
FULFILMENT = {
    UNFULFILLED: "Unfulfilled",
    "partial": "Partial",
    "fulfilled": "Fulfilled",
    "restocked": "Restocked",
}


class Place(NamedTuple):
    """Where an order stands in the list, newest first."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """The orders behind a figure: those that count in a currency, and are like a row of a report.

    `split` and `key` name a row of one of `splits.SPLITS`; `hour` is one of the shop's day, with
    `weekday` (Monday is 1) of one day of the week.
    """

    currency: str
    split: str = ""
    key: str = ""
    weekday: int | None = None
    hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersQuery:
    """Which page of the list is asked for; `after` is older than a place, `before` newer."""

    period: Period
    after: Place | None = None
    before: Place | None = None
    like: Like | None = None
    may_see_people: bool


class OrderTotal(NamedTuple):
    """How many orders in one currency the filter holds, and what they were placed for."""

    currency: str
    orders: int
    total: int  # minor units


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderList:
    """One page; `units` counts pieces by order, `newer` and `older` lead to its neighbours."""

    orders: list[Order]
    units: dict[UUID, int]
    totals: list[OrderTotal]
    newer: Place | None
    older: Place | None


def order_list(found: QuerySet[Order], query: OrdersQuery) -> OrderList:
    """Return a page of the orders of a period that are `found` by its filters."""
    if query.like:
        found = _behind(found, query.like, query.period)
    orders, more = _page(found, query)
    forward = query.before is None
    return OrderList(
        orders=orders,
        units=_units(orders),
        totals=totals_of(found),
        newer=_place(orders, 0) if (query.after if forward else more) else None,
        older=_place(orders, -1) if (more if forward else query.before) else None,
    )


def moments(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the period begins and when it is over."""
    after = period.last + timedelta(days=1)
    first, end = (datetime.combine(day, time.min, zone) for day in (period.first, after))
    return first, end


def _behind(found: QuerySet[Order], like: Like, period: Period) -> QuerySet[Order]:
    found = found.filter(counts=True, currency=like.currency)
    if like.weekday is not None and like.hour is not None:
        cell = f"{like.weekday}-{like.hour:02}"
        found = found.filter(id__in=orders_placed_as(OF_WEEK, cell, period))
    elif like.hour is not None:
        found = found.filter(id__in=orders_placed_as(BY_HOUR.condition, f"{like.hour:02}", period))
    if like.split:
        condition = SPLITS[like.split].condition
        found = found.filter(id__in=orders_placed_as(condition, like.key, period))
    return found


def of_sku(search: str) -> Q:
    """Match orders of the shop's variants whose SKU begins so."""
    found = Variant.objects.filter(sku_search__startswith=search.lower()).order_by("shopify_id")
    variants = list(found.values_list("shopify_id", "product__shopify_id")[:MOST_VARIANTS])
    if not variants:
        return Q()
    items = OrderItem.objects.filter(
        variant_shopify_id__in=[variant for variant, _ in variants],
        product_shopify_id__in={product for _, product in variants},  # it has the index
    )
    return Q(id__in=items.order_by().values("order_id"))


def _page(found: QuerySet[Order], query: OrdersQuery) -> tuple[list[Order], bool]:
    """Return the orders of the page, newest first, and whether more lie beyond."""
    if query.may_see_people:
        found = found.select_related("customer")
    if query.before is not None:
        at, row = query.before
        newer = found.filter(Q(processed_at__gt=at) | Q(processed_at=at, id__gt=row))
        rows = list(newer.filter(processed_at__gte=at).order_by("processed_at", "id")[: PAGE + 1])
        return rows[:PAGE][::-1], len(rows) > PAGE
    if query.after is not None:
        at, row = query.after
        older = found.filter(Q(processed_at__lt=at) | Q(processed_at=at, id__lt=row))
        found = older.filter(processed_at__lte=at)
    rows = list(found.order_by("-processed_at", "-id")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def _units(orders: list[Order]) -> dict[UUID, int]:
    items = OrderItem.objects.filter(order_id__in=[order.id for order in orders])
    return dict(items.order_by().values_list("order_id").annotate(Sum("quantity")))


def totals_of(found: QuerySet[Order]) -> list[OrderTotal]:
    """Return what orders come to, currency by currency."""
    return of_all(found, _sums)


def _sums(found: QuerySet[Order]) -> list[OrderTotal]:
    by_currency = found.order_by("currency").values_list("currency")
    rows = by_currency.annotate(Count("id"), Sum("total_price_minor"))
    return [OrderTotal(code, count, int(total)) for code, count, total in rows]


def _place(orders: list[Order], index: int) -> Place | None:
    return Place(orders[index].processed_at, orders[index].id) if orders else None
