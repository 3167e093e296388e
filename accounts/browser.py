"""What we keep in the browser's session, beside Django's login."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.contrib import auth
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.browser_sessions import SIGN_IN, SessionStore, SignIn, public_id
from accounts.devices import device
from accounts.models import User
from xenofy.common.addresses import address_of

_TENANT = "tenant_id"
_DEMO = "demo"
_HALF = "half_signed_in"
_PROVEN = "second_factor_at"
USED = timedelta(minutes=5)  # how exactly the last use is known
TIME_FOR_A_CODE = timedelta(minutes=10)


class HalfSignedIn(TypedDict):
    """Whose password was right, and when (ISO 8601); another password ends it."""

    user: str
    auth_hash: str
    at: str


def chosen_tenant(request: HttpRequest) -> str | None:
    """Return the id of the tenant the person looks at; whether they may is not known here."""
    chosen: str | None = request.session.get(_TENANT)
    return chosen


def choose_tenant(request: HttpRequest, tenant_id: UUID) -> None:
    """Look at this tenant from the next request on."""
    request.session[_TENANT] = str(tenant_id)
    leave_demo(request)


def looks_at_demo(request: HttpRequest) -> bool:
    return bool(request.session.get(_DEMO))


def enter_demo(request: HttpRequest) -> None:
    """Look at the demo store; a signed-in person stays signed in."""
    request.session[_DEMO] = True


def leave_demo(request: HttpRequest) -> bool:
    """Look at one's own shop again; tell whether it was the demo until now."""
    return request.session.pop(_DEMO, None) is not None


def enter(request: HttpRequest, user: User) -> None:
    """Sign a person in; the session gets a new key, and the demo ends."""
    auth.login(request, user)
    now = timezone.now().isoformat()
    request.session[SIGN_IN] = SignIn(
        device=device(request.headers.get("User-Agent", "")),
        address=address_of(request),
        at=now,
        last_used=now,
    )
    leave_demo(request)
    SessionStore.clear_expired()


def enter_by_half(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Note that a person's password was right and that the code of their app has to follow."""
    request.session.cycle_key()
    request.session[_HALF] = HalfSignedIn(
        user=str(user.id), auth_hash=user.get_session_auth_hash(), at=now.isoformat()
    )


def half_signed_in(request: HttpRequest, *, now: datetime) -> User | None:
    """Return who has to give a code to be signed in; None where too much time went by."""
    half: HalfSignedIn | None = request.session.get(_HALF)
    if half is None or datetime.fromisoformat(half["at"]) < now - TIME_FOR_A_CODE:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or not constant_time_compare(half["auth_hash"], user.get_session_auth_hash()):
        return None
    return user


def note_second_factor(request: HttpRequest, *, now: datetime) -> None:
    """Note that the person who is signed in has proven the second factor in this browser."""
    request.session.cycle_key()
    request.session.pop(_HALF, None)
    request.session[_PROVEN] = now.isoformat()


def proved_second_factor(request: HttpRequest) -> datetime | None:
    """Return when the signed-in person last proved the second factor in this browser."""
    at: str | None = request.session.get(_PROVEN)
    return datetime.fromisoformat(at) if at else None


def note_use(request: HttpRequest, *, now: datetime) -> None:
    """Note that a signed-in browser is used; its session lasts longer then."""
    sign_in: SignIn | None = request.session.get(SIGN_IN)
    if sign_in is not None and datetime.fromisoformat(sign_in["last_used"]) < now - USED:
        request.session[SIGN_IN] = {**sign_in, "last_used": now.isoformat()}


def session_id(request: HttpRequest) -> UUID:
    """Return the id by which the browser's session may be named."""
    return public_id(request.session.session_key or "")


def leave(request: HttpRequest) -> bool:
    """Leave the demo, or sign out; tell whether somebody is still signed in."""
    if leave_demo(request) and request.user.is_authenticated:
        return True
    auth.logout(request)
    return False
