"""The shop itself and its locations."""

from __future__ import annotations

from django.db import models

from shop_data.models.mirror import MirrorModel, one_per_shopify_id


class StoreInfo(MirrorModel):
    """The shop's own settings; its time zone decides the day of every sale."""

    name = models.TextField(null=True)
    myshopify_domain = models.TextField(null=True)
    domain = models.TextField(null=True)
    email = models.TextField(null=True)
    plan_name = models.TextField(null=True)
    currency = models.CharField(max_length=3, null=True)
    iana_timezone = models.TextField(null=True)
    country_code = models.TextField(null=True)
    province = models.TextField(null=True)
    city = models.TextField(null=True)
    primary_locale = models.TextField(null=True)
    taxes_included = models.BooleanField(null=True)
    shop_created_at = models.DateTimeField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="store_info_one"),
            one_per_shopify_id(),
        ]

    def __str__(self) -> str:
        return self.name or self.myshopify_domain or str(self.shopify_id)


class Location(MirrorModel):
    """A place where the shop keeps or sells its stock."""

    name = models.TextField(null=True)
    address1 = models.TextField(null=True)
    address2 = models.TextField(null=True)
    city = models.TextField(null=True)
    province = models.TextField(null=True)
    country_code = models.TextField(null=True)
    zip = models.TextField(null=True)
    phone = models.TextField(null=True)
    active = models.BooleanField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]

    def __str__(self) -> str:
        return self.name or str(self.shopify_id)
