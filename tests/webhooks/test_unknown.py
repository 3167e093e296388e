"""What Xenofy does not know yet: topics, fields and API versions are taken, and counted."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tenants.scope import tenant_scope
from tests.shops import Shop
from tests.webhooks.inboxes import customer, customers
from webhooks.health import DeliveriesHealth, deliveries_health
from webhooks.models import InboxEvent
from webhooks.versions import is_known

pytestmark = pytest.mark.django_db


def health(shop: Shop) -> DeliveriesHealth:
    with tenant_scope(shop.connection.tenant_id):
        return deliveries_health(now=timezone.now())


@pytest.mark.fault(10)
def test_unknown_topics_are_named(shop: Shop) -> None:
    shop.process(("themes/publish", b"{"), ("customers/create", customer()))

    found = {each.topic: (each.is_known, each.accounting.done) for each in health(shop).topics}
    assert found == {"themes/publish": (False, 1), "customers/create": (True, 1)}


@pytest.mark.fault(10)
@pytest.mark.parametrize("value", [None, 7, "text", [1], {"of": {"any": ["depth"]}}], ids=repr)
def test_an_unknown_field_changes_nothing(shop: Shop, value: object) -> None:
    shop.process(("customers/create", customer(first_name="Asha", loyalty_level=value)))

    (row,) = customers(shop)
    assert (row.first_name, shop.statuses()) == ("Asha", {"done": 1})


@pytest.mark.fault(10)
@pytest.mark.parametrize("version", ["2027-01", "2099-10", "unstable", "2026-02", "x" * 255])
def test_another_api_version_is_read_and_counted_once(shop: Shop, version: str) -> None:
    shop.deliver("customers/create", customer(), X_Shopify_API_Version=version)
    shop.drain()
    with tenant_scope(shop.connection.tenant_id):
        InboxEvent.objects.update(status="pending", attempts=0, replayed_at=timezone.now())
    shop.drain()

    (seen,) = health(shop).unknown_versions
    assert (seen.api_version, seen.deliveries) == (version, 1)
    assert len(customers(shop)) == 1


def test_versions_that_are_known_are_not_counted(shop: Shop) -> None:
    for number, version in enumerate(["2026-07", "2022-10", "2026-10", None]):
        shop.deliver("customers/create", customer(number + 1), X_Shopify_API_Version=version)
    shop.drain()

    assert health(shop).unknown_versions == []
    assert is_known("2025-01") and not is_known("2025-02")
