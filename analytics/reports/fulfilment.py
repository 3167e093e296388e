"""What still has to be sent, and how long orders took until they were sent and delivered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Sum, Value, When

from analytics.models import FulfillmentTime
from analytics.periods import Period
from analytics.reports.live import LiveDays
from analytics.reports.orders import OrderTotal, Place, totals_of
from analytics.rollup_sql import FULFILLMENT_TIMES
from analytics.rollup_sql.fulfillment import RATIO
from shop_data.models import Order
from shop_data.models.orders import STILL_OPEN
from tenants.scope import current_tenant_id

FIRST, SECOND = timedelta(hours=24), timedelta(hours=48)
PAGE = 50
FRESH, WAITING, LATE, PARTIAL, ANY = "fresh", "waiting", "late", "partial", "all"
OPEN = (LATE, WAITING, FRESH, PARTIAL, ANY)  # what open orders can be listed by
SENT, SENT_90, DELIVERED, DELIVERED_90 = "sent", "sent90", "delivered", "delivered90"
DRAWN = (SENT, SENT_90, DELIVERED, DELIVERED_90)  # what can be seen bucket by bucket
FAILED = ("cancelled", "error", "failure")  # parcels that never left
MEDIAN, P90 = Decimal("0.5"), Decimal("0.9")
_HALF = Decimal("0.5")
Counts = defaultdict[str, Counter[int]]  # by stage, the orders in each bucket
Row = tuple[int, str, int, int]  # stretch, stage, bucket, orders
_NOW = f"SELECT day, stage, bucket, orders FROM ({FULFILLMENT_TIMES.select}) AS now"  # noqa: S608


class Times(NamedTuple):
    """How long orders took, in hours; None where none has come that far."""

    orders: int
    median: Decimal | None
    p90: Decimal | None


class Taken(NamedTuple):
    """How long orders took until they were sent, and until they arrived."""

    sent: Times
    delivered: Times


class Series(NamedTuple):
    """The times of the orders of a period, and of each of its stretches of days."""

    whole: Taken
    each: list[Taken]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuery:
    """Which open orders are listed, from a place on; `search` begins their names."""

    age: str = LATE
    search: str = ""
    after: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrders:
    """One page of open orders, those that wait longest first; `totals` are of all that match."""

    orders: list[Order]
    totals: list[OrderTotal]
    more: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenByAge:
    """How many orders are open now."""

    fresh: int  # up to 24 hours
    waiting: int  # up to 48 hours
    late: int
    partial: int

    @property
    def total(self) -> int:
        return self.fresh + self.waiting + self.late


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentReport:
    """Open orders by age, and the times of the orders of a period."""

    open: OpenByAge
    sent: Times
    delivered: Times


def fulfilment(period: Period, *, live: LiveDays, now: datetime) -> FulfilmentReport:
    """Return what is open now, and how long the orders of a period took."""
    sent, delivered = times_of(period, live=live)
    return FulfilmentReport(open=open_by_age(now), sent=sent, delivered=delivered)


def open_by_age(now: datetime) -> OpenByAge:
    """Count the orders that are open now."""
    ages = _ages(now)
    counts = {age: Count("id", filter=ages[age]) for age in (FRESH, WAITING, LATE, PARTIAL)}
    return OpenByAge(**_open().aggregate(**counts))


def open_orders(query: OpenQuery, *, now: datetime) -> OpenOrders:
    """Return a page of the orders that are open now."""
    found = _open().filter(_ages(now)[query.age])
    if query.search:
        name = Q(name_search__startswith=query.search)
        found = found.filter(name | Q(name_search__startswith=f"#{query.search}"))
    rows = list(_from(found, query.after).order_by("processed_at", "id")[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return OpenOrders(
        orders=rows[:PAGE],
        totals=totals_of(found),
        more=Place(last.processed_at, last.id) if last else None,
    )


def _from(found: QuerySet[Order], after: Place | None) -> QuerySet[Order]:
    if after is None:
        return found
    later = Q(processed_at__gt=after.at) | Q(processed_at=after.at, id__gt=after.id)
    return found.filter(later, processed_at__gte=after.at)


def orders_open(age: str, *, now: datetime) -> QuerySet[Order]:
    """Return the orders of an age that are open now."""
    return _open().filter(_ages(now)[age])


def orders_that_came_to(stage: FulfillmentTime.Stage, period: Period) -> QuerySet[Any]:
    """Return the orders of a period that were sent or delivered, each with `took`, how long."""
    at = {"fulfilled": "fulfillment_created_at", "delivered": "delivered_at"}[stage]
    failed = Q(fulfillments__status__in=FAILED)
    reached = Min(f"fulfillments__{at}", filter=~failed | Q(fulfillments__status=None))
    placed = Order.objects.filter(day__range=(period.first, period.last), counts=True).order_by()
    sent: QuerySet[Any] = placed.annotate(took=reached - F("processed_at"))
    return sent.filter(took__isnull=False)


def _open() -> QuerySet[Order]:
    return Order.objects.filter(STILL_OPEN).order_by()


def _ages(now: datetime) -> dict[str, Q]:
    late, fresh = Q(processed_at__lt=now - SECOND), Q(processed_at__gte=now - FIRST)
    return {
        FRESH: fresh,
        WAITING: ~fresh & ~late,
        LATE: late,
        PARTIAL: Q(fulfillment_status="partial"),
        ANY: Q(),
    }


def times_of(period: Period, *, live: LiveDays) -> Taken:
    """Return how long the orders of a period took to be sent and to be delivered."""
    return times_by([period], live=live).whole


def times_by(stretches: Sequence[Period], *, live: LiveDays) -> Series:
    """Return the times of stretches of days that follow one another, and of all of them."""
    found = _counted(stretches, live)
    whole: Counts = defaultdict(Counter)
    for counts in found:
        for stage, buckets in counts.items():
            whole[stage].update(buckets)
    return Series(_taken(whole), [_taken(counts) for counts in found])


def _taken(counts: Counts) -> Taken:
    stages = FulfillmentTime.Stage
    return Taken(times(counts[stages.FULFILLED]), times(counts[stages.DELIVERED]))


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


def _counted(stretches: Sequence[Period], live: LiveDays) -> list[Counts]:
    """Return the orders of each stretch; of days that wait to be recomputed as they are now."""
    period = Period(stretches[0].first, stretches[-1].last)
    days = [day for day in live.days if day in period]
    rows = _stored(stretches, period, days)
    if days:
        rows += _live(stretches, days)
    found: list[Counts] = [defaultdict(Counter) for _ in stretches]
    for index, stage, bucket, orders in rows:
        found[index][stage][bucket] += int(orders)
    return found


def _stored(stretches: Sequence[Period], period: Period, without: list[date]) -> list[Row]:
    ends = [When(day__lte=days.last, then=Value(index)) for index, days in enumerate(stretches)]
    stored = FulfillmentTime.objects.filter(day__range=(period.first, period.last))
    stretch = Case(*ends, output_field=IntegerField())
    rows = stored.exclude(day__in=without).order_by().values_list(stretch, "stage", "bucket")
    return list(rows.annotate(Sum("orders")))


def _live(stretches: Sequence[Period], days: list[date]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_NOW, {"tenant": current_tenant_id(), "days": days})
        rows = cursor.fetchall()
    index = {day: at for at, stretch in enumerate(stretches) for day in days if day in stretch}
    return [(index[day], *row) for day, *row in rows]
