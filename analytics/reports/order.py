"""One order: what of it was counted on which day, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from analytics.order_items import order_items
from analytics.rollup_sql.statement import STATEMENT, lines
from analytics.sums import Sums
from shop_data.models import (
    Fulfillment,
    Order,
    OrderAddress,
    OrderItem,
    Refund,
    RefundAdjustment,
    RefundLine,
    Sale,
    Transaction,
)
from tenants.scope import current_tenant_id

_DAYS_OF_ORDER = f"""
SELECT day, {lines(STATEMENT)}, count(*) FROM shop_data_sale
WHERE tenant_id = %(tenant)s AND order_id = %(order)s GROUP BY day ORDER BY day
"""  # noqa: S608  # of constants


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDetail:
    """A refund with what it gave back."""

    refund: Refund
    lines: list[RefundLine]
    adjustments: list[RefundAdjustment]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetail:
    """An order with everything that hangs on it; `addresses` is empty for who may not see them."""

    order: Order
    days: list[tuple[date, Sums]]
    sales: list[Sale]  # its rows of the ledger, oldest first
    items: list[OrderItem]
    refunds: list[RefundDetail]
    fulfilments: list[Fulfillment]
    transactions: list[Transaction]
    addresses: list[OrderAddress]


def order_detail(shopify_id: int, *, may_see_people: bool) -> OrderDetail | None:
    """Return an order of the shop by Shopify's id."""
    found = Order.objects.filter(shopify_id=shopify_id)
    order = (found.select_related("customer") if may_see_people else found).first()
    if order is None:
        return None
    return OrderDetail(
        order=order,
        days=_days(order),
        sales=list(order.sales.order_by("happened_at", "key")),
        items=order_items([order.id], may_see_people=may_see_people),
        refunds=_refunds(order),
        fulfilments=list(order.fulfillments.order_by("fulfillment_created_at", "shopify_id")),
        transactions=list(order.transactions.order_by("processed_at", "shopify_id")),
        addresses=list(order.addresses.order_by("-type")) if may_see_people else [],
    )


def _days(order: Order) -> list[tuple[date, Sums]]:
    """Return what the rows of the ledger come to, day by day."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS_OF_ORDER, {"tenant": current_tenant_id(), "order": order.id})
        rows = cursor.fetchall()
    names = (*STATEMENT, "rows")
    return [(day, Sums(**dict(zip(names, map(int, sums), strict=True)))) for day, *sums in rows]


def _refunds(order: Order) -> list[RefundDetail]:
    refunds = order.refunds.order_by("refund_created_at", "shopify_id")
    found = refunds.prefetch_related("lines", "adjustments")
    return [
        RefundDetail(
            refund=refund,
            lines=list(refund.lines.all()),
            adjustments=list(refund.adjustments.all()),
        )
        for refund in found
    ]
