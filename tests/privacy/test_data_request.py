"""customers/data_request: all about a customer becomes a file, for the owner and for a while."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shop_data.models import CustomerFile
from tenants.models import AuditEntry
from tenants.scope import tenant_scope
from tests.factories import MembershipFactory
from tests.privacy.life import (
    DATA,
    EMAIL,
    GUEST_ORDER,
    ID,
    MERGED,
    ORDER,
    carry_out,
    requests,
    tenant_of,
    told,
)
from tests.shops import Shop
from webhooks.models import InboxEvent
from xenofy import privacy

pytestmark = pytest.mark.django_db


def files(shop: Shop) -> list[CustomerFile]:
    with tenant_scope(tenant_of(shop)):
        return list(CustomerFile.objects.all())


@pytest.fixture
def asked(shop: Shop) -> Shop:
    """A shop whose customer's request is carried out."""
    told(shop)
    shop.process(DATA)
    carry_out(shop)
    return shop


def content(shop: Shop) -> dict[str, Any]:
    (file,) = files(shop)
    found: dict[str, Any] = json.loads(file.content)
    return found


def test_the_file_holds_all_that_is_known_of_the_customer_and_nobody_else(asked: Shop) -> None:
    found = content(asked)

    assert found["about"]["customers"] == [MERGED, ID]
    assert [order["shopify_id"] for order in found["orders"]] == [ORDER, GUEST_ORDER, ORDER + 5]
    first = found["orders"][0]
    for part in ("lines", "addresses", "sales", "refunds", "returns", "transactions", "disputes",
                 "fulfilments", "fulfilment_events", "document"):  # fmt: skip
        assert first[part], part
    assert first["refunds"][0]["note"] == "CANARYNOTE"
    assert first["returns"][0]["lines"][0]["note"] == "CANARYNOTE"
    assert found["customer"][0]["email"] == EMAIL
    assert [cart["shopify_id"] for cart in found["checkouts"]] == [37, 38]
    assert found["tags"] and found["purchasing_summary"] and found["merged_customers"]
    assert "mena@example.com" not in json.dumps(found)


def test_the_file_holds_every_stored_delivery_about_them(asked: Shop) -> None:
    topics = [each["topic"] for each in content(asked)["deliveries"]]

    with tenant_scope(tenant_of(asked)):
        expected = list(InboxEvent.objects.order_by("id").values_list("topic", flat=True))
    assert topics == expected[1:]  # the first is somebody else's order


def test_a_request_is_done_once_and_its_own_body_is_gone(asked: Shop) -> None:
    (request,) = requests(asked)

    assert (request.status, request.found) == ("done", [])
    with tenant_scope(tenant_of(asked)):
        event = InboxEvent.objects.get(topic="customers/data_request")
    assert bytes(event.body) == b"" and event.body_pruned_at is not None
    assert carry_out(asked) == 0


def test_a_file_expires_with_the_name_of_who_asked(asked: Shop) -> None:
    later = timezone.now() + timedelta(days=31)

    assert privacy.expire_files(tenant_of(asked), now=timezone.now()) == 0
    assert privacy.expire_files(tenant_of(asked), now=later) == 1

    assert files(asked) == []
    assert requests(asked)[0].customer_encrypted is None


def test_a_request_without_a_customer_is_quarantined(shop: Shop) -> None:
    shop.process((DATA[0], {"shop_domain": "kaveri.myshopify.com", "customer": {}}))

    assert shop.statuses() == {"quarantined": 1}
    assert requests(shop) == []


# ── the owner's page ──────────────────────────────────────────────────────────────────────────


def test_the_owner_downloads_the_file_and_that_is_noted(
    asked: Shop, client: Client, owner: User
) -> None:
    client.force_login(owner)
    (file,) = files(asked)

    page = client.get("/settings/privacy/").text
    address = f"/settings/privacy/files/{file.id}/"
    response = client.get(address)

    assert EMAIL.lower() in page and address in page
    assert json.loads(response.content)["about"]["customers"] == [MERGED, ID]
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]
    with tenant_scope(tenant_of(asked)):
        (entry,) = AuditEntry.objects.all()
    assert (entry.actor, entry.subject) == (owner.email, str(file.id))


@pytest.mark.parametrize("who", ["analyst", "viewer"])
def test_nobody_but_an_owner_sees_who_asked(
    asked: Shop, client: Client, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    (file,) = files(asked)

    assert client.get("/settings/privacy/").status_code == 403
    assert client.get(f"/settings/privacy/files/{file.id}/").status_code == 403


def test_another_shops_owner_and_a_late_one_find_no_file(
    asked: Shop, client: Client, other_owner: User
) -> None:
    client.force_login(other_owner)
    (file,) = files(asked)
    address = f"/settings/privacy/files/{file.id}/"

    assert client.get(address).status_code == 404

    client.force_login(MembershipFactory(tenant=asked.connection.tenant).user)
    with tenant_scope(tenant_of(asked)):
        CustomerFile.objects.update(expires_at=timezone.now())
    assert client.get(address).status_code == 404
