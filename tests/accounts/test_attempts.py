"""Counting attempts: before a hash, across processes, and without locking others out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import attempts, sign_in
from accounts.models import AttemptCount, User
from tests.accounts.clients import SIGN_UP, Api, assert_error
from tests.factories import PASSWORD
from tests.postbox import mailed_path
from xenofy.common.addresses import client_address
from xenofy.common.errors import TooMany


@pytest.fixture
def few(settings: LazySettings) -> LazySettings:
    settings.LOGINS_PER_PERSON = 3
    settings.LOGINS_PER_ADDRESS = 5
    settings.REGISTRATIONS_PER_ADDRESS = 2
    return settings


def _guess(client: Api | Client, email: str, address: str = "192.0.2.1") -> Any:
    body = {"email": email, "password": "a guess"}
    inner = client.client if isinstance(client, Api) else client
    return inner.post("/auth/login", body, content_type="application/json", REMOTE_ADDR=address)


@pytest.mark.threat(5)
@pytest.mark.django_db
def test_guessing_is_stopped_before_anything_is_hashed(
    api: Api, owner: User, few: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert _guess(api, owner.email).status_code == 401
    monkeypatch.setattr(sign_in, "authenticate", None)

    answer = _guess(api, owner.email)

    assert_error(answer, 429, "TOO_MANY_REQUESTS")
    assert 0 < int(answer["Retry-After"]) <= 300


@pytest.mark.django_db
def test_unknown_emails_are_counted_as_known_ones_are(api: Api, few: LazySettings) -> None:
    statuses = [_guess(api, "nobody@example.com").status_code for _ in range(4)]

    assert statuses == [401, 401, 401, 429]


@pytest.mark.threat(5)
@pytest.mark.django_db
def test_a_stranger_elsewhere_locks_nobody_out(api: Api, owner: User, few: LazySettings) -> None:
    for _ in range(4):
        _guess(api, owner.email, address="198.51.100.7")

    assert api.sign_in(owner)["token"]


@pytest.mark.django_db
def test_many_addresses_together_are_stopped_and_the_person_is_not(
    api: Api, owner: User, settings: LazySettings
) -> None:
    api.sign_in(owner)  # from 127.0.0.1, some day
    settings.LOGINS_PER_ACCOUNT = 3
    for number in range(5):
        _guess(api, owner.email, address=f"198.51.100.{number}")

    assert_error(_guess(api, owner.email, address="198.51.100.9"), 429, "TOO_MANY_REQUESTS")
    assert _guess(api, owner.email, address="127.0.0.1").status_code == 401
    assert api.sign_in(owner)["token"]


@pytest.mark.django_db
def test_a_mailed_link_lets_the_person_in_from_somewhere_new(
    api: Api, owner: User, settings: LazySettings
) -> None:
    settings.LOGINS_PER_ACCOUNT = 3
    for number in range(5):
        _guess(api, owner.email, address=f"198.51.100.{number}")
    Client().post("/password/forgotten/", {"email": owner.email})
    link, new = mailed_path("A new password"), "quite another passphrase"
    assert _guess(api, owner.email, address="192.0.2.7").status_code == 429

    Client().post(link, {"password": new}, REMOTE_ADDR="192.0.2.7")

    assert _guess(api, owner.email, address="192.0.2.7").status_code == 401
    assert _guess(api, owner.email, address="192.0.2.8").status_code == 429


@pytest.mark.django_db
def test_unknown_emails_are_stopped_in_the_same_way(api: Api, settings: LazySettings) -> None:
    settings.LOGINS_PER_ACCOUNT = 3

    statuses = [
        _guess(api, "nobody@example.com", address=f"198.51.100.{number}").status_code
        for number in range(5)
    ]

    assert statuses == [401, 401, 401, 429, 429]


@pytest.mark.django_db
def test_one_address_may_not_try_person_after_person(api: Api, few: LazySettings) -> None:
    statuses = [_guess(api, f"person{number}@example.com").status_code for number in range(6)]

    assert statuses == [401] * 5 + [429]


@pytest.mark.django_db
def test_the_right_password_starts_the_count_again(
    api: Api, owner: User, few: LazySettings
) -> None:
    for _ in range(2):
        _guess(api, owner.email, address="127.0.0.1")
    api.sign_in(owner)

    assert _guess(api, owner.email, address="127.0.0.1").status_code == 401
    assert _guess(api, owner.email, address="127.0.0.1").status_code == 401


@pytest.mark.django_db
def test_a_window_ends_and_what_is_over_is_forgotten(few: LazySettings) -> None:
    now = timezone.now()
    for _ in range(3):
        attempts.count_login("a@example.com", address="192.0.2.1", now=now)
    with pytest.raises(TooMany):
        attempts.count_login("a@example.com", address="192.0.2.1", now=now)

    later = now + timedelta(seconds=few.ATTEMPT_WINDOW)
    attempts.count_login("b@example.com", address="192.0.2.2", now=later)

    assert AttemptCount.objects.count() == 3  # the later one's, by address, person, account
    attempts.count_login("a@example.com", address="192.0.2.1", now=later)


@pytest.mark.django_db
def test_registering_is_limited_too(api: Api, few: LazySettings) -> None:
    statuses = []
    for number in range(3):
        body = {**SIGN_UP, "email": f"p{number}@example.com"}
        statuses.append(api.post("/auth/register", body).status_code)

    assert statuses == [201, 201, 429]
    assert User.objects.count() == 2


@pytest.mark.django_db
def test_the_pages_count_with_the_api(
    client: Client, api: Api, owner: User, few: LazySettings
) -> None:
    for _ in range(3):
        _guess(api, owner.email, address="127.0.0.1")

    answer = client.post(reverse("accounts:login"), {"email": owner.email, "password": PASSWORD})

    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "Too many attempts" in answer.text


@pytest.mark.django_db(transaction=True)
def test_no_attempt_is_lost_when_many_come_at_once(few: LazySettings) -> None:
    few.LOGINS_PER_ADDRESS = 1000
    few.LOGINS_PER_PERSON = 7
    now = timezone.now()

    def attempt(_: int) -> bool:
        try:
            attempts.count_login("a@example.com", address="192.0.2.1", now=now)
        except TooMany:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(attempt, range(40)))

    assert allowed.count(True) == 7
    assert sorted(AttemptCount.objects.values_list("attempts", flat=True)) == [7, 40, 40]


@pytest.mark.threat(5)
@pytest.mark.parametrize(
    ("proxy", "remote", "forwarded", "counted"),
    [
        (False, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (True, "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (True, "10.0.0.1", "", "10.0.0.1"),
        (True, "10.0.0.1", "rubbish", "10.0.0.1"),
        (False, "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        (False, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (False, "", "", "unknown"),
    ],
)
def test_an_address_cannot_be_made_up(
    settings: LazySettings, proxy: bool, remote: str, forwarded: str, counted: str
) -> None:
    settings.BEHIND_PROXY = proxy

    assert client_address(remote, forwarded) == counted
