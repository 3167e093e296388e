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
def test_a_new_token_is_no_new_limit(few: LazySettings, api: Api, owner: User) -> None:
    for _ in range(3):
        api.get(DASHBOARD, api.sign_in(owner)["token"])

    assert api.get(DASHBOARD, api.sign_in(owner)["token"]).status_code == 429


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
