"""What the tests of accounts share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tenants.models import Tenant
from tests.accounts.clients import Api
from tests.factories import TenantFactory
from tests.shopify_answers import connected, shopify

__all__ = ["connected", "shopify"]


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def browser(client: Client) -> Callable[[User], Client]:
    """Return a function that signs a person in on the pages."""

    def signed_in(user: User) -> Client:
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def demo_tenant(db: None) -> Tenant:
    return TenantFactory(name="Demo", is_demo=True)
