"""The shop's customers, and what topics of their own tell about them."""

from __future__ import annotations

from django.db import models

from shop_data.models.mirror import (
    MirrorModel,
    MoneyField,
    SearchField,
    VersionedModel,
    one_per_shopify_id,
)
from shop_data.privacy.pseudonyms import NAME, is_pseudonym
from tenants.models import TenantModel


class Customer(MirrorModel):
    """A customer as Shopify knows them; what they bought is counted from orders, never from here.

    A null name or e-mail is unknown (Shopify may withhold it), not "none". Who was forgotten keeps
    a row under their pseudonym, so that they are counted.
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
        is_forgotten = is_pseudonym(self.shopify_id)
        return name or self.email or (NAME if is_forgotten else str(self.shopify_id))


class PurchasingSummary(MirrorModel):
    """What Shopify itself says a customer bought; to be held against ours, never shown as ours.

    `shopify_id` is the customer's.
    """

    orders = models.BigIntegerField(null=True)
    amount_spent = MoneyField(null=True)
    currency = models.CharField(max_length=3, null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]

    def __str__(self) -> str:
        return f"{self.orders} orders of customer {self.shopify_id}"


class CustomerTag(VersionedModel):
    """Whether a customer has a tag, by the newest delivery that added or removed it."""

    customer_shopify_id = models.BigIntegerField()
    tag = models.TextField()
    present = models.BooleanField()

    class Meta(VersionedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer_shopify_id", "tag"], name="customer_tag_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag} of customer {self.customer_shopify_id}"


class CustomerMerge(TenantModel):
    """A customer that became part of another one, which keeps the orders of both.

    `told_into_shopify_id` is whom Shopify named, `into_shopify_id` who they are after all merges;
    null where an earlier merge contradicts this one, which then changes nothing.
    """

    shopify_id = models.BigIntegerField()
    told_into_shopify_id = models.BigIntegerField()
    into_shopify_id = models.BigIntegerField(null=True)
    merged_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "shopify_id", "told_into_shopify_id"], name="customer_merge_once"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "into_shopify_id"], name="customer_merge_into"),
            models.Index(
                fields=["tenant", "told_into_shopify_id"], name="customer_merge_told_into"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shopify_id} into {self.into_shopify_id}"
