"""How many online checkouts were completed, and how many abandoned, by the day they were begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from analytics.periods import Period
from analytics.reports.live import LiveDays
from analytics.rollup_sql.checkouts import CHECKOUTS_BY_DAY
from shop_data.models import AbandonedCart
from tenants.scope import current_tenant_id

GRACE = timedelta(minutes=10)  # a checkout younger than this may still be completed


def checkouts_by_day(
    periods: Sequence[Period], *, live: LiveDays, now: datetime
) -> dict[date, tuple[int, int]]:
    """Return (completed, abandoned) of each day on which an online checkout was begun."""
    params: dict[str, Any] = {
        "tenant": current_tenant_id(),
        "days": list(live.days),
        "since": now - GRACE,
    }
    inside = []
    for number, period in enumerate(periods):
        inside.append(f"day BETWEEN %(first_{number})s AND %(last_{number})s")
        params |= {f"first_{number}": period.first, f"last_{number}": period.last}
    with connection.cursor() as cursor:
        cursor.execute(CHECKOUTS_BY_DAY.format(inside=" OR ".join(inside)), params)
        rows = cursor.fetchall()
    return {day: (int(completed), int(abandoned)) for day, completed, abandoned in rows}


def in_periods(periods: Sequence[Period]) -> QuerySet[AbandonedCart]:
    """Return the checkouts that were begun in any of the periods."""
    inside = Q()
    for period in periods:
        inside |= Q(day__range=(period.first, period.last))
    return AbandonedCart.objects.filter(inside).order_by()
