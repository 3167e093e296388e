"""All rows of a list as a table for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from xenofy.common.list_pages import walk
from xenofy.common.tables import Column, Row, Table

M = TypeVar("M", bound=Model)
Rows = Sequence[Mapping[str, Any]]
Told = Callable[[Sequence[M]], Rows]  # rows as the API tells them
AT_ONCE = 500  # rows in memory


def list_table(
    name: str, columns: Sequence[Column], found: QuerySet[M, M], told: Told[M], *, count: int
) -> Table:
    """Return a list whose rows are read while they are sent: each fills the columns by their keys,
    of which the rows may have more."""
    return Table(name=name, columns=columns, rows=_rows(columns, found, told), count=count)


def moment_column(key: str, label: str) -> Column:
    """Return a column of moments."""
    return Column(key=key, label=f"{label} (UTC)", is_time=True)


def _rows(columns: Sequence[Column], found: QuerySet[M, M], told: Told[M]) -> Iterator[Row]:
    for some in walk(found, at_once=AT_ONCE):
        for body in told(some):
            yield [body[column.key] for column in columns]
