"""Who bought in a period, and the customers by what they brought in all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from analytics.buyers import Buyers, Stretch, buyers_by_gaps
from analytics.models import CustomerTotal
from analytics.periods import Period
from analytics.reports.live import LiveDays, sales_by_day
from analytics.sums import Sums, total_of
from shop_data.models import Customer, Order

PAGE = 50


class Rank(NamedTuple):
    """Where a customer stands in the list: by net sales in minor units, then by id."""

    net_sales: int
    customer: int

    def __str__(self) -> str:
        return f"{self.net_sales}_{self.customer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerList:
    """The figures of a period, and a page of the customers of all time.

    `names` is empty for who may not see people. `updating` tells that orders of the last moments
    are not in `totals` yet.
    """

    known: int
    buyers: Buyers
    sums: Sums
    totals: list[CustomerTotal]
    names: dict[int, str]
    more: Rank | None
    updating: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDetail:
    """A customer; `customer` is None where people may not be seen or Shopify told nothing."""

    shopify_id: int
    customer: Customer | None
    totals: list[CustomerTotal]
    orders: list[Order]
    updating: bool


def customer_list(
    period: Period, *, currency: str, after: Rank | None, live: LiveDays, may_see_people: bool
) -> CustomerList:
    """Return who bought in a period, and the customers with the greatest net sales."""
    days = sales_by_day([period], currency=currency, live=live)
    gaps = buyers_by_gaps([Stretch(period)], live=live.days)
    totals = _totals(currency, after)
    shown = totals[:PAGE]
    return CustomerList(
        known=Customer.objects.count(),
        buyers=gaps[0],
        sums=total_of(days.values()) if days else Sums(),
        totals=shown,
        names=_names([each.customer_shopify_id for each in shown]) if may_see_people else {},
        more=Rank(shown[-1].net_sales, shown[-1].customer_shopify_id)
        if len(totals) > PAGE
        else None,
        updating=bool(live.days or live.stale),
    )


def customer_detail(
    shopify_id: int, *, live: LiveDays, may_see_people: bool
) -> CustomerDetail | None:
    """Return a customer of the shop by Shopify's id; None for what it never had."""
    customer = Customer.objects.filter(shopify_id=shopify_id).first()
    of_customer = Order.objects.filter(customer_shopify_id=shopify_id)
    orders = list(of_customer.order_by("-processed_at", "-shopify_id")[:PAGE])
    if customer is None and not orders:
        return None
    totals = CustomerTotal.objects.filter(customer_shopify_id=shopify_id, orders__gt=0)
    return CustomerDetail(
        shopify_id=shopify_id,
        customer=customer if may_see_people else None,
        totals=list(totals.order_by("currency")),
        orders=orders,
        updating=bool(live.days or live.stale),
    )


def _totals(currency: str, after: Rank | None) -> list[CustomerTotal]:
    """Return a page and one more."""
    found = CustomerTotal.objects.filter(currency=currency, orders__gt=0)
    if after is not None:
        net, customer = after
        beyond = Q(net_sales__lt=net) | Q(net_sales=net, customer_shopify_id__gt=customer)
        found = found.filter(beyond, net_sales__lte=net)
    return list(found.order_by("-net_sales", "customer_shopify_id")[: PAGE + 1])


def _names(customers: Collection[int]) -> dict[int, str]:
    return {
        each.shopify_id: str(each) for each in Customer.objects.filter(shopify_id__in=customers)
    }
