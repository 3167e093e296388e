"""The settings page of API keys: made once, shown once, ended, written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from tenants.models import ApiKey, AuditEntry, Tenant
from tenants.rights import Right
from tenants.scope import tenant_scope
from tests.accounts.clients import Api

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
KEYS = "/settings/keys/"
KEY = re.compile(r"xen_live_[0-9a-f]{8}_[\w-]{43}")


def _given(**changes: Any) -> dict[str, Any]:
    return {"name": "Till", "scopes": [Right.READ_ANALYTICS.value], "days": "90", **changes}


def _noted(tenant: Tenant) -> list[tuple[str, str]]:
    with tenant_scope(tenant.id):
        return list(AuditEntry.objects.order_by("at").values_list("action", "actor"))


@pytest.mark.threat(11)
def test_a_key_is_shown_once_and_works(browser: Browser, owner: User, tenant: Tenant) -> None:
    client = browser(owner)

    answer = client.post(KEYS, _given())

    assert answer.status_code == 201
    (key,) = KEY.findall(answer.text)
    assert key not in client.get(KEYS).text
    assert key.encode() not in bytes(ApiKey.objects.get().sha256)
    assert Api().get("/api/data/dashboard", **{"X-API-Key": key}).status_code == 200


@pytest.mark.threat(11)
def test_a_revoked_key_is_refused_at_once(browser: Browser, owner: User) -> None:
    client = browser(owner)
    (key,) = KEY.findall(client.post(KEYS, _given()).text)

    client.post(f"{KEYS}{ApiKey.objects.get().id}/revoke/")

    assert Api().get("/api/data/dashboard", **{"X-API-Key": key}).status_code == 401
    assert "revoked" in client.get(KEYS).text


def test_making_and_revoking_are_written_down(
    browser: Browser, owner: User, tenant: Tenant
) -> None:
    client = browser(owner)
    client.post(KEYS, _given())
    client.post(f"{KEYS}{ApiKey.objects.get().id}/revoke/")

    assert _noted(tenant) == [("key.made", owner.email), ("key.revoked", owner.email)]


@pytest.mark.threat(11)
def test_two_keys_of_a_name_may_be_in_use_but_no_third(browser: Browser, owner: User) -> None:
    client = browser(owner)
    client.post(KEYS, _given())
    client.post(KEYS, _given())

    refused = client.post(KEYS, _given())

    assert refused.status_code == 400
    assert "Revoke one of them first" in refused.text
    client.post(f"{KEYS}{ApiKey.objects.first().id}/revoke/")
    assert client.post(KEYS, _given()).status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["manage"]},
        {"days": "40000"},
        {"name": "x" * 61},
    ],
)
def test_a_wrong_form_makes_no_key(browser: Browser, owner: User, wrong: dict[str, Any]) -> None:
    assert browser(owner).post(KEYS, _given(**wrong)).status_code == 400
    assert not ApiKey.objects.exists()


def test_nobody_but_the_owner_sees_or_makes_keys(
    browser: Browser, analyst: User, viewer: User
) -> None:
    for person in (analyst, viewer):
        assert browser(person).get(KEYS).status_code == 403
        assert browser(person).post(KEYS, _given()).status_code == 403
    assert not ApiKey.objects.exists()


def test_another_tenants_key_is_not_there(
    browser: Browser, owner: User, other_owner: User, tenant: Tenant
) -> None:
    browser(other_owner).post(KEYS, _given(name="Theirs"))
    theirs = ApiKey.objects.get()
    client = browser(owner)

    assert "Theirs" not in client.get(KEYS).text
    assert client.post(f"{KEYS}{theirs.id}/revoke/").status_code == 404
    assert client.post(f"{KEYS}{uuid4()}/revoke/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
