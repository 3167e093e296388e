"""Orders that Shopify deleted: they vanish with their past, and nothing brings them back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shop_data.changes import Change
from shop_data.models import Fulfillment, Order, OrderDocument, Refund, Tombstone, Transaction
from shop_data.payloads.values import required_identifier
from shop_data.upserts.bulk import ids_by_shopify_id
from shop_data.upserts.sales import write_sales

ORDER = "order"


def delete_orders(deletions: Sequence[Change], *, known_ids: Collection[int]) -> set[int]:
    """Delete orders; return those of `known_ids` that are deleted, now or earlier."""
    new = {required_identifier(change.body): change.version.triggered_at for change in deletions}
    Tombstone.objects.bulk_create(
        [Tombstone(resource=ORDER, shopify_id=key, deleted_at=at) for key, at in new.items()],
        ignore_conflicts=True,
    )
    if new:
        _remove(list(new))
    graves = Tombstone.objects.filter(resource=ORDER, shopify_id__in=list(known_ids))
    return set(graves.values_list("shopify_id", flat=True))


def _remove(shopify_ids: Sequence[int]) -> None:
    """Delete orders with all that belongs to them, and mark the days on which they had sales."""
    order_ids = ids_by_shopify_id(Order, shopify_ids)
    write_sales({order_id: [] for order_id in order_ids.values()})
    Order.objects.filter(id__in=list(order_ids.values())).delete()
    OrderDocument.objects.filter(shopify_id__in=shopify_ids).delete()
    for part in (Refund, Transaction, Fulfillment):  # such as came before their order
        part.objects.filter(order_shopify_id__in=shopify_ids).delete()
