"""Workers as processes: what hangs, what fails and what ends them holds up nobody else."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError, connections

from analytics.models import SalesDay
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import ConnectionFactory
from tests.shops import Shop
from tests.webhooks.inboxes import customer, customers, drain, events
from tests.webhooks.processes import other_session, wait_until, worker
from webhooks.inbox import Delivery, store
from webhooks.queue import BATCH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_shop(other_tenant: Tenant) -> Shop:
    return Shop(ConnectionFactory(tenant=other_tenant, domain="bluebird.myshopify.com"))


def backlog(shop: Shop, count: int) -> None:
    """Put deliveries into the inbox without a request for each."""
    import json

    from django.utils import timezone

    with tenant_scope(shop.connection.tenant_id):
        for start in range(0, count, 1000):
            deliveries = [
                Delivery("customers/update", {"webhook-id": f"b-{number}"},
                         json.dumps(customer(number)).encode())
                for number in range(start, min(count, start + 1000))
            ]  # fmt: skip
            store(deliveries, now=timezone.now())


def waits_for_a_lock() -> bool:
    """Tell whether any session of the database waits for another one."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        return cursor.fetchone() is not None


@pytest.mark.fault(29)
def test_a_worker_that_is_asked_to_stop_finishes_its_batch(shop: Shop) -> None:
    backlog(shop, 3000)

    with worker() as process:
        wait_until(lambda: shop.statuses()["done"] > 0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    done = shop.statuses()["done"]
    assert 0 < done < 3000
    assert {event.attempts for event in events(shop) if event.status == "pending"} == {0}


@pytest.mark.fault(30)
def test_a_try_that_hangs_ends_its_worker_and_is_counted(shop: Shop) -> None:
    shop.deliver("customers/create", customer())

    with worker(changes="worker.STEP_SECONDS = 1", failpoint="after_claim:hang") as process:
        assert process.wait(20) == 1
        assert process.stderr and b"Timeout" in process.stderr.read()

    assert [(event.status, event.attempts) for event in events(shop)] == [("pending", 1)]
    with worker():
        wait_until(lambda: shop.statuses() == {"done": 1})


@pytest.mark.fault(30)
def test_poison_that_hangs_or_wants_all_memory_stops_no_neighbour(shop: Shop) -> None:
    notes = {3: "slow", 4: "huge"}
    for number in range(6):
        shop.deliver("customers/create", customer(number, note=notes.get(number)))
    poison = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (2**33, 2**33))
from django.db import connection
from webhooks.topics import Subject
from shop_data.upserts.customers import upsert_customers
def writer(changes, *, now):
    if any(change.body.get("note") == "slow" for change in changes):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
    if any(change.body.get("note") == "huge" for change in changes):
        bytearray(2**34)
    return upsert_customers(changes, now=now)
processing.SUBJECTS = (Subject(writer, frozenset({"customers/create"})),)
processing._LIMITS = "SET LOCAL statement_timeout = '200ms'"
"""

    with worker(changes=poison):
        wait_until(lambda: shop.statuses() == {"done": 4, "pending": 2})

    slow, huge = [event for event in events(shop) if event.status == "pending"]
    assert "statement timeout" in slow.last_error
    assert huge.last_error.startswith("MemoryError")
    assert min(slow.attempts, huge.attempts) >= 1


def test_a_tenant_whose_every_step_fails_does_not_hold_up_others(
    shop: Shop, other_shop: Shop
) -> None:
    shop.deliver("customers/create", customer())
    other_shop.deliver("customers/create", customer())
    failing = f"""
import uuid
drain = processing.drain
def failing(tenant_id, **more):
    if tenant_id == uuid.UUID("{shop.connection.tenant_id}"):
        raise RuntimeError("boom")
    return drain(tenant_id, **more)
processing.drain = failing
"""

    with worker(changes=failing) as process:
        wait_until(lambda: other_shop.statuses() == {"done": 1})
        assert process.poll() is None

    assert shop.statuses() == {"pending": 1}


@pytest.mark.fault(44)
def test_a_quiet_tenant_waits_little_beside_a_backlog(shop: Shop, other_shop: Shop) -> None:
    """Its wait is told in deliveries of the other one: seconds say what else the machine does."""
    backlog(shop, 10_000)
    overtaken = []

    with worker(), worker():
        wait_until(lambda: shop.statuses()["done"] > 0)
        for number in range(5):
            other_shop.deliver("customers/update", customer(number))
            before = shop.statuses()["done"]
            wait_until(lambda: not other_shop.statuses()["pending"])
            overtaken.append(shop.statuses()["done"] - before)

    assert shop.statuses()["pending"] > 0
    assert max(overtaken) <= 3 * BATCH  # one is at hand, and one and a half may follow


@pytest.mark.fault(37)
def test_a_worker_that_loses_a_deadlock_begins_its_batch_again(shop: Shop) -> None:
    shop.process(*[("customers/create", customer(number)) for number in (1, 2)])
    for number in (1, 2):
        late = customer(number, note="new", updated_at="2026-03-03T10:00:00Z")
        shop.deliver("customers/update", late)
    touch = "UPDATE shop_data_customer SET note = note WHERE shopify_id = %s"

    with other_session() as session:
        session.execute(touch, [2])
        with worker():
            wait_until(waits_for_a_lock)
            session.execute(touch, [1])  # the worker, which waited first, gives way
            session.commit()
            wait_until(lambda: not shop.statuses()["pending"])

    assert [row.note for row in customers(shop)] == ["new", "new"]
    assert shop.statuses() == {"done": 4}


@pytest.mark.fault(37)
def test_a_batch_that_cannot_be_serialized_begins_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a server whose administrator wants snapshots for all transactions."""
    shop.process(("customers/create", customer()))
    shop.deliver("customers/update", customer(note="new", updated_at="2026-03-03T10:00:00Z"))
    monkeypatch.setenv("PGOPTIONS", r"-c default_transaction_isolation=repeatable\ read")

    with other_session() as session, ThreadPoolExecutor(1) as threads:
        session.execute("UPDATE shop_data_customer SET note = 'of somebody else'")
        drained = threads.submit(in_its_own_session, lambda: drain(shop))
        wait_until(waits_for_a_lock)
        session.commit()
        refusal = drained.exception()

    assert isinstance(refusal, OperationalError)
    assert isinstance(refusal.__cause__, psycopg.errors.SerializationFailure)
    assert [event.attempts for event in events(shop)] == [1, 0]
    assert (drain(shop), [row.note for row in customers(shop)]) == (1, ["new"])


def in_its_own_session(work: Callable[[], int]) -> int:
    """Do some work in a thread, which leaves no session behind."""
    try:
        return work()
    finally:
        connections.close_all()


def test_workers_share_one_tenants_backlog_without_doubling(shop: Shop) -> None:
    backlog(shop, 2000)

    with worker(), worker(), worker():
        wait_until(lambda: not shop.statuses()["pending"])

    assert shop.statuses() == {"done": 2000}
    assert {event.attempts for event in events(shop)} == {1}


def test_a_worker_prunes_bodies(shop: Shop) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from webhooks.models import InboxEvent

    shop.process(("customers/create", customer()))
    with tenant_scope(shop.connection.tenant_id):
        InboxEvent.objects.update(received_at=timezone.now() - timedelta(days=91))

    with worker():
        wait_until(lambda: events(shop)[0].body_pruned_at is not None)

    assert bytes(events(shop)[0].body) == b""


def gross_sales(shop: Shop) -> list[int]:
    with tenant_scope(shop.connection.tenant_id):
        return list(SalesDay.objects.totals().values_list("gross_sales", flat=True))


def test_an_order_that_is_delivered_gets_into_the_figures(shop: Shop) -> None:
    """Less than two seconds are meant; none are asserted, since machines of tests are busy."""
    order = OrderBuilder(id=1, at="2026-11-04T12:00:00Z", currency="INR")
    order.line("100")

    with worker():
        shop.deliver("customers/create", customer())
        wait_until(lambda: shop.statuses() == {"done": 1})

        begun = time.monotonic()
        shop.deliver("orders/create", order.body())
        wait_until(lambda: gross_sales(shop) != [])
        seconds = time.monotonic() - begun

    assert gross_sales(shop) == [10_000], f"What appeared after {seconds:.2f} seconds is wrong."
