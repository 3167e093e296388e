"""A connected shop for the fuzzer."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tenants.models import Tenant
from tests.factories import ConnectionFactory
from tests.shops import Shop

fuzzing = hypothesis_settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large, HealthCheck.large_base_example],
    print_blob=True,
)  # fmt: skip


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    """A shop whose deliveries go into the tenant."""
    return Shop(ConnectionFactory(tenant=tenant, domain="fuzz.myshopify.com"))
