"""What is imported from the double is what its own ledger says, to the cent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shop_data.imports import importing
from shop_data.models import Import, Order
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from tests.fakeshop.test_ledgers import DOMAIN, _lines, _of_double, trade
from tests.shops import Shop
from xenofy.fakeshop.daily import by_day
from xenofy.fakeshop.world import World

pytestmark = pytest.mark.django_db


def brought(tenant: Tenant, world: World) -> Import:
    """Import all there is; the double's time passes while we wait."""
    with tenant_scope(tenant.id):
        importing.begin(now=timezone.now())
    for _ in range(200):
        world.clock.advance(3)
        if importing.step(tenant.id, now=timezone.now(), alive=lambda: None) is None:
            break
    with tenant_scope(tenant.id):
        found: Import = Import.objects.get()
        return found


def test_an_import_makes_our_statement_theirs(tenant: Tenant, fakeshop: World) -> None:
    fakeshop.clock.set(timezone.now() - timedelta(days=70))
    theirs = fakeshop.shop(DOMAIN, zone="UTC")
    ours = Shop(ConnectionFactory(tenant=tenant, domain=DOMAIN))
    ours.connection.access_token = fakeshop.token(DOMAIN)
    ours.connection.save()
    trade(theirs, orders=40)
    fakeshop.clock.set(timezone.now())

    done = brought(tenant, fakeshop)

    assert (done.state, done.trouble) == ("done", "")
    with tenant_scope(tenant.id):
        assert Order.objects.count() == done.orders == 40
    told = {day: _lines(lines) for day, lines in ours.statement().items()}
    assert told == {str(day): _of_double(one) for day, one in by_day(theirs.state).items()}
