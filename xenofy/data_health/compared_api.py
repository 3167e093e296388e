"""How the shop's data stands against Shopify, as JSON: a part of the report on data health."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from shop_data.reconciliation.results import Compared, Difference
from webhooks.serializers import iso_or_none
from xenofy.common.money import from_minor
from xenofy.common.shapes import Code, Count, Day, Moment, Money, ShopifyId

Agrees = Annotated[bool | None, "Null while nothing was compared: not known, rather than true."]
Referee = Annotated[str | None, "`shopifyql`, `agreements` or `report`: whose totals."]


class ComparedCountBody(TypedDict):
    """How many objects of a kind there were at Shopify and here."""

    resource: str
    shopify: Count
    xenofy: Count


class ComparedOrderBody(TypedDict):
    shopifyId: ShopifyId
    name: str


class ComparedFigureBody(TypedDict):
    """A figure that differed: of the orders that explain it, of the whole day without any."""

    day: Day
    metric: str
    currency: Code
    xenofy: Money
    shopify: Money
    orders: list[ComparedOrderBody]
    orderCount: Count
    foundAt: Moment
    healedAt: Moment | None


class ReconciliationBody(TypedDict):
    """What holding the shop's data against Shopify found."""

    agrees: Agrees
    isRunning: bool
    checkedAt: Moment | None
    firstDay: Day | None
    lastDay: Day | None
    referee: Referee
    confirmed: Count
    corrected: Count
    read: Count
    deleted: Count
    nextAt: Moment | None
    trouble: str | None
    counts: list[ComparedCountBody]
    differences: list[ComparedFigureBody]


def compared_body(found: Compared) -> dict[str, Any]:
    """Return what was found; what is not known is null."""
    last = found.last
    return {
        "agrees": not found.still_open if last else None,
        "isRunning": found.is_running,
        "checkedAt": iso_or_none(last.ended_at if last else None),
        "firstDay": last.first_day.isoformat() if last else None,
        "lastDay": last.last_day.isoformat() if last else None,
        "referee": last.referee if last else None,
        **{name: getattr(last, name, 0) for name in ("confirmed", "corrected", "read", "deleted")},
        "nextAt": iso_or_none(found.next_at),
        "trouble": found.trouble or None,
        "counts": [
            {"resource": each.kind, "shopify": each.theirs, "xenofy": each.ours}
            for each in found.counts
        ],
        "differences": [_difference(each) for each in found.differing],
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "day": found.day.isoformat(),
        "metric": found.metric,
        "currency": found.currency,
        "xenofy": from_minor(found.ours, found.currency),
        "shopify": from_minor(found.theirs, found.currency),
        "orders": [{"shopifyId": str(number), "name": name} for number, name in found.orders],
        "orderCount": found.order_count,
        "foundAt": iso_or_none(found.found_at),
        "healedAt": iso_or_none(found.healed_at),
    }
