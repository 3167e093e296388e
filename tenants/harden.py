"""Make the database match what the tenant models promise.

`harden` reads the models and the catalog and runs only what is missing: composite primary keys
and foreign keys that start with the tenant, row-level security with its policies, and the rights
of each login. It is idempotent; nobody writes this SQL by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

from tenants.fields import TenantForeignKey
from tenants.models import TenantModel
from tenants.roles import role_names

# The form in which PostgreSQL prints the policy; written so, it can be compared.
SAME_TENANT = (
    "(tenant_id = (NULLIF(current_setting('xenofy.tenant_id'::text, true), ''::text))::uuid)"
)
# The same of a shop that is erased: whoever it is can be asked of the control table.
OF_ERASED = (
    "(EXISTS ( SELECT 1\n   FROM tenants_tenant\n  WHERE ((tenants_tenant.id ="
    " {table}.tenant_id) AND (tenants_tenant.erased_at IS NOT NULL))))"
)
CRUD = "SELECT, INSERT, UPDATE, DELETE"


def harden() -> list[str]:
    """Bring the database in line; return the statements that were run, none when all was well."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        statements = list(missing())
        for statement in statements:
            cursor.execute(statement)
    return statements


def missing() -> Iterator[str]:
    """Yield the statements that the database still lacks, keys before foreign keys."""
    existing = set(connections["owner"].introspection.table_names())
    present = [model for model in tenant_models() if model._meta.db_table in existing]
    for model in present:
        yield from _missing_primary_key(model)
    for model in present:
        yield from _missing_foreign_keys(model)
        yield from _missing_row_security(model)
        yield from _missing_grants(model._meta.db_table, _tenant_grants(model))
    for table in sorted(existing & {model._meta.db_table for model in control_models()}):
        yield from _missing_grants(table, _control_grants())
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
    present = _constraints(table, "p")
    if list(present.values()) != ["PRIMARY KEY (tenant_id, id)"]:
        drop = "".join(f'DROP CONSTRAINT "{name}", ' for name in present)
        yield f'ALTER TABLE "{table}" {drop}ADD PRIMARY KEY (tenant_id, id)'


def _missing_foreign_keys(model: type[TenantModel]) -> Iterator[str]:
    """Compare what there is with what the fields want; a foreign key that no field wants goes."""
    table = model._meta.db_table
    present = _constraints(table, "f")
    wanted = _foreign_keys(model)
    for name, definition in present.items():
        if wanted.get(name) != definition:
            yield f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'
    for name, definition in wanted.items():
        if present.get(name) != definition:
            yield f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}'


def _foreign_keys(model: type[TenantModel]) -> dict[str, str]:
    return {
        f"{model._meta.db_table}_{field.column}_tenant_fk": _foreign_key(field)
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey)
    }


def _foreign_key(field: TenantForeignKey) -> str:
    """Return the constraint as PostgreSQL prints it; not deferrable, so as to fail at once."""
    target = field.remote_field.model._meta.db_table
    cascade = " ON DELETE CASCADE" if field.remote_field.on_delete is models.CASCADE else ""
    return f"FOREIGN KEY (tenant_id, {field.column}) REFERENCES {target}(tenant_id, id){cascade}"


def _missing_row_security(model: type[TenantModel]) -> Iterator[str]:
    """Enable, never FORCE: forced, it blinds the owner's data migrations and hangs Citus moves."""
    table = model._meta.db_table
    ((enabled, forced),) = _rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
        [table],
    )
    if not enabled:
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    if forced:
        yield f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY'
    yield from _missing_policies(model)


def _missing_policies(model: type[TenantModel]) -> Iterator[str]:
    table = model._meta.db_table
    wanted = _policies(model)
    for name, *definition in _rows(
        "SELECT policyname, CASE permissive WHEN 'PERMISSIVE' THEN cmd"
        " ELSE permissive || ' ' || cmd END,"
        " array_to_string(roles, ','), qual, with_check FROM pg_policies"
        " WHERE schemaname = current_schema() AND tablename = %s",
        [table],
    ):
        if wanted.get(name) == tuple(definition):
            del wanted[name]
        else:
            yield f'DROP POLICY "{name}" ON "{table}"'
    for name, (command, role, using, check) in wanted.items():
        rule = f"USING ({using})" + (f" WITH CHECK ({check})" if check else "")
        kind, _, verb = command.rpartition(" ")
        mode = f" AS {kind}" if kind else ""
        yield f'CREATE POLICY "{name}" ON "{table}"{mode} FOR {verb} TO "{role}" {rule}'


def _policies(model: type[TenantModel]) -> dict[str, tuple[str, str, str, str | None]]:
    """Return name -> (command, role, condition of reading, condition of writing)."""
    roles = role_names()
    policies: dict[str, tuple[str, str, str, str | None]] = {
        "same_tenant": ("ALL", roles["app"], SAME_TENANT, SAME_TENANT),
        "staff_read": ("SELECT", roles["staff"], "true", None),
    }
    if model.stays_until_erased:
        erased = OF_ERASED.format(table=model._meta.db_table)
        policies["only_erased"] = ("RESTRICTIVE DELETE", roles["app"], erased, None)
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
    """Compare the rights of our logins and of PUBLIC; an operator's own roles are not ours."""
    present = _grants(table)
    for grantee in ["PUBLIC", *role_names().values()]:
        rights = wanted.get(grantee, "")
        if present.get(grantee, set()) != set(filter(None, rights.split(", "))):
            quoted = grantee if grantee == "PUBLIC" else f'"{grantee}"'
            yield f'REVOKE ALL ON "{table}" FROM {quoted}'
            if rights:
                yield f'GRANT {rights} ON "{table}" TO {quoted}'


def _grants(table: str) -> dict[str, set[str]]:
    """Return grantee -> rights on the table, its owner left out."""
    return {
        role: set(rights)
        for role, rights in _rows(
            "SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END,"
            " array_agg(privilege_type || CASE WHEN is_grantable THEN ' TO PASS ON' ELSE '' END)"
            " FROM pg_class, aclexplode(relacl)"
            " WHERE oid = %s::regclass AND grantee <> relowner GROUP BY 1",
            [table],
        )
    }


def _constraints(table: str, kind: str) -> dict[str, str]:
    """Return name -> definition of the table's constraints of one kind."""
    return dict(
        _rows(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = %s",
            [table, kind],
        )
    )


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
