"""The people of a shop: invited by mail, joining, other roles, and gone at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from tenants.models import AuditEntry, Invitation, Role, Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import Api
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.postbox import sent_mails

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
Invited = Callable[..., str]
TEAM = "/settings/team/"
EMAIL = "asha@example.com"
LINK = re.compile(r"https?://[^/\s]+(/invitations/\S+)")


@pytest.fixture
def invited(owner: User) -> Any:
    """Return a function that invites somebody and returns the path of the mailed link."""

    def of(email: str = EMAIL, role: Role = Role.ANALYST) -> str:
        client = Client()
        client.force_login(owner)
        answer = client.post(TEAM, {"email": email, "role": role})
        assert answer.status_code == 302, answer.text
        (path,) = LINK.findall(str(sent_mails()[-1].body))
        return str(path)

    return of


def role_of(tenant: Tenant, email: str = EMAIL) -> str | None:
    found = Membership.objects.filter(tenant=tenant, user__email=email).first()
    return found.role if found else None


def test_somebody_new_joins_by_choosing_a_password(invited: Invited, tenant: Tenant) -> None:
    client = Client()
    path = invited()
    assert tenant.name in client.get(path).text

    answer = client.post(path, {"password": PASSWORD})

    assert answer["Location"] == "/"
    assert role_of(tenant) == Role.ANALYST
    assert client.get("/").status_code == 200
    assert mail.outbox[-1].to == [EMAIL]


def test_a_link_is_good_once(invited: Invited, tenant: Tenant) -> None:
    path = invited()
    Client().post(path, {"password": PASSWORD})
    Membership.objects.filter(user__email=EMAIL).delete()

    again = Client()
    again.force_login(User.objects.get(email=EMAIL))

    assert again.post(path).status_code == 404
    assert role_of(tenant) is None


def test_somebody_with_an_account_signs_in_first(invited: Invited, tenant: Tenant) -> None:
    asha = UserFactory(email=EMAIL)
    path, client = invited(), Client()

    assert f"/login/?next={path}" in client.get(path).text
    assert client.post(path, {"password": "quite another passphrase"}).status_code == 400
    assert role_of(tenant) is None
    client.force_login(asha)
    assert client.post(path)["Location"] == "/"

    assert role_of(tenant) == Role.ANALYST
    asha.refresh_from_db()
    assert asha.check_password(PASSWORD)


def test_somebody_else_who_is_signed_in_does_not_join(
    invited: Invited, tenant: Tenant, other_owner: User
) -> None:
    path, client = invited(), Client()
    client.force_login(other_owner)

    assert "somebody else" in client.get(path).text
    assert client.post(path, {"password": PASSWORD}).status_code == 400
    assert role_of(tenant) is None
    assert role_of(tenant, other_owner.email) is None


def test_who_belongs_to_the_shop_keeps_the_role_of_before(invited: Invited, tenant: Tenant) -> None:
    path = invited(role=Role.VIEWER)
    asha = MembershipFactory(tenant=tenant, user=UserFactory(email=EMAIL), role=Role.OWNER).user
    client = Client()
    client.force_login(asha)

    client.post(path)

    assert role_of(tenant) == Role.OWNER


def test_only_the_hash_of_a_link_is_stored(invited: Invited) -> None:
    token = invited().split("/")[2]

    assert token.encode() not in bytes(Invitation.objects.get().token_sha256)


@pytest.mark.parametrize("ending", ["expired", "withdrawn", "replaced"])
def test_a_link_that_is_over_leads_nowhere(
    invited: Invited, tenant: Tenant, owner: User, browser: Browser, ending: str
) -> None:
    path = invited()
    if ending == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ending == "withdrawn":
        row = Invitation.objects.get()
        browser(owner).post(f"{TEAM}invitations/{row.id}/withdraw/")
    else:
        invited()

    client = Client()
    assert client.get(path).status_code == 404
    assert client.post(path, {"password": PASSWORD}).status_code == 404
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_weak_password_makes_no_account(invited: Invited, tenant: Tenant) -> None:
    path = invited()

    assert Client().post(path, {"password": "short"}).status_code == 400

    assert not User.objects.filter(email=EMAIL).exists()
    assert Client().get(path).status_code == 200


def test_who_belongs_to_the_shop_is_not_invited_again(
    browser: Browser, owner: User, viewer: User
) -> None:
    answer = browser(owner).post(TEAM, {"email": viewer.email.upper(), "role": "viewer"})

    assert answer.status_code == 400
    assert "belongs to this shop already" in answer.text
    assert not sent_mails()


def test_another_role_and_removal_count_at_once(
    browser: Browser, owner: User, viewer: User, tenant: Tenant, api: Api
) -> None:
    token = api.sign_in(viewer)["token"]
    member = Membership.objects.get(user=viewer)
    client = browser(owner)

    client.post(f"{TEAM}{member.id}/role/", {"role": "analyst"})
    assert api.get("/api/webhooks/events", token).status_code == 200

    client.post(f"{TEAM}{member.id}/remove/")
    assert api.get("/api/data/dashboard", token).status_code == 401


def test_a_shop_keeps_an_owner(browser: Browser, owner: User, tenant: Tenant) -> None:
    member = Membership.objects.get(user=owner)
    client = browser(owner)

    for action, given in (("remove", {}), ("role", {"role": "viewer"})):
        answer = client.post(f"{TEAM}{member.id}/{action}/", given, follow=True)
        assert "A shop needs an owner" in answer.text

    assert role_of(tenant, owner.email) == Role.OWNER


def test_all_of_it_is_written_down(
    browser: Browser, invited: Invited, owner: User, viewer: User, tenant: Tenant
) -> None:
    invited()
    client, member = browser(owner), Membership.objects.get(user=viewer)
    client.post(f"{TEAM}invitations/{Invitation.objects.get().id}/withdraw/")
    client.post(f"{TEAM}{member.id}/role/", {"role": "analyst"})
    client.post(f"{TEAM}{member.id}/remove/")

    with tenant_scope(tenant.id):
        noted = list(AuditEntry.objects.order_by("at", "id").values_list("action", flat=True))
    assert noted == [
        "member.invited",
        "member.invitation_withdrawn",
        "member.role_changed",
        "member.removed",
    ]


def test_nobody_but_the_owner_may(browser: Browser, analyst: User, viewer: User) -> None:
    member = Membership.objects.get(user=viewer)
    for person in (analyst, viewer):
        client = browser(person)
        assert client.get(TEAM).status_code == 403
        assert client.post(TEAM, {"email": EMAIL, "role": "owner"}).status_code == 403
        assert client.post(f"{TEAM}{member.id}/role/", {"role": "owner"}).status_code == 403
        assert client.post(f"{TEAM}{member.id}/remove/").status_code == 403
    assert not sent_mails()


def test_another_shops_people_are_not_there(
    browser: Browser, owner: User, other_owner: User
) -> None:
    theirs = Membership.objects.get(user=other_owner)
    client = browser(owner)

    assert other_owner.email not in client.get(TEAM).text
    for each in (theirs.id, uuid4()):
        assert client.post(f"{TEAM}{each}/role/", {"role": "viewer"}).status_code == 404
        assert client.post(f"{TEAM}{each}/remove/").status_code == 404
        assert client.post(f"{TEAM}invitations/{each}/withdraw/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.role == Role.OWNER


def test_a_shop_whose_name_breaks_a_line_is_mailed_about(
    invited: Invited, tenant: Tenant, settings: LazySettings
) -> None:
    tenant.name = "Kaveri\nBcc: everybody@example.com"
    tenant.save()

    invited()

    assert mail.outbox[-1].subject == "Join Kaveri Bcc: everybody@example.com in Xenofy"


def test_who_comes_too_late_leaves_no_account(
    invited: Invited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link was used between its page and its form."""
    path = invited()
    found = Invitation.objects.get()
    Invitation.objects.update(accepted_at=timezone.now())
    monkeypatch.setattr("accounts.invitation_views.invitation_of", lambda *_, **__: found)

    assert Client().post(path, {"password": PASSWORD}).status_code == 404
    assert not User.objects.filter(email=EMAIL).exists()
