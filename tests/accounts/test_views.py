"""The pages of signing in, registering, the demo and switching shops."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import Membership, User
from tenants.models import Connection, Role, Tenant
from tests.accounts.clients import SIGN_UP
from tests.factories import PASSWORD, ConnectionFactory, MembershipFactory, UserFactory

Browser = Callable[[User], Client]
LOGIN = "/login/"
REGISTER = "/register/"
OVERVIEW = "/"
SETTINGS = "/settings/"
NEW_ACCOUNT = {
    "email": "Meera@example.com",
    "password": "a long enough passphrase",
    "domain": "https://Kaveri-Handlooms.myshopify.com/",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", [LOGIN, REGISTER, "/logout/"])
def test_the_pages_open_for_strangers(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    assert "csrfmiddlewaretoken" in answer.text
    assert client.head(path).status_code == 200


@pytest.mark.django_db
def test_a_person_signs_in_and_gets_a_new_session(client: Client, owner: User) -> None:
    client.get(LOGIN)

    answer = client.post(LOGIN, {"email": owner.email.upper(), "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, OVERVIEW)
    assert client.get(SETTINGS).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, 400, "This field is required."),
        ({"email": "no address", "password": "x"}, 400, "Enter a valid email address."),
        ({"email": "nobody@example.com", "password": "x"}, 401, "Email or password is wrong."),
        ({"email": "a\x00@example.com", "password": "x"}, 400, "Null characters"),
        ({"email": "a@example.com", "password": "x" * 1025}, 400, "at most 1024"),
    ],
)
def test_signing_in_says_what_is_wrong(
    client: Client, given: dict[str, str], status: int, words: str
) -> None:
    answer = client.post(LOGIN, given)

    assert answer.status_code == status
    assert words in answer.text
    assert "sessionid" not in client.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/settings/", "/?startDate=2026-01-01&grain=day", "/logout/?x=//evil.example"]
)
def test_signing_in_goes_on_to_a_path_of_ours(client: Client, owner: User, path: str) -> None:
    answer = client.post(LOGIN, {"email": owner.email, "password": PASSWORD, "next": path})

    assert answer["Location"] == path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "http://testserver/",
        "javascript:alert(1)",
        "evil",
        "\x00//evil",
        " //evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
    ],
)
def test_signing_in_goes_nowhere_else(client: Client, owner: User, path: str) -> None:
    sent = client.post(LOGIN, {"email": owner.email, "password": PASSWORD, "next": path})
    linked = client.get(LOGIN, {"next": path})

    assert (sent["Location"], linked["Location"]) == (OVERVIEW, OVERVIEW)


@pytest.mark.django_db
def test_forms_need_the_token_of_their_page(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(LOGIN, {"email": owner.email, "password": PASSWORD})

    assert answer.status_code == 403


@pytest.mark.django_db
def test_a_person_registers_and_goes_on_to_the_first_steps(client: Client) -> None:
    answer = client.post(REGISTER, NEW_ACCOUNT)

    assert (answer.status_code, answer["Location"]) == (302, "/welcome/connect/")
    connection = Connection.objects.select_related("tenant").get()
    assert connection.domain == "kaveri-handlooms.myshopify.com"
    assert connection.tenant.name == "Kaveri Handlooms"
    assert Membership.objects.get().user.email == "meera@example.com"
    assert "No signing secret" in client.get(SETTINGS).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "", "This field is required."),
        ("email", "no address", "Enter a valid email address."),
        ("email", "\u212aelvin@example.com", "letters without accents"),
        ("password", "short", "This password is too short"),
        ("password", "password12", "too common"),
        ("domain", "kaveri.in", "Give the shop"),
    ],
)
def test_registering_says_what_is_wrong(client: Client, field: str, value: str, words: str) -> None:
    answer = client.post(REGISTER, {**NEW_ACCOUNT, field: value})

    assert answer.status_code == 400
    assert words in answer.text
    assert NEW_ACCOUNT["password"] not in answer.text
    assert not User.objects.exists()


@pytest.mark.django_db
def test_registering_tells_of_what_is_taken_beside_the_field(client: Client) -> None:
    ConnectionFactory(domain=SIGN_UP["domain"])
    UserFactory(email="taken@example.com")

    of_domain = client.post(REGISTER, NEW_ACCOUNT)
    of_email = client.post(
        REGISTER, {**NEW_ACCOUNT, "email": "taken@example.com", "domain": "b.myshopify.com"}
    )

    assert (of_domain.status_code, of_email.status_code) == (409, 409)
    assert "connected to another account" in of_domain.text
    assert "There is an account with this email" in of_email.text


@pytest.mark.django_db
def test_whoever_has_signed_in_is_sent_on(browser: Browser, owner: User) -> None:
    client = browser(owner)

    assert client.get(LOGIN)["Location"] == OVERVIEW
    assert client.get(REGISTER)["Location"] == "/shops/connect/"


@pytest.mark.django_db
def test_logging_out_takes_a_form_and_ends_the_session(browser: Browser, owner: User) -> None:
    client = browser(owner)
    key = client.cookies["sessionid"].value

    assert client.get("/logout/").status_code == 200
    assert client.get(SETTINGS).status_code == 200
    assert client.post("/logout/")["Location"] == LOGIN

    client.cookies["sessionid"] = key
    assert client.get(SETTINGS)["Location"] == "/login/?next=/settings/"


@pytest.mark.django_db
def test_the_demo_opens_in_one_click(client: Client, demo_tenant: Tenant) -> None:
    answer = client.get("/demo/")

    assert (answer.status_code, answer["Location"]) == (302, OVERVIEW)
    assert client.get(SETTINGS).status_code == 200
    assert 'name="client_secret"' not in client.get(SETTINGS).text


@pytest.mark.django_db
def test_without_a_demo_the_page_says_so(client: Client, settings: LazySettings) -> None:
    assert client.get("/demo/").status_code == 404
    settings.DEMO = False

    answer = client.get("/demo/")

    assert answer.status_code == 404
    assert "No demo store here" in answer.text
    assert client.get(SETTINGS)["Location"] == "/login/?next=/settings/"
    assert "/demo/" not in client.get(LOGIN).text


@pytest.mark.django_db
def test_signing_in_from_the_demo_leads_to_ones_own_shop(
    client: Client, demo_tenant: Tenant, owner: User, tenant: Tenant
) -> None:
    client.get("/demo/")

    client.post(LOGIN, {"email": owner.email, "password": PASSWORD})

    assert client.get(SETTINGS).wsgi_request.credential.tenant_id == tenant.id


@pytest.mark.django_db
def test_registering_from_the_demo_leads_to_the_new_shop(
    client: Client, demo_tenant: Tenant
) -> None:
    client.get("/demo/")

    client.post(REGISTER, NEW_ACCOUNT)

    credential = client.get(SETTINGS).wsgi_request.credential
    assert credential.role is Role.OWNER
    assert credential.tenant_id != demo_tenant.id


@pytest.mark.django_db
def test_a_person_comes_back_from_the_demo_signed_in(
    browser: Browser, demo_tenant: Tenant, owner: User, tenant: Tenant
) -> None:
    client = browser(owner)
    for way_back in (client.get, client.post):
        client.get("/demo/")
        assert client.get(SETTINGS).wsgi_request.credential.tenant_id == demo_tenant.id

        path = LOGIN if way_back == client.get else "/logout/"
        assert way_back(path)["Location"] == OVERVIEW

        assert client.get(SETTINGS).wsgi_request.credential.tenant_id == tenant.id


@pytest.mark.django_db
def test_a_person_without_a_shop_is_told_how_to_get_one(browser: Browser) -> None:
    client = browser(UserFactory())

    assert client.get(OVERVIEW)["Location"] == "/no-shop/"
    answer = client.get("/no-shop/")

    assert answer.status_code == 200
    assert "/shops/connect/" in answer.text


@pytest.mark.django_db
def test_the_page_without_a_shop_is_for_nobody_else(browser: Browser, owner: User) -> None:
    assert Client().get("/no-shop/")["Location"] == LOGIN
    assert browser(owner).get("/no-shop/")["Location"] == OVERVIEW


@pytest.mark.django_db
def test_a_person_connects_a_second_shop_and_switches(
    browser: Browser, owner: User, tenant: Tenant
) -> None:
    client = browser(owner)
    assert client.get("/shops/connect/").status_code == 200

    answer = client.post("/shops/connect/", {"domain": "second.myshopify.com"})

    assert answer["Location"] == "/welcome/connect/"
    second = client.get(SETTINGS).wsgi_request.credential.tenant_id
    assert second != tenant.id
    assert tenant.name in client.get(SETTINGS).text
    client.post("/shops/switch/", {"tenant": tenant.id})
    assert client.get(SETTINGS).wsgi_request.credential.tenant_id == tenant.id


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("domain", "status"), [("", 400), ("evil.example", 400), ("taken.myshopify.com", 409)]
)
def test_connecting_says_what_is_wrong(
    browser: Browser, owner: User, domain: str, status: int
) -> None:
    ConnectionFactory(domain="taken.myshopify.com")

    answer = browser(owner).post("/shops/connect/", {"domain": domain})

    assert answer.status_code == status
    assert Membership.objects.filter(user=owner).count() == 1


@pytest.mark.django_db
def test_connecting_is_for_people_who_have_signed_in(client: Client) -> None:
    assert client.get("/shops/connect/")["Location"] == "/login/?next=/shops/connect/"


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "rubbish", "0" * 32, "\x00"])
def test_nobody_switches_to_a_shop_that_is_not_theirs(
    browser: Browser, owner: User, other_tenant: Tenant, given: str
) -> None:
    client = browser(owner)

    assert client.post("/shops/switch/", {"tenant": given}).status_code == 404
    assert client.post("/shops/switch/", {"tenant": other_tenant.id}).status_code == 404
    assert client.get("/shops/switch/").status_code == 405


@pytest.mark.django_db
def test_another_persons_shop_is_not_named(browser: Browser, owner: User) -> None:
    MembershipFactory(tenant__name="Somebody else's canary")

    assert "canary" not in browser(owner).get("/settings/").text
