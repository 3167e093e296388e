"""What people did in a tenant, for its owner and for staff: appended, never changed.

The entries of a tenant are a chain: each has the next number and a hash over what it says and the
hash of the one before, so that none can be changed, left out or put in between without `broken`
finding it. What is cut off at the end is seen by whoever wrote the last hash down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import TextChoices

from tenants.models import AuditEntry, Tenant
from tenants.scope import current_tenant_id, reads_a_snapshot, tenant_scope

_BEGINNING = b""  # stands for the hash of the entry before the first


class Action(TextChoices):
    """What is written down."""

    SHOP_CONNECTED = "shop.connected", "Connected the shop"
    SUBSCRIBED_AGAIN = "shop.subscribed_again", "Subscribed again to what Shopify had removed"
    IMPORT_BEGUN = "shop.import_begun", "Began to import the shop’s past"
    IMPORT_CANCELLED = "shop.import_cancelled", "Cancelled the import"
    CSV_IMPORTED = "shop.csv_imported", "Imported a CSV export of Shopify"
    KEY_MADE = "key.made", "Made an API key"
    FILE_TAKEN = "file.taken", "Took rows as a file"
    DELIVERY_TAKEN = "delivery.body_taken", "Took the body of a delivery"
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


class Break(NamedTuple):
    """A place where the chain does not hold: an entry, and what was expected there."""

    entry: AuditEntry
    stored: str
    derived: str


def note(
    action: Action,
    *,
    actor_id: UUID | None,
    actor: str,
    now: datetime,
    subject: str = "",
    detail: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Append to the current tenant's entries, in the transaction of what was done.

    A transaction that reads a snapshot does not see the last entry of others: there it is appended
    right after. `actor` is how the person was known then; `detail` holds no secret; `address` is
    an IP address.
    """
    entry = AuditEntry(
        action=action,
        actor_id=actor_id,
        actor=actor,
        subject=subject,
        detail=detail or {},
        ip_address=address,
        at=now,
    )
    if reads_a_snapshot():
        transaction.on_commit(partial(_append_apart, current_tenant_id(), entry))
    else:
        _append(entry)


def entries(*, before: int | None, limit: int) -> list[AuditEntry]:
    """Return the current tenant's entries, newest first; `before` leaves out that number on."""
    rows = AuditEntry.objects.order_by("-number")
    return list((rows.filter(number__lt=before) if before is not None else rows)[:limit])


def broken() -> Iterator[Break]:
    """Yield where the current tenant's chain does not hold; one change is found once.

    Entries without a hash are older than the chain: they stand before all others.
    """
    before, number = _BEGINNING, 0
    for entry in AuditEntry.objects.order_by("number").iterator():
        number += 1
        stored, derived = bytes(entry.sha256), _digest(entry, before)
        if entry.number != number:
            yield Break(entry, f"number {entry.number}", f"number {number}")
            number = entry.number
        elif stored != derived and (stored or before):
            yield Break(entry, stored.hex() or "no hash", derived.hex())
        before = stored


def last_hash() -> str:
    """Return the hash of the current tenant's last entry, in which all others are; or nothing."""
    last = AuditEntry.objects.order_by("-number").first()
    return bytes(last.sha256).hex() if last else ""


def _append_apart(tenant_id: UUID, entry: AuditEntry) -> None:
    with tenant_scope(tenant_id):
        _append(entry)


def _append(entry: AuditEntry) -> None:
    """Give an entry the next number; whoever else appends waits until this one is there."""
    Tenant.objects.select_for_update(no_key=True).get(pk=current_tenant_id())
    last = AuditEntry.objects.order_by("-number").first()
    entry.number = last.number + 1 if last else 1
    entry.sha256 = _digest(entry, bytes(last.sha256) if last else _BEGINNING)
    entry.save(force_insert=True)


def _digest(entry: AuditEntry, before: bytes) -> bytes:
    """Return the hash of what an entry says, and of the hash before it."""
    said = [
        before.hex(),
        str(entry.tenant_id),
        entry.number,
        str(entry.id),
        entry.at.astimezone(UTC).isoformat(),
        str(entry.actor_id or ""),
        entry.actor,
        str(entry.action),
        entry.subject,
        entry.detail,
        str(ip_address(entry.ip_address)) if entry.ip_address else "",
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()
