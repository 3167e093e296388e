"""The shop's customers."""

from __future__ import annotations

from django.db import models

from shop_data.models.mirror import MirrorModel, SearchField, one_per_shopify_id


class Customer(MirrorModel):
    """A customer as Shopify knows them; what they bought is counted from orders, never from here.

    A null name or e-mail is unknown (Shopify may withhold it), not "none".
    """

    email = models.TextField(null=True)
    phone = models.TextField(null=True)
    first_name = models.TextField(null=True)
    last_name = models.TextField(null=True)
    state = models.TextField(null=True)
    tags = models.TextField(null=True)
    note = models.TextField(null=True)
    currency = models.CharField(max_length=3, null=True)
    verified_email = models.BooleanField(null=True)
    tax_exempt = models.BooleanField(null=True)
    email_marketing_state = models.TextField(null=True)
    sms_marketing_state = models.TextField(null=True)
    city = models.TextField(null=True)
    province_code = models.TextField(null=True)
    country_code = models.TextField(null=True)
    customer_created_at = models.DateTimeField(null=True)
    customer_updated_at = models.DateTimeField(null=True)
    email_search = SearchField()
    name_search = SearchField()

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(fields=["tenant", "email_search"], name="customer_by_email"),
            models.Index(fields=["tenant", "name_search"], name="customer_by_name"),
            models.Index(fields=["tenant", "customer_created_at", "id"], name="customer_newest"),
        ]

    def __str__(self) -> str:
        name = " ".join(part for part in (self.first_name, self.last_name) if part)
        return name or self.email or str(self.shopify_id)
