"""Counting attempts, so that guessing passwords costs the guesser and not the server.

The counts stand in the database: they hold across processes and hosts, and are taken before a
password is hashed. One address guessing for one e-mail is stopped first. Many addresses together
are stopped too, but not those from which the person has signed in, or followed a mailed link: so
strangers elsewhere cannot lock its owner out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from accounts.counts import count, key_of
from accounts.models import AttemptCount, BrowserSession, LoginSession
from xenofy.common.errors import TooMany


def count_login(email: str, *, address: str, now: datetime) -> None:
    """Count a sign-in that is about to be checked; raise `TooMany` when it may not be."""
    _count(address, limit=settings.LOGINS_PER_ADDRESS, now=now)
    _count(address, email, limit=settings.LOGINS_PER_PERSON, now=now)
    try:
        _count("account", email, limit=settings.LOGINS_PER_ACCOUNT, now=now)
    except TooMany:
        if not _is_at_home(email, address, now):
            raise


def trust(email: str, *, address: str, now: datetime) -> None:
    """Take an address for the person's for a day: they followed a mailed link there."""
    count(key_of("trusted", address, email), window=timedelta(days=1), now=now)


def forget_login(email: str, *, address: str) -> None:
    """Start the person's count from this address again: the password was right."""
    AttemptCount.objects.filter(key=key_of(address, email)).delete()


def count_registration(*, address: str, now: datetime) -> None:
    """Count a registration that is about to be made; raise `TooMany` when it may not be."""
    _count("register", address, limit=settings.REGISTRATIONS_PER_ADDRESS, now=now)


def count_code(user_id: UUID, *, now: datetime) -> None:
    """Count a code of a second factor that is about to be checked; raise `TooMany` when it may
    not be.

    It counts wherever they ask from: who does not know the password never comes this far.
    """
    limit, window = settings.CODES_PER_PERSON, timedelta(seconds=settings.CODE_WINDOW)
    _count("code", str(user_id), limit=limit, window=window, now=now)


def forget_codes(user_id: UUID) -> None:
    """Start the person's count of codes again."""
    AttemptCount.objects.filter(key=key_of("code", str(user_id))).delete()


def count_mail(email: str, *, address: str, now: datetime) -> bool:
    """Count a mail that somebody asks for, and tell whether its reader may get another one.

    Raises `TooMany` for an address that asks for one person after the other. Whether anybody has
    the e-mail makes no difference.
    """
    _count("mail", address, limit=settings.MAILS_PER_ADDRESS, now=now)
    counted = count(key_of("mail to", email), window=timedelta(hours=1), now=now)
    return counted.attempts <= settings.MAILS_PER_PERSON


def _is_at_home(email: str, address: str, now: datetime) -> bool:
    """Tell whether a person has signed in from this address, or followed a link to it."""
    theirs = {"user__email": email, "address": address}
    trusted = AttemptCount.objects.filter(key=key_of("trusted", address, email))
    return (
        BrowserSession.objects.filter(**theirs).exists()
        or LoginSession.objects.filter(**theirs).exists()
        or trusted.filter(expires_at__gt=now).exists()
    )


def _count(*who: str, limit: int, now: datetime, window: timedelta | None = None) -> None:
    window = window or timedelta(seconds=settings.ATTEMPT_WINDOW)
    counted = count(key_of(*who), window=window, now=now)
    if counted.attempts > limit:
        seconds = counted.seconds_left
        message = f"Too many attempts. Try again in {seconds} seconds."
        raise TooMany(message, limit=limit, retry_after=seconds)
