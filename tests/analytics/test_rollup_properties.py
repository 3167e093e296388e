"""Whatever happens in a small shop, rollups are what plain Python derives; Hypothesis plays."""

from __future__ import annotations

import json
import random
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import rollups
from tenants.scope import tenant_scope
from tests.analytics.rollup_lives import Lives
from tests.analytics.rollup_oracle import expected, stored
from tests.factories import TenantFactory
from webhooks.inbox import Delivery, store
from webhooks.processing import drain

pytestmark = pytest.mark.django_db
SLOW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SLOW
@given(
    rng=st.randoms(use_true_random=False),
    batches=st.lists(st.integers(1, 6), min_size=1, max_size=6),
    customers=st.integers(1, 3),
    days=st.integers(1, 12),
)
def test_any_lives_end_in_the_same_rollups(
    rng: random.Random, batches: list[int], customers: int, days: int
) -> None:
    tenant_id = TenantFactory().id
    lives = Lives(rng, customers=customers, days=days)
    for size in batches:
        take(tenant_id, lives, steps=size)
        rollups.refresh(tenant_id, now=timezone.now())

        with tenant_scope(tenant_id):
            assert stored() == expected()


def take(tenant_id: UUID, lives: Lives, *, steps: int) -> None:
    """Take what some steps tell into the ledger."""
    told = [each for _ in range(steps) for each in lives.step()]
    with tenant_scope(tenant_id):
        store(
            [
                Delivery(topic, {"webhook-id": str(uuid4())}, json.dumps(body).encode())
                for topic, body in told
            ],
            now=timezone.now(),
        )
    drain(tenant_id, now=timezone.now())
