"""`filter(shopify_id__any=ids)`: the same rows as with `__in`, and one value for all the ids.

Django prepares and binds each value of a list by itself, which for hundreds of ids takes longer
than PostgreSQL takes to find the rows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.sql.compiler import SQLCompiler

from xenofy.common.arrays import array, as_uuid


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class AnyOf(models.Lookup):
    """Is the column, a number or a UUID, one of some values? None is none of them."""

    lookup_name = "any"

    def get_prep_lookup(self) -> Collection[Any]:
        return frozenset(self.rhs) - {None}

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        column, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
        values = array(self.rhs, as_uuid if kind == "uuid" else str)
        return f"{column} = ANY(%s::{kind}[])", (*params, values)
