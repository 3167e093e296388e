"""Several workers beside each other; what becomes of killed ones is in test_deaths.py."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.shops import Shop
from tests.webhooks.inboxes import customer, drain, events
from webhooks import processing, queue
from webhooks.models import InboxEvent


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


def test_many_tenants_have_no_more_of_a_round_than_one_has(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BATCH", 6)
    monkeypatch.setattr(queue, "LEAST", 2)
    for number in range(1, 12):
        shop.deliver("customers/create", customer(number))

    def drained(share: int) -> int:
        return processing.drain(shop.connection.tenant_id, now=timezone.now(), share=share)

    assert [drained(share) for share in (1, 2, 100)] == [6, 3, 2]


def test_a_batch_holds_no_more_than_there_is_memory_for(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "BATCH_BYTES", 1_000)
    for number, note in enumerate(["short", "short", "long" * 500, "short"]):
        shop.deliver("customers/create", customer(number + 1, note=note))

    assert [drain(shop) for _ in range(4)] == [2, 1, 1, 0]


def test_nothing_is_claimed_twice_before_its_batch_begins(shop: Shop) -> None:
    shop.deliver("customers/create", customer())
    now = timezone.now()

    with tenant_scope(shop.connection.tenant_id):
        claimed = queue.claim(now=now)
        again = queue.claim(now=now + queue.CLAIM_LASTS - timedelta(milliseconds=1))
        at_its_end = queue.claim(now=now + queue.CLAIM_LASTS)

    assert list(claimed.values()) == [1]
    assert again == {}
    assert list(at_its_end.values()) == [2]


def test_a_tenant_that_is_taken_after_the_claim_costs_no_try(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.deliver("customers/create", customer())
    locks = iter([True, False, True, True])
    monkeypatch.setattr("webhooks.processing.lock_tenant", lambda: next(locks))

    assert drain(shop) == 0
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
    with tenant_scope(shop.connection.tenant_id):
        InboxEvent.objects.update(attempts=1, next_attempt_at=timezone.now() + timedelta(hours=1))
    assert queue.tenants_with_work(now=timezone.now()) == [other_tenant.id]
