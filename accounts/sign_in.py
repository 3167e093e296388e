"""Checking e-mail and password."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import authenticate

from accounts import attempts
from accounts.models import Membership, User
from tenants.models import Tenant
from xenofy.common.errors import NotAuthenticated


class WrongPassword(NotAuthenticated):
    """No person has this e-mail and password; which of the two is wrong is not told."""

    code = "WRONG_PASSWORD"

    def __init__(self) -> None:
        super().__init__("Email or password is wrong.")


def person(email: str, password: str, *, address: str, now: datetime) -> User:
    """Return the active person with this password.

    Raises `TooMany` before anything is hashed, `WrongPassword` after one hash in every case.
    """
    email = email.strip().lower()
    attempts.count_login(email, address=address, now=now)
    user = authenticate(email=email, password=password)
    if user is None:
        raise WrongPassword
    attempts.forget_login(email, address=address)
    return user


def first_tenant(user: User) -> Tenant | None:
    """Return the tenant that the person has belonged to for longest, if any."""
    memberships = Membership.objects.select_related("tenant").filter(user=user)
    first = memberships.order_by("created_at", "id").first()
    return first.tenant if first else None
