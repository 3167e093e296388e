"""The shop itself, its locations, and what Shopify says about our app in it."""

from __future__ import annotations

from django.db import models

from shop_data.models.mirror import MirrorModel, one_per_shopify_id
from tenants.models import TenantModel


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


class BulkOperation(MirrorModel):
    """A bulk operation that Shopify has finished; its result has to be asked for."""

    type = models.TextField(null=True)
    status = models.TextField(null=True)
    error_code = models.TextField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]

    def __str__(self) -> str:
        return f"Bulk operation {self.shopify_id}: {self.status}"


class AppInstallation(TenantModel):
    """Whether our app is installed in the shop, and what it may read there.

    Null means that Shopify has not said. `people_withheld_at` is when it refused names, e-mails and
    addresses, for which it has to approve an app. The app is installed unless `uninstalled_at`, the
    newest that was told, is later than every sign of life (`webhooks.installation`).
    """

    scopes = models.JSONField(null=True)
    scopes_changed_at = models.DateTimeField(null=True)
    uninstalled_at = models.DateTimeField(null=True)
    people_withheld_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="app_installation_one")]

    def __str__(self) -> str:
        return f"Last uninstalled at {self.uninstalled_at}" if self.uninstalled_at else "Installed"


class ApiBudget(TenantModel):
    """How many points the shop's Admin API has left for us, shared by all our processes.

    At `measured_at` there were `available` points of `maximum`, what is under way taken off;
    `restore_rate` come back a second. Until Shopify has said, a shop is taken for the smallest
    one, half of whose points are gone. `answered_version` is that of the API which answered last.
    """

    available = models.BigIntegerField(default=1000)
    maximum = models.BigIntegerField(default=2000)
    restore_rate = models.BigIntegerField(default=100)
    measured_at = models.DateTimeField()
    answered_version = models.TextField(blank=True, default="", db_default="")

    worker_sees_all = True

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="api_budget_one")]

    def __str__(self) -> str:
        return f"{self.available} of {self.maximum} points at {self.measured_at}"
