"""What lists of customers, orders and products need beside their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from analytics.kept import Kept
from analytics.order_items import order_items
from analytics.reports.coverage import data_version
from shop_data.models import Order, OrderAddress, OrderItem
from tenants.scope import current_tenant_id

MOST_COUNTS = 256

_counts: Kept[int] = Kept(MOST_COUNTS)


@dataclass(frozen=True, slots=True)
class OrderParts:
    """The lines and addresses of some orders, by order."""

    items: dict[UUID, list[OrderItem]]
    addresses: dict[UUID, list[OrderAddress]]


def counted(found: QuerySet[Any]) -> int:
    """Count rows; of data that is as it was, the number is kept."""
    if found.query.is_empty():
        return 0
    rows = found.order_by()
    return _counts.get((current_tenant_id(), data_version(), str(rows.query)), rows.count)


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
