"""Two workers of one tenant, and workers that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Shop
from tests.webhooks.inboxes import customer, drain, events
from webhooks import queue

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
    shop.drain(later=queue.CLAIM_LASTS)
    assert (shop.statuses(), len(shop.sales())) == ({"done": 1}, 1)
