"""What mirrored rows have in common, and the column types of the mirror."""

from __future__ import annotations

from typing import Any

from django.db import models

from tenants.models import TenantModel

_LAST_CHARACTER = "\U0010ffff"  # sorts after every text that goes on in another way


class MoneyField(models.DecimalField):  # type: ignore[type-arg]  # takes none when it runs
    """An amount as Shopify sent it, in the currency that stands beside it.

    PostgreSQL's numeric holds NaN, greater than every number and the ruin of every sum; an upper
    bound on each column keeps it out.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(max_digits=20, decimal_places=6)
        super().__init__(**kwargs)

    def db_check(self, connection: Any) -> str:
        return f"{connection.ops.quote_name(self.column)} < 100000000000000"


class SearchField(models.TextField):  # type: ignore[type-arg]  # takes none when it runs
    """A lower-case copy of a text, for lists that search by its beginning.

    Under row-level security lower() and LIKE cannot use an index, but `>=` and `<` can; with the
    collation "C" they go by code point, so that a range is the same as a beginning.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(null=True, db_collation="C")
        super().__init__(**kwargs)


@SearchField.register_lookup
class Beginning(models.lookups.StartsWith):
    """`__startswith` as a range, which an index serves under row-level security; LIKE is not."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        first, last = str(self.rhs), f"{self.rhs}{_LAST_CHARACTER}"
        return f"({column} >= %s AND {column} < %s)", (*params, first, *params, last)


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
