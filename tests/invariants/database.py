"""The migrated database as its owner sees it, for tests that look at the catalog."""

from __future__ import annotations

from typing import Any

from django.db import connections

from tenants.roles import role_names
from tests.invariants.rows import MODELS

TENANT_TABLES = {model._meta.db_table for model in MODELS}
LOGINS = role_names()


def catalog(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def tables() -> set[str]:
    """Return every table of ours."""
    found = catalog(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = 'public'::regnamespace"
    )
    return {name for (name,) in found}
