"""How each public method of managers and querysets is called, for tests that try all of them.

A method that stands in no table here is new: say how it is called, and the tests will try it on
every tenant model.
"""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections
from django.db.models import Count, Value

from tests.invariants.rows import columns

# Takes a manager or queryset, and a row of its model that is not saved.
Call = Callable[[Any, Any], Any]


class NotForThisModel(Exception):
    """The model has no field that the method works on."""


def _create(method: str) -> Call:
    return lambda rows, row: getattr(rows, method)(**columns(row))


def _find_or_create(method: str) -> Call:
    return lambda rows, row: getattr(rows, method)(pk=row.pk, defaults=columns(row))


def _evaluate(call: Call) -> Call:
    """Make the call of a lazy method count: read its rows."""
    return lambda rows, row: list(call(rows, row))


# ── methods that run a statement ──────────────────────────────────────────────────────────────
STATEMENTS: dict[str, Call] = {
    "aggregate": lambda rows, row: rows.aggregate(last=Count("pk")),
    "bulk_create": lambda rows, row: rows.bulk_create([row]),
    "bulk_update": lambda rows, row: rows.bulk_update([row], [_plain_field(row)]),
    "contains": lambda rows, row: rows.contains(row),
    "count": lambda rows, row: rows.count(),
    "create": _create("create"),
    "delete": lambda rows, row: rows.delete(),
    "earliest": lambda rows, row: rows.earliest("pk"),
    "exists": lambda rows, row: rows.exists(),
    "explain": lambda rows, row: rows.explain(),
    "first": lambda rows, row: rows.first(),
    "get": lambda rows, row: rows.get(pk=row.pk),
    "get_or_create": _find_or_create("get_or_create"),
    "in_bulk": lambda rows, row: rows.in_bulk([row.pk]),
    "iterator": lambda rows, row: list(rows.iterator()),
    "last": lambda rows, row: rows.last(),
    "latest": lambda rows, row: rows.latest("pk"),
    "raw": lambda rows, row: list(rows.raw(f'SELECT * FROM "{row._meta.db_table}"')),
    "update": lambda rows, row: rows.update(**{_plain_field(row): None}),
    "update_or_create": _find_or_create("update_or_create"),
}

# ── methods that return a queryset, which is read here ────────────────────────────────────────
LAZY: dict[str, Call] = {
    name: _evaluate(call)
    for name, call in {
        "alias": lambda rows, row: rows.alias(one=Value(1)),
        "all": lambda rows, row: rows.all(),
        "annotate": lambda rows, row: rows.annotate(one=Value(1)),
        "complex_filter": lambda rows, row: rows.complex_filter({"pk": row.pk}),
        "dates": lambda rows, row: rows.dates(_field_of(row, "DateField"), "month"),
        "datetimes": lambda rows, row: rows.datetimes(_field_of(row, "DateTimeField"), "month"),
        "defer": lambda rows, row: rows.defer(_plain_field(row)),
        "difference": lambda rows, row: rows.difference(rows.all()),
        "distinct": lambda rows, row: rows.distinct(),
        "exclude": lambda rows, row: rows.exclude(pk=row.pk),
        "extra": lambda rows, row: rows.extra(where=["true"]),
        "filter": lambda rows, row: rows.filter(pk=row.pk),
        "intersection": lambda rows, row: rows.intersection(rows.all()),
        "only": lambda rows, row: rows.only("pk"),
        "order_by": lambda rows, row: rows.order_by("pk"),
        "prefetch_related": lambda rows, row: rows.prefetch_related("tenant"),
        "reverse": lambda rows, row: rows.order_by("pk").reverse(),
        "select_for_update": lambda rows, row: rows.select_for_update(),
        "select_related": lambda rows, row: rows.select_related("tenant"),
        "union": lambda rows, row: rows.union(rows.all()),
        "using": lambda rows, row: rows.using("default"),
        "values": lambda rows, row: rows.values(),
        "values_list": lambda rows, row: rows.values_list(),
    }.items()
}

# ── what Python itself does with a queryset ───────────────────────────────────────────────────
OPERATORS: dict[str, Call] = {
    "__aiter__": lambda rows, row: asyncio.run(_finish(_drain_directly(rows))),
    "__and__": lambda rows, row: list(rows & rows.all()),
    "__bool__": lambda rows, row: bool(rows),
    "__contains__": lambda rows, row: row in rows,
    "__getitem__": lambda rows, row: rows[0],
    "__iter__": lambda rows, row: list(rows),
    "__len__": lambda rows, row: len(rows),
    "__or__": lambda rows, row: list(rows | rows.all()),
    "__reduce__": lambda rows, row: pickle.dumps(rows),
    "__repr__": lambda rows, row: repr(rows),
    "__xor__": lambda rows, row: list(rows ^ rows.all()),
    "slice": lambda rows, row: list(rows[:5]),
}

# ── methods that never reach the database, with the reason ────────────────────────────────────
SILENT = {
    "none": "an empty queryset runs no statement",
    "db": "the name of a connection",
    "ordered": "whether rows come sorted",
    "query": "the statement, not run",
    "as_manager": "makes a manager class",
    "resolve_expression": "makes a subquery of an outer statement, which is checked as a whole",
    "auto_created": "a flag of Django's",
    "check": "looks at the class only",
    "contribute_to_class": "sets the class up",
    "creation_counter": "a number",
    "db_manager": "another manager of the same class",
    "deconstruct": "for migrations",
    "from_queryset": "makes a manager class",
    "get_queryset": "the root of all others; tested by them",
    "use_in_migrations": "a flag of Django's",
}


def calls() -> dict[str, Call]:
    """Return every call by its name, the asynchronous twins included."""
    sync = STATEMENTS | LAZY
    twins = {f"a{name}": _asynchronous(name, call) for name, call in STATEMENTS.items()}
    twins.pop("araw")  # has no asynchronous twin
    return sync | twins


def _asynchronous(name: str, call: Call) -> Call:
    if name == "iterator":
        return lambda rows, row: asyncio.run(_finish(_drain(rows)))
    return lambda rows, row: asyncio.run(_finish(call(_Twin(rows), row)))


class _Twin:
    """Turns the call of a method into the call of its asynchronous twin."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, f"a{name}")


async def _finish(promise: Any) -> Any:
    """Await, and close what connections the other thread opened for it."""
    try:
        return await promise
    finally:
        await sync_to_async(connections.close_all)()


async def _drain(rows: Any) -> list[Any]:
    return [row async for row in rows.aiterator()]


async def _drain_directly(rows: Any) -> list[Any]:
    return [row async for row in rows]


def _plain_field(row: Any) -> str:
    """Return a field of the row that may be written: neither key nor tenant."""
    return next(f.name for f in row._meta.local_fields if f.name not in {"id", "tenant"})


def _field_of(row: Any, kind: str) -> str:
    found = [f.name for f in row._meta.local_fields if f.get_internal_type() == kind]
    if not found:
        raise NotForThisModel(kind)
    return found[0]
