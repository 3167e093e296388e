"""The spans of time by which orders are brought: months, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple


class Span(NamedTuple):
    """From a moment on, up to another one that is not in it any more."""

    since: datetime
    until: datetime


def months(since: datetime, until: datetime) -> Iterator[Span]:
    """Yield the months (UTC) between two moments, the newest first; all together are both ends.

    Shopify's search is by moments, so that a month's end is the next one's beginning, and no order
    is in two.
    """
    end = until
    while end > since:
        first = _first_of_month(end)
        begin = max(first if first < end else _first_of_month(_before(end)), since)
        yield Span(begin, end)
        end = begin


def search(field: str, since: datetime, until: datetime | None = None) -> str:
    """Return Shopify's search by a moment's field; without an end, for all since the beginning."""
    of_until = f" AND {field}:<'{_stamp(until)}'" if until else ""
    return f"{field}:>='{_stamp(since)}'{of_until}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _first_of_month(moment: datetime) -> datetime:
    at = moment.astimezone(UTC)
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _before(moment: datetime) -> datetime:
    """Return a moment in the month before the one that begins at `moment`."""
    at = moment.astimezone(UTC)
    month = at.month - 1 or 12
    return at.replace(year=at.year - (month == 12), month=month)
