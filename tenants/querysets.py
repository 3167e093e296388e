"""Querysets and the manager of tenant tables: every statement carries the scope's tenant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction

import tenants.any_of  # noqa: F401  # makes the lookup known
from tenants.scope import WrongTenant, current_tenant_id

M = TypeVar("M", bound=models.Model)


class ScopeTenant(models.Value):
    """The tenant's id as a literal that compiles only inside the scope in which it was made."""

    def __init__(self, tenant_id: UUID) -> None:
        super().__init__(tenant_id, output_field=models.UUIDField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if current_tenant_id() != self.value:
            raise WrongTenant("This query was built in another tenant's scope.")
        sql, params = super().as_sql(compiler, connection)
        return sql, tuple(params)


class TenantQuerySet(models.QuerySet[M]):
    """A queryset whose writes stay in the tenant and name it in every statement."""

    def update(self, **values: Any) -> int:
        if {"tenant", "tenant_id"} & values.keys():
            raise WrongTenant("A row never changes its tenant.")
        if _is_joined(self):
            return int(_rows(self).filter(pk__in=self.values("pk")).update(**values))
        return super().update(**values)

    def bulk_update(
        self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        names = list(fields)
        if {"tenant", "tenant_id"} & set(names):
            raise WrongTenant("A row never changes its tenant.")
        return super().bulk_update(objs, names, batch_size)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows at once; return how many there were.

        Django's collector would delete by id alone. Here the tenant stands in every WHERE, and
        what belongs to the rows goes by the database's ON DELETE CASCADE, which is not counted.
        """
        if self.query.is_sliced or self.query.combinator or self.query.distinct_fields:
            raise TypeError("A slice, a union or a DISTINCT ON cannot be deleted.")
        rows = self.order_by()
        with transaction.atomic(using=self.db, savepoint=False):
            if _is_joined(self):
                rows = _rows(self).filter(pk__in=list(self.values_list("pk", flat=True)))
            _clear_references(rows)
            count = rows._raw_delete(using=self.db)  # noqa: SLF001
        return count, {self.model._meta.label: count}

    def _update(self, values: Any) -> int:
        """Refuse to save a row whose tenant is not the scope's: the door of `save`."""
        tenant_id = current_tenant_id()
        if any(field.name == "tenant" and value != tenant_id for field, _, value in values):
            raise WrongTenant("A row never changes its tenant.")
        return super()._update(values)  # type: ignore[misc,no-any-return]

    def _insert(self, objs: Sequence[Any], fields: Sequence[Any], **options: Any) -> Any:
        """Check each new row: the one door of `create`, `bulk_create` and `save`."""
        tenant_id = current_tenant_id()
        if any(obj.tenant_id != tenant_id for obj in objs):
            raise WrongTenant("A row of another tenant cannot be written here.")
        return super()._insert(objs, fields, **options)  # type: ignore[misc]


def _rows(queryset: models.QuerySet[Any]) -> Any:
    """Return all rows of the queryset's model and login in the scope."""
    model: Any = queryset.model
    return model.objects.using(queryset.db)


def _is_joined(queryset: models.QuerySet[Any]) -> bool:
    """Tell whether the filter leads to other tables: Django then changes `WHERE id IN (…)`, and
    the tenant stands inside the brackets only."""
    return sum(count > 0 for count in queryset.query.alias_refcount.values()) > 1


def _clear_references(rows: models.QuerySet[Any]) -> None:
    """Set to null what points to the rows with SET_NULL; Citus has no such foreign keys."""
    for relation in rows.model._meta.related_objects:
        if relation.on_delete is models.SET_NULL:
            pointing = relation.related_model.objects.using(rows.db)
            pointing = pointing.filter(**{f"{relation.field.name}__in": rows.values("pk")})
            pointing.update(**{relation.field.name: None})


class TenantManager(models.Manager[M]):
    """The default and base manager of tenant models; raises `NoTenant` outside of a scope."""

    _queryset_class = TenantQuerySet

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(tenant_id=ScopeTenant(current_tenant_id()))
