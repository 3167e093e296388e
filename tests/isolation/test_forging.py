"""What another site can make a browser do here: nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.isolation.access import RULES
from tests.isolation.askers import MACHINE, Askers
from tests.isolation.test_matrix import given_to, path_of
from tests.isolation.twins import Twin

pytestmark = [pytest.mark.django_db, pytest.mark.threat(6)]
WRITING = sorted(
    (method, route)
    for (method, route), rule in RULES.items()
    if method not in ("GET", "HEAD", "OPTIONS") and "shopify" not in route and "owner" in rule.who
)
ENTRANCES = {"auth/register", "auth/login", "auth/refresh"}  # look at no cookie
ELSEWHERE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "https://evil.example", "https:evil.example", "javascript:alert(1)",
    "evil.example", "@evil.example",
]  # fmt: skip
SAME = "https://good.example"


@pytest.mark.parametrize(("method", "route"), WRITING)
def test_a_form_of_another_site_changes_nothing(
    method: str, route: str, first: Twin, other: Twin, askers: Askers
) -> None:
    forger = replace(askers.owner, forges=True)

    answer = forger.ask(method, path_of(route, first), given_to(route, other))

    assert answer.status == (RULES[method, route].status if route in ENTRANCES else 403)


@pytest.mark.parametrize("route", [route for _, route in WRITING if route.startswith(MACHINE)])
def test_a_key_needs_no_token_of_a_page_and_no_cookie_helps_it(
    route: str, first: Twin, other: Twin, askers: Askers
) -> None:
    wrong = replace(askers.owner, key="xen_live_wrong", forges=True)

    answer = wrong.ask("POST", path_of(route, first), given_to(route, other))

    assert answer.status in (400, 401)


@pytest.mark.parametrize("page", ["login", "demo", "admin/login", "settings/second-factor"])
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_sent_to_another_site(page: str, elsewhere: str, askers: Askers) -> None:
    for asker in (askers.anonymous, askers.owner, askers.staff):
        answer = asker.ask("GET", f"/{page}/", {"next": elsewhere})
        assert "evil.example" not in answer.headers.get("Location", "").partition("?")[0]
        assert 'name="next" value="/"' in answer.text or 'name="next"' not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "a b", "[::1"])
@pytest.mark.parametrize("path", ["/login/", "/api/data/dashboard", "/password/forgotten/"])
def test_hosts_that_are_not_ours_are_refused(
    host: str, path: str, askers: Askers, settings: LazySettings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]

    assert askers.owner.ask("GET", path, Host=host).status == 400
    said_by_a_stranger = {"X-Forwarded-Host": "evil.example"}
    assert "evil.example" not in askers.owner.ask("GET", path, **said_by_a_stranger).text


@pytest.mark.parametrize(
    ("origin", "may"),
    [
        (SAME, True),
        ("https://evil.example", False),
        (f"{SAME}.evil.example", False),
        ("http://good.example", False),
        (f"{SAME}:8443", False),
        ("null", False),
    ],
)
@pytest.mark.parametrize("path", ["/api/data/dashboard", "/auth/me", "/", "/settings/keys/"])
def test_scripts_of_other_sites_read_where_it_is_allowed(
    origin: str, may: bool, path: str, first: Twin, settings: LazySettings
) -> None:
    settings.CORS_ALLOWED_ORIGINS = [SAME]
    asked: Any = {"Origin": origin, "Access-Control-Request-Method": "GET"}

    answers = [Client().get(path, headers=asked), Client().options(path, headers=asked)]

    for answer in answers:
        allowed = answer.headers.get("Access-Control-Allow-Origin")
        assert allowed == (origin if may and path.startswith(("/api", "/auth")) else None)
        assert "Access-Control-Allow-Credentials" not in answer.headers
