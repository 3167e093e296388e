"""`kill -9` at every step: what was not committed is not there, and the next worker does it all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from analytics import rollups
from shop_data import rederiving
from shop_data.models import OrderDocument, Rederivation
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tests.analytics.rollup_oracle import expected, stored
from tests.builders import OrderBuilder
from tests.invariants.rows import MODELS
from tests.shops import Shop
from tests.webhooks.deaths import dies
from tests.webhooks.inboxes import customer, events
from webhooks import processing, queue, replay, retention
from webhooks.models import InboxEvent
from xenofy.common.failpoints import NAMES

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)
EVERYTHING = replay.Selection(statuses=replay.EVERY_STATUS)
OF_THE_CLAIM = {"attempts", "claim_ends_at"}  # committed before anything is processed
Act = Callable[[Shop], object]


def drain(shop: Shop) -> int:
    return processing.drain(shop.connection.tenant_id, now=timezone.now())


def refresh(shop: Shop) -> int:
    return rollups.refresh(shop.connection.tenant_id, now=timezone.now())


def prune(shop: Shop) -> int:
    now = timezone.now() + timedelta(days=100)
    return retention.prune(shop.connection.tenant_id, now=now)


def put_back(shop: Shop) -> object:
    with tenant_scope(shop.connection.tenant_id):
        return replay.put_back(EVERYTHING, now=timezone.now(), by="Put back by a test.")


def derive(shop: Shop) -> int:
    return rederiving.derive_chunk(shop.connection.tenant_id, now=timezone.now())


def nothing(shop: Shop) -> None:
    pass


def ask_to_derive(shop: Shop) -> None:
    drain(shop)
    refresh(shop)
    with tenant_scope(shop.connection.tenant_id):
        Rederivation.objects.create()


# failpoint: what was done before, what is being done, whether it is committed at that point
POINTS: dict[str, tuple[Act, Act, bool]] = {
    "after_claim": (nothing, drain, False),
    "after_marks": (nothing, drain, False),
    "after_writer": (nothing, drain, False),
    "after_upsert": (nothing, drain, False),
    "after_commit": (nothing, drain, True),
    "after_marks_taken": (drain, refresh, False),
    "after_expand": (drain, refresh, False),
    "before_rollup_commit": (drain, refresh, False),
    "after_rollup_commit": (drain, refresh, True),
    "before_prune_commit": (drain, prune, False),
    "before_replay_commit": (drain, put_back, False),
    "before_derive_commit": (ask_to_derive, derive, False),
}
OF_THE_WEB_SERVER = {"before_insert_commit", "after_insert"}  # test_web_processes.py
OF_PRIVACY = {"before_privacy_commit", "after_privacy_step"}  # tests/privacy


def everything(tenant_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a tenant in all tables, without what a claim commits."""
    with tenant_scope(tenant_id):
        return {
            model._meta.label: [
                {name: value for name, value in row.items() if name not in OF_THE_CLAIM}
                for row in model.objects.order_by("id").values()
            ]
            for model in MODELS
        }


@pytest.fixture
def told(shop: Shop) -> Shop:
    """A shop with deliveries for several writers."""
    order = OrderBuilder()
    line = order.line("100.00", 2)
    shop.deliver("orders/create", order.body())
    order.refund("2026-03-03T10:00:00Z", units={line.id: 1})
    shop.deliver("orders/updated", order.body())
    shop.deliver("customers/update", customer(7))
    return shop


def test_every_step_has_its_failpoint() -> None:
    assert POINTS.keys() | OF_THE_WEB_SERVER | OF_PRIVACY == NAMES


@pytest.mark.fault(26)
@pytest.mark.parametrize("failpoint", POINTS)
def test_a_killed_process_leaves_nothing_half_done(told: Shop, failpoint: str) -> None:
    prepare, work, is_committed = POINTS[failpoint]
    tenant_id = told.connection.tenant_id
    prepare(told)
    before = everything(tenant_id)

    assert dies(failpoint, lambda: work(told))

    assert (everything(tenant_id) != before) is is_committed
    work(told)
    told.drain(later=SECOND)
    refresh(told)
    assert set(told.statuses()) <= {"done", "superseded"}
    assert [sale.action for sale in told.sales()] == ["order", "return"]
    with tenant_scope(tenant_id):
        assert OrderDocument.objects.count() == 1
        assert rollups.marked_days() == set()
        assert stored() == expected()


@pytest.mark.fault(26)
@pytest.mark.parametrize("failpoint", ["after_claim", "after_writer", "after_upsert"])
def test_what_a_killed_worker_had_is_taken_within_a_second(told: Shop, failpoint: str) -> None:
    assert dies(failpoint, lambda: drain(told))
    died_at = timezone.now()

    assert [event.attempts for event in events(told)] == [1, 1, 1]
    assert processing.drain(told.connection.tenant_id, now=died_at + SECOND) == 3
    assert {event.attempts for event in events(told)} == {2}


@pytest.mark.fault(26)
def test_nothing_of_a_claim_is_left_when_a_batch_is_done(told: Shop) -> None:
    assert dies("after_commit", lambda: drain(told))

    with tenant_scope(told.connection.tenant_id):
        assert TenantState.objects.get().claim_ends_at is None
        assert not InboxEvent.objects.filter(status="pending").exists()
    assert queue.CLAIM_LASTS < SECOND
