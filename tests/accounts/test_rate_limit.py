"""How many requests a minute one client of the REST API has, whichever process answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections
from django.utils import timezone

from accounts.counts import count, key_of
from accounts.models import User
from accounts.rate_limit import WINDOW
from tests.accounts.clients import Api, assert_error

DASHBOARD = "/api/data/dashboard"


@pytest.fixture
def few(settings: LazySettings) -> LazySettings:
    settings.REQUESTS_PER_MINUTE = 2
    return settings


@pytest.mark.django_db
def test_every_answer_says_how_many_are_left(few: LazySettings, api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]

    answers = [api.get(DASHBOARD, token) for _ in range(3)]

    assert [each["RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
    assert {each["RateLimit-Limit"] for each in answers} == {"2"}
    assert all(0 < int(each["RateLimit-Reset"]) <= 60 for each in answers)
    assert_error(answers[2], 429, "TOO_MANY_REQUESTS")
    assert 0 < int(answers[2]["Retry-After"]) <= 60


@pytest.mark.django_db
def test_a_refused_answer_is_counted_too(few: LazySettings, api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]

    wrong: list[Any] = [api.get(f"{DASHBOARD}?startDate=never", token) for _ in range(3)]

    assert [each.status_code for each in wrong] == [400, 400, 429]


@pytest.mark.django_db
def test_one_person_does_not_use_up_anothers(
    few: LazySettings, api: Api, owner: User, other_owner: User
) -> None:
    first, second = (api.sign_in(person)["token"] for person in (owner, other_owner))
    for _ in range(3):
        api.get(DASHBOARD, first)

    assert api.get(DASHBOARD, second).status_code == 200


@pytest.mark.django_db
def test_a_new_token_is_no_new_limit(settings: LazySettings, api: Api, owner: User) -> None:
    tokens = [api.sign_in(owner)["token"] for _ in range(3)]
    settings.REQUESTS_PER_MINUTE = 2

    answers = [api.get(DASHBOARD, token).status_code for token in tokens]

    assert answers == [200, 200, 429]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{}, {"X-API-Key": "xen_live_wrong"}, {"Authorization": "Bearer wrong"}]
)
def test_who_is_nobody_is_counted_by_address(
    few: LazySettings, api: Api, headers: dict[str, str]
) -> None:
    answers = [api.get(DASHBOARD, **headers) for _ in range(3)]

    assert [each.status_code for each in answers] == [401, 401, 429]
    assert [each["RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
    assert "Retry-After" in answers[2]


@pytest.mark.django_db
def test_every_kind_of_answer_says_what_is_left(api: Api, owner: User) -> None:
    token = api.sign_in(owner)["token"]
    etag = api.get(DASHBOARD, token)["ETag"]

    answers = [
        api.get(DASHBOARD, token, **{"If-None-Match": etag}),
        api.get(f"{DASHBOARD}?startDate=never", token),
        api.get("/api/nothing", token),
        api.post(DASHBOARD, {}, token),
        api.get("/api/webhooks/events/0", token),
        api.post("/auth/login", {}),
        api.get("/auth/me"),
    ]

    assert [each.status_code for each in answers] == [304, 400, 404, 405, 404, 400, 401]
    for each in answers:
        assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= each.headers.keys()


@pytest.mark.django_db
def test_a_stricter_limit_says_what_is_left_of_itself(
    settings: LazySettings, api: Api, owner: User
) -> None:
    settings.LOGINS_PER_PERSON = 1
    guess = {"email": owner.email, "password": "a guess"}

    refused = [api.post("/auth/login", guess) for _ in range(2)][-1]

    assert (refused.status_code, refused["RateLimit-Limit"]) == (429, "1")
    assert refused["RateLimit-Remaining"] == "0"
    assert refused["RateLimit-Reset"] == refused["Retry-After"]


@pytest.mark.django_db
def test_deliveries_are_never_counted(few: LazySettings, api: Api) -> None:
    answers = [api.post("/api/webhooks/shopify/orders/create") for _ in range(4)]

    assert {each.status_code for each in answers} == {401}
    assert "RateLimit-Limit" not in answers[0]


@pytest.mark.django_db(transaction=True)
def test_none_is_missed_when_many_count_at_once() -> None:
    now = timezone.now()

    def once(_: int) -> int:
        try:
            return count(key_of("somebody"), window=WINDOW, now=now).attempts
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        counted = sorted(threads.map(once, range(20)))

    assert counted == list(range(1, 21))
