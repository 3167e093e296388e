"""What a credential may do in its tenant. docs/security.md has the same as a table."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices

from tenants.models import Role


class Right(TextChoices):
    """A right; those of `KEY_RIGHTS` are also the scopes that an API key may have.

    An answer never names a person, an email or an address without `READ_CUSTOMERS`.
    """

    READ_ANALYTICS = "read:analytics", "Reports and totals"
    READ_ORDERS = "read:orders", "Orders and carts"
    READ_PRODUCTS = "read:products", "Products and stock"
    READ_CUSTOMERS = "read:customers", "Customers, with names, emails and addresses"
    READ_WEBHOOKS = "read:webhooks", "What Shopify delivered, with the bodies"
    WRITE_WEBHOOKS = "write:webhooks", "Putting deliveries back, starting imports"
    EXPORT = "export", "Files"
    MANAGE = "manage", "The connection, people, keys and privacy"


KEY_RIGHTS = tuple(right for right in Right if right not in {Right.EXPORT, Right.MANAGE})
_READING = {Right.READ_ANALYTICS, Right.READ_ORDERS, Right.READ_PRODUCTS}
RIGHTS_OF: Mapping[Role | None, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ANALYST: frozenset(set(Right) - {Right.MANAGE}),
    Role.VIEWER: frozenset(_READING),
    None: frozenset(),
}
