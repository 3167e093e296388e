"""Finding a tenant by what people know of it."""

from __future__ import annotations

from uuid import UUID

from tenants.connections import claims_of
from tenants.models import Tenant

MOST = 20  # tenants whose names begin alike


def tenants_of(known: str) -> list[Tenant]:
    """Return the tenants that have this id or this domain of a shop; none for anything else."""
    text = known.strip()
    if not text:
        return []
    ids = [claim.tenant_id for claim in claims_of(text.lower())] or _as_ids(text)
    return list(Tenant.objects.filter(id__in=ids).order_by("id"))


def tenants_called(known: str) -> list[Tenant]:
    """Return `tenants_of`, else the first tenants whose names begin so."""
    found = tenants_of(known)
    if found or not known.strip():
        return found
    named = Tenant.objects.filter(name__istartswith=known.strip())
    return list(named.order_by("name", "id")[:MOST])


def _as_ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []
