"""Whether the audit entries of a tenant are what was written down, all of it."""

from __future__ import annotations

from collections.abc import Iterator

from tenants import audit
from tenants.models import AuditEntry
from xenofy.verification.records import AuditCheck, Difference, Differences

SHOWN = 16  # characters of a hash in a difference


def check_audit(differences: Differences) -> AuditCheck:
    """Compute the current tenant's chain of audit entries again and compare it with the stored."""
    differences.add(_differences())
    return AuditCheck(entries=AuditEntry.objects.count(), last_hash=audit.last_hash())


def _differences() -> Iterator[Difference]:
    for found in audit.broken():
        entry = found.entry
        metric = f"audit entry {entry.number} ({entry.action})"
        yield Difference(entry.at.date(), "", metric, found.stored[:SHOWN], found.derived[:SHOWN])
