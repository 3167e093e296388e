"""The endpoints under /auth/."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import hashers
from django.test import Client

from accounts.models import LoginSession, User
from tenants.models import Tenant
from tests.accounts.clients import Api, assert_error, without
from tests.factories import PASSWORD, ConnectionFactory, MembershipFactory, UserFactory


@pytest.mark.django_db
def test_signing_in_answers_as_the_contract_says(api: Api, owner: User, tenant: Tenant) -> None:
    ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com")

    body = api.sign_in(owner)

    assert set(body) == {"token", "refresh", "user", "tenant"}
    assert body["user"]["id"] == str(owner.id)
    assert body["tenant"]["id"] == str(tenant.id)
    assert body["tenant"]["domain"] == "kaveri.myshopify.com"


@pytest.mark.django_db
def test_the_email_may_be_written_in_capitals(api: Api, owner: User) -> None:
    answer = api.post("/auth/login", {"email": owner.email.upper(), "password": PASSWORD})

    assert answer.status_code == 200


@pytest.mark.django_db
def test_unknown_wrong_and_inactive_get_one_answer_after_one_hash(
    api: Api, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    inactive = UserFactory(is_active=False)
    hashed: list[str] = []
    hasher = hashers.get_hasher("default").__class__
    encode = hasher.encode

    def counted(self: Any, password: str, salt: Any) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hasher, "encode", counted)
    given = [
        {"email": "nobody@example.com", "password": PASSWORD},
        {"email": owner.email, "password": "not the password"},
        {"email": inactive.email, "password": PASSWORD},
        {"email": "no address at all", "password": PASSWORD},
    ]
    answers = [api.post("/auth/login", body) for body in given]

    assert len(hashed) == len(given)
    assert {answer.status_code for answer in answers} == {401}
    assert len({str(without(answer.json(), "timestamp", "requestId")) for answer in answers}) == 1
    assert all("Bearer" in answer["WWW-Authenticate"] for answer in answers)


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{}, {"email": "a@b.c"}, {"email": 1, "password": {}}])
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register"])
def test_a_body_of_another_shape_is_refused(api: Api, path: str, body: Any) -> None:
    assert_error(api.post(path, body), 400, "VALIDATION_ERROR")
    assert_error(api.post(path, [body]), 400, "BAD_REQUEST")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/auth/login", "/auth/register", "/auth/refresh"])
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"email": NaN}', "application/json", 400),
        (b'"' + b"x" * 70_000 + b'"', "application/json", 413),
        (b"email=a", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "text/xml", 415),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    client: Client, path: str, body: bytes, kind: str, status: int
) -> None:
    answer = client.generic("POST", path, body, content_type=kind)

    assert answer.status_code == status
    assert {"error", "code", "timestamp", "requestId"} <= set(answer.json())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["register", "login", "refresh", "logout"])
def test_only_post_writes(api: Api, name: str) -> None:
    assert_error(api.get(f"/auth/{name}"), 405, "METHOD_NOT_ALLOWED")


@pytest.mark.django_db
def test_me_tells_who_is_asking(api: Api, owner: User, tenant: Tenant) -> None:
    body = api.sign_in(owner)

    answer = api.get("/auth/me", body["token"])

    assert answer.status_code == 200
    shop = {"id": str(tenant.id), "name": tenant.name, "role": "owner"}
    assert answer.json() == {"user": body["user"], "tenant": body["tenant"], "shops": [shop]}
    assert answer["Vary"].count("Authorization") == 1


@pytest.mark.django_db
def test_me_is_not_for_strangers(api: Api) -> None:
    answer = api.get("/auth/me")

    assert_error(answer, 401, "NOT_AUTHENTICATED")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db
def test_a_person_without_a_shop_signs_in_and_sees_no_tenant(api: Api) -> None:
    body = api.sign_in(UserFactory())

    assert body["tenant"] is None
    assert body["user"]["tenantId"] is None
    assert api.get("/auth/me", body["token"]).json()["tenant"] is None
    assert_error(api.get("/api/data/dashboard", body["token"]), 403, "FORBIDDEN")


@pytest.mark.django_db
def test_a_token_of_the_first_shop_stays_there(api: Api, owner: User, tenant: Tenant) -> None:
    MembershipFactory(user=owner)

    body = api.sign_in(owner)

    assert body["tenant"]["id"] == str(tenant.id)
    assert api.get("/auth/me", body["token"]).json()["tenant"]["id"] == str(tenant.id)


@pytest.mark.django_db
def test_signing_in_ignores_a_token_that_comes_along(api: Api, owner: User) -> None:
    answer = api.post("/auth/login", {"email": owner.email, "password": PASSWORD}, "rubbish")

    assert answer.status_code == 200


@pytest.mark.django_db
def test_logging_out_ends_the_session_and_both_tokens(api: Api, owner: User) -> None:
    body = api.sign_in(owner)
    other = api.sign_in(owner)

    answer = api.post("/auth/logout", token=body["token"])

    assert answer.json() == {"message": "Signed out."}
    assert api.get("/auth/me", body["token"]).status_code == 401
    assert api.post("/auth/refresh", {"refresh": body["refresh"]}).status_code == 401
    assert api.get("/auth/me", other["token"]).status_code == 200


@pytest.mark.django_db
def test_logging_out_needs_no_body(api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]

    answer = api.client.generic(
        "POST", "/auth/logout", headers={"authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 200


@pytest.mark.django_db
def test_logging_out_with_the_refresh_token_alone(api: Api, owner: User) -> None:
    body = api.sign_in(owner)

    answer = api.post("/auth/logout", {"refresh": body["refresh"]})

    assert answer.status_code == 200
    assert api.get("/auth/me", body["token"]).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "code"), [({}, "NOT_AUTHENTICATED"), ({"refresh": "x"}, "INVALID_TOKEN")]
)
def test_logging_out_needs_something_to_end(api: Api, body: Any, code: str) -> None:
    assert_error(api.post("/auth/logout", body), 401, code)


@pytest.mark.django_db
def test_nothing_is_left_of_a_session_that_could_be_used(api: Api, owner: User) -> None:
    body = api.sign_in(owner)

    session = LoginSession.objects.get(user=owner)

    assert session.refresh_id not in {body["token"], body["refresh"]}
    assert owner.password not in session.auth_hash
