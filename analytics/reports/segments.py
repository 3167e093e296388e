"""Four segments that every customer is in one of: by when they came and what they brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Sum, Value, When

from analytics.models import CustomerTotal
from analytics.reports.coverage import Coverage
from analytics.reports.rfm import fifths_of_money, ordered_in, prospects

HIGH_VALUE, REGULAR, NEW, LOW_VALUE = "highValue", "regular", "new", "lowValue"
SEGMENTS = (HIGH_VALUE, REGULAR, NEW, LOW_VALUE)
NEW_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The customers of a segment, and their net sales of all time in minor units.

    `prospects` are those of them who have not ordered yet.
    """

    key: str
    customers: int
    prospects: int
    net_sales: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The limits of a shop's segments: net sales in minor units, 0 while nobody has ordered."""

    high: int
    low: int
    new_since: date

    def new_at(self, coverage: Coverage) -> datetime:
        """Return the moment from which on customers are new."""
        return datetime.combine(self.new_since, time.min, coverage.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """All segments; their customers add up to all customers of the shop (in a currency)."""

    thresholds: Thresholds
    segments: tuple[Segment, ...]


def segments(*, currency: str, coverage: Coverage) -> Segments:
    """Return the segments of who ordered in a currency, and of who has not ordered at all."""
    limits = thresholds(currency=currency, coverage=coverage)
    found = buyers(limits, currency=currency, coverage=coverage)
    sums = {
        key: (people, int(net))
        for key, people, net in found.values_list("segment").annotate(Count("id"), Sum("net_sales"))
    }
    others = dict(others_of(limits, coverage=coverage).values_list("segment").annotate(Count("id")))
    return Segments(
        thresholds=limits,
        segments=tuple(
            Segment(
                key=key,
                customers=sums.get(key, (0, 0))[0] + others.get(key, 0),
                prospects=others.get(key, 0),
                net_sales=sums.get(key, (0, 0))[1],
            )
            for key in SEGMENTS
        ),
    )


def thresholds(*, currency: str, coverage: Coverage) -> Thresholds:
    """Return the limits of the segments as they are now."""
    fifths = fifths_of_money(ordered_in(currency))
    return Thresholds(
        high=fifths[-1] if fifths else 0,
        low=fifths[0] if fifths else 0,
        new_since=coverage.today - timedelta(days=NEW_DAYS - 1),
    )


def buyers(limits: Thresholds, *, currency: str, coverage: Coverage) -> QuerySet[Any]:
    """Return who ordered in a currency, each with the `segment`."""
    ever = CustomerTotal.objects.filter(first_at__lt=limits.new_at(coverage)).order_by()
    known_longer = Q(customer_shopify_id__in=ever.values("customer_shopify_id"))
    return ordered_in(currency).annotate(
        segment=Case(
            When(~known_longer, then=Value(NEW)),
            When(net_sales__gt=limits.high, then=Value(HIGH_VALUE)),
            When(net_sales__lt=limits.low, then=Value(LOW_VALUE)),
            default=Value(REGULAR),
            output_field=CharField(),
        )
    )


def of_segment(
    found: QuerySet[CustomerTotal], key: str, *, currency: str, coverage: Coverage
) -> QuerySet[CustomerTotal]:
    """Keep the customers of one segment who have ordered in a currency."""
    limits = thresholds(currency=currency, coverage=coverage)
    inside = buyers(limits, currency=currency, coverage=coverage).filter(segment=key)
    return found.filter(customer_shopify_id__in=inside.values("customer_shopify_id"))


def others_of(limits: Thresholds, *, coverage: Coverage) -> QuerySet[Any]:
    """Return who has not ordered, each with the `segment`: new by the day they became known."""
    return prospects().annotate(
        segment=Case(
            When(customer_created_at__gte=limits.new_at(coverage), then=Value(NEW)),
            default=Value(LOW_VALUE),
            output_field=CharField(),
        )
    )
