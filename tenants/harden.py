"""Make the database match what the tenant models promise.

`harden` reads the models and the catalog and runs only what is missing: composite primary keys
and foreign keys that start with the tenant, row-level security with its policies, and the rights
of each login. It is idempotent; nobody writes this SQL by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models

from tenants.fields import TenantForeignKey
from tenants.models import TenantModel
from tenants.roles import role_names

# The form in which PostgreSQL prints the policy; written so, it can be compared.
SAME_TENANT = (
    "(tenant_id = (NULLIF(current_setting('xenofy.tenant_id'::text, true), ''::text))::uuid)"
)
CRUD = "SELECT, INSERT, UPDATE, DELETE"


def harden() -> list[str]:
    """Bring the database in line; return the statements that were run, none when all was well."""
    statements = list(missing())
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return statements


def missing() -> Iterator[str]:
    """Yield the statements that the database still lacks, keys before foreign keys."""
    existing = set(connections["owner"].introspection.table_names())
    tenant = [model for model in tenant_models() if model._meta.db_table in existing]
    for model in tenant:
        yield from _missing_primary_key(model)
    for model in tenant:
        yield from _missing_foreign_keys(model)
        yield from _missing_row_security(model)
        yield from _missing_grants(model._meta.db_table, _tenant_grants(model))
    for model in control_models():
        if model._meta.db_table in existing:
            yield from _missing_grants(model._meta.db_table, _control_grants())
    yield from _missing_grants("django_migrations", dict.fromkeys(_readers(), "SELECT"))


def tenant_models() -> list[type[TenantModel]]:
    """Return every model of tenant data."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def control_models() -> list[type[models.Model]]:
    """Return every other model: people, sessions, tenants, connections, Django's own tables."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if not issubclass(model, TenantModel)]


def _missing_primary_key(model: type[TenantModel]) -> Iterator[str]:
    table = model._meta.db_table
    name, definition = _row(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'p'",
        [table],
    )
    if definition != "PRIMARY KEY (tenant_id, id)":
        yield f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}", ADD PRIMARY KEY (tenant_id, id)'


def _missing_foreign_keys(model: type[TenantModel]) -> Iterator[str]:
    table = model._meta.db_table
    present = dict(
        _rows(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
    )
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey):
            name = f"{table}_{field.column}_tenant_fk"
            definition = _foreign_key(field)
            if present.get(name) != definition:
                drop = f'DROP CONSTRAINT "{name}", ' if name in present else ""
                yield f'ALTER TABLE "{table}" {drop}ADD CONSTRAINT "{name}" {definition}'


def _foreign_key(field: TenantForeignKey) -> str:
    """Return the constraint as PostgreSQL prints it; not deferrable, so that a write fails at once."""
    target = field.remote_field.model._meta.db_table
    cascade = " ON DELETE CASCADE" if field.remote_field.on_delete is models.CASCADE else ""
    return (
        f"FOREIGN KEY (tenant_id, {field.column}) REFERENCES {target}(tenant_id, id){cascade}"
    )


def _missing_row_security(model: type[TenantModel]) -> Iterator[str]:
    """Enable, never FORCE: forced, it blinds the owner's data migrations and hangs Citus moves."""
    table = model._meta.db_table
    (enabled,) = _row("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
    if not enabled:
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    wanted = _policies(model)
    for name, command, roles, using, check in _rows(
        "SELECT policyname, cmd, array_to_string(roles, ','), qual, with_check FROM pg_policies"
        " WHERE schemaname = current_schema() AND tablename = %s",
        [table],
    ):
        if wanted.get(name) == (command, roles, using, check):
            del wanted[name]
        else:
            yield f'DROP POLICY "{name}" ON "{table}"'
    for name, (command, role, using, check) in wanted.items():
        check = f" WITH CHECK ({check})" if check else ""
        yield f'CREATE POLICY "{name}" ON "{table}" FOR {command} TO "{role}" USING ({using}){check}'


def _policies(model: type[TenantModel]) -> dict[str, tuple[str, str, str, str | None]]:
    """Return name -> (command, role, condition of reading, condition of writing)."""
    roles = role_names()
    policies: dict[str, tuple[str, str, str, str | None]] = {
        "same_tenant": ("ALL", roles["app"], SAME_TENANT, SAME_TENANT),
        "staff_read": ("SELECT", roles["staff"], "true", None),
    }
    if model.worker_sees_all:
        policies["worker_sees_work"] = ("SELECT", roles["worker"], "true", None)
    return policies


def _tenant_grants(model: type[TenantModel]) -> dict[str, str]:
    roles = role_names()
    return {roles["app"]: model.grants, roles["staff"]: "SELECT"}


def _control_grants() -> dict[str, str]:
    return dict.fromkeys(_readers(), CRUD)


def _readers() -> list[str]:
    """Return the logins with rights of their own; the worker has the application's."""
    roles = role_names()
    return [roles["app"], roles["staff"]]


def _missing_grants(table: str, wanted: dict[str, str]) -> Iterator[str]:
    present = dict(
        _rows(
            "SELECT grantee::text, string_agg(privilege_type, ',') FROM"
            " information_schema.role_table_grants"
            " WHERE table_schema = current_schema() AND table_name = %s GROUP BY 1",
            [table],
        )
    )
    for role, rights in wanted.items():
        if set(present.get(role, "").split(",")) != set(rights.split(", ")):
            yield f'REVOKE ALL ON "{table}" FROM "{role}"'
            yield f'GRANT {rights} ON "{table}" TO "{role}"'


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _row(sql: str, params: list[Any]) -> tuple[Any, ...]:
    return _rows(sql, params)[0]
