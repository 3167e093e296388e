"""Where a person is signed in, in browsers and through the REST API; and ending it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from accounts.models import BrowserSession, LoginSession, User

SHOWN = 100


class SignedIn(NamedTuple):
    """A sign-in that is good. `is_browser` is false for one through the REST API."""

    id: UUID
    is_browser: bool
    device: str
    address: str
    signed_in_at: datetime | None
    last_used_at: datetime | None


def sign_ins(user: User, *, now: datetime) -> list[SignedIn]:
    """Return where a person is signed in, the one used last first."""
    browsers = BrowserSession.objects.filter(user=user, expire_date__gt=now)
    programs = LoginSession.objects.filter(user=user, revoked_at=None, expires_at__gt=now)
    found = [
        *(_of(each, True, each.signed_in_at) for each in browsers[:SHOWN]),
        *(_of(each, False, each.created_at) for each in programs.order_by("-id")[:SHOWN]),
    ]
    return sorted(found, key=lambda each: each.last_used_at or now, reverse=True)


def end(user: User, sign_in: UUID, *, now: datetime) -> bool:
    """End one of the person's sign-ins at once; False for what is none of theirs."""
    ended, _ = BrowserSession.objects.filter(user=user, id=sign_in).delete()
    programs = LoginSession.objects.filter(user=user, id=sign_in, revoked_at=None)
    return bool(ended or programs.update(revoked_at=now))


def end_others(user: User, *, but: UUID, now: datetime) -> None:
    """End all of the person's sign-ins except the browser's that asks."""
    BrowserSession.objects.filter(user=user).exclude(id=but).delete()
    LoginSession.objects.filter(user=user, revoked_at=None).update(revoked_at=now)


def end_all(user: User, *, now: datetime) -> None:
    """End all of the person's sign-ins."""
    BrowserSession.objects.filter(user=user).delete()
    LoginSession.objects.filter(user=user, revoked_at=None).update(revoked_at=now)


def _of(row: BrowserSession | LoginSession, is_browser: bool, at: datetime | None) -> SignedIn:
    return SignedIn(row.id, is_browser, row.device, row.address, at, row.last_used_at)
