"""Erasing a shop: every row of a tenant, in every table that there is.

What is erased follows from the models, so that no table can be forgotten. Nothing is switched off
for it: rows are deleted in the tenant's scope, some thousand in a transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from tenants.fields import TenantForeignKey
from tenants.models import Connection, ShopifyApp, Tenant, TenantModel, TenantState
from tenants.scope import current_tenant_id

NAME = "Erased shop"
BATCH = 2_000  # rows of one transaction


def close(*, now: datetime) -> None:
    """Let nobody and nothing into the current tenant any more, and forget what it is called."""
    tenant_id = current_tenant_id()
    apps_of_shop = list(
        Connection.objects.filter(tenant_id=tenant_id).values_list("app", flat=True)
    )
    for model, name in _control_references():
        model.objects.filter(**{name: tenant_id}).delete()
    orphans = ShopifyApp.objects.filter(id__in=apps_of_shop)
    orphans.exclude(id__in=Connection.objects.values("app_id")).delete()
    Tenant.objects.filter(id=tenant_id).update(
        name=NAME, is_demo=False, erased_at=now, updated_at=now
    )


def delete_rows(*, but: Collection[type[TenantModel]]) -> int:
    """Delete the next rows of the current tenant, except of some tables; return how many."""
    for model in _by_reference():
        if model in but:
            continue
        rows: Any = model.objects
        ids = list(rows.order_by("id").values_list("id", flat=True)[:BATCH])
        if ids:
            rows.filter(id__in=ids).delete()
            return len(ids)
    return 0


def erased_tenants() -> set[UUID]:
    """Return the tenants for whom nothing may be done any more."""
    return set(Tenant.objects.filter(erased_at__isnull=False).values_list("id", flat=True))


def _control_references() -> list[tuple[Any, str]]:
    """Return each control table that leads to tenants, with its field."""
    return [
        (model, field.name)
        for model in apps.get_models()
        if not issubclass(model, TenantModel)
        for field in model._meta.concrete_fields
        if field.related_model is Tenant
    ]


def _by_reference() -> list[type[TenantModel]]:
    """Return the tenant tables: what makes work first, then each before those it points to; the
    state, by whose row a tenant is locked, last."""
    found = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    found.sort(key=lambda model: (model is TenantState, not model.worker_sees_all))
    ordered: list[type[TenantModel]] = []
    while found:
        pointed = {target for model in found for target in _targets(model) if target is not model}
        free = next(model for model in found if model not in pointed)
        found.remove(free)
        ordered.append(free)
    return ordered


def _targets(model: type[models.Model]) -> list[Any]:
    return [field.related_model for field in model._meta.concrete_fields
            if isinstance(field, TenantForeignKey)]  # fmt: skip
