"""Abandoned carts: checkouts with a contact that were still open after ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from analytics.periods import Period
from analytics.reports.checkouts import GRACE, OFFLINE, in_periods
from analytics.sums import Sums
from shop_data.models import AbandonedCart

MOST = 50
_CONTACT = Q(email__gt="") | Q(phone__gt="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CartsReport:
    """The carts of a period in one currency.

    `recovered` were completed after they had been abandoned; `completed` are all that were.
    `greatest` are the open ones worth most, `won` the recovered ones; `days` has the checkouts
    that were completed and abandoned, by the day they were begun.
    """

    open: int
    value: Decimal
    with_email: int
    recovered: int
    recovered_value: Decimal
    completed: int
    greatest: list[AbandonedCart]
    won: list[AbandonedCart]
    days: dict[date, Sums]


def carts(period: Period, *, currency: str, now: datetime) -> CartsReport:
    """Return the carts that were begun in a period."""
    online = in_periods([period]).filter(currency=currency).exclude(source_name__in=OFFLINE)
    abandoned = Q(completed_at=None, checkout_created_at__lte=now - GRACE) & _CONTACT
    recovered = Q(completed_at__gt=F("checkout_created_at") + GRACE) & _CONTACT
    sums = online.aggregate(
        open=Count("id", filter=abandoned),
        value=Sum("total_price", filter=abandoned, default=Decimal(0)),
        with_email=Count("id", filter=abandoned & Q(email__gt="")),
        recovered=Count("id", filter=recovered),
        recovered_value=Sum("total_price", filter=recovered, default=Decimal(0)),
        completed=Count("id", filter=Q(completed_at__isnull=False)),
    )
    by_day = online.values_list("day").annotate(
        completed=Count("id", filter=Q(completed_at__isnull=False)),
        abandoned=Count("id", filter=abandoned),
    )
    return CartsReport(
        **sums,
        greatest=_greatest(online.filter(abandoned)),
        won=_greatest(online.filter(recovered)),
        days={
            day: Sums(checkouts_completed=completed, checkouts_abandoned=left)
            for day, completed, left in by_day
        },
    )


def _greatest(abandoned: QuerySet[AbandonedCart]) -> list[AbandonedCart]:
    return list(abandoned.order_by(F("total_price").desc(nulls_last=True), "-shopify_id")[:MOST])
