"""How many online checkouts were completed, and how many abandoned, by the day they were begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from analytics.periods import Period
from shop_data.models import AbandonedCart

GRACE = timedelta(minutes=10)  # a checkout younger than this may still be completed
OFFLINE = ("pos", "iphone", "android", "shopify_draft_order")  # sources that are no online store

_HAS_CONTACT = Q(email__gt="") | Q(phone__gt="")


def checkouts_by_day(periods: Sequence[Period], *, now: datetime) -> dict[date, tuple[int, int]]:
    """Return (completed, abandoned) of each day on which an online checkout was begun."""
    open_too_long = Q(completed_at=None, checkout_created_at__lte=now - GRACE)
    rows = (
        in_periods(periods)
        .exclude(source_name__in=OFFLINE)
        .values_list("day")
        .annotate(
            completed=Count("id", filter=Q(completed_at__isnull=False)),
            abandoned=Count("id", filter=open_too_long & _HAS_CONTACT),
        )
    )
    return {day: (completed, abandoned) for day, completed, abandoned in rows if day is not None}


def in_periods(periods: Sequence[Period]) -> QuerySet[AbandonedCart]:
    """Return the checkouts that were begun in any of the periods."""
    inside = Q()
    for period in periods:
        inside |= Q(day__range=(period.first, period.last))
    return AbandonedCart.objects.filter(inside).order_by()
