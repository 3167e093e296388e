"""What changes often about a tenant."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Least

from tenants.models import TenantState


def data_changed(*, now: datetime, known_since: datetime | None = None) -> None:
    """Raise the current tenant's data version: a figure that somebody keeps may be old now.

    `known_since` is a moment from which on every order is known; the earliest one told stays.
    """
    changes = {"data_version": F("data_version") + 1, "data_changed_at": Value(now)}
    if known_since is not None:  # PostgreSQL's LEAST passes over null
        changes["known_since_at"] = Least("known_since_at", Value(known_since))
    TenantState.objects.update(**changes)


def lock_tenant() -> bool:
    """Keep other writers of this tenant away until the transaction ends; false if one is there.

    A tenant whose state row is missing gets one, since nothing else could ever write for it.
    """
    state = TenantState.objects.select_for_update(skip_locked=True)
    if state.values_list("id", flat=True).first() is not None:
        return True
    TenantState.objects.bulk_create([TenantState()], ignore_conflicts=True)
    return state.values_list("id", flat=True).first() is not None
