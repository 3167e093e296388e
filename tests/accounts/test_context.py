"""What every page's frame gets."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.test import Client, RequestFactory

from accounts.context import page
from accounts.models import User
from tenants.models import Role, Tenant
from tests.factories import MembershipFactory


def _page(**headers: str) -> dict[str, Any]:
    request = RequestFactory(headers=headers).get("/")
    request.user = AnonymousUser()
    return page(request)


def test_a_stranger_gets_empty_values_and_costs_no_query() -> None:
    given = _page()

    assert (given["tenant"], given["credential"], given["person"]) == (None, None, "")
    assert (list(given["shops"]), given["is_demo"], bool(given["store"])) == ([], False, False)


@pytest.mark.parametrize(
    ("cookie", "preferred", "theme"),
    [
        ("dark", "", "dark"),
        ("light", "dark", "light"),
        ("", "dark", "dark"),
        ("purple", "", "light"),
        ("", "no-preference", "light"),
        ("", "", "light"),
    ],
)
def test_the_theme_is_chosen_preferred_or_light(cookie: str, preferred: str, theme: str) -> None:
    request = RequestFactory(headers={"sec-ch-prefers-color-scheme": preferred}).get("/")
    request.COOKIES["xf_theme"] = cookie

    assert page(request)["theme"] == theme


@pytest.mark.django_db
def test_a_person_gets_shop_name_and_other_shops(
    client: Client, owner: User, tenant: Tenant
) -> None:
    second = MembershipFactory(user=owner, role=Role.VIEWER)
    client.force_login(owner)

    given = client.get("/settings/").context

    assert given["tenant"] == tenant
    assert list(given["shops"]) == [second.tenant]
    assert given["person"] == owner.email
    assert not given["is_demo"]
    assert not given["store"]


@pytest.mark.django_db
def test_a_name_is_shown_where_there_is_one(client: Client, owner: User) -> None:
    User.objects.filter(id=owner.id).update(name="Meera Rao")
    client.force_login(owner)

    assert client.get("/settings/").context["person"] == "Meera Rao"


@pytest.mark.django_db
def test_a_visitor_of_the_demo_is_nobody_in_the_demo(client: Client, demo_tenant: Tenant) -> None:
    client.get("/demo/")

    given = client.get("/settings/").context

    assert (given["is_demo"], given["person"], given["tenant"]) == (True, "", demo_tenant)


def test_the_page_that_tells_of_a_failed_transaction_can_be_shown(scope: Tenant) -> None:
    store = _page()["store"]
    with transaction.atomic():
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_function()")

        assert not store
        transaction.set_rollback(True)
