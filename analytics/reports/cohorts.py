"""Customers by the month of their first order, and how many of them came back in which month."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from analytics.models import CohortDay
from analytics.periods import add_months

MONTHS = 12


class Cell(NamedTuple):
    """How many customers of a cohort ordered in one month; `mature` once the month is over."""

    active: int
    mature: bool


class Cohort(NamedTuple):
    """The customers whose first order was in `month`; the cells begin with the month after it."""

    month: date
    size: int
    cells: list[Cell]


def cohorts(*, currency: str, today: date) -> list[Cohort]:
    """Return the cohorts of the last twelve months, the oldest first."""
    this = today.replace(day=1)
    first = add_months(this, 1 - MONTHS)
    active = _active(currency, first)
    months = [add_months(first, index) for index in range(MONTHS)]
    return [
        Cohort(
            month,
            active[month, month],
            [Cell(active[month, later], later < this) for later in months if later > month],
        )
        for month in months
        if active[month, month]
    ]


def _active(currency: str, first: date) -> Counter[tuple[date, date]]:
    """Return the customers of each cohort that ordered in each month."""
    found = CohortDay.objects.filter(day__gte=first, cohort__gte=first, currency=currency)
    rows = found.order_by().values_list("cohort", TruncMonth("day")).annotate(Sum("active_month"))
    active: Counter[tuple[date, date]] = Counter()
    for cohort, month, count in rows:
        active[cohort.replace(day=1), month] += int(count)
    return active
