"""Who has which right, and what a credential must be for a REST view."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.urls import get_resolver

from accounts.permissions import HasRight, IsPerson
from tenants.credentials import Credential, Kind
from tenants.models import Role
from tenants.rights import KEY_RIGHTS, Right
from tests.accounts.routes import rest_views

ONE = UUID(int=1)


def _person(role: Role | None) -> Credential:
    return Credential(Kind.SESSION, ONE if role else None, role, user_id=ONE)


def _key(*scopes: Right) -> Credential:
    return Credential(Kind.API_KEY, ONE, None, scopes=frozenset(scopes))


PEOPLE = {
    "stranger": None,
    "shopless": _person(None),
    "viewer": _person(Role.VIEWER),
    "analyst": _person(Role.ANALYST),
    "owner": _person(Role.OWNER),
}


def _let_in(permission: Any, view: Any = None) -> set[str]:
    return {
        name
        for name, credential in PEOPLE.items()
        if permission().has_permission(SimpleNamespace(auth=credential), view)
    }


def test_a_person_has_signed_in() -> None:
    assert _let_in(IsPerson) == {"shopless", "viewer", "analyst", "owner"}


@pytest.mark.parametrize(
    ("right", "allowed"),
    [
        (Right.READ_ANALYTICS, {"viewer", "analyst", "owner"}),
        (Right.READ_ORDERS, {"viewer", "analyst", "owner"}),
        (Right.READ_PRODUCTS, {"viewer", "analyst", "owner"}),
        (Right.READ_CUSTOMERS, {"analyst", "owner"}),
        (Right.READ_WEBHOOKS, {"analyst", "owner"}),
        (Right.WRITE_WEBHOOKS, {"analyst", "owner"}),
        (Right.EXPORT, {"analyst", "owner"}),
        (Right.MANAGE, {"owner"}),
    ],
)
def test_a_right_is_for_those_who_are_named(right: Right, allowed: set[str]) -> None:
    assert _let_in(HasRight, SimpleNamespace(right=right)) == allowed


@pytest.mark.parametrize("scope", KEY_RIGHTS)
def test_a_key_has_its_scopes_and_no_more(scope: Right) -> None:
    key = _key(scope)

    assert {right for right in Right if key.may(right)} == {scope}
    assert key.may_see_people is (scope is Right.READ_CUSTOMERS)


def test_no_key_may_manage() -> None:
    assert Right.MANAGE not in KEY_RIGHTS


def test_every_rest_view_of_a_tenant_names_its_right() -> None:
    views = rest_views(get_resolver())

    unnamed = {
        view.__name__
        for view in views
        if HasRight in view.permission_classes and not hasattr(view, "right")
    }

    assert len(views) > 8
    assert not unnamed
