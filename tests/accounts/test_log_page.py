"""The page on which an owner reads who did what in the shop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts import log_views
from accounts.models import Membership, User
from tenants import audit
from tenants.audit import Action
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import Api
from tests.invariants.rows import make
from webhooks.models import InboxEvent

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
LOG = "/settings/log/"


def note(tenant: Tenant, actor: str, action: Action = Action.STAFF_ENTERED) -> None:
    with tenant_scope(tenant.id):
        audit.note(
            action, actor_id=None, actor=actor, now=timezone.now(), detail={"reason": "a call"}
        )


def test_the_owner_reads_who_did_what(browser: Browser, owner: User, viewer: User) -> None:
    client, member = browser(owner), Membership.objects.get(user=viewer)
    assert "Nothing has been written down yet" in client.get(LOG).text
    client.post(f"/settings/team/{member.id}/role/", {"role": "analyst"})
    client.post("/settings/keys/", {"name": "Till", "scopes": "read:orders", "days": "90"})

    page = client.get(LOG).text

    assert "Changed somebody&#x27;s role" in page
    assert f"{viewer.email}, role: analyst" in page
    assert "name: Till, scopes: read:orders" in page
    assert "127.0.0.1" in page


def test_the_owner_reads_why_staff_looked_into_the_shop(
    browser: Browser, owner: User, tenant: Tenant, other_tenant: Tenant
) -> None:
    note(tenant, "root@example.com")
    note(other_tenant, "canary@example.com")

    page = browser(owner).get(LOG).text

    assert "Staff of the installation opened the shop’s data" in page
    assert "reason: a call" in page
    assert "canary" not in page


def test_the_owner_reads_who_took_the_body_of_a_delivery(
    browser: Browser, owner: User, analyst: User, tenant: Tenant, api: Api
) -> None:
    with tenant_scope(tenant.id):
        event = make(InboxEvent, body=b"{}")
    api.get(f"/api/webhooks/events/{event.id}/body", api.sign_in(analyst)["token"])
    client = browser(owner)
    client.get(f"/data-health/deliveries/{event.id}/body")

    page = client.get(LOG).text

    assert page.count("Took the body of a delivery") == 2
    assert page.count(str(event.id)) == 2
    assert analyst.email in page


def test_somebody_without_an_account_any_more_is_not_named(
    browser: Browser, owner: User, viewer: User
) -> None:
    member = Membership.objects.get(user=viewer)
    client = browser(owner)
    client.post(f"/settings/team/{member.id}/remove/", follow=True)
    viewer.delete()

    page = client.get(LOG).text

    assert "somebody who has no account any more" in page
    assert viewer.email not in page


def test_older_entries_are_on_the_next_page(
    browser: Browser, owner: User, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_views, "PER_PAGE", 2)
    for number in range(1, 4):
        note(tenant, f"p{number}@example.com")
    client = browser(owner)

    first, second = client.get(LOG).text, client.get(f"{LOG}?before=2").text

    assert [f"p{number}@" in first for number in (1, 2, 3)] == [False, True, True]
    assert [f"p{number}@" in second for number in (1, 2, 3)] == [True, False, False]
    assert f"{LOG}?before=2" in first
    assert "?before=" not in second


@pytest.mark.parametrize("before", ["", "x", "-1", "²", "1" * 30])
def test_what_is_no_number_leads_nowhere(browser: Browser, owner: User, before: str) -> None:
    assert browser(owner).get(LOG, {"before": before}).status_code == 404
