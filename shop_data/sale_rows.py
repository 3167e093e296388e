"""A row of the sale ledger on its way into the table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from shop_data.models.ledger import Sale

Action = Sale.Action
LineType = Sale.LineType


class SaleRow(NamedTuple):
    """A row of the ledger before it has an id; its fields are the columns of `Sale`."""

    key: str
    action: str
    line_type: str
    happened_at: datetime
    day: date
    hour: int
    order_day: date
    line_item_shopify_id: int | None
    product_shopify_id: int | None
    variant_shopify_id: int | None
    customer_shopify_id: int | None
    quantity: int
    gross: int
    discount: int
    tax: int
    currency: str
    reason: str
    tax_lines: Mapping[str, int]


def counts_as_order(rows: list[SaleRow]) -> bool:
    """Tell whether the order is one of "orders": not when all it holds is gift cards and tips."""
    ordered = {row.line_type for row in rows if row.action == Action.ORDER} - {LineType.TIP}
    return LineType.PRODUCT in ordered or bool(ordered and LineType.GIFT_CARD not in ordered)
