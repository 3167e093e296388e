"""The addresses that a merchant enters in Shopify."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

# What figures and mirror are made of; a test holds the list to what `webhooks` understands.
TOPICS = (
    *("orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/edited"),
    *("orders/fulfilled", "orders/partially_fulfilled", "orders/delete"),
    *("refunds/create", "order_transactions/create", "disputes/create", "disputes/update"),
    *("returns/request", "returns/approve", "returns/update", "returns/process"),
    *("returns/close", "returns/cancel", "returns/reopen", "returns/decline"),
    *("customers/create", "customers/update", "customers/delete", "customers/merge"),
    *("products/create", "products/update", "products/delete"),
    *("collections/create", "collections/update", "collections/delete"),
    *("checkouts/create", "checkouts/update", "checkouts/delete"),
    *("inventory_levels/connect", "inventory_levels/update", "inventory_levels/disconnect"),
    *("inventory_items/create", "inventory_items/update", "inventory_items/delete"),
    *("fulfillments/create", "fulfillments/update"),
    *("fulfillment_events/create", "fulfillment_events/delete"),
    *("locations/create", "locations/update", "locations/delete"),
    *("shop/update", "app/uninstalled", "app/scopes_update", "bulk_operations/finish"),
)


class WebhookAddress(NamedTuple):
    topic: str
    address: str


def webhook_addresses() -> list[WebhookAddress]:
    """Return each topic with the public address for its deliveries."""
    return [
        WebhookAddress(topic, settings.PUBLIC_URL + reverse("webhooks:shopify", args=[topic]))
        for topic in TOPICS
    ]
