"""What became of online checkouts, by the day they were begun; right at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from analytics.periods import Period
from analytics.reports.live import LiveDays
from analytics.rollup_sql.checkouts import CHECKOUTS_BY_DAY, GRACE_MINUTES, THOUSANDTHS
from tenants.scope import current_tenant_id

GRACE = timedelta(minutes=GRACE_MINUTES)


class Checkouts(NamedTuple):
    """Checkouts of a day, in the order of the rollup; values in thousandths of a unit."""

    completed: int = 0
    abandoned: int = 0
    abandoned_value: int = 0
    with_email: int = 0
    recovered: int = 0
    recovered_value: int = 0

    def plus(self, other: Checkouts) -> Checkouts:
        """Return the checkouts of both."""
        return Checkouts(*(mine + its for mine, its in zip(self, other, strict=True)))


def checkouts_by_day(
    periods: Sequence[Period], *, live: LiveDays, now: datetime, currency: str | None = None
) -> dict[date, Checkouts]:
    """Return the checkouts of each day on which one was begun; without a currency, all of them."""
    params: dict[str, Any] = {
        "tenant": current_tenant_id(),
        "days": list(live.days),
        "since": now - GRACE,
        "currency": currency,
    }
    within = []
    for number, period in enumerate(periods):
        within.append(f"day BETWEEN %(first_{number})s AND %(last_{number})s")
        params |= {f"first_{number}": period.first, f"last_{number}": period.last}
    inside = f"({' OR '.join(within)})"
    if currency is not None:
        inside += " AND currency = %(currency)s"
    with connection.cursor() as cursor:
        cursor.execute(CHECKOUTS_BY_DAY.format(inside=inside), params)
        return {day: Checkouts(*sums) for day, *sums in cursor.fetchall()}


def worth(thousandths: int) -> Decimal:
    """Return a value of the rollup in the currency's unit."""
    return Decimal(thousandths) / THOUSANDTHS
