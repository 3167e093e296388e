"""POST /auth/register."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.models import Membership, User
from shop_data.models import Errand
from tenants.models import Connection, Role, Tenant, TenantState
from tenants.scope import tenant_scope
from tests.accounts.clients import MOMENT, SIGN_UP, Api, assert_error, without
from tests.factories import ConnectionFactory


@pytest.mark.django_db
def test_a_token_is_tried_in_the_background(api: Api) -> None:
    tenant_id = api.post("/auth/register", SIGN_UP).json()["tenant"]["id"]

    with tenant_scope(tenant_id):
        assert [each.name for each in Errand.objects.all()] == ["connection"]


@pytest.mark.django_db
def test_registering_answers_as_the_contract_says(api: Api) -> None:
    answer = api.post("/auth/register", SIGN_UP)

    body = answer.json()
    assert answer.status_code == 201
    assert set(body) == {"token", "refresh", "user", "tenant"}
    assert set(body["user"]) == {"id", "email", "tenantId", "createdAt", "updatedAt"}
    assert set(body["tenant"]) == {"id", "name", "domain", "createdAt", "updatedAt"}
    assert body["user"]["tenantId"] == body["tenant"]["id"]
    assert body["tenant"]["domain"] == SIGN_UP["domain"]
    assert MOMENT.fullmatch(body["user"]["createdAt"])
    assert answer["Cache-Control"] == "no-store"
    assert "canary" not in answer.text


@pytest.mark.django_db
def test_registering_makes_everything_a_tenant_needs(api: Api) -> None:
    body = api.post("/auth/register", SIGN_UP).json()

    shop = Connection.objects.get(tenant=body["tenant"]["id"])
    assert shop.access_token == SIGN_UP["apiKey"]
    assert shop.app.client_secret == SIGN_UP["apiSecret"]
    assert shop.proven_at is None
    assert Membership.objects.get(user=body["user"]["id"]).role == Role.OWNER
    with tenant_scope(shop.tenant_id):
        assert TenantState.objects.count() == 1


@pytest.mark.django_db
def test_no_secret_stands_readable_in_the_database(api: Api) -> None:
    api.post("/auth/register", SIGN_UP)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(a::text, '') FROM tenants_shopifyapp a)"
            " || (SELECT string_agg(c::text, '') FROM tenants_connection c)"
            " || (SELECT string_agg(u::text, '') FROM accounts_user u)"
            " || (SELECT string_agg(s::text, '') FROM accounts_loginsession s)"
        )
        (rows,) = cursor.fetchone()

    for secret in (SIGN_UP["apiKey"], SIGN_UP["apiSecret"], SIGN_UP["password"]):
        assert secret not in rows
        assert secret.encode().hex() not in rows


@pytest.mark.django_db
@pytest.mark.parametrize("left_out", [("apiKey",), ("apiSecret",), ("apiKey", "apiSecret")])
def test_token_and_secret_may_be_left_out(api: Api, left_out: tuple[str, ...]) -> None:
    answer = api.post("/auth/register", without(SIGN_UP, *left_out))

    assert answer.status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["email", "password", "name", "domain"])
def test_registering_names_a_missing_field(api: Api, missing: str) -> None:
    answer = api.post("/auth/register", without(SIGN_UP, missing))

    assert_error(answer, 400, "VALIDATION_ERROR")
    assert list(answer.json()["fields"]) == [missing]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "nul\x00@example.com"),
        ("email", "\u212aelvin@example.com"),
        ("email", "x" * 250 + "@example.com"),
        ("password", "short"),
        ("password", "1234567890"),
        ("password", "meera@example.com"),
        ("password", "\ud83d" * 12),
        ("name", "n" * 201),
        ("name", {"a": 1}),
        ("domain", "kaveri.example.com"),
        ("domain", "kaveri.myshopify.com.evil.example"),
        ("apiKey", "k" * 501),
    ],
)
def test_registering_refuses_what_is_not_right(api: Api, field: str, value: Any) -> None:
    answer = api.post("/auth/register", {**SIGN_UP, field: value})

    assert_error(answer, 400, "VALIDATION_ERROR")
    assert list(answer.json()["fields"]) == [field]
    assert not User.objects.exists()


@pytest.mark.django_db
def test_an_email_that_is_taken_is_a_conflict_however_it_is_written(api: Api) -> None:
    api.post("/auth/register", SIGN_UP)

    answer = api.post(
        "/auth/register", {**SIGN_UP, "email": "MEERA@Example.com", "domain": "b.myshopify.com"}
    )

    assert_error(answer, 409, "CONFLICT")
    assert list(answer.json()["fields"]) == ["email"]
    assert Tenant.objects.count() == 1


@pytest.mark.django_db
def test_a_claim_that_is_not_proven_blocks_nobody(api: Api) -> None:
    api.post("/auth/register", SIGN_UP)

    answer = api.post("/auth/register", {**SIGN_UP, "email": "another@example.com"})

    assert answer.status_code == 201
    assert Connection.objects.filter(domain=SIGN_UP["domain"]).count() == 2


@pytest.mark.django_db
def test_a_proven_domain_is_a_conflict_and_nothing_is_written(api: Api) -> None:
    ConnectionFactory(domain=SIGN_UP["domain"])

    answer = api.post("/auth/register", SIGN_UP)

    assert_error(answer, 409, "CONFLICT")
    assert list(answer.json()["fields"]) == ["domain"]
    assert not User.objects.exists()
    assert Tenant.objects.count() == 1
