"""Draining the inbox: every delivery ends somewhere, and none in the way of another."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg.errors
import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.utils import timezone

from shop_data.changes import Change
from shop_data.models import AbandonedCart, Customer, Fulfillment, Order, Product, StoreInfo
from shop_data.upserts.bodies import upsert_customers
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Shop
from webhooks import processing, queue
from webhooks.models import InboxEvent
from webhooks.topics import Subject

T0 = "2026-03-02T10:00:00Z"


def customer(number: int = 1, *, updated_at: str = T0, **fields: Any) -> dict[str, Any]:
    return {"id": number, "email": f"c{number}@example.com", "updated_at": updated_at, **fields}


def events(shop: Shop) -> list[InboxEvent]:
    with tenant_scope(shop.connection.tenant_id):
        return list(InboxEvent.objects.order_by("received_at", "id"))


def customers(shop: Shop) -> list[Customer]:
    with tenant_scope(shop.connection.tenant_id):
        return list(Customer.objects.order_by("shopify_id"))


def drain(shop: Shop, *, later: timedelta = timedelta(0)) -> int:
    return processing.drain(shop.connection.tenant_id, now=timezone.now() + later)


# ── the same, late and in any order ───────────────────────────────────────────────────────────


@pytest.mark.fault(1)
def test_a_delivery_that_comes_twice_is_one(shop: Shop) -> None:
    for _ in range(3):
        shop.deliver("customers/create", customer(), X_Shopify_Webhook_Id="w-1")

    assert shop.drain() == 1
    assert shop.statuses() == {"done": 1}


@pytest.mark.fault(2)
def test_the_same_body_under_another_id_changes_nothing(shop: Shop) -> None:
    shop.process(("customers/create", customer()))
    (before,) = customers(shop)

    shop.process(("customers/create", customer()))

    (after,) = customers(shop)
    assert (after.id, after.email, after.version_at) == (before.id, before.email, before.version_at)


def test_without_a_webhook_id_the_body_tells_deliveries_apart(shop: Shop) -> None:
    for body in (customer(), customer(), customer(2)):
        shop.deliver("customers/create", body, X_Shopify_Webhook_Id=None)

    assert shop.drain() == 2


@pytest.mark.fault(3)
@pytest.mark.parametrize("seed", range(4))
def test_the_newest_body_wins_in_any_order(shop: Shop, seed: int) -> None:
    bodies = [
        customer(updated_at=f"2026-03-0{day}T10:00:00Z", note=str(day)) for day in range(1, 7)
    ]
    random.Random(seed).shuffle(bodies)

    shop.process(*(("customers/update", body) for body in bodies))

    assert [row.note for row in customers(shop)] == ["6"]
    assert set(shop.statuses()) <= {"done", "superseded"}


@pytest.mark.fault(4)
def test_a_stale_body_is_kept_in_the_inbox_and_overwrites_nothing(shop: Shop) -> None:
    shop.process(("customers/update", customer(note="new", updated_at="2026-03-03T10:00:00Z")))

    shop.process(("customers/update", customer(note="old", updated_at="2026-03-02T10:00:00Z")))

    assert [row.note for row in customers(shop)] == ["new"]
    assert [event.status for event in events(shop)] == ["done", "superseded"]


def test_of_equal_versions_the_event_triggered_later_wins(shop: Shop) -> None:
    for note, at in (("later", "2026-03-02T10:00:05Z"), ("earlier", "2026-03-02T10:00:04Z")):
        shop.deliver("customers/update", customer(note=note), X_Shopify_Triggered_At=at)
        shop.drain()

    assert [row.note for row in customers(shop)] == ["later"]


@pytest.mark.fault(9)
def test_an_absent_field_keeps_its_value_and_null_clears_it(shop: Shop) -> None:
    shop.process(("customers/create", customer(note="vip", phone="+911", first_name="Mena")))

    shop.process(
        ("customers/update", customer(updated_at="2026-03-03T10:00:00Z", note=None, tags="a, b"))
    )

    (row,) = customers(shop)
    assert (row.note, row.phone, row.first_name, row.tags) == (None, "+911", "Mena", "a, b")


@pytest.mark.fault(8)
def test_children_that_come_first_are_linked_when_their_parent_comes(shop: Shop) -> None:
    order = OrderBuilder()
    line = order.line("100.00")
    placed = order.body()
    refund = order.refund("2026-03-03T10:00:00Z", units={line.id: 1})
    sent = {"id": 5, "order_id": order.id, "status": "success", "updated_at": T0, "line_items": []}

    shop.process(("fulfillments/create", sent), ("refunds/create", refund))
    assert shop.sales() == []
    shop.process(("orders/create", placed))

    assert [row.action for row in shop.sales()] == ["order", "return"]
    with tenant_scope(shop.connection.tenant_id):
        mirrored = Order.objects.get()
        assert mirrored.customer is not None
        assert [row.shopify_id for row in mirrored.fulfillments.all()] == [5]
        assert [row.shopify_id for row in mirrored.refunds.all()] == [refund["id"]]
        assert Fulfillment.objects.filter(order=None).count() == 0


# ── every topic ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.fault(10)
def test_an_unknown_topic_is_done_and_counted(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="webhooks")

    shop.process(("themes/publish", {"id": 1}))

    assert shop.statuses() == {"done": 1}
    assert [record.topics for record in caplog.records if hasattr(record, "topics")] == [
        {"themes/publish": 1}
    ]


def test_each_topic_ends_in_its_rows(shop: Shop) -> None:
    order = OrderBuilder()
    order.line("100.00")
    begun = {"id": 3, "token": "t", "created_at": T0, "total_price": "5.00", "currency": "USD"}
    variants = [{"id": 70, "inventory_item_id": 700, "price": "1.5"}]

    shop.process(
        ("shop/update", {"id": 1, "iana_timezone": "Asia/Kolkata", "name": "Kaveri"}),
        ("products/create", {"id": 7, "title": "Shawl", "variants": variants, "updated_at": T0}),
        ("inventory_levels/update", {"inventory_item_id": 700, "location_id": 1, "available": -2}),
        ("checkouts/create", begun),
        ("orders/create", order.body()),
        ("orders/fulfilled", order.body() | {"fulfillment_status": "fulfilled"}),
    )

    with tenant_scope(shop.connection.tenant_id):
        assert StoreInfo.objects.get().name == "Kaveri"
        assert Product.objects.get().variants.get().inventory_item_id == 700
        assert str(AbandonedCart.objects.get().day) == "2026-03-02"
        assert Order.objects.get().financial_status == "paid"


@pytest.mark.fault(13)
def test_a_shop_update_of_another_shop_is_quarantined(shop: Shop) -> None:
    shop.process(("shop/update", {"id": 1, "myshopify_domain": "other.myshopify.com"}))

    (event,) = events(shop)
    assert (event.status, event.last_error) == (
        "quarantined",
        "The body is of another shop, other.myshopify.com.",
    )


def test_a_tenant_without_a_state_row_gets_one(shop: Shop) -> None:
    with tenant_scope(shop.connection.tenant_id):
        TenantState.objects.all().delete()

    shop.process(("customers/create", customer()))

    assert shop.statuses() == {"done": 1}


# ── poison ────────────────────────────────────────────────────────────────────────────────────


def fail_at(monkeypatch: pytest.MonkeyPatch, error: BaseException, *, note: str = "poison") -> None:
    """Let the writer of customers raise whenever a batch holds the marked one."""

    def writer(changes: Sequence[Change], *, now: datetime) -> set[UUID]:
        if any(change.body.get("note") == note for change in changes):
            raise error
        return upsert_customers(changes, now=now)

    subject = Subject(writer, frozenset({"customers/create", "customers/update"}))
    monkeypatch.setattr(processing, "SUBJECTS", (subject,))


@pytest.mark.fault(30)
def test_poison_is_isolated_and_its_neighbours_get_through(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, RuntimeError("boom"))
    for number in range(11):
        shop.deliver("customers/create", customer(number, note="poison" if number == 7 else None))

    assert drain(shop) == 11

    assert len(customers(shop)) == 10
    (poison,) = [event for event in events(shop) if event.status != "done"]
    assert (poison.status, poison.attempts) == ("pending", 1)
    assert poison.last_error == "RuntimeError: boom"
    assert poison.next_attempt_at > timezone.now()


@pytest.mark.fault(30)
def test_poison_is_quarantined_after_its_last_try(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, RuntimeError("boom"))
    shop.deliver("customers/create", customer(note="poison"))

    tries = [drain(shop, later=timedelta(days=day)) for day in range(queue.MAX_ATTEMPTS + 1)]

    assert tries == [1] * queue.MAX_ATTEMPTS + [0]
    (event,) = events(shop)
    assert (event.status, event.attempts) == ("quarantined", queue.MAX_ATTEMPTS)


@pytest.mark.fault(30)
def test_poison_that_takes_the_process_with_it_ends_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, KeyboardInterrupt())
    for number in range(40):
        shop.deliver("customers/create", customer(number, note="poison" if number == 21 else None))

    for _ in range(100):
        try:
            if not shop.drain():
                break
        except KeyboardInterrupt:
            continue

    (poison,) = [event for event in events(shop) if event.status != "done"]
    assert (poison.status, poison.attempts) == ("quarantined", queue.MAX_ATTEMPTS)
    assert "ended 8 times" in poison.last_error
    assert len(customers(shop)) == 39


def test_a_value_that_the_database_refuses_is_quarantined_at_once(shop: Shop) -> None:
    variant = {"id": 2, "position": 10**12}
    shop.process(("products/create", {"id": 1, "variants": [variant], "updated_at": T0}))

    (event,) = events(shop)
    assert event.status == "quarantined"
    assert event.last_error.startswith("The database refuses a value")


# ── outages ───────────────────────────────────────────────────────────────────────────────────


def outage(cause: BaseException | None) -> OperationalError:
    error = OperationalError("the database says no")
    error.__cause__ = cause
    return error


@pytest.mark.fault(34)
@pytest.mark.parametrize(
    "cause",
    [None, psycopg.errors.AdminShutdown(), psycopg.errors.DeadlockDetected(),
     psycopg.errors.DiskFull()],
    ids=["lost connection", "shutdown", "deadlock", "disk full"],
)  # fmt: skip
def test_an_outage_ends_the_batch_and_blames_no_delivery(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, cause: BaseException | None
) -> None:
    fail_at(monkeypatch, outage(cause))
    for note in ("poison", None):
        shop.deliver("customers/create", customer(note=note))

    with pytest.raises(OperationalError):
        drain(shop)

    assert [(event.status, event.attempts) for event in events(shop)] == [("pending", 0)] * 2
    assert customers(shop) == []


def test_a_limit_of_the_database_is_the_deliverys_fault(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, outage(psycopg.errors.ProgramLimitExceeded()))
    for number, note in ((1, "poison"), (2, None)):
        shop.deliver("customers/create", customer(number, note=note))

    drain(shop)

    assert sorted(event.status for event in events(shop)) == ["done", "quarantined"]


# ── two workers, dead workers ─────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_a_tenant_that_another_worker_writes_is_left_to_it(shop: Shop) -> None:
    shop.deliver("customers/create", customer())

    with connections["owner"].cursor() as cursor, tenant_scope(shop.connection.tenant_id):
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM tenants_tenantstate FOR UPDATE")
        drained = drain(shop)
        cursor.execute("ROLLBACK")

    assert drained == 0
    assert [event.attempts for event in events(shop)] == [0]
    assert drain(shop) == 1


@pytest.mark.django_db(transaction=True)
def test_tenants_with_work_come_longest_waiting_first(shop: Shop, other_tenant: Tenant) -> None:
    from tests.factories import ConnectionFactory

    other = Shop(ConnectionFactory(tenant=other_tenant))
    other.deliver("customers/create", customer())
    shop.deliver("customers/create", customer())

    waiting = queue.tenants_with_work(now=timezone.now())

    assert waiting == [other_tenant.id, shop.connection.tenant_id]
    assert queue.tenants_with_work(now=timezone.now() - timedelta(days=1)) == []


def run_worker_step(tenant_id: UUID, failpoint: str) -> int:
    """Drain once in a process of its own that dies at a failpoint; return how it ended."""
    urls = {}
    for kind, alias in (("", "owner"), ("APP_", "default"), ("WORKER_", "worker")):
        given = connections[alias].settings_dict
        urls[f"DATABASE_{kind}URL"] = (
            f"postgres://{given['USER']}:{given['PASSWORD']}@/{given['NAME']}"
            f"?host={given['HOST']}&port={given['PORT']}"
        )
    code = (
        "import django; django.setup(); from uuid import UUID; from django.utils import timezone;"
        "from webhooks.processing import drain;"
        f"drain(UUID('{tenant_id}'), now=timezone.now())"
    )
    environment = {
        **os.environ,
        **urls,
        "DJANGO_SETTINGS_MODULE": "xenofy.settings",
        "XENOFY_FAILPOINT": failpoint,
    }
    step = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, check=False
    )
    return step.returncode


@pytest.mark.fault(26)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("failpoint", "left"),
    [("after_claim:kill", [("pending", 1)]), ("after_upsert:kill", [("pending", 1)]),
     ("after_commit:kill", [("done", 1)])],
)  # fmt: skip
def test_a_killed_worker_leaves_nothing_half_written(
    shop: Shop, failpoint: str, left: list[tuple[str, int]]
) -> None:
    order = OrderBuilder()
    order.line("100.00")
    shop.deliver("orders/create", order.body())

    assert run_worker_step(shop.connection.tenant_id, failpoint) == -signal.SIGKILL

    assert [(event.status, event.attempts) for event in events(shop)] == left
    assert len(shop.sales()) == (1 if left[0][0] == "done" else 0)
    shop.drain()
    assert (shop.statuses(), len(shop.sales())) == ({"done": 1}, 1)


def test_the_inbox_always_adds_up(shop: Shop) -> None:
    for number in range(20):
        body: dict[str, Any] | bytes = customer(number % 7, note=str(uuid4()))
        shop.deliver("customers/update", b"{" if number % 5 == 0 else body)
    shop.drain()

    statuses = shop.statuses()

    assert statuses == {"done": 7, "superseded": 9, "quarantined": 4}
