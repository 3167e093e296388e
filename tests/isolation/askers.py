"""Those who send a request: with a session, with a key, or with nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tenants.rights import Right
from tests.isolation.twins import Twin

MACHINE = ("api/", "auth/")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: all of it that can be read, in small letters."""

    status: int
    headers: Mapping[str, str]
    text: str

    def says(self, words: frozenset[str]) -> set[str]:
        """Return the words that stand anywhere in the answer."""
        return {word for word in words if word in self.text}


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody; nothing that they do stays."""

    cookies: str = ""
    key: str = ""

    forges: bool = False  # sends what another site would: no token of our pages

    def ask(self, method: str, path: str, given: Any = None, **headers: str) -> Answer:
        """Send a request: what is `given` in the query, or in the body as the address takes it."""
        client = Client(
            raise_request_exception=False, enforce_csrf_checks=self.forges, headers=headers
        )
        client.cookies = SimpleCookie(self.cookies)
        if self.key:
            headers["X-API-Key"] = self.key
        more: dict[str, Any] = {"headers": headers}
        if method not in ("GET", "HEAD") and path.startswith(("/api/", "/auth/")):
            more["content_type"] = "application/json"
        with transaction.atomic():
            response = getattr(client, method.lower())(path, given or {}, **more)
            answer = _read(response)
            transaction.set_rollback(True)
        return answer


@dataclass(frozen=True, slots=True)
class Askers:
    """Everybody of the table of who may, and the owner of the other shop."""

    anonymous: Asker
    visitor: Asker
    viewer: Asker
    analyst: Asker
    owner: Asker
    staff: Asker
    stranger: Asker  # the owner of the other shop
    every_key: Asker
    keys: Mapping[Right, Asker]
    but_one: Mapping[Right, Asker]

    def people(self) -> dict[str, Asker]:
        """Return those without a key, by what the table calls them."""
        names = ("anonymous", "visitor", "viewer", "analyst", "owner", "staff")
        return {name: getattr(self, name) for name in names}


def askers_of(first: Twin, other: Twin, staff: User) -> Askers:
    """Let everybody sign in."""
    return Askers(
        anonymous=Asker(),
        visitor=_visitor(),
        **{role: _signed_in(user) for role, user in first.people.items()},
        staff=_signed_in(staff),
        stranger=_signed_in(other.people["owner"]),
        every_key=Asker(key=first.every_key),
        keys={right: Asker(key=key) for right, key in first.keys.items()},
        but_one={right: Asker(key=key) for right, key in first.but_one.items()},
    )


def _signed_in(user: User) -> Asker:
    client = Client()
    client.force_login(user)
    return Asker(cookies=client.cookies.output(header="", sep=";"))


def _visitor() -> Asker:
    client = Client()
    client.get(reverse("accounts:demo"))
    return Asker(cookies=client.cookies.output(header="", sep=";"))


def _read(response: HttpResponse) -> Answer:
    body = b"".join(response) if response.streaming else response.content
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as workbook:
            body = b"\n".join(workbook.read(name) for name in workbook.namelist())
    headers = dict(response.items())
    text = f"{headers} {body.decode('utf-8', 'replace')}".lower()
    return Answer(response.status_code, headers, text)
