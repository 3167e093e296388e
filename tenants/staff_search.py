"""Searching tables of tenant data for staff: by exact values and by beginnings, never inside texts.

A number is looked for in columns of numbers, an id in columns of ids. Columns that end in
`_search` hold lower-case text and are searched by its beginning, all other texts as a whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

MATCHES = 200  # that are looked for in each column
_NUMBER = re.compile(r"[0-9]{1,18}")  # surely a bigint


class Found(NamedTuple):
    """Which rows match, and whether there are more than were looked for."""

    rows: Q
    more: bool


def search(queryset: QuerySet[Any], columns: Sequence[str], term: str) -> Found:
    """Find the rows with one of `columns` like `term`.

    Each column is asked alone, so that each can use its index: PostgreSQL has none for an OR over
    columns of joined tables.
    """
    ids: dict[UUID, set[UUID]] = defaultdict(set)
    more = False
    for column in columns:
        matches = _matches(queryset, column, term)
        more |= len(matches) > MATCHES
        for tenant_id, row_id in matches[:MATCHES]:
            ids[tenant_id].add(row_id)
    return Found(_any_of(ids), more)


def _matches(queryset: QuerySet[Any], column: str, term: str) -> list[tuple[UUID, UUID]]:
    """Return tenant and id of the first rows with a column like what was typed."""
    condition = _condition(queryset.model, column, term)
    if condition is None:
        return []
    rows = queryset.filter(condition).order_by().values_list("tenant_id", "id")
    return list(rows[: MATCHES + 1])


def _any_of(ids: Mapping[UUID, Collection[UUID]]) -> Q:
    wanted = Q(pk__in=[])
    for tenant_id, of_tenant in ids.items():
        wanted |= Q(tenant_id=tenant_id, id__in=list(of_tenant))
    return wanted


def _condition(model: type[models.Model], column: str, term: str) -> Q | None:
    """Return how a column is compared with what was typed; None where it cannot hold that."""
    field = _field(model, column)
    if isinstance(field, models.UUIDField):
        try:
            return Q(**{column: UUID(term)})
        except ValueError:
            return None
    if isinstance(field, models.IntegerField):
        number = term.removeprefix("#")
        return Q(**{column: int(number)}) if _NUMBER.fullmatch(number) else None
    if column.endswith("_search"):
        return Q(**{f"{column}__startswith": term.lower()})
    return Q(**{column: term})


def _field(model: type[models.Model], column: str) -> Any:
    """Return the field of a column, which may be a related row's: `order__shopify_id`."""
    *references, name = column.split("__")
    for reference in references:
        related: Any = model._meta.get_field(reference).related_model
        model = related
    return model._meta.get_field(name)
