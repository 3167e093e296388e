"""The addresses that a merchant enters in Shopify."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

# What figures are made of; a test holds the list to what `webhooks` understands.
TOPICS = (
    *("orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/edited"),
    *("orders/fulfilled", "orders/partially_fulfilled", "orders/delete"),
    "refunds/create",
    *("customers/create", "customers/update", "products/create", "products/update"),
    *("checkouts/create", "checkouts/update", "inventory_levels/update"),
    *("fulfillments/create", "fulfillments/update", "locations/create", "locations/update"),
    "shop/update",
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
