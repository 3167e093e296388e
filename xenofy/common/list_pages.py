"""The pages of a list that may be long: by number, or from where the page before ended.

A page is found on the index of the list's order alone, and its rows are read afterwards. One by
number costs the walk along the index from the nearer end, one by cursor nothing but itself.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from xenofy.common.errors import XenofyError

M = TypeVar("M", bound=Model)
Placed = list[tuple[Any, Any]]  # by what the list is ordered, and the id
MOST_NUMBER = 10**9
_VALUES = (str, int, type(None))  # as JSON tells what rows are ordered by
NOT_THERE = "This page of the list is not there."


class Cursor(NamedTuple):
    """Where a page ended: at a value and an id.

    `number` is the page's, `total` the rows that there were when the walk began.
    """

    value: Any
    id: UUID
    number: int
    total: int

    def __str__(self) -> str:
        text = json.dumps([_plain(self.value), str(self.id), self.number, self.total])
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")


class NoSuchPage(XenofyError):
    """A cursor that leads nowhere."""

    def __init__(self) -> None:
        super().__init__(NOT_THERE, fields={"cursor": [NOT_THERE]})


@dataclass(frozen=True, slots=True)
class PageQuery:
    """A page of so many rows: the one of a number, from 1 on, or the one after another."""

    limit: int
    number: int = 1
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """The rows of a page, its number, how many rows there are in all, and where it ended.

    `end` is None where no row follows.
    """

    total: int
    number: int
    rows: list[M]
    end: Cursor | None


def cursor_of(text: str) -> Cursor:
    """Read a cursor; raise ValueError for what is none.

    Its value is what JSON knows; `page_of` knows the column.
    """
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    value, row, number, total = json.loads(raw)
    if not (_is_count(number) and _is_count(total) and type(value) in _VALUES):
        raise ValueError
    return Cursor(value, UUID(row), number, total)


def page_of(
    found: QuerySet[M, M], query: PageQuery, *, count: Callable[[QuerySet[M, M]], int]
) -> Page[M]:
    """Return a page of rows that are ordered by one column and then by id, both ways alike.

    Parameters
    ----------
    count
        tells how many rows there are; only asked for pages by number.

    Raises
    ------
    NoSuchPage
        for a cursor of another list.
    """
    column = str(found.query.order_by[0]).removeprefix("-")
    placed = found.values_list(column, "pk")
    if query.after is not None:
        total, number = query.after.total, query.after.number + 1
        ends = list(_after(placed, column, query.after)[: query.limit + 1])
        follows = len(ends) > query.limit
    else:
        total, number = count(found), query.number
        first = (number - 1) * query.limit
        ends = _between(placed, first, min(first + query.limit, total), total)
        follows = first + query.limit < total
    ends = ends[: query.limit]
    value, last = ends[-1] if ends else (None, None)
    end = Cursor(value, last, number, total) if follows and last else None
    return Page(total, number, _rows(found, [row for _, row in ends]), end)


def walk(found: QuerySet[M, M], *, at_once: int) -> Iterator[list[M]]:
    """Yield all rows of such a list, some at a time: behind a connection pool, which keeps no
    cursor open, no more of them are ever in memory."""
    column = str(found.query.order_by[0]).removeprefix("-")
    placed = rest = found.values_list(column, "pk")
    while ends := list(rest[:at_once]):
        yield _rows(found, [row for _, row in ends])
        value, last = ends[-1]
        rest = _after(placed, column, Cursor(value, last, 0, 0))


def _between(placed: QuerySet[Any, Any], first: int, end: int, total: int) -> Placed:
    """Return some rows by their number, counted from the end that is nearer."""
    if first >= end:
        return []
    if first <= total - end:
        return list(placed[first:end])
    return list(placed.reverse()[total - end : total - first])[::-1]


def _after(placed: QuerySet[Any, Any], column: str, cursor: Cursor) -> QuerySet[Any, Any]:
    """Return what follows a row. PostgreSQL holds null for the greatest value."""
    down = str(placed.query.order_by[0]).startswith("-")
    value = _of_column(placed, column, cursor.value)
    beyond = {f"pk__{'lt' if down else 'gt'}": cursor.id}
    if value is None:
        same = Q(**{column: None}, **beyond)
        return placed.filter(same | Q(**{f"{column}__isnull": False}) if down else same)
    compare = TupleLessThan if down else TupleGreaterThan
    following = Q(compare(Tuple(column, "pk"), (value, cursor.id)))
    if not down and placed.model._meta.get_field(column).null:
        following |= Q(**{column: None})
    return placed.filter(following)


def _of_column(placed: QuerySet[Any, Any], column: str, value: Any) -> Any:
    """Return the value as one of the column's; it came from the client."""
    field: Any = placed.model._meta.get_field(column)
    try:
        value = field.to_python(value)
        field.run_validators(value)
    except (ValidationError, TypeError):
        raise NoSuchPage from None
    if (isinstance(value, datetime) and value.tzinfo is None) or "\0" in str(value):
        raise NoSuchPage
    return value


def _rows(found: QuerySet[M, M], ids: list[Any]) -> list[M]:
    by_id = {row.pk: row for row in found.order_by().filter(pk__any=ids)} if ids else {}
    return [by_id[each] for each in ids]


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _is_count(number: Any) -> bool:
    return type(number) is int and 0 <= number <= MOST_NUMBER
