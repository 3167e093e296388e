"""Numbered pages of customers, orders and products for machines.

A page is found on an index alone, its rows are read afterwards: so a page far behind costs the
walk over the index and not over the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet

from analytics.order_items import order_items
from analytics.reports.orders import UNFULFILLED
from shop_data.models import Customer, Order, OrderAddress, OrderItem, Product

M = TypeVar("M", bound=Model)

ORDER_SORTS = {
    "processedAt": ("processed_at", "id"),
    "totalPrice": ("total_price_minor", "id"),
}
CUSTOMER_SORTS = {"createdAt": ("customer_created_at", "id")}
PRODUCT_SORTS = {"createdAt": ("product_created_at", "id"), "title": ("title_search", "id")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """A page of a list; `sort` is a key of the list's sorts, "-" in front: greatest first."""

    page: int
    limit: int
    sort: str
    search: str = ""
    may_see_people: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersFilter:
    """Which orders: of days of the shop, of statuses; all is left open where it is None."""

    first: date | None = None
    last: date | None = None
    status: str | None = None
    fulfilment: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """The rows of a page, and how many there are in all."""

    total: int
    rows: list[M]


@dataclass(frozen=True, slots=True)
class OrderParts:
    """The lines and addresses of some orders, by order."""

    items: dict[UUID, list[OrderItem]]
    addresses: dict[UUID, list[OrderAddress]]


def orders(query: ListQuery, which: OrdersFilter, *, zone: ZoneInfo) -> Page[Order]:
    """Return a page of the orders; a search is the beginning of a name or of an email."""
    found = _of_days(Order.objects.all(), which, zone)
    if which.status:
        found = found.filter(financial_status=which.status)
    if which.fulfilment == UNFULFILLED:
        found = found.filter(Q(fulfillment_status=None) | Q(fulfillment_status=UNFULFILLED))
    elif which.fulfilment:
        found = found.filter(fulfillment_status=which.fulfilment)
    if query.search:
        hit = _begins("name_search", query.search) | _begins("name_search", f"#{query.search}")
        found = found.filter(hit | _of_email(query))
    return _page(found, query, ORDER_SORTS)


def parts_of(rows: list[Order], *, may_see_people: bool) -> OrderParts:
    """Return what belongs to the orders of a page; no addresses for who may not see people."""
    ids = [order.id for order in rows]
    parts = OrderParts({each: [] for each in ids}, {each: [] for each in ids})
    for item in order_items(ids, may_see_people=may_see_people):
        parts.items[item.order_id].append(item)
    if may_see_people:
        for address in OrderAddress.objects.filter(order_id__in=ids).order_by("-type"):
            parts.addresses[address.order_id].append(address)
    return parts


def customers(query: ListQuery) -> Page[Customer]:
    """Return a page of the customers; who may not see people cannot search for them either."""
    found = Customer.objects.all()
    if query.search:
        named = _begins("name_search", query.search) if query.may_see_people else Q(pk=None)
        found = found.filter(named | _of_email(query))
    return _page(found, query, CUSTOMER_SORTS)


def products(query: ListQuery) -> Page[Product]:
    """Return a page of the products, the deleted ones that sold something too."""
    found = Product.objects.all()
    if query.search:
        found = found.filter(_begins("title_search", query.search))
    return _page(found, query, PRODUCT_SORTS)


def _page(found: QuerySet[M, M], query: ListQuery, sorts: dict[str, tuple[str, str]]) -> Page[M]:
    key = query.sort.removeprefix("-")
    sign = "-" if query.sort.startswith("-") else ""
    start = (query.page - 1) * query.limit
    ordered = found.order_by(*(f"{sign}{column}" for column in sorts[key]))
    ids = list(ordered.values_list("pk", flat=True)[start : start + query.limit])
    by_id: dict[Any, M] = {row.pk: row for row in found.filter(pk__in=ids)}
    return Page(found.order_by().count(), [by_id[each] for each in ids if each in by_id])


def _begins(column: str, text: str) -> Q:
    return Q(**{f"{column}__startswith": text.lower()})


def _of_email(query: ListQuery) -> Q:
    return _begins("email_search", query.search) if query.may_see_people else Q(pk=None)


def _of_days(found: QuerySet[Order], which: OrdersFilter, zone: ZoneInfo) -> QuerySet[Order]:
    if which.first is not None:
        first = datetime.combine(which.first, time.min, zone)
        found = found.filter(processed_at__gte=first)
    if which.last is not None:
        after = which.last + timedelta(days=1) if which.last < date.max else date.max
        found = found.filter(processed_at__lt=datetime.combine(after, time.min, zone))
    return found
