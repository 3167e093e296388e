"""What happened in the shop, as texts, by the shop's own days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from analytics.pages import words
from analytics.pages.picker import Choice
from analytics.reports.activity import (
    CUSTOMER,
    ORDER,
    PRODUCT,
    Activity,
    ActivityQuery,
    Happened,
    Subject,
)
from xenofy.common import formats

PAGE = 50
TYPES = {
    "order": "Orders",
    "refund": "Refunds",
    "payment": "Payments",
    "return": "Returns",
    "dispute": "Disputes",
    "fulfillment": "Parcels",
    "customer": "Customers",
    "product": "Products",
    "collection": "Collections",
    "inventory": "Stock",
    "checkout": "Checkouts",
    "shop": "Shop",
    "app": "App",
    "privacy": "Privacy",
    "other": "Other",
}
_KINDS = {ORDER: "Order", CUSTOMER: "Customer", PRODUCT: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; `about` is the text of its link, empty where the sentence itself is the link."""

    clock: str
    sentence: str
    href: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """The inputs of analytics/activity.html; `again` is the address of the newest page."""

    sub: str
    types: list[Choice]
    days: list[Day]
    again: str
    is_newest: bool
    newer: str
    older: str


def activity_page(
    found: Activity, query: ActivityQuery, *, zone: ZoneInfo, now: datetime
) -> ActivityPage:
    """Return the page."""
    today = now.astimezone(zone).date()
    lines = groupby(found.lines, key=lambda line: line.happened_at.astimezone(zone).date())
    has_more = query.page * query.limit < found.total
    return ActivityPage(
        sub=f"What Shopify told of the shop: {words.counted(found.total, 'line')}, newest first",
        types=_types(found, query),
        days=[
            Day(heading=_heading(day, today), lines=[_line(line, zone) for line in its])
            for day, its in lines
        ],
        again=_address(query, 1),
        is_newest=query.page == 1,
        newer=_address(query, query.page - 1) if query.page > 1 else "",
        older=_address(query, query.page + 1) if has_more else "",
    )


def _types(found: Activity, query: ActivityQuery) -> list[Choice]:
    """Return the types of which there are lines, and the one that was asked for."""
    there = [type for type in TYPES if type in found.types or type == query.type]
    return [
        Choice(label=TYPES.get(type, "Everything"), href=type, current=type == query.type)
        for type in ("", *there)
    ]


def _heading(day: date, today: date) -> str:
    weekday = words.LONG_WEEKDAYS[day.weekday()]
    text = f"{weekday}, {formats.day(day, today=today)}"
    return f"Today, {text}" if day == today else text


def _line(line: Happened, zone: ZoneInfo) -> Line:
    subject, sentence = line.subject, line.description
    return Line(
        clock=formats.clock(line.happened_at.astimezone(zone)),
        sentence=words.isolated(sentence),
        href=reverse(f"analytics:{subject.kind}", args=[subject.shopify_id]) if subject else "",
        about=_about(subject) if subject and not _is_named(subject, sentence) else "",
    )


def _is_named(subject: Subject, sentence: str) -> bool:
    return bool(subject.name) and subject.name in sentence


def _about(subject: Subject) -> str:
    return words.isolated(f"{_KINDS[subject.kind]} {subject.name}".strip())


def _address(query: ActivityQuery, page: int) -> str:
    asked = {"type": query.type, "page": str(page) if page > 1 else ""}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"
