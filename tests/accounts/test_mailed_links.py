"""New passwords and confirmed e-mails by mailed links, and mails on their way."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import mails, second_factor
from accounts.models import OutgoingMail, User
from tenants.models import AuditEntry, Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import SIGN_UP, Api, assert_error
from tests.factories import PASSWORD, UserFactory
from tests.postbox import mailed_path, sent_mails
from tests.second_factors import code_of, with_second_factor

pytestmark = pytest.mark.django_db
FORGOTTEN = "/password/forgotten/"
NEW = "quite another passphrase"
RESET_MAIL = "A new password"
CONFIRM_MAIL = "Confirm your email"


def asked(email: str, client: Client | None = None, address: str = "127.0.0.1") -> Any:
    return (client or Client()).post(FORGOTTEN, {"email": email}, REMOTE_ADDR=address)


def link_to_new_password(user: User) -> str:
    asked(user.email)
    return mailed_path(RESET_MAIL)


def signs_in(user: User, password: str) -> bool:
    answer = Client().post("/login/", {"email": user.email, "password": password})
    return bool(answer.status_code == 302)


# ── a new password ────────────────────────────────────────────────────────────────────────────


def test_a_mailed_link_sets_a_new_password(owner: User, tenant: Tenant) -> None:
    assert asked(owner.email.upper()).status_code == 200
    path = mailed_path(RESET_MAIL)
    assert Client().get(path).status_code == 200

    answer = Client().post(path, {"password": NEW}, follow=True)

    assert "new password is set" in answer.text
    assert (signs_in(owner, NEW), signs_in(owner, PASSWORD)) == (True, False)
    assert sent_mails()[-1].to == [owner.email]
    assert "If this was not you" in sent_mails()[-1].body
    with tenant_scope(tenant.id):
        assert AuditEntry.objects.get().action == "person.password_reset"


def test_a_new_password_ends_all_sign_ins(owner: User, api: Api) -> None:
    browser, body = Client(), api.sign_in(owner)
    browser.post("/login/", {"email": owner.email, "password": PASSWORD})

    Client().post(link_to_new_password(owner), {"password": NEW})

    assert browser.get("/settings/you/").status_code == 302
    assert_error(api.get("/auth/me", body["token"]), 401, "INVALID_TOKEN")
    assert_error(api.post("/auth/refresh", {"refresh": body["refresh"]}), 401, "INVALID_TOKEN")


def test_it_lets_nobody_past_the_second_factor(owner: User) -> None:
    factor, client = with_second_factor(owner), Client()

    answer = client.post(link_to_new_password(owner), {"password": NEW})

    assert answer["Location"] == "/login/"
    assert client.get("/settings/you/").status_code == 302
    assert second_factor.accepts(owner, code_of(factor), now=timezone.now())


@pytest.mark.parametrize("ending", ["used", "signed in", "old", "changed", "inactive"])
def test_a_link_is_good_once_and_for_an_hour(
    owner: User, settings: LazySettings, ending: str
) -> None:
    path = link_to_new_password(owner)
    if ending == "used":
        Client().post(path, {"password": "a third long passphrase"})
    elif ending == "signed in":
        assert signs_in(owner, PASSWORD)
    elif ending == "old":
        settings.PASSWORD_RESET_TIMEOUT = -1
    elif ending == "changed":
        owner.set_password("a third long passphrase")
        owner.save(update_fields=["password"])
    else:
        User.objects.update(is_active=False)

    assert Client().get(path).status_code == 404
    assert Client().post(path, {"password": NEW}).status_code == 404
    assert not signs_in(owner, NEW)


@pytest.mark.parametrize("token", ["x", "-", "0" * 32, f"{'0' * 32}-abc-def", "\u0000-a", "1-2-3"])
def test_what_is_no_link_of_ours_leads_nowhere(token: str) -> None:
    assert Client().get(f"/password/reset/{token}/").status_code == 404
    assert Client().get(f"/email/confirm/{token}/").status_code == 404


def test_anothers_link_changes_only_their_password(owner: User, other_owner: User) -> None:
    theirs = link_to_new_password(other_owner)
    ours = theirs.replace(other_owner.id.hex, owner.id.hex)

    assert Client().post(ours, {"password": NEW}).status_code == 404
    assert signs_in(owner, PASSWORD)


def test_a_weak_password_is_refused_and_the_link_stays_good(owner: User) -> None:
    path = link_to_new_password(owner)

    assert Client().post(path, {"password": "short"}).status_code == 400
    assert Client().post(path, {"password": NEW}).status_code == 302


@pytest.mark.threat(5)
def test_known_and_unknown_get_one_answer_at_one_cost(owner: User) -> None:
    """The same statements run, and the same text is encrypted; what differs is whom it reaches."""
    emails = [owner.email, "nobody@example.com", UserFactory(is_active=False).email]
    bodies, costs = set(), []
    for number, email in enumerate(emails):
        with CaptureQueriesContext(connection) as queries:
            answer = asked(email, address=f"192.0.2.{number}")
        bodies.add((answer.status_code, answer.text.replace(email, "")))
        costs.append([query["sql"].split()[:3] for query in queries])

    assert len(bodies) == 1
    assert len(costs[0]) == 6  # two counts, with forgetting old ones; the person; the mail
    assert costs[0] == costs[1] == costs[2]
    assert [each.to for each in sent_mails()] == [[owner.email]]


def test_nobody_is_flooded_with_mails(owner: User, settings: LazySettings) -> None:
    settings.MAILS_PER_PERSON = 2

    statuses = {asked(owner.email, address=f"192.0.2.{each}").status_code for each in range(4)}

    assert statuses == {200}
    assert len(sent_mails()) == 2


def test_one_address_may_not_ask_for_person_after_person(settings: LazySettings) -> None:
    settings.MAILS_PER_ADDRESS = 2

    statuses = [asked(f"p{each}@example.com").status_code for each in range(3)]

    assert statuses == [200, 200, 429]


def test_asking_locks_nobody_out(owner: User) -> None:
    for each in range(6):
        asked(owner.email, address=f"192.0.2.{each}")

    assert signs_in(owner, PASSWORD)


def test_it_works_in_a_browser_of_another_person(owner: User, other_owner: User) -> None:
    client = Client()
    client.force_login(other_owner)

    assert client.post(link_to_new_password(owner), {"password": NEW}).status_code == 302
    assert signs_in(owner, NEW)


# ── confirming an e-mail ──────────────────────────────────────────────────────────────────────


def test_registering_mails_a_link_that_confirms_the_email(api: Api) -> None:
    assert api.post("/auth/register", SIGN_UP).status_code == 201
    path = mailed_path(CONFIRM_MAIL)

    assert Client().get(path).status_code == 200
    assert User.objects.get().email_confirmed_at is None
    assert Client().post(path).status_code == 302

    assert User.objects.get().email_confirmed_at is not None


def test_a_link_to_an_email_of_before_confirms_nothing(api: Api) -> None:
    api.post("/auth/register", SIGN_UP)
    User.objects.update(email="other@example.com")

    assert Client().post(mailed_path(CONFIRM_MAIL)).status_code == 404
    assert User.objects.get().email_confirmed_at is None


def test_a_week_later_the_link_is_over_and_another_one_is_mailed(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(owner)
    assert "Mail it again" in client.get("/settings/you/").text
    client.post("/settings/you/email/")
    path = mailed_path(CONFIRM_MAIL)
    monkeypatch.setattr("accounts.email_confirmation.VALID", timedelta(seconds=-1))
    assert Client().get(path).status_code == 404
    monkeypatch.undo()

    client.post(path)

    assert "Mail it again" not in client.get("/settings/you/").text


def test_a_new_password_by_mail_confirms_the_email_too(owner: User) -> None:
    Client().post(link_to_new_password(owner), {"password": NEW})

    owner.refresh_from_db()
    assert owner.email_confirmed_at is not None


# ── mails on their way ────────────────────────────────────────────────────────────────────────


def test_a_page_waits_for_no_mail_server(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.mails.send_mail", None)

    assert asked(owner.email).status_code == 200
    assert OutgoingMail.objects.get().email == owner.email


def test_what_is_stored_of_a_mail_opens_nothing(owner: User) -> None:
    asked(owner.email)

    row = OutgoingMail.objects.get()
    assert b"/password/reset/" not in bytes(row.text_encrypted)
    assert "/password/reset/" in row.text


def test_a_mail_that_no_server_takes_is_tried_again_and_given_up_at_last(
    owner: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("accounts.mails.send_mail", refuse)
    asked(owner.email)
    now = timezone.now()

    assert mails.send_next(now=now)
    assert not mails.send_next(now=now + timedelta(seconds=59))
    for _ in range(mails.MOST_TRIES - 1):
        now += timedelta(days=1)
        assert mails.send_next(now=now)

    assert not OutgoingMail.objects.exists()
    assert owner.email not in caplog.text
    assert len(caplog.records) == mails.MOST_TRIES


def test_a_mail_whose_server_is_back_arrives_once(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("accounts.mails.send_mail", _refuse)
        asked(owner.email)
        mails.send_next(now=timezone.now())

    assert mails.send_next(now=timezone.now() + timedelta(hours=1))

    assert len(mail.outbox) == 1
    assert not OutgoingMail.objects.exists()


def _refuse(*_: Any, **__: Any) -> None:
    raise TimeoutError
