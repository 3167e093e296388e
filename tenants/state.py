"""What changes often about a tenant."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from tenants.models import TenantState


def data_changed(*, now: datetime) -> None:
    """Raise the current tenant's data version: a figure that somebody keeps may be old now."""
    TenantState.objects.update(data_version=F("data_version") + 1, data_changed_at=now)
