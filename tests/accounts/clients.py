"""Those who call the REST API in tests."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
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


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


def assert_error(answer: Any, status: int, code: str) -> None:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer["Content-Type"] == "application/json"
    assert body["error"]
    assert MOMENT.fullmatch(body["timestamp"])
