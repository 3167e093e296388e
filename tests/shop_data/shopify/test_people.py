"""An app that may not see who customers are: everything else is there, and nothing is a guest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shop_data.imports import bulk
from shop_data.imports.kinds import KINDS
from shop_data.models import AppInstallation, Customer, Order
from shop_data.shopify.client import admin_client
from shop_data.shopify.documents import document
from shop_data.shopify.people import without_people
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from tests.fakeshop.test_imports import brought
from tests.fakeshop.test_ledgers import DOMAIN
from xenofy.fakeshop.leaves import Address
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World


@pytest.mark.parametrize("name", [kind.query for kind in KINDS.values() if kind.has_people])
def test_a_document_without_people_asks_for_none(name: str) -> None:
    text = without_people(document(name))

    for word in ("firstName", "defaultEmail", "address1", "zip", "phone", "email"):
        assert word not in text


@pytest.mark.django_db
def test_an_import_without_people_brings_all_else(tenant: Tenant, fakeshop: World) -> None:
    fakeshop.clock.set(timezone.now() - timedelta(days=2))
    theirs = fakeshop.shop(DOMAIN, zone="UTC")
    buyer = theirs.create_customer(
        email="a@example.com", first_name="Ada", address=Address("DE", "Germany", city="Köln")
    )
    theirs.place_order(Item("10.00", 2), customer_id=buyer.id)
    fakeshop.clock.set(timezone.now())
    connection = ConnectionFactory(tenant=tenant, domain=DOMAIN)
    connection.access_token = fakeshop.token(DOMAIN, people=False)
    connection.save()

    done = brought(tenant, fakeshop, at=timezone.now())

    with tenant_scope(tenant.id):
        order, customer = Order.objects.get(), Customer.objects.get()
        assert (done.orders, order.customer_id, order.country_code) == (1, customer.id, "DE")
        assert (order.email, customer.first_name, customer.email) == (None, None, None)
        assert AppInstallation.objects.get().people_withheld_at is not None


@pytest.mark.django_db
def test_where_five_operations_run_already_the_next_one_waits(
    tenant: Tenant, fakeshop: World
) -> None:
    fakeshop.shop(DOMAIN)
    connection = ConnectionFactory(tenant=tenant, domain=DOMAIN)
    connection.access_token = fakeshop.token(DOMAIN)
    connection.save()
    admin = admin_client(tenant.id)
    query = document("bulk_locations")
    for _ in range(5):
        bulk.start(admin, query)

    with pytest.raises(bulk.Busy):
        bulk.start(admin, query)
