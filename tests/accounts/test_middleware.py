"""Who a request counts as, and what finding out costs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.middleware import CredentialMiddleware
from accounts.models import Membership, User
from tenants.credentials import Credential, Kind
from tenants.models import Role, Tenant
from tenants.rights import Right
from tests.accounts.clients import Api, assert_error
from tests.factories import MembershipFactory, UserFactory

Browser = Callable[[User], Client]
DASHBOARD = "/api/data/dashboard"


def _identified(client: Client, path: str = DASHBOARD, **headers: str) -> Any:
    """Send a request through the middleware alone; return it."""
    request = RequestFactory(headers=headers).get(path)
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}

    def answer(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    middleware = CredentialMiddleware(answer)
    SessionMiddleware(AuthenticationMiddleware(middleware))(request)
    return request


@pytest.fixture
def demo_visitor(client: Client, demo_tenant: Tenant) -> Client:
    client.get(reverse("accounts:demo"))
    return client


def test_a_stranger_has_no_credential_and_costs_no_query(client: Client) -> None:
    for path in ("/", DASHBOARD, "/settings/"):
        assert _identified(client, path).credential is None


@pytest.mark.django_db
def test_a_person_of_the_browser_costs_two_queries(
    browser: Browser,
    owner: User,
    tenant: Tenant,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    MembershipFactory(user=owner, role=Role.VIEWER)
    client = browser(owner)

    with django_assert_num_queries(2):
        request = _identified(client)

    assert request.credential == Credential(Kind.SESSION, tenant.id, Role.OWNER, owner.id)
    with django_assert_num_queries(0):
        assert request.user == owner
        assert request.identity.tenant == tenant
        assert len(request.identity.other_tenants) == 1


@pytest.mark.django_db
def test_a_token_costs_one_query(
    api: Api, owner: User, tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = api.sign_in(owner)["token"]

    with django_assert_num_queries(1):
        request = _identified(api.client, authorization=f"bearer {token}")
        assert request.user == owner

    credential = request.credential
    assert (credential.kind, credential.tenant_id, credential.role, credential.user_id) == (
        *(Kind.TOKEN, tenant.id, Role.OWNER),
        owner.id,
    )


@pytest.mark.django_db
def test_a_visitor_of_the_demo_costs_two_queries(
    demo_visitor: Client, demo_tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        credential = _identified(demo_visitor).credential

    assert credential == Credential(
        Kind.DEMO, demo_tenant.id, Role.VIEWER, scopes=frozenset({Right.EXPORT})
    )
    assert not credential.may_see_people


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/health/ready",
        "/api/webhooks/shopify/x",
        "/api/v1/webhooks/shopify/x",
        "/admin/",
    ],
)
def test_deliveries_and_probes_cost_nothing_whatever_comes_with_them(
    browser: Browser,
    owner: User,
    path: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = browser(owner)

    with django_assert_num_queries(0):
        request = _identified(client, path, authorization="Bearer rubbish")

    assert request.credential is None
    assert not request.session.accessed


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["", "x", "rubbish" * 5, "\x00", "a" * 5000, "\u00e9" * 20])
def test_a_session_that_is_none_is_a_strangers(client: Client, cookie: str) -> None:
    client.cookies["sessionid"] = "x"
    client.cookies["sessionid"].set("sessionid", cookie, cookie)

    assert _identified(client).credential is None


@pytest.mark.django_db
def test_the_chosen_shop_counts_while_one_belongs_to_it(browser: Browser, owner: User) -> None:
    second = MembershipFactory(user=owner, role=Role.VIEWER)
    client = browser(owner)
    client.post(reverse("accounts:switch"), {"tenant": second.tenant_id})

    chosen = _identified(client).credential
    Membership.objects.filter(id=second.id).delete()
    after = _identified(client).credential

    assert (chosen.tenant_id, chosen.role) == (second.tenant_id, Role.VIEWER)
    assert after.role is Role.OWNER


@pytest.mark.django_db
def test_another_role_counts_from_the_next_request_on(browser: Browser, owner: User) -> None:
    client = browser(owner)
    Membership.objects.filter(user=owner).update(role=Role.ANALYST)

    assert _identified(client).credential.role is Role.ANALYST


@pytest.mark.django_db
def test_a_session_ends_with_the_membership_the_password_or_the_person(
    browser: Browser, owner: User
) -> None:
    client = browser(owner)
    Membership.objects.filter(user=owner).delete()
    assert _identified(client).credential == Credential(Kind.SESSION, None, None, owner.id)

    owner.set_password("quite another passphrase")
    owner.save(update_fields=["password"])
    assert _identified(client).credential is None

    browser(owner)
    User.objects.filter(id=owner.id).update(is_active=False)
    assert _identified(client).credential is None


@pytest.mark.django_db
def test_two_people_of_a_shop_have_each_their_own_role(
    owner: User, viewer: User, tenant: Tenant
) -> None:
    credentials = []
    for person in (owner, viewer):
        client = Client()
        client.force_login(person)
        credentials.append(_identified(client).credential)

    assert [credential.tenant_id for credential in credentials] == [tenant.id] * 2
    assert [credential.role for credential in credentials] == [Role.OWNER, Role.VIEWER]


@pytest.mark.django_db
def test_a_token_outweighs_cookies_even_when_it_is_wrong(
    browser: Browser, api: Api, owner: User, other_owner: User, other_tenant: Tenant
) -> None:
    client = browser(owner)
    token = api.sign_in(other_owner)["token"]

    right = client.get("/auth/me", headers={"authorization": f"Bearer {token}"})
    wrong = client.get("/auth/me", headers={"authorization": "Bearer rubbish"})
    empty = client.get("/auth/me", headers={"authorization": "Bearer"})

    assert right.json()["tenant"]["id"] == str(other_tenant.id)
    assert_error(wrong, 401, "INVALID_TOKEN")
    assert_error(empty, 401, "INVALID_TOKEN")


@pytest.mark.django_db
def test_pages_do_not_take_tokens(client: Client, api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]

    answer = client.get("/settings/", headers={"authorization": f"Bearer {token}"})

    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/settings/"


@pytest.mark.django_db
def test_a_session_writes_to_the_api_only_with_the_pages_token(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)

    assert_error(client.post("/auth/logout"), 403, "FORBIDDEN")

    client.get(reverse("accounts:logout"))
    token = client.cookies["csrftoken"].value
    assert client.get("/auth/me").status_code == 200
    assert client.post("/auth/logout", headers={"x-csrftoken": token}).status_code == 200
    assert client.get("/auth/me").status_code == 401


@pytest.mark.django_db
def test_a_token_needs_no_csrf_token(api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]
    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        "/auth/logout",
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_demo_cannot_be_written_to(demo_visitor: Client, method: str) -> None:
    send = getattr(demo_visitor, method)

    page = send("/settings/", {"client_secret": "x"})
    api = send(DASHBOARD)

    assert page.status_code == 403
    assert "can only be read" in page.text
    assert_error(api, 403, "FORBIDDEN")
    assert "can only be read" in api.json()["error"]


@pytest.mark.django_db
def test_a_visitor_of_the_demo_reads_and_leaves(demo_visitor: Client) -> None:
    assert demo_visitor.get("/settings/").status_code == 200

    demo_visitor.post(reverse("accounts:logout"))

    assert _identified(demo_visitor).credential is None


@pytest.mark.django_db
def test_the_demo_ends_with_the_setting(demo_visitor: Client, settings: LazySettings) -> None:
    settings.DEMO = False

    assert _identified(demo_visitor).credential is None


@pytest.mark.django_db
def test_a_credential_of_an_unknown_person_is_a_strangers(browser: Browser) -> None:
    person = UserFactory(id=uuid.uuid4())
    client = browser(person)
    person.delete()

    assert _identified(client).credential is None
