"""Arrays as text come back from PostgreSQL as the values they were made of."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from xenofy.common.arrays import Writer, array, as_bytes, as_json, as_uuid, quoted

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 29, 1, 30, 0, 5, tzinfo=UTC)
HOSTILE = ["", "NULL", "null", "{", "}", ",", '"', "\\", "\\\\x", " a ", "a\nb", "é 🌸", "%s", "'"]


@pytest.mark.parametrize(
    ("kind", "write", "values"),
    [
        ("text", quoted, [*HOSTILE, None]),
        ("bigint", str, [0, -(2**63), 2**63 - 1, None]),
        ("numeric", str, [Decimal("1E+3"), Decimal("-0.000001"), None]),
        ("boolean", str, [True, False, None]),
        ("date", str, [date(2026, 2, 28), None]),
        ("timestamptz", str, [AT, None]),
        ("uuid", as_uuid, [UUID(int=0), UUID(int=2**128 - 1), None]),
        ("bytea", as_bytes, [b"", b"\0\\\xff", None]),
        ("text", as_json, []),
    ],
)
def test_values_come_back(kind: str, write: Writer, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [array(values, write)])
        (found,) = cursor.fetchone()

    assert found == values


def test_json_comes_back() -> None:
    values = [{"a": HOSTILE}, [], None]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(%s::text[]::jsonb[])", [array(values, as_json)])
        (found,) = cursor.fetchone()

    assert json.loads(found) == values
