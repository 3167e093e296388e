"""A topic of which everything fails waits, and goes on by itself when one delivery gets through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shop_data.changes import Change
from shop_data.payloads.values import PayloadError
from shop_data.upserts.customers import upsert_customers
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory, TenantFactory
from tests.shops import Shop
from tests.webhooks.inboxes import customer, drain, events
from webhooks import breaker, processing, queue
from webhooks.models import TopicBreaker
from webhooks.topics import Subject

TOPIC = "customers/update"
Deploy = Callable[[BaseException | None], None]
SOON = breaker.FIRST_REST + timedelta(seconds=1)


@pytest.fixture
def deploy(monkeypatch: pytest.MonkeyPatch) -> Deploy:
    """Return a function that makes the writer of customers fail always, or work again."""

    def deployed(error: BaseException | None) -> None:
        def writer(changes: Sequence[Change], *, now: datetime) -> set[UUID]:
            if error is not None and any(c.body.get("note") != "fine" for c in changes):
                raise error
            return upsert_customers(changes, now=now)

        monkeypatch.setattr(
            processing, "SUBJECTS", (Subject(writer, frozenset({TOPIC, "customers/create"})),)
        )

    return deployed


def row(shop: Shop, topic: str = TOPIC) -> TopicBreaker:
    with tenant_scope(shop.connection.tenant_id):
        return TopicBreaker.objects.get(topic=topic)


def deliver(shop: Shop, count: int, *, topic: str = TOPIC, **fields: str) -> None:
    for number in range(count):
        shop.deliver(topic, customer(number, **fields))


@pytest.mark.fault(31)
@pytest.mark.parametrize(
    ("error", "count"),
    [(RuntimeError("a bad deploy"), breaker.THRESHOLD),
     (PayloadError("price is no number"), breaker.UNREADABLE_THRESHOLD)],
)  # fmt: skip
def test_a_topic_of_which_all_fails_waits_and_nothing_is_quarantined(
    shop: Shop, deploy: Deploy, error: Exception, count: int
) -> None:
    deploy(error)
    deliver(shop, count)

    assert drain(shop) == count
    assert drain(shop, later=timedelta(seconds=5)) == 0

    assert shop.statuses() == {"pending": count}
    assert {event.attempts for event in events(shop)} == {0}
    found = row(shop)
    assert (found.state, found.failures) == ("open", count)
    assert str(error) in found.reason


@pytest.mark.fault(31)
def test_it_goes_on_by_itself_once_the_fault_is_mended(shop: Shop, deploy: Deploy) -> None:
    deploy(RuntimeError("a bad deploy"))
    deliver(shop, 40)
    drain(shop)
    deploy(None)

    assert drain(shop, later=SOON) == 2 * queue.PROBED
    assert row(shop).state == "closed"
    assert drain(shop, later=SOON) == 30
    assert set(shop.statuses()) <= {"done", "superseded"}


def test_a_probe_that_fails_makes_the_next_one_wait_longer(shop: Shop, deploy: Deploy) -> None:
    deploy(RuntimeError("a bad deploy"))
    deliver(shop, 25)
    drain(shop)
    before = row(shop)

    assert drain(shop, later=SOON) == 2 * queue.PROBED

    after = row(shop)
    assert (after.state, after.probes) == ("open", 1)
    assert before.probe_at and after.probe_at
    assert after.probe_at - before.probe_at > breaker.FIRST_REST
    assert shop.statuses() == {"pending": 25}


def test_other_topics_go_on(shop: Shop, deploy: Deploy) -> None:
    deploy(RuntimeError("a bad deploy"))
    deliver(shop, 20)
    drain(shop)

    shop.deliver("customers/create", customer(7, note="fine"))

    assert drain(shop) == 1
    assert shop.statuses() == {"pending": 20, "done": 1}


def test_one_success_in_the_row_keeps_it_closed(shop: Shop, deploy: Deploy) -> None:
    deploy(RuntimeError("a bad body"))
    deliver(shop, 30)
    deliver(shop, 1, note="fine")

    drain(shop)

    assert row(shop).state == "closed"
    assert shop.statuses() == {"pending": 30, "done": 1}
    assert {event.attempts for event in events(shop)} == {1}


def test_after_a_probe_that_worked_failures_are_the_deliveries_own(
    shop: Shop, deploy: Deploy
) -> None:
    deploy(PayloadError("no"))
    deliver(shop, breaker.UNREADABLE_THRESHOLD + 20)
    deliver(shop, 1, note="fine")
    with tenant_scope(shop.connection.tenant_id):
        TopicBreaker.objects.create(topic=TOPIC, state="open", probe_at="2026-01-01T00:00:00Z")

    drain(shop)
    assert row(shop).state == "closed"
    drain(shop)

    assert shop.statuses() == {"quarantined": breaker.UNREADABLE_THRESHOLD + 20, "done": 1}


def test_bodies_that_are_no_json_say_nothing_about_a_deploy(shop: Shop) -> None:
    for number in range(60):
        shop.deliver(TOPIC, b"{" + str(number).encode())

    drain(shop)

    assert shop.statuses() == {"quarantined": 60}


def test_a_topic_that_waits_for_several_shops_waits_for_the_next_at_once(
    shop: Shop, deploy: Deploy
) -> None:
    deploy(RuntimeError("a bad deploy"))
    deliver(shop, 1)

    processing.drain(
        shop.connection.tenant_id, now=events(shop)[0].next_attempt_at, suspects={TOPIC}
    )

    assert row(shop).state == "open"


@pytest.mark.django_db(transaction=True)
def test_the_worker_sees_which_topics_wait_for_several_shops(other_tenant: Tenant) -> None:
    for topic, shops in (("orders/create", 3), ("orders/paid", 2)):
        for _ in range(shops):
            tenant = TenantFactory()
            with tenant_scope(tenant.id):
                TopicBreaker.objects.create(topic=topic, state="open")

    assert breaker.suspected_topics() == {"orders/create"}


@pytest.mark.django_db(transaction=True)
def test_a_shop_of_which_all_waits_has_no_work_until_the_probe(
    tenant: Tenant, deploy: Deploy
) -> None:
    shop = Shop(ConnectionFactory(tenant=tenant))
    deploy(RuntimeError("a bad deploy"))
    deliver(shop, 20)
    drain(shop)
    probe_at = row(shop).probe_at
    assert probe_at

    assert queue.tenants_with_work(now=probe_at - timedelta(seconds=1)) == []
    assert queue.tenants_with_work(now=probe_at) == [tenant.id]
