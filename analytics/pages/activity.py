"""What happened in the shop, as texts, by the shop's own days."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from analytics.pages import words
from analytics.pages.files import list_files
from analytics.pages.picker import Choice
from analytics.reports.activity import (
    CUSTOMER,
    ORDER,
    PRODUCT,
    Happened,
    Subject,
)
from shop_data.models import StoreEvent
from xenofy.common import formats
from xenofy.common.list_pages import Page

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
    first_day: str
    last_day: str
    days: list[Day]
    files: list[Choice]
    again: str
    is_newest: bool
    newer: str
    older: str


def activity_page(
    found: Page[StoreEvent],
    lines: Sequence[Happened],
    *,
    chosen: Mapping[str, Any],
    types: Collection[str],
    zone: ZoneInfo,
    now: datetime,
) -> ActivityPage:
    """Return the page; `chosen` are the filters, `types` those of which there are lines."""
    today = now.astimezone(zone).date()
    by_day = groupby(lines, key=lambda line: line.happened_at.astimezone(zone).date())
    has_more = found.number * PAGE < found.total
    return ActivityPage(
        sub=f"What Shopify told of the shop: {words.counted(found.total, 'line')}, newest first",
        types=_types(types, chosen["type"] or ""),
        first_day=_day(chosen["startDate"]),
        last_day=_day(chosen["endDate"]),
        days=[
            Day(heading=_heading(day, today), lines=[_line(line, zone) for line in its])
            for day, its in by_day
        ],
        files=list_files("events", chosen) if lines else [],
        again=_address(chosen, 1),
        is_newest=found.number == 1 and not (chosen["startDate"] or chosen["endDate"]),
        newer=_address(chosen, found.number - 1) if found.number > 1 else "",
        older=_address(chosen, found.number + 1) if has_more else "",
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _types(there: Collection[str], asked: str) -> list[Choice]:
    """Return the types of which there are lines, and the one that was asked for."""
    shown = [type for type in TYPES if type in there or type == asked]
    return [
        Choice(label=TYPES.get(type, "Everything"), href=type, current=type == asked)
        for type in ("", *shown)
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


def _address(chosen: Mapping[str, Any], page: int) -> str:
    asked = {**chosen, "page": page if page > 1 else None}
    return f"?{urlencode({name: str(value) for name, value in asked.items() if value})}"
