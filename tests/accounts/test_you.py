"""The page of a person: where they are signed in, ending it, and another password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.devices import device
from accounts.models import BrowserSession, LoginSession, User
from tests.accounts.clients import Api, assert_error
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
YOU = "/settings/you/"
NEW = "quite another passphrase"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36"
)


def signed_in(user: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/login/", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(YOU).status_code == 200


def changed(client: Client, current: str = PASSWORD, new: str = NEW) -> Any:
    return client.post("/settings/password/", {"current": current, "new": new})


def test_each_sign_in_is_shown_with_what_is_known_of_it(owner: User, api: Api) -> None:
    here = signed_in(owner)
    signed_in(owner, CHROME)
    api.sign_in(owner)

    page = here.get(YOU).text

    assert "Firefox on Linux" in page
    assert "Chrome on Windows" in page
    assert page.count("127.0.0.1") == 3
    assert page.count("this browser") == 1
    assert "through the REST API" in page


def test_no_page_shows_the_secret_of_a_session(owner: User) -> None:
    here = signed_in(owner)

    page = here.get(YOU).text

    assert here.cookies["sessionid"].value not in page


def test_ending_a_sign_in_ends_it_at_once(owner: User, api: Api) -> None:
    here, there = signed_in(owner), signed_in(owner, CHROME)
    token = api.sign_in(owner)["token"]
    other = BrowserSession.objects.get(device="Chrome on Windows")

    here.post(f"{YOU}{other.id}/end/")
    here.post(f"{YOU}{LoginSession.objects.get().id}/end/")

    assert not is_in(there)
    assert_error(api.get("/auth/me", token), 401, "INVALID_TOKEN")
    assert is_in(here)


def test_signing_out_everywhere_else_leaves_this_browser(owner: User, api: Api) -> None:
    here, there = signed_in(owner), signed_in(owner, CHROME)
    token = api.sign_in(owner)["token"]

    here.post(f"{YOU}others/end/")

    assert not is_in(there)
    assert_error(api.get("/auth/me", token), 401, "INVALID_TOKEN")
    assert is_in(here)


def test_anothers_sign_in_is_not_there(owner: User, other_owner: User) -> None:
    here, theirs = signed_in(owner), signed_in(other_owner)
    row = BrowserSession.objects.get(user=other_owner)

    assert here.post(f"{YOU}{row.id}/end/").status_code == 404
    assert here.post(f"{YOU}{uuid4()}/end/").status_code == 404
    here.post(f"{YOU}others/end/")
    assert is_in(theirs)


def test_another_password_ends_all_other_sign_ins(owner: User, api: Api) -> None:
    here, there = signed_in(owner), signed_in(owner, CHROME)
    token = api.sign_in(owner)["token"]

    assert changed(here).status_code == 302

    assert not is_in(there)
    assert_error(api.get("/auth/me", token), 401, "INVALID_TOKEN")
    assert is_in(here)
    owner.refresh_from_db()
    assert owner.check_password(NEW)


@pytest.mark.parametrize(
    ("current", "new", "why"),
    [
        ("not it", NEW, "not your present password"),
        (PASSWORD, "short", "at least 10"),
        (PASSWORD, "", "required"),
        ("", NEW, "required"),
    ],
)
def test_a_wrong_form_changes_nothing(owner: User, current: str, new: str, why: str) -> None:
    answer = changed(signed_in(owner), current, new)

    assert answer.status_code == 400
    assert why in answer.text
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_guessing_the_present_password_is_counted(owner: User, settings: LazySettings) -> None:
    settings.LOGINS_PER_PERSON = 2
    here = signed_in(owner)
    for _ in range(2):
        changed(here, "not it")

    answer = changed(here)

    assert "Too many attempts" in answer.text
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_the_last_use_is_noted(owner: User) -> None:
    here = signed_in(owner)
    session = here.session
    long_ago = (timezone.now() - timedelta(hours=3)).isoformat()
    session["sign_in"] = {**session["sign_in"], "last_used": long_ago}
    session.save()

    is_in(here)

    (row,) = BrowserSession.objects.filter(user=owner)
    assert row.last_used_at is not None
    assert timezone.now() - row.last_used_at < timedelta(minutes=1)


def test_sessions_that_are_over_are_removed_when_somebody_signs_in(owner: User) -> None:
    signed_in(owner, CHROME)
    BrowserSession.objects.update(expire_date=timezone.now() - timedelta(days=1))

    signed_in(owner)

    assert [row.device for row in BrowserSession.objects.all()] == ["Firefox on Linux"]


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox on Linux"), ("curl/8.14.1", "curl/8.14.1"), ("", "unknown")],
)
def test_a_program_is_called_what_it_calls_itself(agent: str, words: str) -> None:
    assert device(agent) == words
