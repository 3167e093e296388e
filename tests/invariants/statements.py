"""Whether a statement names the tenant for each tenant table that it touches.

Row-level security protects a statement without it, but does not route it: on one server it may
read every tenant's rows before it drops them, on several it goes to all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tests.invariants.database import TENANT_TABLES

_TEXT = re.compile(r"'(?:[^']|'')*'")
_TABLE = "|".join(sorted(TENANT_TABLES, key=len, reverse=True))
_READ = re.compile(rf'\b(?:FROM|JOIN|UPDATE|USING)\s+(?:ONLY\s+)?"?({_TABLE})"?(?![\w.])', re.I)
_LISTED = re.compile(rf',\s*"?({_TABLE})"?\s+(?:AS\s+)?\w+(?=\s+(?:WHERE|ON|,))', re.I)
_INSERT = re.compile(rf'\bINTO\s+"?({_TABLE})"?\s+(?:AS\s+\w+\s+)?\(([^)]*)\)', re.I)
_INSERTED = re.compile(rf'\bINTO\s+"?({_TABLE})"?\b', re.I)
_BOUND = re.compile(r'"?tenant_id"?\)?\s*(?:=|IN\b)', re.I)


def names_the_tenant(sql: str) -> bool:
    """Tell whether there are as many conditions on the tenant as there are tenant tables."""
    text = _TEXT.sub("''", sql)
    inserted = _INSERT.findall(text)
    if len(inserted) != len(_INSERTED.findall(text)):
        return False
    if any("tenant_id" not in columns for _, columns in inserted):
        return False
    tables = len(_READ.findall(text)) + len(_LISTED.findall(text))
    return len(_BOUND.findall(text)) >= tables


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect the statements of the application's login that leave a tenant out."""
    found: list[str] = []

    def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = sql if isinstance(sql, str) else sql.as_string(connection.connection)
        if not names_the_tenant(text):
            found.append(text)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@contextmanager
def all_named() -> Iterator[None]:
    """Fail when a statement of the application's login leaves a tenant out."""
    with watched() as found:
        yield
    assert not found, "The tenant is not named in: " + "; ".join(dict.fromkeys(found))
