"""How staff come into the admin: with a second factor that was proven today, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import SecondFactor, User
from tests.factories import PASSWORD
from tests.second_factors import code_of, enter_admin, with_second_factor

pytestmark = pytest.mark.django_db(transaction=True)
ADMIN = "/admin/"


def logged_in(email: str) -> Client:
    client = Client()
    client.post("/login/", {"email": email, "password": PASSWORD})
    return client


def where_it_leads(client: Client, path: str = ADMIN) -> str:
    """Return the last address of the way that somebody is sent who asks for the admin."""
    chain = client.get(path, follow=True).redirect_chain
    return str(chain[-1][0])


def test_a_new_superuser_is_led_to_the_second_factor_and_then_in(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="root@example.com", interactive=False, verbosity=0)
    client = logged_in("root@example.com")
    assert where_it_leads(client) == "/settings/second-factor/?next=%2Fadmin%2F"

    client.post("/settings/second-factor/begin/", {"current": PASSWORD, "next": ADMIN})
    factor = SecondFactor.objects.get()
    answer = client.post("/settings/second-factor/", {"code": code_of(factor), "next": ADMIN})

    assert f'href="{ADMIN}"' in answer.text
    assert client.get(ADMIN).status_code == 200


def test_strangers_sign_in_where_everybody_does() -> None:
    assert where_it_leads(Client()) == "/login/?next=%2Fadmin%2F"


def test_who_is_no_staff_is_refused(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    with_second_factor(owner)

    assert client.get(ADMIN, follow=True).status_code == 403


def test_staff_whose_factor_was_not_asked_for_give_a_code_first(staff: User) -> None:
    factor, client = with_second_factor(staff), Client()
    client.force_login(staff)

    assert where_it_leads(client) == "/login/code/?next=%2Fadmin%2F"
    answer = client.post("/login/code/", {"code": code_of(factor), "next": ADMIN})

    assert answer["Location"] == ADMIN
    assert client.get(ADMIN).status_code == 200


def test_the_admin_asks_again_after_hours(staff: User) -> None:
    client = enter_admin(Client(), staff)
    assert client.get(ADMIN).status_code == 200
    session = client.session
    session["second_factor_at"] = (timezone.now() - timedelta(hours=9)).isoformat()
    session.save()

    assert where_it_leads(client) == "/login/code/?next=%2Fadmin%2F"


def test_without_the_factor_the_admin_closes_at_once(staff: User) -> None:
    client = enter_admin(Client(), staff)
    SecondFactor.objects.all().delete()

    assert where_it_leads(client) == "/settings/second-factor/?next=%2Fadmin%2F"


def test_a_factor_that_is_not_confirmed_opens_nothing(staff: User) -> None:
    client = enter_admin(Client(), staff)
    SecondFactor.objects.update(confirmed_at=None)

    assert client.get(ADMIN).status_code == 302


def test_staff_change_their_password_where_everybody_does(staff: User) -> None:
    client = enter_admin(Client(), staff)

    assert client.get("/admin/password_change/")["Location"] == "/settings/password/"
