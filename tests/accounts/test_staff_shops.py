"""Staff read a shop's data after they said why, where the shop can see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shop_data.models import Customer
from tenants.models import AuditEntry, Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory, UserFactory
from tests.invariants.rows import make
from tests.second_factors import enter_admin

pytestmark = pytest.mark.django_db(transaction=True)
SHOPS = "/admin/shops/"
CUSTOMERS = "/admin/shop_data/customer/"
WHY = "The owner asked why a customer is missing."


@pytest.fixture
def customers(tenant: Tenant, other_tenant: Tenant) -> dict[Tenant, Customer]:
    found = {}
    for shop, name in ((tenant, "Quillon"), (other_tenant, "Tarquin")):
        with tenant_scope(shop.id):
            found[shop] = make(Customer, shopify_id=7, first_name=name)
    return found


@pytest.fixture
def desk(staff: User) -> Client:
    """The browser of staff who entered the admin."""
    return enter_admin(Client(), staff)


def opened(client: Client, shop: Any, reason: str = WHY, **more: str) -> Any:
    return client.post(SHOPS, {"shop": str(shop), "reason": reason, **more})


def entries(shop: Tenant) -> list[tuple[Any, ...]]:
    with tenant_scope(shop.id):
        return list(AuditEntry.objects.values_list("action", "actor", "detail", "ip_address"))


def row_of(customer: Customer) -> str:
    return f"{CUSTOMERS}{customer.tenant_id}.{customer.pk}/change/"


@pytest.mark.threat(12)
def test_nothing_is_shown_before_a_reason_is_given(
    desk: Client, customers: dict[Tenant, Customer], tenant: Tenant
) -> None:
    for path in (CUSTOMERS, row_of(customers[tenant])):
        for answer in (desk.get(path), desk.post(path, {"action": "delete_selected"})):
            assert answer.status_code == 302
            assert answer["Location"].startswith(f"{SHOPS}?next=")
    assert entries(tenant) == []


@pytest.mark.threat(12)
def test_a_shop_is_opened_for_a_reason_that_it_reads(
    desk: Client, staff: User, customers: dict[Tenant, Customer], tenant: Tenant
) -> None:
    answer = opened(desk, tenant.id, next=CUSTOMERS)

    assert answer["Location"] == CUSTOMERS
    assert entries(tenant) == [("staff.entered", str(staff), {"reason": WHY}, "127.0.0.1")]
    assert "Quillon" in desk.get(row_of(customers[tenant])).text


@pytest.mark.threat(12)
def test_another_shop_stays_closed(
    desk: Client, customers: dict[Tenant, Customer], tenant: Tenant, other_tenant: Tenant
) -> None:
    opened(desk, tenant.id)

    assert str(other_tenant.id) not in desk.get(CUSTOMERS).text
    assert desk.get(row_of(customers[other_tenant])).status_code == 302
    assert entries(other_tenant) == []


def test_what_is_open_closes_by_itself_and_at_once(
    desk: Client,
    customers: dict[Tenant, Customer],
    tenant: Tenant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(desk, tenant.id)
    assert tenant.name in desk.get(SHOPS).text
    desk.post(SHOPS, {"close": "1"})
    assert desk.get(CUSTOMERS).status_code == 302

    opened(desk, tenant.id)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert desk.get(CUSTOMERS).status_code == 302


@pytest.mark.parametrize("reason", ["", "because", "x" * 501])
def test_a_reason_has_to_be_one(desk: Client, tenant: Tenant, reason: str) -> None:
    assert opened(desk, tenant.id, reason).status_code == 400
    assert entries(tenant) == []


def test_a_shop_is_named_by_id_domain_or_name(
    desk: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com")

    for known in (tenant.id, "kaveri.myshopify.com", "kaveri hand"):
        assert opened(desk, known).status_code == 302
    for unknown in ("nobody", "%", "\0"):
        assert opened(desk, unknown).status_code == 400
    Tenant.objects.filter(id=other_tenant.id).update(name="Kaveri Two")
    assert "Several shops" in opened(desk, "kaveri").text
    assert len(entries(tenant)) == 3


def test_staff_without_the_right_see_nothing_of_an_open_shop(
    tenant: Tenant, customers: dict[Tenant, Customer]
) -> None:
    helper = UserFactory(is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="view_order"))
    client = enter_admin(Client(), helper)
    opened(client, tenant.id)

    assert client.get(CUSTOMERS).status_code == 403


def test_the_page_is_for_staff_alone(owner: User, tenant: Tenant) -> None:
    client = Client()
    client.force_login(owner)

    assert opened(client, tenant.id).status_code == 302
    assert entries(tenant) == []
    assert "evil" not in opened(enter_admin(Client(), UserFactory(is_staff=True)), tenant.id,
                                next="//evil.example")["Location"]  # fmt: skip
