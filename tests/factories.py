"""Rows that tests start from; Shopify's data comes in through deliveries (tests/builders.py)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Membership, User
from tenants.models import Connection, Role, ShopifyApp, Tenant, TenantState
from tenants.scope import tenant_scope

PASSWORD = "a long enough passphrase"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SECRET = "shpss_of_the_tests"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.com")

    @factory.post_generation
    def password(self: User, create: bool, extracted: str | None, **_: Any) -> None:
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])


class TenantFactory(DjangoModelFactory[Tenant]):
    """A tenant with its state row, whose orders are known since long ago."""

    class Meta:
        model = Tenant
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Shop {number}")

    @factory.post_generation
    def state(self: Tenant, create: bool, extracted: None, **_: Any) -> None:
        if create:
            with tenant_scope(self.id):
                TenantState.objects.create(known_since_at=LONG_AGO)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    tenant = factory.SubFactory(TenantFactory)
    role = Role.OWNER


class ShopifyAppFactory(DjangoModelFactory[ShopifyApp]):
    class Meta:
        model = ShopifyApp
        skip_postgeneration_save = True

    name = "Xenofy"

    @factory.post_generation
    def secret(self: ShopifyApp, create: bool, extracted: str | None, **_: Any) -> None:
        self.client_secret = SECRET if extracted is None else extracted
        if create:
            self.save(update_fields=["client_secret_encrypted"])


class ConnectionFactory(DjangoModelFactory[Connection]):
    """A shop whose domain is proven."""

    class Meta:
        model = Connection

    tenant = factory.SubFactory(TenantFactory)
    app = factory.SubFactory(ShopifyAppFactory)
    domain = factory.Sequence(lambda number: f"shop-{number}.myshopify.com")
    proven_at = factory.LazyFunction(timezone.now)
