"""What mirrored rows have in common, and the column types of the mirror."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from tenants.models import TenantModel


class MoneyField(models.DecimalField):
    """An amount as Shopify sent it, in the currency that stands beside it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(max_digits=20, decimal_places=6)
        super().__init__(**kwargs)


def no_nan(*columns: str) -> models.CheckConstraint:
    """Refuse NaN, which numeric columns accept and which would make every sum NaN.

    PostgreSQL holds NaN greater than every number, so an upper bound keeps it out.
    """
    condition = Q()
    for column in columns:
        condition &= Q(**{f"{column}__lt": 10**14}) | Q(**{f"{column}__isnull": True})
    return models.CheckConstraint(condition=condition, name="%(class)s_no_nan")


def one_per_shopify_id() -> models.UniqueConstraint:
    """Make a resource of Shopify one row of the tenant."""
    return models.UniqueConstraint(fields=["tenant", "shopify_id"], name="%(class)s_shopify_id")


class VersionedModel(TenantModel):
    """A row whose newest version wins, whatever the order of arrival.

    Versions are compared by `version_at` (Shopify's `updated_at`, else the time of the event),
    then `version_triggered_at`, then a digest of the body.
    """

    version_at = models.DateTimeField()
    version_triggered_at = models.DateTimeField()
    version_digest = models.UUIDField()
    synced_at = models.DateTimeField()  # when this version was written here

    class Meta(TenantModel.Meta):
        abstract = True


class MirrorModel(VersionedModel):
    """A row that mirrors one resource of Shopify."""

    shopify_id = models.BigIntegerField()

    class Meta(VersionedModel.Meta):
        abstract = True
