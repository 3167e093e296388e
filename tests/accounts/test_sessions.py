"""Rotation of refresh tokens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import LoginSession, User
from accounts.sessions import open_session, rotate
from accounts.tokens import InvalidToken
from tenants.models import Tenant
from tests.accounts.clients import Api, assert_error


@pytest.mark.django_db
def test_a_refresh_token_is_exchanged_for_the_next_pair(api: Api, owner: User) -> None:
    first = api.sign_in(owner)

    answer = api.post("/auth/refresh", {"refresh": first["refresh"]})

    second = answer.json()
    assert answer.status_code == 200
    assert set(second) == {"token", "refresh"}
    assert second["refresh"] != first["refresh"]
    assert answer["Cache-Control"] == "no-store"
    assert api.get("/auth/me", second["token"]).status_code == 200
    assert api.get("/auth/me", first["token"]).status_code == 200


@pytest.mark.django_db
def test_a_used_refresh_token_is_refused_and_ends_its_family(api: Api, owner: User) -> None:
    first = api.sign_in(owner)
    second = api.post("/auth/refresh", {"refresh": first["refresh"]}).json()
    elsewhere = api.sign_in(owner)

    assert_error(api.post("/auth/refresh", {"refresh": first["refresh"]}), 401, "INVALID_TOKEN")

    assert_error(api.post("/auth/refresh", {"refresh": second["refresh"]}), 401, "INVALID_TOKEN")
    assert_error(api.get("/auth/me", second["token"]), 401, "INVALID_TOKEN")
    assert api.get("/auth/me", elsewhere["token"]).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": None}, {"refresh": {}}])
def test_refreshing_needs_a_token(api: Api, body: object) -> None:
    assert_error(api.post("/auth/refresh", body), 400, "VALIDATION_ERROR")


@pytest.mark.django_db
def test_rotation_prolongs_the_session(owner: User, tenant: Tenant) -> None:
    now = timezone.now()
    pair = open_session(owner, tenant_id=tenant.id, now=now)
    later = now + timedelta(days=20)

    rotate(pair.refresh, now=later)

    assert LoginSession.objects.get().expires_at == later + timedelta(days=30)


@pytest.mark.django_db(transaction=True)
def test_of_many_that_use_one_token_at_once_one_wins_and_the_session_ends(
    owner: User, tenant: Tenant
) -> None:
    pair = open_session(owner, tenant_id=tenant.id, now=timezone.now())
    together = Barrier(6)

    def exchange(_: int) -> bool:
        together.wait()
        try:
            rotate(pair.refresh, now=timezone.now())
        except InvalidToken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(exchange, range(6)))

    assert won.count(True) == 1
    assert LoginSession.objects.get().revoked_at is not None
