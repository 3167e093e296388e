"""What people did in a tenant, for its owner and for staff: appended, never changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import TextChoices

from tenants.models import AuditEntry


class Action(TextChoices):
    """What is written down."""

    KEY_MADE = "key.made", "Made an API key"
    CUSTOMER_DATA_TAKEN = "privacy.file_downloaded", "Took the file of a customer's data"
    INVITED = "member.invited", "Invited somebody"
    INVITATION_WITHDRAWN = "member.invitation_withdrawn", "Withdrew an invitation"
    ROLE_CHANGED = "member.role_changed", "Changed somebody's role"
    MEMBER_REMOVED = "member.removed", "Removed somebody"
    KEY_REVOKED = "key.revoked", "Revoked an API key"
    PASSWORD_CHANGED = "person.password_changed", "Changed their password"
    PASSWORD_RESET = "person.password_reset", "Set a new password by mail"
    SECOND_FACTOR_ON = "person.second_factor_on", "Turned their second factor on"
    SECOND_FACTOR_OFF = "person.second_factor_off", "Turned their second factor off"
    SECOND_FACTOR_REMOVED = "person.second_factor_removed", "Removed somebody's second factor"
    STAFF_ENTERED = "staff.entered", "Staff of the installation opened the shop’s data"
    RECOVERY_CODES_RENEWED = "person.recovery_codes_renewed", "Made new recovery codes"


def note(
    action: Action,
    *,
    actor_id: UUID | None,
    actor: str,
    subject: str = "",
    detail: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Append to the current tenant's entries, in the transaction of what was done.

    `actor` is how the person was known then; `detail` holds no secret; `address` is an IP address.
    """
    AuditEntry.objects.create(
        action=action,
        actor_id=actor_id,
        actor=actor,
        subject=subject,
        detail=detail or {},
        ip_address=address,
    )
