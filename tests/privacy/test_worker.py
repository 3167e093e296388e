"""The worker carries requests out beside deliveries, and does nothing for an erased shop."""

from __future__ import annotations

import pytest
from django.utils import timezone

from shop_data.models import PrivacyRequest
from tenants import erasure
from tenants.scope import tenant_scope
from tests.privacy.life import DATA, requests, tenant_of
from tests.shops import Shop
from webhooks.processing import tenants_with_work
from xenofy import worker
from xenofy.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_requests_are_carried_out_beside_deliveries(shop: Shop) -> None:
    shop.deliver(*DATA)
    busy = Worker()

    while busy.drain_round() or busy.privacy_round():
        pass

    assert [request.status for request in requests(shop)] == ["done"]


def test_nothing_is_done_for_a_shop_that_is_erased(shop: Shop) -> None:
    shop.deliver(*DATA)
    with tenant_scope(tenant_of(shop)):
        erasure.close(now=timezone.now())

    assert tenants_with_work(now=timezone.now()) == [tenant_of(shop)]
    assert Worker().drain_round() == 0
    assert tenant_of(shop) not in worker._living()
    with tenant_scope(tenant_of(shop)):
        assert not PrivacyRequest.objects.exists()
