"""How the shop's data stands against Shopify, as texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse

from analytics import metrics
from shop_data.models import Reconciliation
from shop_data.reconciliation.results import Compared, Difference
from xenofy.common import formats
from xenofy.common.money import from_minor
from xenofy.data_health.moments import UNKNOWN, moment

NEVER = "Not compared with Shopify yet."
FIGURES_SHOWN = 20
ORDERS_SHOWN = 5  # of a difference


class Link(NamedTuple):
    """An order; without an address where it is not here any more."""

    text: str
    href: str


class CountRow(NamedTuple):
    """How many objects of a kind there are at Shopify and here."""

    kind: str
    theirs: str
    ours: str
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """A line of the table of what differed; `more` orders are not named."""

    day: str
    figure: str
    ours: str
    theirs: str
    orders: list[Link]
    more: str
    state: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPage:
    """The inputs of data_health/_compared.html."""

    sentence: str
    trouble: str
    facts: list[tuple[str, str]]
    counts: list[CountRow]
    differing: list[DifferenceRow]
    older: int  # that are not shown
    is_running: bool


def compared_page(found: Compared, *, zone: ZoneInfo, now: datetime, is_demo: bool) -> ComparedPage:
    """Return the section."""
    shown = found.differing[:FIGURES_SHOWN]
    return ComparedPage(
        sentence=sentence(found, zone=zone, now=now, is_demo=is_demo),
        trouble=found.trouble,
        facts=list(_facts(found, zone=zone, now=now)),
        counts=[
            CountRow(
                each.kind.capitalize(),
                formats.integer(each.theirs),
                formats.integer(each.ours),
                formats.integer(each.ours - each.theirs),
            )
            for each in found.counts
        ],
        differing=[_row(each, found.present, zone=zone, now=now) for each in shown],
        older=len(found.differing) - len(shown),
        is_running=found.is_running,
    )


def sentence(found: Compared, *, zone: ZoneInfo, now: datetime, is_demo: bool) -> str:
    """Return how it stands in one sentence, which says no more than what a check has found."""
    if is_demo:
        return "A demo store: there is no Shopify behind it."
    if found.last is None:
        return "Being compared with Shopify now." if found.is_running else NEVER
    days = _days(found.last, today=now.astimezone(zone).date())
    at = moment(found.last.ended_at, zone, now=now)
    if found.still_open:
        return f"{_figures(found.still_open)} of {days} differ from Shopify, checked {at}."
    return f"All figures of {days} agree with Shopify, checked {at}."


def _figures(count: int) -> str:
    return f"{formats.integer(count)} figure{'' if count == 1 else 's'}"


def _days(last: Reconciliation, *, today: date) -> str:
    first, until = (formats.day(day, today=today) for day in (last.first_day, last.last_day))
    return f"{first} – {until}"


def _facts(found: Compared, *, zone: ZoneInfo, now: datetime) -> Iterator[tuple[str, str]]:
    last = found.last
    if last is not None:
        yield "Held against", Reconciliation.Referee(last.referee).label
        yield "Orders whose ledger Shopify confirmed", formats.integer(last.confirmed)
        yield "Orders corrected by Shopify’s ledger", formats.integer(last.corrected)
        yield "Read again, since they were missing or older here", formats.integer(last.read)
        yield "Deleted, since Shopify has them no more", formats.integer(last.deleted)
    if found.next_at is not None:
        yield "Next time", moment(found.next_at, zone, now=now)


def _row(
    found: Difference, present: Collection[int], *, zone: ZoneInfo, now: datetime
) -> DifferenceRow:
    links = [
        Link(name, reverse("analytics:order", args=[number]) if number in present else "")
        for number, name in found.orders[:ORDERS_SHOWN]
    ]
    more = found.order_count - len(links)
    healed = f"Healed {moment(found.healed_at, zone, now=now)}"
    return DifferenceRow(
        day=formats.day(found.day, today=now.astimezone(zone).date()),
        figure=metrics.METRICS[found.metric].label,
        ours=_amount(found.ours, found.currency),
        theirs=_amount(found.theirs, found.currency),
        orders=links,
        more=f"and {formats.integer(more)} more" if more > 0 else "",
        state="Open" if found.healed_at is None else healed,
        is_open=found.healed_at is None,
    )


def _amount(minor: int, currency: str) -> str:
    return formats.money(from_minor(minor, currency), currency) if currency else UNKNOWN
