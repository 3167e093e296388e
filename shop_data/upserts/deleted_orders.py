"""Orders that Shopify deleted: they vanish with their past, and nothing brings them back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shop_data.changes import Change
from shop_data.models import (
    Dispute,
    Fulfillment,
    FulfillmentEvent,
    Order,
    OrderDocument,
    Refund,
    Return,
    Transaction,
)
from shop_data.payloads.values import required_identifier
from shop_data.upserts.bulk import ids_by_shopify_id
from shop_data.upserts.sales import write_sales
from shop_data.upserts.tombstones import ORDER, buried, bury

# What may come before its order, or names it by Shopify's id alone.
PARTS = (Refund, Transaction, Fulfillment, FulfillmentEvent, Return, Dispute)


def delete_orders(deletions: Sequence[Change], *, known_ids: Collection[int]) -> set[int]:
    """Delete orders; return those of `known_ids` that are deleted, now or earlier."""
    new = {required_identifier(change.body): change.version.triggered_at for change in deletions}
    if new:
        bury(ORDER, new)
        _remove(list(new))
    return buried(ORDER, known_ids)


def _remove(shopify_ids: Sequence[int]) -> None:
    """Delete orders with all that belongs to them, and mark the days on which they had sales."""
    order_ids = ids_by_shopify_id(Order, shopify_ids)
    write_sales({order_id: [] for order_id in order_ids.values()})
    Order.objects.filter(id__any=order_ids.values()).delete()
    OrderDocument.objects.filter(shopify_id__any=shopify_ids).delete()
    for part in PARTS:
        part.objects.filter(order_shopify_id__any=shopify_ids).delete()
