"""The people of a tenant: another role, or no longer there. Both count from the next request on."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from accounts.models import Membership
from tenants.models import Role, Tenant
from xenofy.common.errors import Conflict


class LastOwner(Conflict):
    """The change would leave the tenant without an owner."""

    def __init__(self) -> None:
        super().__init__("A shop needs an owner. Make somebody else one first.")


def members_of(tenant: Tenant) -> Iterable[Membership]:
    """Return the memberships of a tenant with their people, by email."""
    return Membership.objects.select_related("user").filter(tenant=tenant).order_by("user__email")


@transaction.atomic
def change_role(tenant: Tenant, membership_id: UUID, role: Role) -> Membership | None:
    """Give a member another role; None for who is none of the tenant; raise `LastOwner`."""
    member = _locked(tenant, membership_id)
    if member is not None and member.role != role:
        _refuse_last_owner(tenant, member)
        member.role = role
        member.save(update_fields=["role"])
    return member


@transaction.atomic
def remove(tenant: Tenant, membership_id: UUID) -> Membership | None:
    """End a membership; None for who is none of the tenant; raise `LastOwner`."""
    member = _locked(tenant, membership_id)
    if member is not None:
        _refuse_last_owner(tenant, member)
        Membership.objects.filter(pk=member.pk).delete()
    return member


def _locked(tenant: Tenant, membership_id: UUID) -> Membership | None:
    """Return the membership; the tenant is locked, so that two owners do not remove each other."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    members = Membership.objects.select_related("user").filter(tenant=tenant)
    return members.filter(pk=membership_id).first()


def _refuse_last_owner(tenant: Tenant, member: Membership) -> None:
    owners = Membership.objects.filter(tenant=tenant, role=Role.OWNER)
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise LastOwner
