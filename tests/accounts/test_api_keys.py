"""An integrator's key leads to its tenant, and to nothing else."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenants.models import ApiKey, Tenant
from tenants.rights import Right
from tests.accounts.clients import Api, assert_error
from tests.factories import ConnectionFactory
from tests.shops import Shop

pytestmark = pytest.mark.django_db
DASHBOARD = "/api/data/dashboard"
KEY = "xen_live_00000000_a-key-with-much-chance-in-it"


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    return Shop(ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com"))


def a_key(tenant: Tenant, key: str = KEY, **more: Any) -> ApiKey:
    digest = hashlib.sha256(key.encode()).digest()
    scopes = more.pop("scopes", [Right.READ_ANALYTICS])
    return ApiKey.objects.create(
        tenant=tenant, name="Till", prefix=key[:17], sha256=digest, scopes=scopes, **more
    )


def asked(key: str, path: str = DASHBOARD) -> Any:
    return Api().get(path, **{"X-API-Key": key})


def test_a_key_reads_its_own_tenant(shop: Shop, other_tenant: Tenant) -> None:
    shop.process(("customers/create", {"id": 1, "updated_at": "2026-03-02T10:00:00Z"}))
    a_key(shop.connection.tenant)
    a_key(other_tenant, key=f"{KEY}-2")

    assert asked(KEY).json()["customers"]["total"] == 1
    assert asked(f"{KEY}-2").json()["customers"]["total"] == 0


@pytest.mark.threat(11)
@pytest.mark.parametrize("ended", ["expires_at", "revoked_at"])
def test_a_key_that_is_over_is_refused(tenant: Tenant, ended: str) -> None:
    a_key(tenant, **{ended: timezone.now() - timedelta(seconds=1)})

    assert_error(asked(KEY), 401, "INVALID_TOKEN")


@pytest.mark.parametrize("key", ["", "xen_live_1", "\x00", "ключ"])
def test_an_unknown_key_is_refused(tenant: Tenant, key: str) -> None:
    a_key(tenant)

    assert_error(asked(key), 401, "INVALID_TOKEN")


def test_a_key_without_the_scope_is_refused(tenant: Tenant) -> None:
    a_key(tenant, scopes=[Right.READ_PRODUCTS])

    assert_error(asked(KEY), 403, "FORBIDDEN")


def test_what_is_stored_and_no_scope_counts_for_nothing(tenant: Tenant) -> None:
    a_key(tenant, scopes=["read:everything", Right.MANAGE])

    assert_error(asked(KEY), 403, "FORBIDDEN")


@pytest.mark.threat(11)
def test_when_a_key_was_last_used_is_noted_to_the_minute(tenant: Tenant) -> None:
    row = a_key(tenant)

    asked(KEY)
    row.refresh_from_db()
    first = row.last_used_at
    asked(KEY)
    row.refresh_from_db()

    assert first is not None
    assert row.last_used_at == first


def test_a_key_changes_nothing(tenant: Tenant) -> None:
    a_key(tenant)

    answer = Api().post("/api/webhooks/retry", {}, **{"X-API-Key": KEY})

    assert_error(answer, 403, "FORBIDDEN")


def test_a_key_is_worth_nothing_in_the_browser(tenant: Tenant) -> None:
    a_key(tenant)

    answer = Client(headers={"X-API-Key": KEY}).get("/")

    assert (answer.status_code, answer["Location"].split("?")[0]) == (
        302,
        reverse("accounts:login"),
    )
