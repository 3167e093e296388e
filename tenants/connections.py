"""Which tenant a shop's domain leads to."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from tenants.models import Connection


def claims_of(domain: str) -> list[Connection]:
    """Return the one connection that has proven the domain, else all claims on it, oldest first."""
    claims = list(Connection.objects.select_related("app").filter(domain=domain).order_by("id"))
    proven = [claim for claim in claims if claim.proven_at is not None]
    return proven or claims


def prove(connection: Connection, *, now: datetime) -> bool:
    """Make the domain the tenant's; tell whether it is, which a faster other claim may prevent."""
    if connection.proven_at is not None:
        return True
    try:
        with transaction.atomic():
            Connection.objects.filter(id=connection.id, proven_at=None).update(proven_at=now)
    except IntegrityError:
        return False
    return True
