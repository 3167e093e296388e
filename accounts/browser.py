"""What we keep in the browser's session, beside Django's login."""

from __future__ import annotations

from uuid import UUID

from django.contrib import auth
from django.http import HttpRequest

from accounts.models import User

_TENANT = "tenant_id"
_DEMO = "demo"


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
    leave_demo(request)


def leave(request: HttpRequest) -> bool:
    """Leave the demo, or sign out; tell whether somebody is still signed in."""
    if leave_demo(request) and request.user.is_authenticated:
        return True
    auth.logout(request)
    return False
