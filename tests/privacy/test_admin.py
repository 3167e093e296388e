"""Staff take a customer's file for the shop's owner, and the shop can see that they did."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shop_data.models import CustomerFile, PrivacyRequest
from tenants.audit import Action
from tenants.models import AuditEntry, Tenant
from tenants.scope import tenant_scope
from tests.admin.conftest import list_url
from tests.factories import UserFactory
from tests.second_factors import enter_admin

pytestmark = pytest.mark.django_db(transaction=True)
URL = list_url(CustomerFile)


@pytest.fixture
def file(transactional_db: None, tenant: Tenant) -> CustomerFile:
    now = timezone.now()
    with tenant_scope(tenant.id):
        request = PrivacyRequest(kind="data", key="k", status="done", requested_at=now)
        later = now.replace(year=now.year + 1)
        found = CustomerFile(request=request, subject=1, created_at=now, expires_at=later)
        found.content = json.dumps({"email": "mena@example.com"})
        request.save(force_insert=True)
        found.save(force_insert=True)
    return found


def take(client: Client, file: CustomerFile) -> bytes:
    form = {"action": "download", "_selected_action": str(file.pk)}
    return bytes(client.post(URL, form, follow=True).content)


def enter(client: Client, staff: User, tenant: Tenant) -> None:
    """Enter the admin and open the shop."""
    enter_admin(client, staff)
    client.post("/admin/shops/", {"shop": str(tenant.id), "reason": "A customer asked for it."})


def entries(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant.id):
        taken = AuditEntry.objects.filter(action=Action.CUSTOMER_DATA_TAKEN)
        return list(taken.values_list("actor", flat=True))


def test_staff_take_a_file_and_the_shop_knows(
    client: Client, staff: User, file: CustomerFile, tenant: Tenant
) -> None:
    enter(client, staff, tenant)

    assert json.loads(take(client, file)) == {"email": "mena@example.com"}
    assert entries(tenant) == [str(staff)]


def test_reading_the_list_is_not_enough(client: Client, file: CustomerFile, tenant: Tenant) -> None:
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_customerfile"))
    enter(client, reader, tenant)

    assert client.get(URL).status_code == 200
    assert b"mena@example.com" not in take(client, file)
    assert entries(tenant) == []


def test_a_file_whose_time_is_over_is_not_given(
    client: Client, staff: User, file: CustomerFile, tenant: Tenant
) -> None:
    with tenant_scope(tenant.id):
        CustomerFile.objects.update(expires_at=timezone.now())
    enter(client, staff, tenant)

    assert "time is over" in take(client, file).decode()
    assert entries(tenant) == []
