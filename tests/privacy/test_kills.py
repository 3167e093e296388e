"""`kill -9` before and after a step: the next worker goes on and ends what was asked."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.privacy.canaries import found_in_database
from tests.privacy.life import CANARIES, REDACT, carry_out, requests, tenant_of, told
from tests.shops import Shop
from tests.webhooks.deaths import dies
from xenofy import privacy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.fault(26)
def test_a_killed_worker_is_followed_by_one_that_ends_the_request(shop: Shop) -> None:
    def step() -> None:
        while privacy.carry_out(tenant_of(shop), now=timezone.now()):
            pass

    told(shop)
    shop.process(REDACT)

    for failpoint in ("before_privacy_commit:2", "before_privacy_commit:2", "after_privacy_step"):
        assert dies(failpoint, step)
    assert [request.status for request in requests(shop)] == ["waiting"]
    carry_out(shop)

    assert [request.status for request in requests(shop)] == ["done"]
    assert found_in_database(tenant_of(shop), CANARIES) == []
