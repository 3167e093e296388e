"""What the API takes for a list: the names, types and bounds of its filters, and its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django_filters import Filter
from rest_framework import serializers

from xenofy.common.list_filters import Day, Exactly, ListFilter, Moment, Search, Sort, Words
from xenofy.common.list_pages import NOT_THERE, Cursor, PageQuery, cursor_of
from xenofy.common.strict_query import (
    FIRST_DAY,
    LAST_DAY,
    DayField,
    MomentField,
    OneOf,
    StrictQuery,
)

MOST_ROWS = 250  # of a page
MOST_PAGES = 10_000_000
CURSOR = "Where the page begins, as the header `Link` of the page before tells it."
SORT = "The order; `-` in front puts the greatest first."
SEARCH = "The beginning of a name, a title, or what else the list is searched by."
FORMATS = ("json", "csv", "xlsx", "jsonl")


class CursorField(serializers.CharField):
    """Where a page begins, as the header Link of the page before tells it."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=1000, help_text=CURSOR)

    def to_internal_value(self, data: Any) -> Cursor:  # type: ignore[override]
        """Read it."""
        try:
            return cursor_of(super().to_internal_value(data))
        except (ValueError, TypeError):
            raise serializers.ValidationError(NOT_THERE) from None


def rows_of_page(default: int = 50) -> serializers.IntegerField:
    """Return the parameter that says how many rows a page has."""
    return serializers.IntegerField(
        min_value=1, max_value=MOST_ROWS, default=default, help_text="How many rows a page has."
    )


class Paged(StrictQuery):
    """A list whose pages have numbers."""

    page = serializers.IntegerField(
        min_value=1, max_value=MOST_PAGES, default=1, help_text="Which page, from 1 on."
    )
    limit = rows_of_page()


class ListParameters(Paged):
    """The parameters of a list: those of its filters, a page, and the form of the answer."""

    filters: ClassVar[type[ListFilter]]

    cursor = CursorField()
    format = OneOf(FORMATS, default="json", help_text="A page, or a file of all rows.")

    def get_fields(self) -> dict[str, Any]:
        """Return the parameters by name."""
        filters = self.filters.base_filters.items()
        return {**super().get_fields(), **{name: _field(each) for name, each in filters}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "cursor" in attrs and "page" in self.initial_data:
            raise serializers.ValidationError({"page": ["Say either a page or a cursor."]})
        if attrs.get("startDate") and attrs.get("endDate"):
            check_days(attrs["startDate"], attrs["endDate"])
        return attrs

    @property
    def file(self) -> str:
        """Return the kind of file that is asked for; empty for a page of the list."""
        kind: str = self.validated_data["format"]
        return "" if kind == FORMATS[0] else kind

    def page_query(self) -> PageQuery:
        """Return the page that is asked for; the parameters must be valid."""
        given = self.validated_data
        return PageQuery(given["limit"], given["page"], given.get("cursor"))

    def chosen(self) -> dict[str, Any]:
        """Return what the filters are given; the parameters must be valid."""
        return {name: self.validated_data.get(name) for name in self.filters.base_filters}


def check_days(first: Any, last: Any) -> None:
    """Refuse days that end before they begin."""
    if first > last:
        raise serializers.ValidationError({"endDate": ["It lies before startDate."]})


def _field(of: Filter) -> serializers.Field[Any, Any, Any, Any]:
    return next(make(of) for kind, make in _FIELDS.items() if isinstance(of, kind))


_FIELDS: dict[type[Filter], Callable[[Any], serializers.Field[Any, Any, Any, Any]]] = {
    Sort: lambda of: OneOf(of.words, default=of.default, help_text=SORT),
    Words: lambda of: OneOf(of.words, required=False, help_text=of.extra["help_text"]),
    Day: lambda of: DayField(FIRST_DAY if of.field_name == "startDate" else LAST_DAY),
    Moment: lambda of: MomentField(of.extra["help_text"]),
    Exactly: lambda of: serializers.CharField(
        required=False, max_length=of.extra["max_length"], help_text=of.extra["help_text"]
    ),
    Search: lambda of: serializers.CharField(
        required=False, max_length=of.extra["max_length"], help_text=SEARCH
    ),
}
