"""Which shops' data somebody of the staff may read: those that they opened, each for a reason.

The reason stands in the shop's own audit entries. What is open is kept in the browser's session.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from tenants import audit
from tenants.audit import Action
from tenants.models import Tenant
from tenants.scope import tenant_scope

OPEN_FOR = timedelta(hours=1)
_OPENED = "staff_shops"  # in the session: id of the tenant -> when it closes


class Staff(NamedTuple):
    """Who opens a shop, and from where (an IP address)."""

    id: UUID
    name: str
    address: str | None


def open_shop(
    request: HttpRequest, tenant: Tenant, *, reason: str, by: Staff, now: datetime
) -> None:
    """Let the staff of this browser read a shop's data for a while, and tell the shop."""
    with tenant_scope(tenant.id):
        audit.note(
            Action.STAFF_ENTERED,
            actor_id=by.id,
            actor=by.name,
            now=now,
            detail={"reason": reason},
            address=by.address,
        )
    until = (now + OPEN_FOR).isoformat()
    request.session[_OPENED] = {**_still_open(request, now), str(tenant.id): until}


def close_shops(request: HttpRequest) -> None:
    """Let nothing of any shop be read any more in this browser."""
    request.session.pop(_OPENED, None)


def open_shops(request: HttpRequest) -> list[UUID]:
    """Return the shops that are open in this browser now."""
    return [UUID(tenant_id) for tenant_id in _still_open(request, timezone.now())]


def _still_open(request: HttpRequest, now: datetime) -> dict[str, str]:
    opened: dict[str, str] = request.session.get(_OPENED, {})
    return {key: until for key, until in opened.items() if datetime.fromisoformat(until) > now}
