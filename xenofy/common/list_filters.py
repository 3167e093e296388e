"""The filters and the order of a list, declared once: its page, its API and its files read them.

A list derives from `ListFilter` and declares a filter for each name. What the API takes, with its
bounds and its errors, is made of these filters (`list_parameters`), and so is its document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, IsoDateTimeFilter

DAYS = ("%Y-%m-%d",)
LONGEST_SEARCH = 200  # characters
LONGEST_WORD = 255


class ListFilter(FilterSet):
    """The rows of a list that are asked for, in their order."""

    def rows(self) -> QuerySet[Any]:
        """Return the rows; a value that means nothing would be a filter that is left out."""
        if not self.is_valid():
            raise ValueError(self.errors.as_json())
        rows: QuerySet[Any] = self.qs
        return rows


class Words(ChoiceFilter):
    """One of a few words."""

    def __init__(self, words: Mapping[str, str], **more: Any) -> None:
        self.words = list(words)
        super().__init__(choices=list(words.items()), empty_label="Any", **more)


class Day(DateFilter):
    """A day of the shop, as 2026-11-04."""

    def __init__(self, **more: Any) -> None:
        super().__init__(input_formats=DAYS, **more)


class Moment(IsoDateTimeFilter):
    """A moment, as 2026-11-04T09:30:00Z."""


class Exactly(CharFilter):
    """A text as it stands in the rows."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=LONGEST_WORD, **more)


class Search(CharFilter):
    """The beginning of a text."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=LONGEST_SEARCH, **more)


class Sort(Words):
    """The order of a list: a key of `columns`, "-" in front for the greatest first.

    Rows with the same value go by id, so that each has its one place.
    """

    def __init__(self, columns: Mapping[str, str], *, default: str) -> None:
        self.columns = columns
        self.default = default
        ways = [way for key in columns for way in (key, f"-{key}")]
        super().__init__(dict(zip(ways, ways, strict=True)))

    def filter(self, qs: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        """Put the rows into the order."""
        way = value or self.default
        sign = "-" if way.startswith("-") else ""
        return qs.order_by(f"{sign}{self.columns[way.removeprefix('-')]}", f"{sign}id")
