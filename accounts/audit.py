"""Notes of what the person of a request did."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.http import HttpRequest

from accounts.http import IdentifiedRequest, address_of
from accounts.models import Membership, User
from tenants import audit
from tenants.audit import Action
from tenants.scope import tenant_scope


def note(request: IdentifiedRequest, action: Action, *, subject: str = "", **detail: Any) -> None:
    """Append to the tenant's entries that the person of this request did something."""
    user = request.user if isinstance(request.user, User) else None
    audit.note(
        action,
        actor_id=user.id if user else None,
        actor=str(user or request.credential.kind if request.credential else "unknown"),
        subject=subject,
        detail=detail,
        address=_address(request),
    )


def note_own(request: HttpRequest, user: User, action: Action) -> None:
    """Append that a person changed how they sign in, to the entries of each of their tenants."""
    for tenant_id in Membership.objects.filter(user=user).values_list("tenant_id", flat=True):
        with tenant_scope(tenant_id):
            audit.note(action, actor_id=user.id, actor=str(user), address=_address(request))


def _address(request: HttpRequest) -> str | None:
    """Return the address that was counted, of a household with IPv6 its first one."""
    try:
        return str(ipaddress.ip_interface(address_of(request)).ip)
    except ValueError:
        return None
