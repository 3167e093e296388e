"""Where a shop stands: its months, its stock, what is to be sent, what was left in carts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, F, Q, Sum, TextField, Value, When

from analytics.enums import Grain
from analytics.periods import Period, add_months
from analytics.reports.coverage import Coverage
from analytics.reports.inventory import BY_PRODUCT, StockedProduct, inventory
from analytics.reports.live import sales_by_day
from analytics.reports.orders import FULFILMENT, UNFULFILLED, moments
from analytics.reports.query import ReportQuery
from analytics.sums import Sums, total_of
from shop_data.models import Order, Variant

PACE_DAYS = 30
LOW_DAYS = 14  # of stock at that pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Sales of the shop's present month so far, of the last one, and of its same stretch."""

    current: Sums
    last: Sums
    last_so_far: Sums | None  # None where not all of it is known


class OfStatus(NamedTuple):
    """Orders of a fulfilment status and what they were placed for, in one currency."""

    orders: int
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """The products of a shop, and what their stock is worth at their prices.

    `rows` are those with stock, most units sold first. `value` is None where no price is known.
    """

    products: int
    in_stock: int
    out_of_stock: int
    low: int
    value: Decimal | None
    rows: list[StockedProduct]


def months(*, currency: str, coverage: Coverage) -> Months:
    """Return the present month and the one before it, of which the same days are compared."""
    first = coverage.today.replace(day=1)
    before = add_months(first, -1)
    stretch = before + timedelta(days=(coverage.today - first).days)
    so_far = Period(before, min(stretch, first - timedelta(days=1)))
    days = sales_by_day([Period(before, coverage.today)], currency=currency, live=coverage.live)
    return Months(
        current=_sum(days, Period(first, coverage.today)),
        last=_sum(days, Period(before, first - timedelta(days=1))),
        last_so_far=_sum(days, so_far) if coverage.covers(before) else None,
    )


def status_breakdown(
    period: Period | None, *, currency: str, coverage: Coverage
) -> dict[str, OfStatus]:
    """Return the orders in a currency by fulfilment status; what Shopify leaves out is
    unfulfilled, and the counts add up to all of these orders."""
    found = Order.objects.filter(currency=currency)
    if period is not None:
        first, end = moments(_dated(period), coverage.zone)
        found = found.filter(processed_at__gte=first, processed_at__lt=end)
    known = Q(fulfillment_status__in=list(FULFILMENT))
    status = Case(
        When(known, then=F("fulfillment_status")),
        default=Value(UNFULFILLED),
        output_field=TextField(),
    )
    rows = (
        found.order_by()
        .annotate(status=status)
        .values_list("status")
        .annotate(Count("id"), Sum("total_price"))
    )
    sums = {status: OfStatus(orders, value) for status, orders, value in rows}
    return {status: sums.get(status, OfStatus(0, Decimal(0))) for status in FULFILMENT}


def stock(*, currency: str, coverage: Coverage) -> Stock:
    """Return the stock of the shop, with how long it lasts at the pace of the last days."""
    query = ReportQuery(period=_pace(coverage), earlier=None, currency=currency, grain=Grain.DAY)
    found = [each for each in inventory(BY_PRODUCT, query, coverage=coverage).rows if each.days]
    stocked = [each for each in found if (each.listed.stock or 0) > 0]
    return Stock(
        products=len(found),
        in_stock=len(stocked),
        out_of_stock=sum(each.listed.stock is not None for each in found) - len(stocked),
        low=sum(_is_low(each) for each in stocked),
        value=_value(),
        rows=sorted(stocked, key=lambda each: (-each.listed.sums.units, each.listed.shopify_id)),
    )


def _dated(period: Period) -> Period:
    """Return the days of a period on which orders can lie: either end may have been left open."""
    return Period(max(period.first, date(1970, 1, 1)), min(period.last, date(2199, 12, 31)))


def _pace(coverage: Coverage) -> Period:
    return Period(coverage.today - timedelta(days=PACE_DAYS), coverage.today - timedelta(days=1))


def _is_low(product: StockedProduct) -> bool:
    days = product.days_of_stock
    return days is not None and days < LOW_DAYS


def _value() -> Decimal | None:
    """Return what the units in stock would bring at the prices of their variants."""
    stocked = Variant.objects.filter(inventory_quantity__gt=0, price__isnull=False)
    value: Decimal | None = stocked.aggregate(value=Sum(F("inventory_quantity") * F("price")))[
        "value"
    ]
    return value


def _sum(days: Mapping[date, Sums], period: Period) -> Sums:
    return total_of(sums for day, sums in days.items() if day in period)
