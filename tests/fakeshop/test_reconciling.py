"""One reconciliation makes our figures the double's, whatever became of its webhooks."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from shop_data.changes import EPOCH, digest_of
from shop_data.csv_exports.numbers import number_of
from shop_data.models import (
    Errand,
    Order,
    OrderDocument,
    Product,
    Reconciliation,
    Sale,
    SalesDifference,
    StoreEvent,
)
from shop_data.reconciliation import lists, reconciling, results
from shop_data.upserts.orders import known_order
from shop_data.upserts.store import note_granted
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory
from tests.fakeshop.test_imports import brought
from tests.fakeshop.test_ledgers import DOMAIN, _lines, _of_double, _take, trade
from tests.shops import Shop
from xenofy.fakeshop import shopifyql
from xenofy.fakeshop.daily import by_day
from xenofy.fakeshop.seeds.telling import tell
from xenofy.fakeshop.shop import Shop as DoubledShop
from xenofy.fakeshop.wanted import Item
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
    with tenant_scope(tenant.id):
        TenantState.objects.update(known_since_at=None)  # not before there is an import
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
    for _ in range(100):
        world.clock.advance(3)
        reconciling.step(tenant.id, now=at, alive=lambda: None)
        with tenant_scope(tenant.id):
            found: Reconciliation = Reconciliation.objects.latest("begun_at")
            if found.state != Reconciliation.State.RUNNING:
                break
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


def test_an_import_and_a_reconciliation_make_a_whole_past_theirs(
    tenant: Tenant, fakeshop: World
) -> None:
    """Exchanges, edits, duties, tips, gift cards and money of others, with tax in the prices."""
    theirs = fakeshop.shop(DOMAIN, zone="UTC", taxes_included=True)
    tell(fakeshop, theirs, orders=70, seed=4, days=40)
    ours = Shop(ConnectionFactory(tenant=tenant, domain=DOMAIN))
    ours.connection.access_token = fakeshop.token(DOMAIN)
    ours.connection.save()
    with tenant_scope(tenant.id):
        TenantState.objects.update(known_since_at=None)  # not before there is an import
    brought(tenant, fakeshop, at=fakeshop.clock.now())
    fakeshop.clock.advance(days=1)

    done = gone_through(tenant, fakeshop, at=fakeshop.clock.now())

    assert (done.state, done.trouble) == ("done", "")
    assert is_alike(ours, theirs)


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


def told(ours: Shop, theirs: DoubledShop, world: World, *, orders: int) -> None:
    """Let orders be placed and told, and a day pass of which nothing more is told."""
    trade(theirs, orders=orders)
    world.hooks.settle()
    ours.drain()
    world.clock.advance(days=1)
    world.hooks.mishaps.drop = 1.0


def test_a_list_that_is_cut_off_deletes_nothing(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile
) -> None:
    told(ours, theirs, fakeshop, orders=3)
    theirs.chaos.bulk_truncated = True

    done = reconcile()

    assert (done.state, done.deleted) == ("failed", 0)
    assert "not whole 3 times" in done.trouble
    with tenant_scope(tenant.id):
        assert Order.objects.count() == 3
        assert results.checked(done.first_day, done.last_day, "EUR") is None


def test_an_order_that_a_list_lacks_stays_when_it_is_there_alone(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told(ours, theirs, fakeshop, orders=3)
    lacking = theirs.orders()[0].id
    whole = lists._batches
    monkeypatch.setattr(lists, "_batches", lambda path: (
        {one: at for one, at in batch.items() if one != lacking} for batch in whole(path)
    ))  # fmt: skip

    done = reconcile()

    assert (done.state, done.deleted, done.read) == ("done", 0, 1)
    with tenant_scope(tenant.id):
        assert Order.objects.filter(shopify_id=lacking).exists()


def test_what_shopify_does_not_show_any_more_is_not_deleted(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile
) -> None:
    told(ours, theirs, fakeshop, orders=3)
    with tenant_scope(tenant.id):
        export = Product(shopify_id=number_of("product", "shawl"), title="Of a CSV export")
        note_granted(["read_orders"], now=fakeshop.clock.now())
        export.version_at = export.version_triggered_at = export.synced_at = EPOCH
        export.version_digest = tenant.id
        export.save(force_insert=True)
    token = fakeshop.token(DOMAIN, without=("read_all_orders",))
    ours.connection.access_token = token
    ours.connection.save()
    fakeshop.clock.advance(days=70)

    done = reconcile()

    assert (done.state, done.deleted) == ("done", 0)
    with tenant_scope(tenant.id):
        assert Order.objects.count() == 3
        assert not Product.objects.exclude(deleted_at=None).exists()


def test_without_reports_the_ledger_of_orders_is_the_referee(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile
) -> None:
    told(ours, theirs, fakeshop, orders=4)
    ours.connection.access_token = fakeshop.token(DOMAIN, without=("read_reports",))
    ours.connection.save()

    done = reconcile()

    assert (done.state, done.referee, done.confirmed) == ("done", "agreements", 4)
    assert done.trouble == reconciling.UNSEEN  # what was granted is not known yet


def test_totals_that_shopify_does_not_understand_leave_the_ledger_of_orders(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told(ours, theirs, fakeshop, orders=6)
    monkeypatch.delitem(shopifyql.MEASURES, "duties")

    done = reconcile()

    assert (done.state, done.referee) == ("done", "agreements")
    assert "Column 'duties' not found" in done.trouble


def test_a_day_that_no_order_explains_stays_open(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told(ours, theirs, fakeshop, orders=4)
    monkeypatch.setitem(shopifyql.MEASURES, "returns", lambda day: day.returns - day.orders)

    done = reconcile()

    days = [day for day, sums in by_day(theirs.state).items() if sums.orders]
    days = [day for day in days if day >= done.first_day]
    assert days
    with tenant_scope(tenant.id):
        found = results.checked(done.first_day, done.last_day, "EUR")
        assert results.checked(days[0] - timedelta(days=60), days[0], "EUR") is None
    assert found
    assert [(each.day, each.metric) for each in found.differing] == [(d, "returns") for d in days]


def test_an_edited_order_is_read_again_and_not_marked_any_more(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile
) -> None:
    order = theirs.place_order(Item("10.00"))
    fakeshop.hooks.settle()
    fakeshop.clock.advance(60)
    theirs.edit(order.id, add=[Item("3.00")])
    fakeshop.hooks.waiting = [one for one in fakeshop.hooks.waiting if one.topic == "orders/edited"]
    fakeshop.hooks.settle()
    ours.drain()
    fakeshop.clock.advance(days=1)
    with tenant_scope(tenant.id):
        assert OrderDocument.objects.filter(needs_fresh_read=True).count() == 1

    reconcile()

    assert is_alike(ours, theirs)
    with tenant_scope(tenant.id):
        assert not OrderDocument.objects.filter(needs_fresh_read=True).exists()


def stale_twin(document: OrderDocument) -> bytes:
    """Return a stale body of an order with the stamps of its newest one, which chance prefers."""
    told = json.loads(known_order(document).raw_body or b"")
    told["line_items"][0].update(quantity=3, current_quantity=3)
    twins = (json.dumps({**told, "nonce": nonce}).encode() for nonce in itertools.count())
    return next(twin for twin in twins if digest_of(twin) > document.version_digest)


@pytest.mark.fault(3)
def test_of_two_bodies_with_the_same_stamps_the_shop_is_asked_which_holds(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile
) -> None:
    theirs.place_order(Item("10.00"))
    fakeshop.hooks.settle()
    ours.drain()
    with tenant_scope(tenant.id):
        document = OrderDocument.objects.get()
    triggered_at = document.version_triggered_at.isoformat()
    ours.deliver("orders/updated", stale_twin(document), X_Shopify_Triggered_At=triggered_at)
    ours.drain()
    fakeshop.clock.advance(days=1)
    assert not is_alike(ours, theirs)

    reconcile()

    assert is_alike(ours, theirs)
    with tenant_scope(tenant.id):
        assert not OrderDocument.objects.filter(needs_fresh_read=True).exists()


def test_events_that_no_webhook_told_are_in_the_feed_once(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile
) -> None:
    told(ours, theirs, fakeshop, orders=2)
    untold = theirs.place_order(Item("10.00"))
    theirs.delete_order(untold.id)
    fakeshop.clock.advance(days=1)

    for _ in range(2):
        reconcile()
        fakeshop.clock.advance(3600)

    with tenant_scope(tenant.id):
        lines = StoreEvent.objects.filter(type="order", verb__in=["create", "delete"])
        found = Counter(lines.values_list("subject_shopify_id", "verb"))
    placed = {(order.id, "create"): 1 for order in theirs.orders()}
    assert found == {**placed, (untold.id, "create"): 1, (untold.id, "delete"): 1}


def test_a_step_does_not_ask_for_itself(tenant: Tenant, ours: Shop, fakeshop: World) -> None:
    """One that did would never end: what is asked for during a step is due at once."""
    with tenant_scope(tenant.id):
        reconciling.begin(now=fakeshop.clock.now())
        asked = Errand.objects.get(name=results.RECONCILIATION).due_at

    reconciling.step(tenant.id, now=asked - timedelta(hours=1), alive=lambda: None)

    with tenant_scope(tenant.id):
        assert Errand.objects.get(name=results.RECONCILIATION).due_at == asked


def test_where_too_much_is_missing_an_import_is_asked_for(
    tenant: Tenant, ours: Shop, theirs: DoubledShop, fakeshop: World, reconcile: Reconcile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(lists, "MOST_TO_READ", 1)
    fakeshop.hooks.mishaps.drop = 1.0
    trade(theirs, orders=2)
    fakeshop.clock.advance(days=1)

    with pytest.raises(lists.TooMany, match="Begin an import"):
        reconcile()
