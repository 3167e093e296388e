"""Keys of integrators: from a key to its tenant, before any tenant is known."""

from __future__ import annotations

import hashlib
from datetime import datetime

from tenants.models import ApiKey


def key_in_force(key: str, *, now: datetime) -> ApiKey | None:
    """Return the row of a key with its tenant; None for one that is unknown, ended or revoked.

    Its hash leads there: a key has so much chance in it that a slow hash would protect nothing.
    """
    digest = hashlib.sha256(key.encode()).digest()
    keys = ApiKey.objects.select_related("tenant").filter(sha256=digest, revoked_at=None)
    found: ApiKey | None = keys.first()
    if found is None or (found.expires_at is not None and found.expires_at <= now):
        return None
    return found
