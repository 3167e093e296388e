"""Reads of the rollup tables. A row: one tenant, shop-local day, currency, part of the ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.db import models
from django.db.models import Max, Min, Q, Sum

from analytics.enums import Dimension, Lens
from analytics.periods import Period
from analytics.sums import ROLLUP_COLUMNS, Sums
from tenants.querysets import TenantManager, TenantQuerySet

if TYPE_CHECKING:
    from analytics.models import SalesDay  # noqa: F401

M = TypeVar("M", bound=models.Model)


class KnownCurrency(NamedTuple):
    """A currency in which there are figures, and the days from the first of them to the last."""

    code: str
    first: date
    last: date


class WholeSum(Sum):
    """The sum of whole numbers as one: no `numeric` of PostgreSQL, no conversion by Django."""

    function = "bigint_sum"

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Return none."""
        return []


class DayQuerySet(TenantQuerySet[M]):
    """What the rollups by day have in common."""

    def within(self, *periods: Period) -> Self:
        """Keep the days of any of the periods, both ends included."""
        inside = Q()
        for period in periods:
            inside |= Q(day__range=(period.first, period.last))
        return self.filter(inside)

    def in_currency(self, currency: str) -> Self:
        """Keep one currency: sums never mix two."""
        return self.filter(currency=currency)

    def through(self, lens: Lens) -> Self:
        """Keep the rows that a lens adds up."""
        return self.filter(part__in=lens.parts)

    def without(self, days: Collection[date]) -> Self:
        """Leave days out."""
        return self.exclude(day__in=list(days)) if days else self


class SalesDayQuerySet(DayQuerySet["SalesDay"]):
    """The sales of days."""

    def totals(self) -> Self:
        """Keep the rows that are not split by anything."""
        return self.filter(dimension=Dimension.TOTAL)

    def by_day(self) -> dict[date, Sums]:
        """Return the sums of each day that has rows."""
        sums: Any = {name: WholeSum(name) for name in ROLLUP_COLUMNS}
        rows = self.order_by().values_list("day").annotate(**sums)
        return {day: Sums(*values) for day, *values in rows}

    def currencies(self) -> list[KnownCurrency]:
        """Return the currencies that occur, in alphabetical order."""
        days = self.order_by("currency").values_list("currency")
        return [KnownCurrency(*row) for row in days.annotate(first=Min("day"), last=Max("day"))]


SalesDayManager = TenantManager.from_queryset(SalesDayQuerySet)
