"""The lines, addresses and discounts that stand inside an order's body."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from shop_data.models import DiscountUse, OrderAddress, OrderItem
from shop_data.payloads.order_rows import address_rows, discount_rows, item_rows
from shop_data.payloads.values import Body
from shop_data.upserts.bulk import upsert_changed
from tenants.models import TenantModel


def write_parts(orders: Mapping[UUID, Body], *, new: Collection[UUID]) -> None:
    """Make the parts of each order (by our id) those of its body. The new ones have none yet."""
    old = orders.keys() - new
    _replace(OrderItem, item_rows, orders, old, key=("shopify_id",))
    _replace(OrderAddress, address_rows, orders, old, key=("order_id", "type"))
    _replace(DiscountUse, discount_rows, orders, old, key=("order_id", "position"))


def _replace(
    model: type[TenantModel],
    rows_of: Callable[[Body], list[dict[str, Any]]],
    orders: Mapping[UUID, Body],
    old: Collection[UUID],
    *,
    key: Sequence[str],
) -> None:
    rows = [
        {**row, "order_id": order_id} for order_id, body in orders.items() for row in rows_of(body)
    ]
    upsert_changed(model, rows, key=key)
    wanted = {tuple(row[name] for name in key) for row in rows}
    manager: Any = model.objects
    present = manager.filter(order_id__any=old).values_list("id", *key)
    gone = [id for id, *identity in present if tuple(identity) not in wanted]
    if gone:
        manager.filter(id__any=gone).delete()
