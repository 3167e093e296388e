"""What staff may change in the admin: people, connections, secrets."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import LoginSession, Membership, User
from tenants.models import ApiKey, Connection, ShopifyApp, Tenant
from tests.admin.conftest import list_url, url_of
from tests.factories import PASSWORD, ConnectionFactory, ShopifyAppFactory, UserFactory
from tests.second_factors import enter_admin

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "canary-of-a-new-secret"


def post(client: Client, address: str, **form: Any) -> None:
    """Post a form that has to be accepted."""
    response = client.post(address, form)
    assert response.status_code == 302, response.context["errors"]


def test_a_secret_is_set_and_not_shown(staff_client: Client) -> None:
    app = ShopifyAppFactory()

    post(staff_client, url_of(app), name="Renamed", client_id="", client_secret=NEW)

    stored = ShopifyApp.objects.get()
    assert (stored.name, stored.client_secret, stored.previous_secret) == ("Renamed", NEW, "")
    assert NEW not in staff_client.get(url_of(app)).content.decode()
    history = LogEntry.objects.get()
    assert NEW not in f"{history.change_message} {history.object_repr}"
    assert "Client secret" in history.get_change_message()


def test_an_empty_secret_keeps_the_stored_one(staff_client: Client) -> None:
    app = ShopifyAppFactory(secret=NEW)

    post(staff_client, url_of(app), name="Renamed", client_id="")

    assert ShopifyApp.objects.get().client_secret == NEW


def test_a_form_with_an_error_does_not_repeat_the_secret(staff_client: Client) -> None:
    app = ShopifyAppFactory()

    response = staff_client.post(url_of(app), {"name": "", "client_secret": NEW})

    assert response.status_code == 200
    assert NEW not in response.content.decode()


def test_a_connection_is_made_with_its_token(staff_client: Client, tenant: Tenant) -> None:
    app = ShopifyAppFactory()

    post(
        staff_client,
        f"{list_url(Connection)}add/",
        domain="kaveri.myshopify.com",
        tenant=tenant.pk,
        app=app.pk,
        access_token=NEW,
    )

    connection = Connection.objects.get()
    assert connection.access_token == NEW
    assert connection.proven_at is None


@pytest.mark.parametrize("domain", ["evil.com", "a.myshopify.com.evil.com", "A.myshopify.com", ""])
def test_a_connection_to_no_shop_is_refused(
    staff_client: Client, tenant: Tenant, domain: str
) -> None:
    form = {"domain": domain, "tenant": tenant.pk, "app": ShopifyAppFactory().pk}

    response = staff_client.post(f"{list_url(Connection)}add/", form)

    assert response.status_code == 200
    assert not Connection.objects.exists()


def test_only_changed_columns_are_written(staff_client: Client, tenant: Tenant) -> None:
    connection = ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com", proven_at=None)
    before = connection.updated_at

    with pytest.MonkeyPatch.context() as patch:
        saved: list[Any] = []
        patch.setattr(Connection, "save", lambda self, **options: saved.append(options))
        post(
            staff_client,
            url_of(connection),
            domain="other.myshopify.com",
            tenant=tenant.pk,
            app=connection.app_id,
        )

    assert [set(options["update_fields"]) for options in saved] == [{"domain", "updated_at"}]
    assert Connection.objects.get().updated_at == before


def test_a_tenant_is_renamed_but_neither_made_nor_deleted(
    staff_client: Client, tenant: Tenant
) -> None:
    post(staff_client, url_of(tenant), name="Kaveri")

    assert Tenant.objects.get().name == "Kaveri"
    assert staff_client.get(f"{list_url(Tenant)}add/").status_code == 403
    assert staff_client.post(f"{list_url(Tenant)}{tenant.pk}/delete/").status_code == 403


def test_a_key_is_ended(staff_client: Client, tenant: Tenant) -> None:
    key = ApiKey.objects.create(tenant=tenant, name="Till", prefix="xen_1", sha256=b"hash")

    post(
        staff_client,
        url_of(key),
        name="Till",
        revoked_at_0="2026-03-02",
        revoked_at_1="10:00:00",
    )

    stored = ApiKey.objects.get()
    assert stored.revoked_at is not None
    assert bytes(stored.sha256) == b"hash"


def test_a_person_is_made_with_an_address_in_small_letters(staff_client: Client) -> None:
    post(
        staff_client,
        f"{list_url(User)}add/",
        email="Mena@Example.com",
        usable_password="true",
        password1=PASSWORD,
        password2=PASSWORD,
    )

    assert User.objects.get(email="mena@example.com").check_password(PASSWORD)


def test_an_address_that_is_taken_is_told(staff_client: Client) -> None:
    UserFactory(email="mena@example.com")
    form = {"email": "MENA@example.com", "usable_password": "true", "password1": PASSWORD,
            "password2": PASSWORD}  # fmt: skip

    response = staff_client.post(f"{list_url(User)}add/", form)

    assert response.status_code == 200
    assert "already exists" in response.content.decode()


def test_a_persons_password_is_changed(staff_client: Client) -> None:
    person = UserFactory()
    form = {"usable_password": "true", "password1": "another long passphrase",
            "password2": "another long passphrase"}  # fmt: skip

    post(staff_client, f"{list_url(User)}{person.pk}/password/", **form)

    person.refresh_from_db()
    assert person.check_password("another long passphrase")


def test_people_get_memberships_and_lose_them(staff_client: Client, tenant: Tenant) -> None:
    person = UserFactory()

    post(
        staff_client,
        f"{list_url(Membership)}add/",
        user=person.pk,
        tenant=tenant.pk,
        role="analyst",
    )
    membership = Membership.objects.get()
    post(staff_client, f"{list_url(Membership)}{membership.pk}/delete/", post="yes")

    assert membership.role == "analyst"
    assert not Membership.objects.exists()


def test_only_superusers_give_rights(tenant: Tenant) -> None:
    helper = UserFactory(is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="change_user"))
    client = enter_admin(Client(), helper)

    post(client, url_of(helper), email=helper.email, is_active="on", is_superuser="on", name="Me")

    helper.refresh_from_db()
    assert (helper.is_superuser, helper.name) == (False, "Me")


def test_a_sign_in_is_ended(staff_client: Client, tenant: Tenant, staff: User) -> None:
    session = LoginSession.objects.create(
        user=staff, tenant=tenant, expires_at="2026-12-01T00:00Z", refresh_id="r", auth_hash="a"
    )

    post(staff_client, url_of(session), revoked_at_0="2026-03-02", revoked_at_1="10:00:00")

    stored = LoginSession.objects.get()
    assert stored.revoked_at is not None
    assert (stored.refresh_id, stored.auth_hash) == ("r", "a")
