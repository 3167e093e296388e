"""One reconciliation makes our figures the double's, whatever became of its webhooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from shop_data.models import Order, Reconciliation, Sale, SalesDifference
from shop_data.reconciliation import reconciling
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory
from tests.fakeshop.test_imports import brought
from tests.fakeshop.test_ledgers import DOMAIN, _lines, _of_double, _take, trade
from tests.shops import Shop
from xenofy.fakeshop.daily import by_day
from xenofy.fakeshop.shop import Shop as DoubledShop
from xenofy.fakeshop.world import World

pytestmark = pytest.mark.django_db

Reconcile = Callable[[], Reconciliation]


@pytest.fixture
def theirs(fakeshop: World) -> DoubledShop:
    fakeshop.clock.set(timezone.now() - timedelta(days=33))
    return fakeshop.shop(DOMAIN, zone="UTC")


@pytest.fixture
def ours(tenant: Tenant, fakeshop: World, theirs: DoubledShop) -> Shop:
    """The same shop, connected and imported while it was empty; webhooks come to this process."""
    shop = Shop(ConnectionFactory(tenant=tenant, domain=DOMAIN))
    shop.connection.access_token = fakeshop.token(DOMAIN)
    shop.connection.save()
    brought(tenant, fakeshop, at=fakeshop.clock.now())
    fakeshop.apps.add("app", SECRET)
    fakeshop.hooks.configure("app", theirs.state)
    fakeshop.hooks.post = lambda _, body, headers: _take(shop, body, headers)
    return shop


@pytest.fixture
def reconcile(tenant: Tenant, fakeshop: World, ours: Shop) -> Reconcile:
    def run() -> Reconciliation:
        return gone_through(tenant, fakeshop, at=fakeshop.clock.now())

    return run


def gone_through(tenant: Tenant, world: World, *, at: datetime) -> Reconciliation:
    """Do the steps of a reconciliation until it ends; the double's time passes meanwhile."""
    for _ in range(300):
        world.clock.advance(3)
        next_at = reconciling.step(tenant.id, now=at, alive=lambda: None)
        assert next_at is not None
        if next_at - at > timedelta(minutes=30):
            break
    with tenant_scope(tenant.id):
        found: Reconciliation = Reconciliation.objects.latest("begun_at")
        return found


def is_alike(ours: Shop, theirs: DoubledShop) -> bool:
    """Tell whether the statements of all days are the same, to the cent."""
    mine = {day: _lines(lines) for day, lines in ours.statement().items()}
    days = {str(day): _of_double(one) for day, one in by_day(theirs.state).items()}
    return mine == {day: lines for day, lines in days.items() if any(lines.values())}


@pytest.mark.fault(6)
def test_after_a_month_of_lost_doubled_and_shuffled_webhooks_all_figures_are_theirs(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile
) -> None:
    mishaps = fakeshop.hooks.mishaps
    mishaps.drop, mishaps.duplicate, mishaps.shuffle = 0.05, 0.05, True
    trade(theirs, orders=90, changing=True)
    fakeshop.hooks.settle()
    ours.drain()
    fakeshop.clock.advance(days=1)
    assert fakeshop.hooks.dropped > 10
    assert not is_alike(ours, theirs)

    done = reconcile()

    assert (done.state, done.trouble) == ("done", "")
    assert is_alike(ours, theirs)
    assert done.read
    with tenant_scope(tenant.id):
        differences = SalesDifference.objects.all()
        assert differences and all(each.healed_at and each.orders for each in differences)
        assert set(Sale.objects.values_list("source", flat=True)) == {"confirmed"}
    assert (done.referee, done.corrected > 0) == ("shopifyql", True)


def test_an_order_that_shopify_deleted_without_a_word_goes_with_its_past(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile
) -> None:
    trade(theirs, orders=6)
    fakeshop.hooks.settle()
    ours.drain()
    fakeshop.clock.advance(days=1)
    fakeshop.hooks.mishaps.drop = 1.0
    gone = theirs.orders()[0]
    theirs.delete_order(gone.id)

    done = reconcile()

    assert (done.deleted, done.counts["orders"]) == (1, [5, 6])
    assert is_alike(ours, theirs)
    with tenant_scope(tenant.id):
        assert not Order.objects.filter(shopify_id=gone.id).exists()
        [named] = {tuple(each.orders[0]) for each in SalesDifference.objects.all()}
    assert named == (str(gone.id), gone.name)
