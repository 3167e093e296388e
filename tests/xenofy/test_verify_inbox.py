"""`manage.py verify` counts the deliveries row by row."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from tests.shops import Shop
from tests.webhooks.inboxes import customer
from webhooks.models import DeliveryCount


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    shop = Shop(ConnectionFactory(tenant=tenant))
    shop.process(("customers/update", customer()), ("orders/create", b"{"))
    shop.deliver("customers/update", customer(2))
    return shop


def verify() -> str:
    said = StringIO()
    call_command("verify", stdout=said)
    return said.getvalue()


def test_it_says_what_the_page_says(shop: Shop) -> None:
    said = verify()

    assert "customers/update: 1 done, 0 superseded, 0 quarantined, 1 pending" in said
    assert "p95 of the last 24 hours" in said
    assert "the oldest since 20" in said


def test_a_count_that_differs_from_the_rows_is_a_difference(shop: Shop) -> None:
    with tenant_scope(shop.connection.tenant_id):
        DeliveryCount.objects.filter(topic="orders/create").update(deliveries=7)

    with pytest.raises(CommandError, match="There are differences"):
        verify()
