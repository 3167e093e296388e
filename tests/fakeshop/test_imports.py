"""What is imported from the double is what its own ledger says, to the cent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from shop_data.csv_exports import numbers
from shop_data.imports import importing, sweeping
from shop_data.models import Import, Order
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from tests.fakeshop.test_ledgers import DOMAIN, _lines, _of_double, trade
from tests.shops import Shop
from xenofy.fakeshop.daily import by_day
from xenofy.fakeshop.world import World

pytestmark = pytest.mark.django_db


def brought(tenant: Tenant, world: World, *, at: datetime) -> Import:
    """Import all there is; the double's time passes while we wait."""
    with tenant_scope(tenant.id):
        importing.begin(now=at)
    return gone_through(tenant, world, at=at)


def sweep(tenant: Tenant, world: World, at: datetime) -> str | None:
    """Fetch what changed; return what was fetched."""
    sweeping.step(tenant.id, now=at, alive=lambda: None)
    with tenant_scope(tenant.id):
        if not Import.objects.filter(state=Import.State.RUNNING).exists():
            return None
    return gone_through(tenant, world, at=at).kind


def gone_through(tenant: Tenant, world: World, *, at: datetime) -> Import:
    for _ in range(200):
        world.clock.advance(3)
        if importing.step(tenant.id, now=at, alive=lambda: None) is None:
            break
    with tenant_scope(tenant.id):
        found: Import = Import.objects.order_by("-begun_at").first()
        assert (found.state, found.trouble) == ("done", "")
        return found


def test_an_import_makes_our_statement_theirs(tenant: Tenant, fakeshop: World) -> None:
    fakeshop.clock.set(timezone.now() - timedelta(days=70))
    theirs = fakeshop.shop(DOMAIN, zone="UTC")
    ours = Shop(ConnectionFactory(tenant=tenant, domain=DOMAIN))
    ours.connection.access_token = fakeshop.token(DOMAIN)
    ours.connection.save()
    trade(theirs, orders=40)
    fakeshop.clock.set(timezone.now())

    done = brought(tenant, fakeshop, at=timezone.now())

    with tenant_scope(tenant.id):
        assert Order.objects.count() == done.orders == 40
    told = {day: _lines(lines) for day, lines in ours.statement().items()}
    assert told == {str(day): _of_double(one) for day, one in by_day(theirs.state).items()}


@pytest.mark.fault(6)
def test_what_no_webhook_told_is_found_by_a_sweep(tenant: Tenant, fakeshop: World) -> None:
    begun = timezone.now().replace(microsecond=0) - timedelta(days=20)
    fakeshop.clock.set(begun)
    theirs = fakeshop.shop(DOMAIN, zone="UTC")
    ours = Shop(ConnectionFactory(tenant=tenant, domain=DOMAIN))
    ours.connection.access_token = fakeshop.token(DOMAIN)
    ours.connection.save()
    trade(theirs, orders=5)
    assert sweep(tenant, fakeshop, fakeshop.clock.now()) is None  # its past comes first
    brought(tenant, fakeshop, at=fakeshop.clock.now())

    trade(theirs, orders=9)  # of which nothing is delivered
    for order in list(theirs.state.orders.values())[:2]:
        if order.cancelled_at is None:
            theirs.cancel(order.id)
    fakeshop.clock.advance(120)
    kind = sweep(tenant, fakeshop, fakeshop.clock.now())

    assert kind == Import.Kind.CHANGES
    told = {day: _lines(lines) for day, lines in ours.statement().items()}
    assert told == {str(day): _of_double(one) for day, one in by_day(theirs.state).items()}


def test_the_double_gives_numbers_below_those_that_we_make_up() -> None:
    assert World().shop("double.myshopify.com").state.new_id() < numbers.FIRST
