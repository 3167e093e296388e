"""The two foreign keys of tenant tables: to the tenant, and to another row of the same tenant."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact

from tenants.scope import current_tenant_id, tenant_id_or_none


class TenantKey(models.ForeignKey[Any, Any]):
    """The column `tenant_id` that leads every key and index of a tenant table.

    It has no constraint to the tenant's table (tenant data can then live on another server) and
    no index of its own, since every index starts with it.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("to", "tenants.Tenant")
        kwargs.setdefault("on_delete", models.DO_NOTHING)
        kwargs.update(db_constraint=False, db_index=False, related_name="+", editable=False)
        kwargs["default"] = current_tenant_id
        super().__init__(**kwargs)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Make bulk inserts use VALUES: Citus refuses INSERT … SELECT FROM UNNEST under RLS."""
        return "%s"


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A reference inside one tenant: (tenant_id, x_id) in the database, joins on both columns.

    Django sees the single column; `harden()` adds the composite constraint.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs.update(db_constraint=False, db_index=False)
        super().__init__(to, on_delete, **kwargs)

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        """Add the tenant to the join's condition."""
        if alias is None:  # exclude() across the reverse relation
            return _in_scope(related_alias, self.model)
        if related_alias is None:
            return _in_scope(alias, self.remote_field.model)
        return _SameTenant(
            _tenant_column(alias, self.remote_field.model),
            _tenant_column(related_alias, self.model),
        )


class _SameTenant(Exact):
    """Compare two columns; `Exact` would prepare the right-hand side as a value."""

    def get_prep_lookup(self) -> Any:
        return self.rhs


def _tenant_column(alias: str | None, model: Any) -> Col:
    field = model._meta.get_field("tenant")
    return Col(alias, field, field)  # type: ignore[arg-type]  # None is Django's "no alias"


def _in_scope(alias: str | None, model: Any) -> Exact | None:
    tenant_id = tenant_id_or_none()
    return Exact(_tenant_column(alias, model), tenant_id) if tenant_id else None
