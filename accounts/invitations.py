"""Inviting people into a tenant by mail.

The link holds a token of which only the hash is stored. Whoever has it has read the mail, which
proves that the address is theirs.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts import mails
from accounts.email_confirmation import confirm_email
from accounts.models import Membership, User
from tenants.models import Invitation, Role, Tenant
from xenofy.common.errors import Conflict

VALID = timedelta(days=7)


class AlreadyThere(Conflict):
    """The person belongs to the tenant."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} belongs to this shop already.")


@transaction.atomic
def invite(
    tenant: Tenant, *, email: str, role: Role, invited_by: User, now: datetime
) -> Invitation:
    """Mail an invitation, which replaces an open one of the same address; raise `AlreadyThere`."""
    email = email.strip().lower()
    if Membership.objects.filter(tenant=tenant, user__email=email).exists():
        raise AlreadyThere(email)
    open_ones(tenant, now=now).filter(email=email).delete()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        tenant=tenant,
        email=email,
        role=role,
        token_sha256=_digest(token),
        invited_by=invited_by,
        expires_at=now + VALID,
    )
    _mail(invitation, token, now)
    return invitation


def open_ones(tenant: Tenant, *, now: datetime) -> QuerySet[Invitation]:
    """Return the invitations of a tenant that can still be accepted."""
    return Invitation.objects.filter(tenant=tenant, accepted_at=None, expires_at__gt=now)


def withdraw(tenant: Tenant, invitation_id: UUID, *, now: datetime) -> Invitation | None:
    """Take an open invitation back; None for what is none of the tenant."""
    found: Invitation | None = open_ones(tenant, now=now).filter(pk=invitation_id).first()
    if found is not None:
        open_ones(tenant, now=now).filter(pk=invitation_id).delete()
    return found


def invitation_of(token: str, *, now: datetime) -> Invitation | None:
    """Return the invitation that a link leads to; None where it is over, or never was."""
    found: Invitation | None = (
        Invitation.objects.select_related("tenant")
        .filter(token_sha256=_digest(token), accepted_at=None, expires_at__gt=now)
        .first()
    )
    return found


@transaction.atomic
def accept(invitation: Invitation, user: User, *, now: datetime) -> bool:
    """Make the person a member, once; False where the invitation was accepted meanwhile.

    Who belongs to the tenant already keeps the role.
    """
    if not _use(invitation, now):
        return False
    confirm_email(user, now=now)
    Membership.objects.get_or_create(
        user=user, tenant=invitation.tenant, defaults={"role": invitation.role}
    )
    return True


@transaction.atomic
def join(invitation: Invitation, *, password: str, now: datetime) -> User | None:
    """Make an account for who has none, and a member of it; None where the invitation was accepted
    meanwhile, and then there is no account either."""
    if not _use(invitation, now):
        return None
    user = User.objects.create_user(invitation.email, password, email_confirmed_at=now)
    Membership.objects.create(user=user, tenant=invitation.tenant, role=invitation.role)
    return user


def _use(invitation: Invitation, now: datetime) -> bool:
    """Use an invitation up; of two at the same time one gets False."""
    unused = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
    return bool(unused.update(accepted_at=now))


def _mail(invitation: Invitation, token: str, now: datetime) -> None:
    link = settings.PUBLIC_URL + reverse("accounts:invitation", args=[token])
    shop = " ".join(invitation.tenant.name.split())  # a line of a head may not be broken
    mails.post(
        to=invitation.email,
        subject=f"Join {shop} in Xenofy",
        text=f"You are invited to see the figures of {shop} as {invitation.role}.\n\n{link}\n\n"
        f"The link is good for {VALID.days} days. If you do not know the shop, ignore this mail.\n",
        now=now,
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
