"""Customers by how lately and how often they ordered: fifths of the shop by fixed bands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, Case, Count, DateTimeField, Q, QuerySet, Sum, Value, When

from analytics.models import CustomerTotal

FIFTHS = range(1, 6)
BANDS = ((1, 1), (2, 2), (3, 4), (5, 9), (10, None))  # orders: from, up to


class _Fifths(Aggregate):
    """The values below which one, two, three and four fifths lie."""

    template = "percentile_disc(ARRAY[0.2, 0.4, 0.6, 0.8]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(DateTimeField())


class RfmOf(NamedTuple):
    """A cell: the fifth by the last order (5 the latest) and the band of orders (5 the most)."""

    recency: int
    frequency: int


class RfmCell(NamedTuple):
    """The customers of a cell, and their net sales in minor units."""

    of: RfmOf
    customers: int
    net_sales: int


class Rfm(NamedTuple):
    """All 25 cells, the latest customers first; `since` are the limits of the fifths."""

    cells: tuple[RfmCell, ...]
    since: tuple[datetime, ...]


def rfm(*, currency: str) -> Rfm | None:
    """Return the cells of one currency; None while nobody has ordered."""
    found = CustomerTotal.objects.filter(currency=currency, orders__gt=0).order_by()
    limits = _limits(found)
    if not limits:
        return None
    rows = found.annotate(recency=_recency(limits), frequency=_frequency())
    sums = rows.values_list("recency", "frequency").annotate(Count("id"), Sum("net_sales"))
    cells = {RfmOf(*of): (customers, int(net)) for *of, customers, net in sums}
    everything = (RfmOf(recency, band) for recency in reversed(FIFTHS) for band in FIFTHS)
    return Rfm(tuple(RfmCell(each, *cells.get(each, (0, 0))) for each in everything), tuple(limits))


def of_cell(found: QuerySet[CustomerTotal], cell: RfmOf) -> QuerySet[CustomerTotal]:
    """Keep the customers of one cell; `found` are all of a currency."""
    limits = _limits(found.order_by())
    low, high = BANDS[cell.frequency - 1]
    found = found.filter(orders__gte=low, **({"orders__lte": high} if high else {}))
    return found.annotate(recency=_recency(limits)).filter(recency=cell.recency)


def _limits(found: QuerySet[CustomerTotal]) -> list[datetime]:
    limits: list[datetime] | None = found.aggregate(limits=_Fifths("last_at"))["limits"]
    return limits or []


def _recency(limits: Sequence[datetime]) -> Case:
    whens = [When(last_at__lte=limit, then=Value(fifth)) for fifth, limit in enumerate(limits, 1)]
    return Case(*whens, default=Value(len(limits) + 1))


def _frequency() -> Any:
    whens = [When(Q(orders__gte=low), then=Value(band)) for band, (low, _) in enumerate(BANDS, 1)]
    return Case(*reversed(whens), default=Value(1))
