"""Notes of what the person of a request did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import mails
from accounts.devices import device
from accounts.http import IdentifiedRequest
from accounts.models import Membership, User
from tenants import audit
from tenants.audit import Action
from tenants.scope import tenant_scope
from xenofy.common.addresses import address_for_entries, address_of


def note(request: IdentifiedRequest, action: Action, *, subject: str = "", **detail: Any) -> None:
    """Append to the tenant's entries that the person of this request did something."""
    user = request.user if isinstance(request.user, User) else None
    audit.note(
        action,
        actor_id=user.id if user else None,
        actor=str(user or request.credential.kind if request.credential else "unknown"),
        now=timezone.now(),
        subject=subject,
        detail=detail,
        address=address_for_entries(request),
    )


def note_own(request: HttpRequest, user: User, action: Action) -> None:
    """Append that a person changed how they sign in, to the entries of each of their tenants, and
    mail it to them: it may have been somebody else."""
    now, address = timezone.now(), address_for_entries(request)
    note_in_shops_of(user, action, actor_id=user.id, actor=str(user), address=address, now=now)
    mails.post(
        to=user.email,
        subject="A change of how you sign in to Xenofy",
        text=f"{action.label}, from {device(request.headers.get('User-Agent', ''))}"
        f" at {address_of(request)}.\n\nIf this was not you, choose a new password at once:\n\n"
        f"{settings.PUBLIC_URL}{reverse('accounts:forgotten_password')}\n",
        now=now,
    )


def note_in_shops_of(
    user: User, action: Action, *, actor: str, actor_id: UUID | None = None, **more: Any
) -> None:
    """Append to the entries of each tenant of a person; `more` as in `tenants.audit.note`."""
    for tenant_id in Membership.objects.filter(user=user).values_list("tenant_id", flat=True):
        with tenant_scope(tenant_id):
            audit.note(action, actor_id=actor_id, actor=actor, **more)
