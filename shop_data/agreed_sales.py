"""What Shopify's own agreements say was sold in an order, where we derived something else.

It is kept with the order and wins up to the moment at which Shopify told it. What happened after
that is derived again, until the next reconciliation has asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shop_data.changes import moment_of
from shop_data.payloads.orders import OrderRecord
from shop_data.sale_rows import SaleRow


class AgreedSale(NamedTuple):
    """A sale of an agreement, as JSON keeps it; `at` in microseconds, money in minor units."""

    key: str
    action: str
    line_type: str
    at: int
    line_item_shopify_id: int | None
    product_shopify_id: int | None
    variant_shopify_id: int | None
    quantity: int
    gross: int
    discount: int
    tax: int
    currency: str
    reason: str
    tax_lines: Mapping[str, int]


class Agreed(NamedTuple):
    """All sales of an order up to a microsecond, that of the order's `updated_at`."""

    at: int
    sales: Sequence[AgreedSale]

    def as_json(self) -> list[Any]:
        """Return what JSON can hold."""
        return [self.at, [list(sale) for sale in self.sales]]

    @classmethod
    def from_json(cls, written: Sequence[Any]) -> Agreed:
        """Return what `as_json` wrote."""
        at, sales = written
        return cls(at, [AgreedSale(*sale) for sale in sales])


def with_agreed(
    derived: Sequence[SaleRow], kept: Sequence[Any], order: OrderRecord, zone: ZoneInfo
) -> list[SaleRow]:
    """Return the rows of an order: agreed ones, and what was derived after those; `kept` is what
    `Agreed.as_json` wrote, empty where Shopify agrees with what we derive."""
    if not kept:
        return list(derived)
    agreed = Agreed.from_json(kept)
    until = moment_of(agreed.at)
    later = [row for row in derived if row.happened_at > until]
    return [*agreed_rows(agreed, order, zone), *later]


def agreed_rows(agreed: Agreed, order: OrderRecord, zone: ZoneInfo) -> Iterator[SaleRow]:
    """Yield the agreed sales as rows of the ledger."""
    order_day = order.processed_at.astimezone(zone).date()
    for sale in agreed.sales:
        at = moment_of(sale.at)
        local = at.astimezone(zone)
        yield SaleRow(
            sale.key,
            sale.action,
            sale.line_type,
            at,
            local.date(),
            local.hour,
            order_day,
            sale.line_item_shopify_id,
            sale.product_shopify_id,
            sale.variant_shopify_id,
            order.customer_id,
            sale.quantity,
            sale.gross,
            sale.discount,
            sale.tax,
            sale.currency,
            sale.reason,
            sale.tax_lines,
        )
