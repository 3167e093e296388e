"""What still has to be sent, and how long orders took until they were sent and delivered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from analytics.models import FulfillmentTime
from analytics.periods import Period
from analytics.reports.live import LiveDays
from analytics.rollup_sql import FULFILLMENT_TIMES
from analytics.rollup_sql.fulfillment import RATIO
from shop_data.models import Order
from tenants.scope import current_tenant_id

FIRST, SECOND = timedelta(hours=24), timedelta(hours=48)
PAGE = 50
FRESH, WAITING, LATE, PARTIAL, ANY = "fresh", "waiting", "late", "partial", "all"
OPEN = (LATE, WAITING, FRESH, PARTIAL, ANY)  # what open orders can be listed by
MEDIAN, P90 = Decimal("0.5"), Decimal("0.9")
_HALF = Decimal("0.5")
_OPEN = Q(fulfillment_status=None) | Q(fulfillment_status__in=["unfulfilled", "partial"])
_NOW = f"SELECT stage, bucket, orders FROM ({FULFILLMENT_TIMES.select}) AS now"  # noqa: S608


class Times(NamedTuple):
    """How long orders took, in hours; None where none has come that far."""

    orders: int
    median: Decimal | None
    p90: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuery:
    """Which open orders are listed, on a page from number 1; `search` begins their names."""

    age: str = LATE
    search: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrders:
    """One page of open orders, those that wait longest first."""

    orders: list[Order]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentReport:
    """Open orders by age, and the times of the orders of a period."""

    fresh: int  # up to 24 hours
    waiting: int  # up to 48 hours
    late: int
    partial: int
    sent: Times
    delivered: Times


def fulfilment(period: Period, *, live: LiveDays, now: datetime) -> FulfilmentReport:
    """Return what is open now, and how long the orders of a period took."""
    ages = _ages(now)
    counts = _open().aggregate(
        **{age: Count("id", filter=ages[age]) for age in (FRESH, WAITING, LATE, PARTIAL)}
    )
    sent, delivered = times_of(period, live=live)
    return FulfilmentReport(**counts, sent=sent, delivered=delivered)


def open_orders(query: OpenQuery, *, now: datetime) -> OpenOrders:
    """Return a page of the orders that are open now."""
    found = _open().filter(_ages(now)[query.age])
    if query.search:
        name = Q(name_search__startswith=query.search)
        found = found.filter(name | Q(name_search__startswith=f"#{query.search}"))
    first = (query.number - 1) * PAGE
    rows = list(found.order_by("processed_at", "id")[first : first + PAGE + 1])
    return OpenOrders(orders=rows[:PAGE], more=len(rows) > PAGE)


def _open() -> QuerySet[Order]:
    return Order.objects.filter(_OPEN, counts=True, cancelled_at=None, closed_at=None).order_by()


def _ages(now: datetime) -> dict[str, Q]:
    late, fresh = Q(processed_at__lt=now - SECOND), Q(processed_at__gte=now - FIRST)
    return {
        FRESH: fresh,
        WAITING: ~fresh & ~late,
        LATE: late,
        PARTIAL: Q(fulfillment_status="partial"),
        ANY: Q(),
    }


def times_of(period: Period, *, live: LiveDays) -> tuple[Times, Times]:
    """Return how long the orders of a period took to be sent and to be delivered."""
    stages = _stages(period, live)
    sent, delivered = FulfillmentTime.Stage.FULFILLED, FulfillmentTime.Stage.DELIVERED
    return times(stages.get(sent, Counter())), times(stages.get(delivered, Counter()))


def times(buckets: Counter[int]) -> Times:
    """Return the median and the 90th percentile of hours that are counted in buckets."""
    return Times(buckets.total(), _quantile(buckets, MEDIAN), _quantile(buckets, P90))


def _quantile(buckets: Counter[int], share: Decimal) -> Decimal | None:
    """Return the middle of the bucket in which the order at this share of them lies."""
    wanted = (buckets.total() * share).to_integral_value(ROUND_CEILING)
    seen = 0
    for bucket in sorted(buckets):
        seen += buckets[bucket]
        if seen >= wanted and buckets[bucket]:
            return Decimal(str(RATIO)) ** (bucket + _HALF)
    return None


def _stages(period: Period, live: LiveDays) -> dict[str, Counter[int]]:
    """Return the orders in each bucket; of days that wait to be recomputed as they are now."""
    days = [day for day in live.days if day in period]
    stored = FulfillmentTime.objects.filter(day__range=(period.first, period.last))
    rows = list(
        stored.exclude(day__in=days)
        .order_by()
        .values_list("stage", "bucket")
        .annotate(Sum("orders"))
    )
    if days:
        with connection.cursor() as cursor:
            cursor.execute(_NOW, {"tenant": current_tenant_id(), "days": days})
            rows += cursor.fetchall()
    stages: dict[str, Counter[int]] = {}
    for stage, bucket, orders in rows:
        stages.setdefault(stage, Counter())[bucket] += int(orders)
    return stages
