"""What was sent to customers."""

from __future__ import annotations

from django.db import models

from shop_data.models.mirror import MirrorModel, one_per_shopify_id
from shop_data.models.orders import Order
from tenants.models import TenantForeignKey


class Fulfillment(MirrorModel):
    """A parcel or pick-up; `order` is null while only the fulfilment has arrived.

    `lines` is a list of {"line_item_id", "quantity"}.
    """

    order = TenantForeignKey(Order, models.CASCADE, null=True, related_name="fulfillments")
    order_shopify_id = models.BigIntegerField(null=True)
    location_shopify_id = models.BigIntegerField(null=True)
    name = models.TextField(null=True)
    status = models.TextField(null=True)
    shipment_status = models.TextField(null=True)
    service = models.TextField(null=True)
    tracking_company = models.TextField(null=True)
    tracking_numbers = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    fulfillment_created_at = models.DateTimeField(null=True)
    fulfillment_updated_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(fields=["tenant", "order"], name="fulfillment_of_order"),
            models.Index(fields=["tenant", "order_shopify_id"], name="fulfillment_shopify_order"),
        ]

    def __str__(self) -> str:
        return self.name or f"Fulfilment {self.shopify_id}"


class FulfillmentEvent(MirrorModel):
    """A step of a parcel on its way; it often arrives before the fulfilment itself."""

    fulfillment_shopify_id = models.BigIntegerField()
    order_shopify_id = models.BigIntegerField(null=True)
    status = models.TextField(null=True)
    happened_at = models.DateTimeField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(
                fields=["tenant", "fulfillment_shopify_id"], name="fulfillment_event_parent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.status}: fulfilment {self.fulfillment_shopify_id}"
