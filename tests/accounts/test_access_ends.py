"""What ends a person's access: in a browser, with a token and with a refresh token alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import LoginSession, Membership, User
from tenants.models import Role, Tenant
from tests.accounts.clients import Api, assert_error
from tests.factories import PASSWORD, MembershipFactory
from tests.postbox import mailed_path

pytestmark = pytest.mark.django_db
NEW = "quite another passphrase"


class Person:
    """Somebody who is signed in with a browser and through the REST API."""

    def __init__(self, user: User) -> None:
        self.user, self.api, self.browser = user, Api(), Client()
        self.browser.post("/login/", {"email": user.email, "password": PASSWORD})
        self.tokens = self.api.sign_in(user)

    def sees(self, path: str = "/api/data/dashboard") -> list[int]:
        """Return how they are answered: the browser, the token, the refresh token."""
        return [
            self.browser.get(path).status_code,
            self.api.get(path, self.tokens["token"]).status_code,
            self.refreshed().status_code,
        ]

    def refreshed(self) -> Any:
        answer = self.api.post("/auth/refresh", {"refresh": self.tokens["refresh"]})
        if answer.status_code == 200:
            self.tokens = answer.json()
        return answer


def own(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _logs_out_everywhere(person: Person, owner: User) -> None:
    elsewhere = person.api.sign_in(person.user)
    answer = person.api.post("/auth/logout", {"everywhere": True}, elsewhere["token"])
    assert answer.status_code == 200


def _signs_out_elsewhere(person: Person, owner: User) -> None:
    own(person.user).post("/settings/you/others/end/")


def _changes_the_password(person: Person, owner: User) -> None:
    answer = own(person.user).post("/settings/password/", {"current": PASSWORD, "new": NEW})
    assert answer.status_code == 302


def _resets_the_password(person: Person, owner: User) -> None:
    Client().post("/password/forgotten/", {"email": person.user.email})
    path = mailed_path("A new password")
    assert Client().post(path, {"password": NEW}).status_code == 302


def _is_removed(person: Person, owner: User) -> None:
    member = Membership.objects.get(user=person.user)
    assert own(owner).post(f"/settings/team/{member.id}/remove/").status_code == 302


def _is_deactivated(person: Person, owner: User) -> None:
    User.objects.filter(pk=person.user.pk).update(is_active=False)


@pytest.mark.threat(4)
@pytest.mark.parametrize(
    "happens",
    [
        _logs_out_everywhere,
        _signs_out_elsewhere,
        _changes_the_password,
        _resets_the_password,
        _is_removed,
        _is_deactivated,
    ],
)
def test_access_ends_at_once(
    happens: Callable[[Person, User], None], analyst: User, owner: User
) -> None:
    person = Person(analyst)
    assert person.sees() == [200, 200, 200]

    happens(person, owner)

    browser, token, refresh = person.sees()
    assert browser in {401, 403}  # 403: signed in, but to no shop any more
    assert (token, refresh) == (401, 401)


def test_another_role_counts_at_once(analyst: User, owner: User) -> None:
    person, member = Person(analyst), Membership.objects.get(user=analyst)
    assert person.sees("/api/webhooks/events") == [200, 200, 200]

    own(owner).post(f"/settings/team/{member.id}/role/", {"role": Role.VIEWER})

    assert person.sees("/api/webhooks/events")[:2] == [403, 403]
    assert person.sees() == [200, 200, 200]


def test_logging_out_of_one_leaves_the_others(owner: User) -> None:
    person, other = Person(owner), Person(owner)

    person.browser.post("/logout/")
    person.api.post("/auth/logout", token=person.tokens["token"])

    assert person.sees() == [401, 401, 401]
    assert other.sees() == [200, 200, 200]


def test_a_browser_may_end_all_through_the_api(owner: User) -> None:
    person, other = Person(owner), Person(owner)

    answer = person.browser.post(
        "/auth/logout", {"everywhere": True}, content_type="application/json"
    )

    assert answer.status_code == 200
    assert person.sees() == other.sees() == [401, 401, 401]


def test_a_refresh_token_alone_ends_no_other_session(owner: User) -> None:
    person, other = Person(owner), Person(owner)

    answer = person.api.post(
        "/auth/logout", {"refresh": person.tokens["refresh"], "everywhere": True}
    )

    assert_error(answer, 401, "NOT_AUTHENTICATED")
    assert other.sees() == [200, 200, 200]


# ── another of one's shops ────────────────────────────────────────────────────────────────────


def test_a_token_is_exchanged_for_one_of_another_shop(owner: User, other_tenant: Tenant) -> None:
    MembershipFactory(user=owner, tenant=other_tenant, role=Role.VIEWER)
    person = Person(owner)
    first = person.tokens
    shops = person.api.get("/auth/me", first["token"]).json()["shops"]
    assert [(shop["name"], shop["role"]) for shop in shops] == [
        ("Kaveri Handlooms", "owner"), ("Bluebird Coffee", "viewer")]  # fmt: skip

    answer = person.api.post("/auth/switch", {"tenantId": shops[1]["id"]}, first["token"])

    second = answer.json()
    assert second["tenant"]["id"] == str(other_tenant.id)
    me = person.api.get("/auth/me", second["token"])
    assert me.json()["tenant"]["id"] == str(other_tenant.id)
    assert me.wsgi_request.credential.role is Role.VIEWER
    assert_error(person.api.get("/auth/me", first["token"]), 401, "INVALID_TOKEN")
    assert_error(person.refreshed(), 401, "INVALID_TOKEN")


def test_nobody_gets_a_token_of_a_shop_that_is_not_theirs(
    owner: User, other_tenant: Tenant
) -> None:
    person = Person(owner)

    for tenant_id in (str(other_tenant.id), str(uuid4())):
        answer = person.api.post("/auth/switch", {"tenantId": tenant_id}, person.tokens["token"])
        assert_error(answer, 404, "NOT_FOUND")

    assert person.sees() == [200, 200, 200]
    assert not LoginSession.objects.filter(tenant=other_tenant).exists()


def test_a_browser_switches_on_its_pages_only(owner: User, tenant: Tenant) -> None:
    person = Person(owner)

    answer = person.browser.post(
        "/auth/switch", {"tenantId": str(tenant.id)}, content_type="application/json"
    )

    assert_error(answer, 403, "FORBIDDEN")
    assert person.sees() == [200, 200, 200]
