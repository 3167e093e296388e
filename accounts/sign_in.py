"""Checking e-mail and password, and then the second factor of who has one."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import authenticate
from django.db.models import QuerySet

from accounts import attempts, second_factor
from accounts.models import Membership, SecondFactor, User
from tenants.models import Tenant
from xenofy.common.errors import NotAuthenticated


class WrongPassword(NotAuthenticated):
    """No person has this e-mail and password; which of the two is wrong is not told."""

    code = "WRONG_PASSWORD"

    def __init__(self) -> None:
        super().__init__("Email or password is wrong.")


class CodeNeeded(NotAuthenticated):
    """The password is right, and the person has a second factor."""

    code = "SECOND_FACTOR_REQUIRED"

    def __init__(self) -> None:
        super().__init__("Send the code of your authenticator app, or a recovery code, as `code`.")


class WrongCode(NotAuthenticated):
    """The code is not that of the person's app, or was used."""

    code = "WRONG_CODE"

    def __init__(self) -> None:
        super().__init__("This code is not right, or was used already. Wait for the next one.")


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


def check_code(user: User, given: str, *, now: datetime) -> bool:
    """Check the code of a person who has a second factor; False for who has none.

    Raises `TooMany` before it is looked at, `CodeNeeded` without one, `WrongCode`.
    """
    if second_factor.factor_of(user) is None:
        return False
    if not given:
        raise CodeNeeded
    attempts.count_code(user.id, now=now)
    if not second_factor.accepts(user, given, now=now):
        raise WrongCode
    attempts.forget_codes(user.id)
    return True


def confirm_app(factor: SecondFactor, given: str, *, now: datetime) -> list[str]:
    """Turn a second factor on by the app's first code; return the recovery codes.

    Raises `TooMany` before it is looked at, `WrongCode`.
    """
    attempts.count_code(factor.user_id, now=now)
    codes = second_factor.confirm(factor, given, now=now)
    if codes is None:
        raise WrongCode
    attempts.forget_codes(factor.user_id)
    return codes


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return where a person belongs to, with the tenants, for longest first."""
    memberships = Membership.objects.select_related("tenant").filter(user=user)
    return memberships.order_by("created_at", "id")


def first_tenant(user: User) -> Tenant | None:
    """Return the tenant that the person has belonged to for longest, if any."""
    first = memberships_of(user).first()
    return first.tenant if first else None
