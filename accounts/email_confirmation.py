"""Proof that a person reads the e-mail of their account: a mailed link, good for a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts import mails
from accounts.models import User

VALID = timedelta(days=7)
_SALT = "accounts.email_confirmation"


def mail_link(user: User, *, now: datetime) -> None:
    """Mail a person the link that confirms their e-mail."""
    token = signing.dumps({"user": str(user.id), "email": user.email}, salt=_SALT)
    link = settings.PUBLIC_URL + reverse("accounts:confirm_email", args=[token])
    mails.post(
        to=user.email,
        subject="Confirm your email for Xenofy",
        text=f"Open this link to confirm that you read this address:\n\n{link}\n\n"
        f"It is good for {VALID.days} days. If you have no account in Xenofy, ignore this mail.\n",
        now=now,
    )


def person_of(token: str) -> User | None:
    """Return whose e-mail a link confirms; None where it is too old, or not ours."""
    try:
        claims = signing.loads(token, salt=_SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=claims["user"], email=claims["email"]).first()


def confirm_email(user: User, *, now: datetime) -> None:
    """Note that a person answered a mail to their e-mail; the first time counts."""
    unconfirmed = User.objects.filter(pk=user.pk, email_confirmed_at=None)
    unconfirmed.update(email_confirmed_at=now)
