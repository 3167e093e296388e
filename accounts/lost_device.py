"""Help for who lost the device and the recovery codes: whoever runs the installation takes the
second factor away, and everybody concerned can read that they did."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts import attempts, mails, second_factor, signed_in
from accounts.audit import note_in_shops_of
from accounts.models import User
from tenants.audit import Action


@transaction.atomic
def take_away(user: User, *, by: str, reason: str, now: datetime) -> bool:
    """Remove a person's second factor and end all their sign-ins; False where there is none.

    It is noted in the entries of their shops and in the admin's history, and mailed to them.
    """
    if not second_factor.remove(user):
        return False
    signed_in.end_all(user, now=now)
    attempts.forget_codes(user.id)
    detail = {"person": str(user.id), "reason": reason}
    note_in_shops_of(user, Action.SECOND_FACTOR_REMOVED, actor=by, now=now, detail=detail)
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.id),
        object_repr=str(user),
        action_flag=CHANGE,
        change_message=f"Second factor removed by {by}: {reason}",
    )
    mails.post(
        to=user.email,
        subject="Your second step of signing in was removed",
        text=f"{by} removed it: {reason}\n\nYou are signed out everywhere. Sign in with your"
        " password, and set the second step up again under Settings, You.\n",
        now=now,
    )
    return True
