"""Putting deliveries back from the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.admin.conftest import list_url
from tests.factories import UserFactory
from tests.invariants.rows import make
from tests.second_factors import enter_admin
from webhooks.models import InboxEvent

URL = list_url(InboxEvent)


@pytest.fixture
def rows(transactional_db: None, tenant: Tenant, other_tenant: Tenant) -> list[Any]:
    """A delivery in quarantine of each of two tenants."""
    found = []
    for its in (tenant, other_tenant):
        with tenant_scope(its.id):
            now = timezone.now()
            event = make(InboxEvent, status="quarantined", received_at=now, processed_at=now)
            found.append((its, event))
    return found


def put_back(client: Client, rows: list[Any], **more: str) -> str:
    chosen = [str(event.pk) for _, event in rows]
    form = {"action": "put_back", "_selected_action": chosen, **more}
    answer = client.post(URL, form, follow=True)
    assert answer.status_code == 200
    return answer.text


def statuses(rows: list[Any]) -> list[str]:
    found = []
    for tenant, event in rows:
        with tenant_scope(tenant.id):
            found.append(InboxEvent.objects.get(id=event.id).status)
    return found


def test_chosen_deliveries_of_several_shops_are_put_back(
    staff_client: Client, staff: User, rows: list[Any]
) -> None:
    assert "2 put back" in put_back(staff_client, rows)
    assert statuses(rows) == ["pending", "pending"]
    with tenant_scope(rows[0][0].id):
        tries = InboxEvent.objects.get(id=rows[0][1].id).tries
    assert tries[-1]["reason"] == f"Put back by {staff}."


def test_a_whole_filtered_list_is_put_back(staff_client: Client, rows: list[Any]) -> None:
    filtered = f"{URL}?tenant={rows[0][0].id}&status__exact=quarantined&received=24"
    form = {"action": "put_back", "_selected_action": str(rows[0][1].pk), "select_across": "1"}

    assert "1 put back" in staff_client.post(filtered, form, follow=True).text
    assert statuses(rows) == ["pending", "quarantined"]


def test_staff_that_may_only_look_puts_nothing_back(rows: list[Any]) -> None:
    person = UserFactory(is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="view_inboxevent"))
    client = Client()
    enter_admin(client, person)

    assert "Put back into the queue" not in client.get(URL).text
    put_back(client, rows)
    assert statuses(rows) == ["quarantined", "quarantined"]
