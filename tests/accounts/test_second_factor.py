"""The second step of signing in: set up, asked for in browsers and by the API, and turned off."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import second_factor, sign_in
from accounts.models import BrowserSession, RecoveryCode, SecondFactor, User
from tenants.models import AuditEntry, Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import Api, assert_error
from tests.factories import PASSWORD
from tests.second_factors import code_of, with_second_factor, wrong_code

pytestmark = pytest.mark.django_db
PAGE = "/settings/second-factor/"
CODE = re.compile(r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def logged_in(user: User, code: str | None = None) -> Client:
    """Return a browser that gave the password, and the code where there is one."""
    client = Client()
    answer = client.post("/login/", {"email": user.email, "password": PASSWORD, "next": "/x/?a=1"})
    assert answer.status_code == 302, answer.text
    if code is not None:
        client.post("/login/code/", {"code": code})
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/you/").status_code == 200


def set_up(client: Client, user: User) -> tuple[SecondFactor, Any]:
    """Go through the pages; return the factor and the page with the recovery codes."""
    client.post(f"{PAGE}begin/", {"current": PASSWORD})
    factor = SecondFactor.objects.get(user=user)
    return factor, client.post(PAGE, {"code": code_of(factor)})


# ── setting up ────────────────────────────────────────────────────────────────────────────────


def test_a_person_sets_it_up_and_gets_ten_recovery_codes(owner: User) -> None:
    client = signed_in(owner)
    client.post(f"{PAGE}begin/", {"current": PASSWORD})
    factor = SecondFactor.objects.get(user=owner)
    shown = client.get(PAGE)

    answer = client.post(PAGE, {"code": code_of(factor)})

    assert "<svg" in shown.text
    assert factor.secret in shown.text
    assert "img-src 'self'" in shown["Content-Security-Policy"]
    assert answer.status_code == 201
    codes = CODE.findall(answer.text)
    assert len(set(codes)) == 10
    assert second_factor.factor_of(owner) == factor
    assert not any(code in client.get(PAGE).text for code in codes)


def test_nothing_is_asked_for_before_the_first_code(owner: User) -> None:
    second_factor.begin(owner)

    assert is_in(logged_in(owner))


def test_a_wrong_first_code_turns_nothing_on(owner: User) -> None:
    client, factor = signed_in(owner), second_factor.begin(owner)

    answer = client.post(PAGE, {"code": wrong_code(factor)})

    assert (answer.status_code, second_factor.factor_of(owner)) == (401, None)
    assert "not right" in answer.text


def test_setting_up_takes_the_password(owner: User) -> None:
    answer = signed_in(owner).post(f"{PAGE}begin/", {"current": "not it"})

    assert answer.status_code == 400
    assert not SecondFactor.objects.exists()


def test_turning_it_on_ends_the_sign_ins_without_it(owner: User, api: Api) -> None:
    there, token = logged_in(owner), api.sign_in(owner)["token"]
    here = logged_in(owner)

    set_up(here, owner)

    assert is_in(here)
    assert not is_in(there)
    assert_error(api.get("/auth/me", token), 401, "INVALID_TOKEN")


def test_one_that_is_on_is_not_replaced(owner: User) -> None:
    factor = with_second_factor(owner)

    answer = signed_in(owner).post(f"{PAGE}begin/", {"current": PASSWORD}, follow=True)

    assert "on already" in answer.text
    assert SecondFactor.objects.get() == factor


def test_what_is_stored_tells_nobody_a_code(owner: User) -> None:
    factor, answer = set_up(signed_in(owner), owner)
    stored = bytes(SecondFactor.objects.get().secret_encrypted)

    assert factor.secret.encode() not in stored
    hashes = b"".join(bytes(row.sha256) for row in RecoveryCode.objects.all())
    assert not any(code.replace("-", "").encode() in hashes for code in CODE.findall(answer.text))


# ── signing in ────────────────────────────────────────────────────────────────────────────────


def test_the_password_alone_opens_nothing(owner: User, tenant: Tenant) -> None:
    with_second_factor(owner)

    client = logged_in(owner)

    assert not is_in(client)
    assert client.get("/").status_code == 302
    assert not BrowserSession.objects.filter(user=owner).exists()


def test_the_code_opens_and_leads_on(owner: User) -> None:
    factor = with_second_factor(owner)
    client = Client()
    first = client.post("/login/", {"email": owner.email, "password": PASSWORD, "next": "/x/?a=1"})
    page = client.get(first["Location"])

    second = client.post("/login/code/", {"code": code_of(factor), "next": "/x/?a=1"})

    assert first["Location"] == "/login/code/?next=%2Fx%2F%3Fa%3D1"
    assert 'name="next" value="/x/?a=1"' in page.text
    assert second["Location"] == "/x/?a=1"
    assert is_in(client)


def test_each_step_gives_the_browser_another_session(owner: User) -> None:
    factor = with_second_factor(owner)
    client = Client()
    client.get("/demo/")
    keys = [client.session.session_key]
    client.post("/login/", {"email": owner.email, "password": PASSWORD})
    keys.append(client.session.session_key)
    client.post("/login/code/", {"code": code_of(factor)})
    keys.append(client.session.session_key)

    assert len(set(keys)) == 3


def test_a_code_may_be_written_with_a_space_and_a_clock_may_be_off(owner: User) -> None:
    factor = with_second_factor(owner)
    early = code_of(factor, steps=-1)

    assert is_in(logged_in(owner, f" {early[:3]} {early[3:]} "))


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_is_refused(owner: User, steps: int) -> None:
    factor = with_second_factor(owner)

    assert not is_in(logged_in(owner, code_of(factor, steps=steps)))


def test_a_code_is_good_once(owner: User) -> None:
    factor = with_second_factor(owner)
    code = code_of(factor)
    assert is_in(logged_in(owner, code))

    assert not is_in(logged_in(owner, code))
    assert not is_in(logged_in(owner, code_of(factor, steps=-1)))
    assert is_in(logged_in(owner, code_of(factor, steps=1)))


def test_a_recovery_code_is_good_once(owner: User) -> None:
    with_second_factor(owner)
    code, *others = second_factor.renew_recovery_codes(owner)

    assert is_in(logged_in(owner, code.upper().replace("-", " ")))
    assert not is_in(logged_in(owner, code))
    assert is_in(logged_in(owner, others[0]))
    assert owner.recovery_codes.count() == 8


def test_anothers_codes_open_nothing(owner: User, other_owner: User) -> None:
    with_second_factor(owner)
    theirs = with_second_factor(other_owner)
    recovery = second_factor.renew_recovery_codes(other_owner)[0]

    assert not is_in(logged_in(owner, code_of(theirs)))
    assert not is_in(logged_in(owner, recovery))


def test_another_password_ends_the_first_step(owner: User) -> None:
    factor = with_second_factor(owner)
    client = logged_in(owner)
    owner.set_password("quite another passphrase")
    owner.save(update_fields=["password"])

    answer = client.post("/login/code/", {"code": code_of(factor)})

    assert answer["Location"].startswith("/login/?next=")
    assert not is_in(client)


def test_the_first_step_does_not_last(owner: User) -> None:
    factor = with_second_factor(owner)
    client = logged_in(owner)
    session = client.session
    long_ago = (timezone.now() - timedelta(minutes=11)).isoformat()
    session["half_signed_in"] = {**session["half_signed_in"], "at": long_ago}
    session.save()

    client.post("/login/code/", {"code": code_of(factor)})

    assert not is_in(client)


def test_strangers_are_asked_for_the_password_first() -> None:
    assert Client().get("/login/code/")["Location"].startswith("/login/?next=")
    assert Client().get(PAGE)["Location"].startswith("/login/?next=")


# ── the REST API ──────────────────────────────────────────────────────────────────────────────


def login(api: Api, user: User, **more: str) -> Any:
    return api.post("/auth/login", {"email": user.email, "password": PASSWORD, **more})


def test_the_api_asks_for_the_code_and_takes_it(owner: User, api: Api) -> None:
    factor = with_second_factor(owner)

    assert_error(login(api, owner), 401, "SECOND_FACTOR_REQUIRED")
    assert_error(login(api, owner, code=wrong_code(factor)), 401, "WRONG_CODE")
    answer = login(api, owner, code=code_of(factor))

    assert set(answer.json()) == {"token", "refresh", "user", "tenant"}
    assert_error(login(api, owner, code=code_of(factor)), 401, "WRONG_CODE")


def test_who_has_the_wrong_password_learns_nothing_of_it(owner: User, api: Api) -> None:
    factor = with_second_factor(owner)
    given = {"email": owner.email, "password": "not it", "code": code_of(factor)}

    assert_error(api.post("/auth/login", given), 401, "WRONG_PASSWORD")
    assert is_in(logged_in(owner, code_of(factor)))


# ── guessing ──────────────────────────────────────────────────────────────────────────────────


def test_guessing_codes_is_stopped_wherever_it_comes_from(
    owner: User, api: Api, settings: LazySettings
) -> None:
    settings.CODES_PER_PERSON = 3
    factor = with_second_factor(owner)
    for number in range(3):
        body = {"email": owner.email, "password": PASSWORD, "code": wrong_code(factor)}
        address = f"192.0.2.{number}"
        answer = api.client.post(
            "/auth/login", body, content_type="application/json", REMOTE_ADDR=address
        )
        assert_error(answer, 401, "WRONG_CODE")

    assert_error(login(api, owner, code=code_of(factor)), 429, "TOO_MANY_REQUESTS")
    client = logged_in(owner)
    assert client.post("/login/code/", {"code": code_of(factor)}).status_code == 429


def test_wrong_passwords_use_up_no_codes(owner: User, api: Api, settings: LazySettings) -> None:
    settings.CODES_PER_PERSON = 1
    factor = with_second_factor(owner)
    for _ in range(3):
        api.post("/auth/login", {"email": owner.email, "password": "not it", "code": "000000"})

    assert login(api, owner, code=code_of(factor)).status_code == 200


def test_the_right_code_starts_the_count_again(
    owner: User, api: Api, settings: LazySettings
) -> None:
    settings.CODES_PER_PERSON = 2
    factor = with_second_factor(owner)
    login(api, owner, code=wrong_code(factor))
    login(api, owner, code=code_of(factor))

    statuses = [login(api, owner, code=wrong_code(factor)).status_code for _ in range(3)]

    assert statuses == [401, 401, 429]


@pytest.mark.django_db(transaction=True)
def test_of_two_that_use_one_code_at_once_one_gets_in(owner: User) -> None:
    factor = with_second_factor(owner)
    code, now, together = code_of(factor), timezone.now(), Barrier(4)

    def use(_: int) -> bool:
        together.wait()
        try:
            return sign_in.check_code(owner, code, now=now)
        except sign_in.WrongCode:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]


# ── turning it off, new codes ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("current", "right", "status"), [(PASSWORD, True, 302), ("not it", True, 400),
                                     (PASSWORD, False, 401)]
)  # fmt: skip
def test_turning_it_off_takes_password_and_code(
    owner: User, current: str, right: bool, status: int
) -> None:
    factor, client = with_second_factor(owner), signed_in(owner)
    code = code_of(factor) if right else wrong_code(factor)

    answer = client.post(f"{PAGE}off/", {"current": current, "code": code})

    assert answer.status_code == status
    assert (second_factor.factor_of(owner) is None) is (status == 302)
    assert is_in(logged_in(owner)) is (status == 302)


def test_new_recovery_codes_replace_the_old_ones(owner: User) -> None:
    factor, client = with_second_factor(owner), signed_in(owner)
    old = second_factor.renew_recovery_codes(owner)[0]

    refused = client.post(f"{PAGE}codes/", {"code": wrong_code(factor)})
    answer = client.post(f"{PAGE}codes/", {"code": code_of(factor)})

    assert (refused.status_code, answer.status_code) == (401, 201)
    assert not is_in(logged_in(owner, old))
    assert is_in(logged_in(owner, CODE.findall(answer.text)[0]))


def test_all_of_it_is_written_down(owner: User, tenant: Tenant) -> None:
    client = signed_in(owner)
    factor, _ = set_up(client, owner)
    later = {"code": code_of(factor, steps=1)}
    client.post(f"{PAGE}codes/", later)
    recovery = second_factor.renew_recovery_codes(owner)[0]
    client.post(f"{PAGE}off/", {"current": PASSWORD, "code": recovery})

    with tenant_scope(tenant.id):
        noted = list(AuditEntry.objects.order_by("at", "id").values_list("action", flat=True))
    assert noted == [
        "person.second_factor_on",
        "person.recovery_codes_renewed",
        "person.second_factor_off",
    ]
