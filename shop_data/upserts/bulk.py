"""The one statement behind every write of the mirror: INSERT … ON CONFLICT … DO UPDATE WHERE newer.

Django's `bulk_create(update_conflicts=True)` cannot say WHERE (Django ticket 34277).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql

from shop_data.changes import Version
from tenants.models import TenantModel
from tenants.scope import current_tenant_id
from xenofy.common.arrays import Writer, array, as_bytes, as_json, as_uuid, quoted, uuids
from xenofy.common.identifiers import uuid7s

Row = Mapping[str, Any]
VERSION = ("version_at", "version_triggered_at", "version_digest")
_WRITERS: Mapping[type[models.Field[Any, Any]], Writer] = {
    models.CharField: quoted,
    models.TextField: quoted,
    models.JSONField: as_json,
    models.BinaryField: as_bytes,
    models.UUIDField: as_uuid,
}


def versioned(row: Row, version: Version, now: Any) -> dict[str, Any]:
    """Return the row with the columns that say which version it is."""
    return {**row, **dict(zip(VERSION, version, strict=True)), "synced_at": now}


def upsert_newest(
    model: type[TenantModel],
    rows: Iterable[Row],
    *,
    key: Sequence[str] = ("shopify_id",),
    returning: Sequence[str] = (),
) -> set[Any]:
    """Write versioned rows where they are newer than what stands there; return the keys written,
    or what `returning` names of them.

    A column that a row does not have keeps its value. Of several versions of one key the newest
    is written, with what only older ones say.
    """
    newest = _merge_versions(rows, key)
    return {
        _key_of(returned)
        for batch in _same_columns(newest)
        for returned in _write(model, batch, key=key, is_versioned=True, returning=returning or key)
    }


def upsert_changed(model: type[TenantModel], rows: Sequence[Row], *, key: Sequence[str]) -> None:
    """Write rows without versions; a row that is as it was is left untouched."""
    for batch in _same_columns(sorted(rows, key=lambda row: _comparable(row, key))):
        _write(model, batch, key=key, is_versioned=False, returning=())


def ids_by_shopify_id(model: type[TenantModel], shopify_ids: Iterable[int]) -> dict[int, UUID]:
    """Return shopify_id -> our id for those that are here."""
    manager: Any = model.objects
    return dict(manager.filter(shopify_id__any=shopify_ids).values_list("shopify_id", "id"))


def _merge_versions(rows: Iterable[Row], key: Sequence[str]) -> list[dict[str, Any]]:
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: tuple(row[name] for name in VERSION)):
        identity = tuple(row[name] for name in key)
        merged[identity] = {**merged.get(identity, {}), **row}
    return sorted(merged.values(), key=lambda row: _comparable(row, key))


def _comparable(row: Row, key: Sequence[str]) -> list[Any]:
    """Return the key of a row as values that are compared quickly, which UUIDs are not."""
    values = (row[name] for name in key)
    return [value.int if isinstance(value, UUID) else value for value in values]


def _same_columns(rows: Iterable[Row]) -> list[list[Row]]:
    """Split rows into batches that fill the same columns; the order inside is kept, since rows
    that every writer sorts alike cannot deadlock."""
    batches: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        batches[tuple(row)].append(row)
    return list(batches.values())


def _write(
    model: type[TenantModel],
    rows: Sequence[Row],
    *,
    key: Sequence[str],
    is_versioned: bool,
    returning: Sequence[str],
) -> list[tuple[Any, ...]]:
    names = tuple(rows[0])
    statement = _statement(model, names, tuple(key), is_versioned, tuple(returning))
    columns = [array([row[name] for row in rows], _writer(_field(model, name))) for name in names]
    ids = uuids(uuid7s(len(rows)))
    database: Any = connection
    with database.bound_cursor() as cursor:
        cursor.execute(statement, [current_tenant_id(), ids, *columns])
        return list(cursor.fetchall())


@lru_cache(maxsize=256)
def _statement(
    model: type[TenantModel],
    names: Sequence[str],
    key: Sequence[str],
    is_versioned: bool,
    returning: Sequence[str],
) -> str:
    """Return the statement that takes the tenant, ids and an array for each column."""
    fields = [_field(model, name) for name in names]
    unsaid = _defaults(model, names)
    said = [_given("id", ""), *map(_given, names, map(_cast, fields))]
    statement = sql.SQL(
        "INSERT INTO {table} AS mirror (tenant_id, id, {columns})"
        " SELECT %s::uuid, {values} FROM unnest({arrays}) AS given(id, {given})"
        " ON CONFLICT (tenant_id, {key}) DO UPDATE SET {updates} WHERE {guard}"
        " RETURNING {returning}"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        columns=_names([*names, *unsaid]),
        values=sql.SQL(", ").join([*said, *unsaid.values()]),
        given=_names(names),
        arrays=sql.SQL(", ").join(
            sql.SQL("%s::{}[]").format(sql.SQL(kind))
            for kind in ["uuid", *map(_array_type, fields)]
        ),
        key=_names(key),
        updates=sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name))
            for name in names
            if name not in key
        ),
        guard=_guard([name for name in names if name not in key], is_versioned),
        returning=_columns("mirror", returning) if returning else sql.SQL("1"),
    )
    return statement.as_string(None)


def _guard(others: Sequence[str], is_versioned: bool) -> sql.Composable:
    """Return the condition on which a row that stands there is replaced."""
    names, operator = (VERSION, "<=") if is_versioned else (others, "IS DISTINCT FROM")
    return sql.SQL("({}) {} ({})").format(
        _columns("mirror", names), sql.SQL(operator), _columns("excluded", names)
    )


@cache
def _field(model: type[TenantModel], column: str) -> models.Field[Any, Any]:
    return next(field for field in model._meta.local_fields if field.column == column)


def _defaults(model: type[TenantModel], said: Sequence[str]) -> dict[str, sql.Composable]:
    """Return column -> value of those that a new row cannot leave null and no body speaks of."""
    return {
        str(field.column): sql.SQL("{}" + _cast(field)).format(sql.Literal(_default(field)))
        for field in model._meta.local_fields
        if field.column not in {"id", "tenant_id", *said} and field.has_default()
    }


def _default(field: models.Field[Any, Any]) -> Any:
    default = field.get_default()
    return json.dumps(default) if isinstance(field, models.JSONField) else default


def _array_type(field: models.Field[Any, Any]) -> str:
    """Return the type of the array that carries a column; JSON travels as text."""
    if isinstance(field, models.JSONField):
        return "text"
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))


def _cast(field: models.Field[Any, Any]) -> str:
    return "::jsonb" if isinstance(field, models.JSONField) else ""


def _writer(field: Any) -> Writer:
    """Return how a value of the column is written into its array."""
    column = field.target_field if field.is_relation else field
    return next((write for kind, write in _WRITERS.items() if isinstance(column, kind)), str)


def _key_of(returned: tuple[Any, ...]) -> Any:
    return returned[0] if len(returned) == 1 else returned


def _given(name: str, cast: str) -> sql.Composable:
    return sql.SQL("given.{}{}").format(sql.Identifier(name), sql.SQL(cast))


def _names(names: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _columns(table: str, names: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(table, name) for name in names)
