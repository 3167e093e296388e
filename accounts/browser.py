"""What we keep in the browser's session, beside Django's login."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import auth
from django.http import HttpRequest
from django.utils import timezone

from accounts.browser_sessions import SIGN_IN, SessionStore, SignIn, public_id
from accounts.devices import device
from accounts.http import address_of
from accounts.models import User

_TENANT = "tenant_id"
_DEMO = "demo"
USED = timedelta(minutes=5)  # how exactly the last use is known


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
