"""The rows behind a figure that counts customers, orders or checkouts, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Sum

AT_ONCE = 2000  # rows in memory while all are read


Row = Sequence[Any]


class Kind(StrEnum):
    """What stands in a column."""

    ID = "id"  # of Shopify; a text in answers
    TEXT = "text"
    COUNT = "count"
    DAY = "day"
    MOMENT = "moment"
    MINOR = "minor"  # money in minor units
    MONEY = "money"  # money as a decimal
    DURATION = "duration"  # hours in answers


class Told(NamedTuple):
    """A column of the rows."""

    key: str
    label: str
    kind: Kind


class Part(NamedTuple):
    """Rows of one table, in the order in which they are listed.

    `fields` fill the columns of the list, None where these rows have nothing to say.
    """

    found: QuerySet[Any]
    fields: Sequence[str | None]


class Page(NamedTuple):
    """Some rows; how many there are in all, and what all of them add up to."""

    number: int
    total: Decimal | int
    rows: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The rows behind a figure: those of each part after those of the one before.

    `adds` is the key of the column that the figure adds up; where it is empty, a row counts one.
    """

    columns: Sequence[Told]
    parts: Sequence[Part]
    adds: str = ""

    @property
    def kind(self) -> Kind:
        """Return what is added up."""
        return next((each.kind for each in self.columns if each.key == self.adds), Kind.COUNT)

    def page(self, *, limit: int, offset: int) -> Page:
        """Return some of the rows, the number of all, and their sum."""
        sums = [self._sum(part) for part in self.parts]
        rows: list[Row] = []
        before = 0
        for part, (count, _) in zip(self.parts, sums, strict=True):
            first = max(0, offset - before)
            if first < count and len(rows) < limit:
                some = part.found[first : first + limit - len(rows)]
                rows += (_placed(part, row) for row in _values(part, some))
            before += count
        return Page(before, sum(amount for _, amount in sums), rows)

    def all(self) -> Iterator[Row]:
        """Yield all rows, of which the database sends a few at a time."""
        for part in self.parts:
            for row in _values(part, part.found).iterator(chunk_size=AT_ONCE):
                yield _placed(part, row)

    def count(self) -> int:
        """Return the number of all rows."""
        return sum(part.found.count() for part in self.parts)

    def amount(self, row: Row) -> Any:
        """Return what a row adds to the figure."""
        return row[self._added()] if self.adds else 1

    def _sum(self, part: Part) -> tuple[int, Decimal | int]:
        field = part.fields[self._added()] if self.adds else None
        if field is None:
            count = part.found.count()
            return count, 0 if self.adds else count
        found = part.found.order_by().aggregate(count=Count("pk"), amount=Sum(field))
        return found["count"], found["amount"] or 0

    def _added(self) -> int:
        return next(n for n, column in enumerate(self.columns) if column.key == self.adds)


def _values(part: Part, found: QuerySet[Any]) -> QuerySet[Any]:
    return found.values_list(*(field for field in part.fields if field))


def _placed(part: Part, row: Row) -> Row:
    """Return the values of a row, None in the columns that it has no field for."""
    values = iter(row)
    return [next(values) if field else None for field in part.fields]
