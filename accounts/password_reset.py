"""A new password for who forgot theirs: by a mailed link that is good once, for an hour.

The link is signed over the password, the last sign-in and the e-mail (Django's generator): another
password or signing in ends it, and nothing of it is stored.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse

from accounts import attempts, mails, signed_in
from accounts.email_confirmation import confirm_email
from accounts.models import User

_links = PasswordResetTokenGenerator()


def mail_link(email: str, *, now: datetime) -> None:
    """Mail a link to the person with this e-mail; where there is none, do the same for nobody."""
    found = User.objects.filter(email=email, is_active=True).first()
    person = found or User(email=email)
    token = f"{person.id.hex}-{_links.make_token(person)}"
    link = settings.PUBLIC_URL + reverse("accounts:reset_password", args=[token])
    mails.post(
        to=found.email if found else "",
        subject="A new password for Xenofy",
        text=f"Choose a new password here:\n\n{link}\n\nThe link is good once, for an hour."
        " If you did not ask for it, ignore this mail: nothing has changed.\n",
        now=now,
    )


def person_of(token: str) -> User | None:
    """Return who may set a new password by this link; None where it is over, or not ours."""
    user_id, _, signature = token.partition("-")
    try:
        user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and _links.check_token(user, signature) else None


@transaction.atomic
def reset(user: User, password: str, *, address: str, now: datetime) -> bool:
    """Set a new password and end all sign-ins; False where the link was used meanwhile."""
    unchanged = User.objects.filter(pk=user.pk, password=user.password)
    user.set_password(password)
    if not unchanged.update(password=user.password, updated_at=now):
        return False
    confirm_email(user, now=now)
    signed_in.end_all(user, now=now)
    attempts.forget_codes(user.id)
    attempts.trust(user.email, address=address, now=now)
    return True
