"""What happened in the shop, in words, and what is gone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tenants.models import TenantModel


class StoreEvent(TenantModel):
    """One line of the activity feed.

    The id follows from topic, event and subject, so that what is told twice is one line. The
    sentence names no person; `subject_shopify_id` is that of the order, customer, product or what
    else the type is about.
    """

    event_id = models.TextField()  # Shopify's; one action may cause several lines
    type = models.TextField()  # order, customer, product, …
    verb = models.TextField()  # create, update, paid, …
    description = models.TextField()
    subject_shopify_id = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "happened_at", "id"], name="store_event_newest"),
            models.Index(
                fields=["tenant", "type", "happened_at", "id"], name="store_event_of_type"
            ),
            models.Index(
                fields=["tenant", "subject_shopify_id"],
                condition=Q(type="customer"),
                name="store_event_of_customer",
            ),
        ]

    def __str__(self) -> str:
        return self.description


class StoreEventCount(TenantModel):
    """How many lines of a type the feed has, so that nobody counts a million of them."""

    type = models.TextField()
    events = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "type"], name="store_event_count_one")
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.events}"


class Tombstone(TenantModel):
    """A resource that Shopify deleted: a late update must not bring it back."""

    resource = models.TextField()
    shopify_id = models.BigIntegerField()
    deleted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "resource", "shopify_id"], name="tombstone_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.shopify_id}"
