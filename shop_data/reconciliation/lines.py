"""The lines of the sales statement (docs/metrics.md), as sums over rows of the ledger.

Ours and Shopify's are added up by the same function, so that only what they say can differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from shop_data.models import Sale

GROSS, DISCOUNTS, RETURNS, NET = "grossSales", "discounts", "returns", "netSales"
SHIPPING, TAXES, DUTIES, FEES = "shipping", "taxes", "duties", "additionalFees"
TOTAL, TIPS, GIFT_CARDS = "totalSales", "tips", "giftCardsSold"
_GOODS = {Sale.LineType.PRODUCT, Sale.LineType.ADJUSTMENT}
_OTHERS: Mapping[str, str] = {
    Sale.LineType.SHIPPING: SHIPPING,
    Sale.LineType.DUTY: DUTIES,
    Sale.LineType.ADDITIONAL_FEE: FEES,
    Sale.LineType.FEE: FEES,
    Sale.LineType.TIP: TIPS,
    Sale.LineType.GIFT_CARD: GIFT_CARDS,
}
_IN_NET = {GROSS, DISCOUNTS, RETURNS}
_IN_TOTAL = _IN_NET | {SHIPPING, TAXES, DUTIES, FEES}


class Figure(NamedTuple):
    """Names one amount of the statement; amounts are in minor units."""

    day: date
    currency: str
    metric: str


class Part(NamedTuple):
    """Money of one kind on one day: a row of the ledger, or a sum of such."""

    day: date
    currency: str
    line_type: str
    action: str
    gross: int
    discount: int
    tax: int


Figures = Counter[Figure]


def add_up(parts: Iterable[Part]) -> Figures:
    """Return the statement of each day; amounts that are 0 are left out."""
    figures: Figures = Counter()
    for part in parts:
        for metric, amount in _amounts(part).items():
            figures[Figure(part.day, part.currency, metric)] += amount
    return Counter({figure: amount for figure, amount in figures.items() if amount})


def figures_of_orders(shopify_ids: Collection[int]) -> dict[int, Figures]:
    """Return the statement of each order as it stands here."""
    rows = Sale.objects.filter(order__shopify_id__in=list(shopify_ids))
    parts: dict[int, list[Part]] = defaultdict(list)
    for order_id, *values in rows.values_list("order__shopify_id", *Part._fields):
        parts[order_id].append(Part(*values))
    return {order_id: add_up(its) for order_id, its in parts.items()}


def figures_of_days(first: date, last: date, currency: str) -> Figures:
    """Return the statement of each day in one currency as it stands here."""
    rows = Sale.objects.filter(day__range=(first, last), currency=currency)
    sums = rows.values_list("day", "currency", "line_type", "action").annotate(
        sum_gross=Sum("gross"), sum_discount=Sum("discount"), sum_tax=Sum("tax")
    )
    return add_up(Part(*values) for values in sums)


def _amounts(part: Part) -> dict[str, int]:
    net = part.gross + part.discount
    amounts = {TAXES: part.tax}
    if part.line_type not in _GOODS:
        amounts[_OTHERS[part.line_type]] = net
    elif part.action == Sale.Action.RETURN:
        amounts[RETURNS] = net
    else:
        amounts |= {GROSS: part.gross, DISCOUNTS: part.discount}
    amounts[NET] = sum(value for name, value in amounts.items() if name in _IN_NET)
    amounts[TOTAL] = sum(value for name, value in amounts.items() if name in _IN_TOTAL)
    return amounts
