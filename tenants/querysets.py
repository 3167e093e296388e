"""Querysets and the manager of tenant tables: every statement carries the scope's tenant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from tenants.scope import WrongTenant, current_tenant_id

M = TypeVar("M", bound=models.Model)


class ScopeTenant(models.Value):
    """The tenant's id as a literal that compiles only inside the scope in which it was made."""

    def __init__(self, tenant_id: UUID) -> None:
        super().__init__(tenant_id, output_field=models.UUIDField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        if current_tenant_id() != self.value:
            raise WrongTenant("This query was built in another tenant's scope.")
        sql, params = super().as_sql(compiler, connection)
        return sql, list(params)


class TenantQuerySet(models.QuerySet[M]):
    """A queryset that neither writes another tenant's row nor moves a row between tenants."""

    def update(self, **values: Any) -> int:
        if {"tenant", "tenant_id"} & values.keys():
            raise WrongTenant("A row never changes its tenant.")
        return super().update(**values)

    def bulk_update(
        self, objs: Any, fields: Collection[str], batch_size: int | None = None
    ) -> int:
        if {"tenant", "tenant_id"} & set(fields):
            raise WrongTenant("A row never changes its tenant.")
        return super().bulk_update(objs, fields, batch_size)

    def _insert(self, objs: Sequence[Any], fields: Sequence[Any], **options: Any) -> Any:
        """Check each new row: the one door of `create`, `bulk_create` and `save`."""
        tenant_id = current_tenant_id()
        if any(obj.tenant_id != tenant_id for obj in objs):
            raise WrongTenant("A row of another tenant cannot be written here.")
        return super()._insert(objs, fields, **options)  # type: ignore[misc]


class TenantManager(models.Manager[M]):
    """The default and base manager of tenant models; raises `NoTenant` outside of a scope."""

    _queryset_class = TenantQuerySet

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(tenant_id=ScopeTenant(current_tenant_id()))
