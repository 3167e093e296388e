"""Customers by how lately, how often and for how much they ordered, and the groups they make.

Recency and money go by fifths of the shop, the number of orders by fixed bands; 5 is the most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    F,
    Field,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from analytics.models import CustomerTotal
from analytics.reports.rfm_groups import GROUPS, group_of
from shop_data.models import Customer

FIFTHS = range(1, 6)
BANDS = ((1, 1), (2, 2), (3, 4), (5, 9), (10, None))  # orders: from, up to
PROSPECTS = "prospects"


class _Fifths(Aggregate):
    """The values up to which one, two, three and four fifths lie."""

    template = "percentile_disc(ARRAY[0.2, 0.4, 0.6, 0.8]) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: str, output: Field[Any, Any]) -> None:
        super().__init__(expression, output_field=ArrayField(output))


class RfmOf(NamedTuple):
    """A cell: the fifth by the last order (5 the latest) and the band of orders (5 the most)."""

    recency: int
    frequency: int


class RfmCell(NamedTuple):
    """The customers of a cell, and their net sales in minor units."""

    of: RfmOf
    customers: int
    net_sales: int


class RfmGroup(NamedTuple):
    """The customers of a group, and their net sales in minor units."""

    key: str
    customers: int
    net_sales: int


class Rfm(NamedTuple):
    """All 25 cells, the latest customers first, and the ten groups of who has ordered.

    `since` are the limits of the fifths by the last order, `spent` those by net sales, in minor
    units: who lies on a limit belongs to the lower fifth.
    """

    cells: tuple[RfmCell, ...]
    since: tuple[datetime, ...]
    groups: tuple[RfmGroup, ...]
    spent: tuple[int, ...]
    orders: int  # of all of them


def rfm(*, currency: str) -> Rfm | None:
    """Return the cells and groups of one currency; None while nobody has ordered."""
    found = ordered_in(currency)
    limits = _limits(found)
    if not limits.since:
        return None
    scored = found.annotate(recency=_recency(limits), frequency=_frequency(), money=_money(limits))
    of = scored.values_list("recency", "frequency", "money")
    found_rows = of.annotate(Count("id"), Sum("net_sales"), Sum("orders"))
    rows = [(*key, int(net), int(orders)) for *key, net, orders in found_rows]
    orders = sum(row[-1] for row in rows)
    return Rfm(_cells(rows), limits.since, _groups(rows), limits.spent, orders)


def ordered_in(currency: str) -> QuerySet[CustomerTotal]:
    """Return the totals of all customers with an order in a currency."""
    return CustomerTotal.objects.filter(currency=currency, orders__gt=0).order_by()


def prospects() -> QuerySet[Customer]:
    """Return the customers who have not ordered yet, in any currency."""
    buyers = CustomerTotal.objects.filter(orders__gt=0).order_by().values("customer_shopify_id")
    return Customer.objects.exclude(shopify_id__in=buyers).order_by()


def of_cell(found: QuerySet[CustomerTotal], cell: RfmOf) -> QuerySet[CustomerTotal]:
    """Keep the customers of one cell; `found` are all of a currency."""
    low, high = BANDS[cell.frequency - 1]
    kept = found.filter(orders__gte=low, **({"orders__lte": high} if high else {}))
    recency = _recency(_limits(found.order_by()))
    return kept.annotate(recency=recency).filter(recency=cell.recency)


def of_group(found: QuerySet[CustomerTotal], key: str) -> QuerySet[CustomerTotal]:
    """Keep the customers of one group; `found` are all of a currency."""
    limits, group = _limits(found.order_by()), GROUPS[key]
    scored = found.annotate(recency=_recency(limits), frequency=_frequency(), money=_money(limits))
    return scored.annotate(strength=F("frequency") + F("money")).filter(
        recency__range=group.recency, strength__range=group.strength
    )


def fifths_of_money(found: QuerySet[CustomerTotal]) -> tuple[int, ...]:
    """Return the net sales up to which one, two, three and four fifths of customers lie."""
    spent = found.aggregate(spent=_Fifths("net_sales", BigIntegerField()))["spent"]
    return tuple(spent or ())


class _Limits(NamedTuple):
    since: tuple[datetime, ...]
    spent: tuple[int, ...]


def _limits(found: QuerySet[CustomerTotal]) -> _Limits:
    limits = found.aggregate(
        since=_Fifths("last_at", DateTimeField()), spent=_Fifths("net_sales", BigIntegerField())
    )
    return _Limits(tuple(limits["since"] or ()), tuple(limits["spent"] or ()))


def _recency(limits: _Limits) -> Case:
    return _fifth("last_at", limits.since)


def _money(limits: _Limits) -> Case:
    return _fifth("net_sales", limits.spent)


def _fifth(column: str, limits: Sequence[Any]) -> Case:
    whens = [
        When(**{f"{column}__lte": limit}, then=Value(fifth))
        for fifth, limit in enumerate(limits, 1)
    ]
    return Case(*whens, default=Value(len(limits) + 1))


def _frequency() -> Any:
    whens = [When(Q(orders__gte=low), then=Value(band)) for band, (low, _) in enumerate(BANDS, 1)]
    return Case(*reversed(whens), default=Value(1))


def _cells(rows: Sequence[tuple[Any, ...]]) -> tuple[RfmCell, ...]:
    people, money = _summed(rows, lambda recency, frequency, _: RfmOf(recency, frequency))
    every = (RfmOf(recency, band) for recency in reversed(FIFTHS) for band in FIFTHS)
    return tuple(RfmCell(each, people[each], money[each]) for each in every)


def _groups(rows: Sequence[tuple[Any, ...]]) -> tuple[RfmGroup, ...]:
    people, money = _summed(rows, group_of)
    return tuple(RfmGroup(key, people[key], money[key]) for key in GROUPS)


def _summed(
    rows: Sequence[tuple[Any, ...]], of: Callable[[int, int, int], Any]
) -> tuple[Counter[Any], Counter[Any]]:
    people: Counter[Any] = Counter()
    money: Counter[Any] = Counter()
    for recency, frequency, spent, customers, net, _ in rows:
        key = of(recency, frequency, spent)
        people[key] += customers
        money[key] += net
    return people, money
