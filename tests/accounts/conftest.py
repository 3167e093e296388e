"""What the tests of accounts share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tenants.models import Tenant
from tests.factories import PASSWORD, TenantFactory

SIGN_UP = {
    "email": "meera@example.com",
    "password": "a long enough passphrase",
    "name": "Kaveri Handlooms",
    "domain": "kaveri-handlooms.myshopify.com",
    "apiKey": "shpat_canary_token",
    "apiSecret": "shpss_canary_secret",
}


class Api:
    """A client of the REST API: JSON in, JSON out, tokens where they are given."""

    def __init__(self) -> None:
        self.client = Client()

    def get(self, path: str, token: str | None = None, **headers: str) -> Any:
        return self.client.get(path, headers=self._headers(token, headers))

    def post(self, path: str, body: Any = None, token: str | None = None, **headers: str) -> Any:
        return self.client.post(
            path,
            body if body is not None else {},
            content_type="application/json",
            headers=self._headers(token, headers),
        )

    def sign_in(self, user: User, password: str = PASSWORD) -> dict[str, Any]:
        answer = self.post("/auth/login", {"email": user.email, "password": password})
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    def _headers(self, token: str | None, more: dict[str, str]) -> dict[str, str]:
        return {**more, "authorization": f"Bearer {token}"} if token else more


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def browser(client: Client) -> Callable[[User], Client]:
    """Return a function that signs a person in on the pages."""

    def signed_in(user: User) -> Client:
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def demo_tenant(db: None) -> Tenant:
    return TenantFactory(name="Demo", is_demo=True)
