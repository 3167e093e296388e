"""A shop with two customers, of whom one asks."""

from __future__ import annotations

import pytest

from tenants.models import Tenant
from tests.factories import ConnectionFactory
from tests.privacy.life import DOMAIN
from tests.shops import Shop


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    """A shop whose deliveries go into the tenant."""
    return Shop(ConnectionFactory(tenant=tenant, domain=DOMAIN))
