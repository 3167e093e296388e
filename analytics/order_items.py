"""The lines of orders, with as much of them as somebody may read."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shop_data.models import OrderItem


def order_items(orders: Iterable[UUID], *, may_see_people: bool) -> list[OrderItem]:
    """Return the lines of orders, in their order.

    What stands in no catalogue was written by hand and may name somebody ("Alteration for
    Ms. Rao"): who may not see people does not read it.
    """
    found = OrderItem.objects.filter(order_id__in=list(orders))
    items = list(found.order_by("position", "shopify_id"))
    for item in items:
        if item.product_shopify_id is None and not may_see_people:
            item.title = item.variant_title = item.sku = None
    return items
