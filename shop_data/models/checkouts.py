"""Checkouts that were begun; abandoned while they are not completed."""

from __future__ import annotations

from django.db import models

from shop_data.models.mirror import MirrorModel, MoneyField, SearchField, one_per_shopify_id


class AbandonedCart(MirrorModel):
    """A checkout. Completed ones stay: they are the other half of every completion rate.

    `lines` is a list of {"product_id", "variant_id", "title", "quantity", "line_price"};
    `held_search` has its titles, a line each, for the search of carts of some days.
    """

    token = models.TextField(null=True)
    cart_token = models.TextField(null=True)
    email = models.TextField(null=True)
    phone = models.TextField(null=True)
    customer_shopify_id = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)
    total_price = MoneyField(null=True)
    subtotal_price = MoneyField(null=True)
    total_discounts = MoneyField(null=True)
    source_name = models.TextField(null=True)
    recovery_url = models.TextField(null=True)
    lines = models.JSONField(default=list)
    held_search = SearchField()
    checkout_created_at = models.DateTimeField(null=True)
    checkout_updated_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)  # of `checkout_created_at` in the shop's time zone

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(fields=["tenant", "day"], name="abandoned_cart_by_day"),
            models.Index(
                fields=["tenant", "checkout_created_at", "id"], name="abandoned_cart_newest"
            ),
            models.Index(fields=["tenant", "token"], name="abandoned_cart_by_token"),
        ]

    def __str__(self) -> str:
        return f"Checkout {self.shopify_id}"
