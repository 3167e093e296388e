"""What a credential must be for a REST view."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from accounts.permissions import HasTenant, IsAnalyst, IsOwner, IsPerson
from tenants.credentials import Credential, Kind
from tenants.models import Role

ONE = UUID(int=1)


def _person(role: Role | None) -> Credential:
    return Credential(Kind.SESSION, ONE if role else None, role, user_id=ONE)


WHO = {
    "stranger": None,
    "shopless": _person(None),
    "viewer": _person(Role.VIEWER),
    "analyst": _person(Role.ANALYST),
    "owner": _person(Role.OWNER),
    "demo": Credential(Kind.DEMO, ONE, Role.VIEWER),
}


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        (IsPerson, {"shopless", "viewer", "analyst", "owner"}),
        (HasTenant, {"viewer", "analyst", "owner", "demo"}),
        (IsAnalyst, {"analyst", "owner"}),
        (IsOwner, {"owner"}),
    ],
)
def test_a_permission_is_for_those_who_are_named(permission: Any, allowed: set[str]) -> None:
    let_in = {
        name
        for name, credential in WHO.items()
        if permission().has_permission(SimpleNamespace(auth=credential), None)
    }

    assert let_in == allowed


def test_only_owners_and_analysts_see_people() -> None:
    seeing = {name for name, each in WHO.items() if each is not None and each.may_see_people}

    assert seeing == {"owner", "analyst"}
