"""People of the tests who have a second factor, and the codes of their apps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
from django.test import Client
from django.utils import timezone

from accounts import second_factor
from accounts.models import SecondFactor, User


def with_second_factor(user: User) -> SecondFactor:
    """Return the factor that the person confirmed some time ago."""
    factor = second_factor.begin(user)
    SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=timezone.now())
    return factor


def code_of(factor: SecondFactor, *, at: datetime | None = None, steps: int = 0) -> str:
    """Return what the app shows now, or so many steps of 30 seconds from now."""
    moment = (at or timezone.now()) + timedelta(seconds=30 * steps)
    return pyotp.TOTP(factor.secret).at(moment)


def wrong_code(factor: SecondFactor) -> str:
    """Return six digits that the app shows at no moment near now."""
    near = {code_of(factor, steps=steps) for steps in range(-3, 4)}
    return next(code for number in range(9) if (code := f"{number:06}") not in near)


def enter_admin(client: Client, staff: User) -> Client:
    """Return the browser of staff who proved their second factor in it."""
    if second_factor.factor_of(staff) is None:
        with_second_factor(staff)
    client.force_login(staff)
    session = client.session
    session["second_factor_at"] = timezone.now().isoformat()
    session.save()
    return client
