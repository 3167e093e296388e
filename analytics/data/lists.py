"""What belongs to the orders of a list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from analytics.order_items import order_items
from shop_data.models import Order, OrderAddress, OrderItem


@dataclass(frozen=True, slots=True)
class OrderParts:
    """The lines and addresses of some orders, by order."""

    items: dict[UUID, list[OrderItem]]
    addresses: dict[UUID, list[OrderAddress]]


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
