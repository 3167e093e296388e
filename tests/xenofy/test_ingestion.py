"""/api/ingestion/: starting an import, joining it, and how far it is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from shop_data.imports.progress import progress
from shop_data.models import Errand, Import, ImportPiece
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import Api
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


TRIGGER, STATUS = "/api/ingestion/trigger", "/api/ingestion/status"


class Caller:
    """An owner with a token."""

    def __init__(self, user: User) -> None:
        self.api = Api()
        self.token = self.api.sign_in(user)["token"]

    def start(self) -> Any:
        return self.api.post(TRIGGER, {}, self.token)

    def status(self) -> Any:
        return self.api.get(STATUS, self.token).json()


@pytest.fixture
def caller(owner: User) -> Caller:
    return Caller(owner)


def test_without_a_shop_nothing_starts(caller: Caller) -> None:
    refused = caller.start()

    assert refused.status_code == 409
    assert refused.json()["code"] == "SHOPIFY_NOT_CONNECTED"
    assert caller.status() == {
        "status": "idle", "lastSync": None, "progress": None,
    }  # fmt: skip


def test_the_second_one_joins_the_first(caller: Caller, tenant: Tenant) -> None:
    connection = ConnectionFactory(tenant=tenant)
    connection.access_token = "shpat_x"
    connection.save()

    first, second = (caller.start() for _ in range(2))

    assert first.status_code == second.status_code == 202
    assert first.json() == second.json() == {"id": first.json()["id"], "status": "running"}
    with tenant_scope(tenant.id):
        assert Errand.objects.get().name == "import"
    assert caller.status()["status"] == "running"


def test_progress_is_what_has_come_of_what_there_is(scope: Tenant) -> None:
    begun, state = timezone.now(), Import.State.RUNNING
    running = Import.objects.create(state=state, begun_at=begun, orders=200)
    for place, rows in enumerate((30, 20, None)):
        ImportPiece.objects.create(of=running, place=place, kind="orders", rows=rows)
    ImportPiece.objects.create(of=running, place=9, kind="products", rows=500)

    found = progress(now=begun + timedelta(minutes=2))

    assert (found.orders, found.of_orders, found.share) == (50, 200, Decimal("0.25"))
    assert found.left == timedelta(minutes=6)
