"""Pages of lists: `first/after/last/before/reverse` over rows that have an order."""

from __future__ import annotations

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from graphql import GraphQLError

from xenofy.fakeshop.admin.ask import Ask

MAX_PAGE = 250
Key = tuple[Any, int]  # a row's sort value (text or number) and its id


class Edge(NamedTuple):
    """A row of a page."""

    node: Any
    cursor: str


class Page(NamedTuple):
    """A part of a list."""

    edges: list[Edge]
    has_next_page: bool
    has_previous_page: bool

    @property
    def nodes(self) -> list[Any]:
        return [edge.node for edge in self.edges]

    @property
    def page_info(self) -> Page:
        return self

    @property
    def start_cursor(self) -> str | None:
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        return self.edges[-1].cursor if self.edges else None


class Listing(NamedTuple):
    """Rows in the order of their keys."""

    keys: Sequence[Key]
    rows: Sequence[Any]


def listing(rows: Sequence[Any]) -> Listing:
    """Return rows in the order that they have."""
    return Listing([(index, 0) for index in range(len(rows))], rows)


def page(
    ask: Ask,
    found: Listing | Sequence[Any],
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    reverse: bool = False,
    **_: Any,
) -> Page:
    """Return a page of a list, with all of it in a bulk operation."""
    if ask.is_bulk:
        whole = found.rows if isinstance(found, Listing) else found
        return Page([Edge(row, "") for row in whole], False, False)
    rows = found if isinstance(found, Listing) else listing(found)
    start, stop = _between(rows, after, before, reverse)
    size = _size(first, last)
    if (first is not None) != reverse:
        cut = (start, min(stop, start + size))
    else:
        cut = (max(start, stop - size), stop)
    edges = list(_edges(rows, *cut))
    more = (cut[0] > start, cut[1] < stop)
    ask.pages += 1
    ask.objects += len(edges)
    if reverse:
        edges.reverse()
    ahead, behind = (more[0], more[1]) if reverse else (more[1], more[0])
    has_next = ahead if first is not None else before is not None
    has_previous = behind if first is None else after is not None
    return Page(edges, has_next, has_previous)


def _between(
    rows: Listing, after: str | None, before: str | None, reverse: bool
) -> tuple[int, int]:
    if reverse:
        after, before = before, after
    start = bisect_right(rows.keys, _key(after)) if after else 0
    stop = bisect_left(rows.keys, _key(before)) if before else len(rows.keys)
    return start, max(start, stop)


def _size(first: int | None, last: int | None) -> int:
    if first is None and last is None:
        raise _refused("you must provide one of first or last")
    if first is not None and last is not None:
        raise _refused("providing both first and last is not supported")
    return first if first is not None else last or 0


def check_page_size(first: int | None, last: int | None) -> None:
    """Refuse a page that is larger than Shopify's largest."""
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 0 <= size <= MAX_PAGE:
            raise _refused(f"The value of {name} must be between 0 and {MAX_PAGE}.")


def _edges(rows: Listing, start: int, stop: int) -> Iterator[Edge]:
    for index in range(start, stop):
        yield Edge(rows.rows[index], _cursor(rows.keys[index]))


def _cursor(key: Key) -> str:
    text = json.dumps({"last_id": key[1], "last_value": key[0]})
    return base64.b64encode(text.encode()).decode()


def _key(cursor: str) -> Key:
    try:
        value = json.loads(base64.b64decode(cursor, validate=True))
        return value["last_value"], value["last_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise _refused("Invalid cursor for current pagination sort.") from error


def _refused(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})
