"""Every page of the admin: for staff only, read only where it says so, without secrets."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connections, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from shop_data.models import Order, Sale
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.admin.conftest import REGISTERED, SECRETS, TENANT_DATA, list_url, url_of
from tests.factories import MembershipFactory, UserFactory
from tests.invariants.rows import make
from tests.second_factors import enter_admin

# Django's own tables that have no page, each with its reason.
WITHOUT_PAGE = {
    "auth.Permission": "made by Django from the models; given to people and groups",
    "contenttypes.ContentType": "made by Django from the models",
}
# What the content security policy would refuse.
INLINE = re.compile(rb"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:")


def pages(rows: dict[Any, models.Model]) -> list[str]:
    """Return the addresses of every list and of one row's page of each."""
    return [*map(list_url, REGISTERED), *(url_of(rows[model]) for model in REGISTERED)]


def statuses(client: Client, addresses: list[str]) -> dict[str, int]:
    return {address: client.get(address).status_code for address in addresses}


def test_every_model_has_a_page_or_a_reason() -> None:
    missing = {model._meta.label for model in apps.get_models()} - {
        model._meta.label for model in REGISTERED
    }

    assert missing == set(WITHOUT_PAGE)


def test_staff_open_every_page(staff_client: Client, every_row: Any) -> None:
    found = statuses(staff_client, ["/admin/", *pages(every_row)])

    assert {address: status for address, status in found.items() if status != 200} == {}


def test_others_are_sent_to_the_login(every_row: Any, owner: User) -> None:
    stranger, merchant = Client(), Client()
    merchant.force_login(owner)

    for client in (stranger, merchant):
        for address in ["/admin/", *pages(every_row)]:
            response = client.get(address)
            assert response.status_code == 302, address
            assert response["Location"].startswith("/admin/login/?next="), address


def test_person_who_is_deactivated_is_out(staff_client: Client, staff: User) -> None:
    User.objects.filter(id=staff.id).update(is_active=False)

    assert staff_client.get("/admin/").status_code == 302


def test_staff_without_rights_see_nothing_and_with_them_what_they_may(every_row: Any) -> None:
    helper = UserFactory(is_staff=True)
    client = enter_admin(Client(), helper)
    order = every_row[Order]

    assert client.get(list_url(Order)).status_code == 403
    assert client.get(url_of(order)).status_code == 403

    helper.user_permissions.add(Permission.objects.get(codename="view_order"))

    assert client.get(list_url(Order)).status_code == 200
    assert client.get(url_of(order)).status_code == 200
    assert client.get(list_url(Sale)).status_code == 403


def test_tenant_data_cannot_be_changed(staff_client: Client, every_row: Any) -> None:
    answers = {}
    for model in TENANT_DATA:
        change = url_of(every_row[model])
        answers[model] = {
            staff_client.get(f"{list_url(model)}add/").status_code,
            staff_client.post(f"{list_url(model)}add/", {}).status_code,
            staff_client.post(change, {"id": "1"}).status_code,
            staff_client.get(change.replace("/change/", "/delete/")).status_code,
            staff_client.post(change.replace("/change/", "/delete/"), {"post": "yes"}).status_code,
        }
        staff_client.post(
            list_url(model),
            {"action": "delete_selected", "_selected_action": every_row[model].pk, "post": "yes"},
        )

    assert answers == {model: {403} for model in TENANT_DATA}
    with tenant_scope(every_row[Tenant].id):
        assert all(model.objects.exists() for model in TENANT_DATA)


def test_no_page_shows_a_secret(staff_client: Client, every_row: Any, staff: User) -> None:
    stored = [*SECRETS.values(), staff.password]
    for row in every_row.values():
        columns = [getattr(row, field.attname) for field in row._meta.concrete_fields
                   if field.name.endswith("_encrypted")]  # fmt: skip
        stored += [bytes(column).hex() for column in columns if column]

    for address in pages(every_row):
        text = staff_client.get(address).content.decode()
        assert [secret for secret in stored if secret in text] == [], address


def test_no_page_needs_inline_script_or_style(staff_client: Client, every_row: Any) -> None:
    addresses = [
        "/admin/",
        *("/admin/accounts/user/add/", "/admin/tenants/connection/add/"),
        f"{list_url(User)}{every_row[User].pk}/password/",
        f"{list_url(Tenant)}{every_row[Tenant].pk}/history/",
        f"{list_url(User)}{every_row[User].pk}/delete/",
        *pages(every_row),
    ]
    for address in addresses:
        response = staff_client.get(address)
        assert response.status_code == 200, address
        assert INLINE.search(response.content) is None, address
        assert "script-src 'self'" in response["Content-Security-Policy"]


def test_lists_cost_the_same_however_many_rows(
    staff_client: Client, every_row: Any, other_tenant: Tenant
) -> None:
    one = {model: _queries(staff_client, model) for model in TENANT_DATA}
    for tenant_id in (every_row[Tenant].id, other_tenant.id):
        with tenant_scope(tenant_id):
            for model in TENANT_DATA:
                make(model)

    many = {model: _queries(staff_client, model) for model in TENANT_DATA}

    assert many == one
    looks_for_shops = 3  # of the tests' own: else the session says what is open
    assert max(count for counts in many.values() for count in counts) <= 4 + looks_for_shops


def _queries(client: Client, model: Any) -> tuple[int, int]:
    """Return how many queries a list makes as the application and as staff."""
    with (
        CaptureQueriesContext(connections["default"]) as application,
        CaptureQueriesContext(connections["staff"]) as staff,
    ):
        assert client.get(list_url(model)).status_code == 200
    return len(application), len(staff)


def test_references_are_shown_and_lead_to_their_row(staff_client: Client, every_row: Any) -> None:
    sale = every_row[Sale]
    with tenant_scope(sale.tenant_id):
        order = sale.order

    page = staff_client.get(url_of(sale)).content.decode()

    assert f'<a href="{url_of(order)}">{order}</a>' in page
    assert staff_client.get(url_of(order)).status_code == 200


def test_row_under_another_tenants_address_is_not_found(
    staff_client: Client, every_row: Any, other_tenant: Tenant
) -> None:
    address = url_of(every_row[Order]).replace(str(every_row[Tenant].id), str(other_tenant.id))

    for wrong in (address, f"{list_url(Order)}1/change/", f"{list_url(Order)}x.y/change/"):
        assert staff_client.get(wrong).status_code == 302


def test_large_identifiers_are_written_in_full(
    staff_client: Client, every_row: Any, tenant: Tenant
) -> None:
    with tenant_scope(tenant.id):
        order = make(Order, shopify_id=9_007_199_254_740_993)

    assert b"9007199254740993" in staff_client.get(list_url(Order)).content
    assert b"9007199254740993" in staff_client.get(url_of(order)).content


def test_person_of_a_shop_who_is_staff_sees_every_tenant(
    staff_client: Client, every_row: Any, staff: User, other_tenant: Tenant
) -> None:
    MembershipFactory(user=staff, tenant=other_tenant)

    page = staff_client.get(list_url(TenantState)).content.decode()

    assert "Kaveri Handlooms" in page
    assert "Bluebird Coffee" in page


def test_lists_and_pages_work_inside_a_scope(
    every_row: Any, staff: User, other_tenant: Tenant
) -> None:
    request = RequestFactory().get("/")
    request.user, request.session = staff, {}

    with tenant_scope(other_tenant.id):
        for model, its in TENANT_DATA.items():
            row = every_row[model]
            assert its.get_object(request, f"{row.tenant_id}.{row.pk}") == row
            page = its.changelist_view(request).render().content.decode()
            assert "Kaveri Handlooms" in page, model


def test_staff_leave(staff_client: Client) -> None:
    response = staff_client.post("/admin/logout/")

    assert (response.status_code, response["Location"]) == (302, "/login/")
    assert staff_client.get("/admin/").status_code == 302
