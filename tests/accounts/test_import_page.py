"""Settings tell how far an import is; the owner begins and cancels it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shop_data.models import Errand, Import, ImportPiece
from tenants.models import AuditEntry, Tenant, TenantState
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db
BEGIN, CANCEL = "/settings/import/begin/", "/settings/import/cancel/"


@pytest.fixture
def page(browser: Callable[[User], Client], owner: User, tenant: Tenant) -> Client:
    """The owner's browser; the shop has a token."""
    connection = ConnectionFactory(tenant=tenant)
    connection.access_token = "shpat_x"
    connection.save()
    return browser(owner)


def test_an_import_is_begun_seen_and_cancelled(page: Client, tenant: Tenant) -> None:
    assert "Import the past" in page.get("/settings/").text

    begun = page.post(BEGIN, follow=True).text
    assert "The import has begun." in begun
    assert "Shopify is being asked how much there is." in begun
    assert "Cancel the import" in begun
    with tenant_scope(tenant.id):
        assert Errand.objects.get().name == "import"

    ended = page.post(CANCEL, follow=True).text
    assert "cancelled" in ended
    with tenant_scope(tenant.id):
        assert Import.objects.get().state == "cancelled"
        entries = AuditEntry.objects.count()

    assert "The import had ended before." in page.post(CANCEL, follow=True).text
    with tenant_scope(tenant.id):
        assert AuditEntry.objects.count() == entries


def test_how_far_it_is_stands_there_in_words(page: Client, tenant: Tenant) -> None:
    begun = timezone.now() - timedelta(minutes=10)
    with tenant_scope(tenant.id):
        TenantState.objects.update(known_since_at=timezone.now() - timedelta(days=40))
        running = Import.objects.create(state="running", begun_at=begun, orders=1500)
        ImportPiece.objects.create(of=running, place=0, kind="orders", rows=1000)

    seen = page.get("/settings/").text

    assert 'value="66"' in seen
    assert "1,000 of 1,500 orders have come, the newest first." in seen
    assert "are known." in seen
    assert "About 5 minutes to go, at the pace so far." in seen


def test_what_went_wrong_stands_there(page: Client, tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        Import.objects.create(
            state="failed", begun_at=timezone.now(), trouble="Without orders there is nothing."
        )

    seen = page.get("/settings/").text

    assert "Without orders there is nothing." in seen
    assert "Import the past" in seen


def test_without_a_token_nothing_begins(
    browser: Callable[[User], Client], owner: User, tenant: Tenant
) -> None:
    refused = browser(owner).post(BEGIN, follow=True).text

    assert "No shop is connected." in refused
    with tenant_scope(tenant.id):
        assert not Import.objects.exists()
