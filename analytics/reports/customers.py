"""The customers by what they brought in all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum

from analytics.models import CustomerTotal
from analytics.periods import Bucket
from analytics.reports.coverage import Coverage
from analytics.reports.live import LiveDays
from analytics.reports.long_lists import of_all, row_count
from analytics.reports.orders import moments
from analytics.reports.products import titles_of
from analytics.reports.rfm import RfmOf, of_cell, of_group
from analytics.reports.segments import of_segment
from shop_data.models import Customer, Order, Sale

PAGE = 50


class Rank(NamedTuple):
    """Where a customer stands in the list: by net sales in minor units, then by id."""

    net_sales: int
    customer: int

    def __str__(self) -> str:
        return f"{self.net_sales}_{self.customer}"


class CohortOf(NamedTuple):
    """The customers whose first order was in some days; with `active`, who ordered in those."""

    first: Bucket
    active: Bucket | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersQuery:
    """Which customers are listed, from a place on; of one cohort, cell, group or segment."""

    currency: str
    after: Rank | None = None
    cohort: CohortOf | None = None
    cell: RfmOf | None = None
    group: str = ""
    segment: str = ""
    may_see_people: bool

    @property
    def narrowed(self) -> bool:
        """Tell whether they are less than all who have ordered."""
        return any((self.cohort, self.cell, self.group, self.segment))


class Whole(NamedTuple):
    """What customers come to: how many they are, their orders, net sales in minor units."""

    customers: int
    orders: int
    net_sales: int


class Bought(NamedTuple):
    """What a customer bought of a product in one currency; id 0 is for what is no product's."""

    product: int
    title: str | None
    currency: str
    net_sales: int  # minor units
    units: int
    units_returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerList:
    """A page of the customers, of all time or of a cohort.

    `whole` is what those of a narrowed list come to; None for all, of whom the groups
    say it. `names` is empty for who may not see people.
    `updating` tells that orders of the last moments are not in `totals` yet.
    """

    known: int
    whole: Whole | None
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
    bought: list[Bought]
    updating: bool


def customer_list(query: CustomersQuery, *, coverage: Coverage) -> CustomerList:
    """Return the customers with the greatest net sales."""
    live = coverage.live
    found = _matching(query, coverage)
    totals = _page(found, query.after)
    shown = totals[:PAGE]
    ids = [each.customer_shopify_id for each in shown]
    return CustomerList(
        known=row_count(Customer.objects.all()),
        whole=of_all(found, _whole) if query.narrowed else None,
        totals=shown,
        names=_names(ids) if query.may_see_people else {},
        more=Rank(shown[-1].net_sales, shown[-1].customer_shopify_id)
        if len(totals) > PAGE
        else None,
        updating=bool(live.days or live.stale),
    )


def _matching(query: CustomersQuery, coverage: Coverage) -> QuerySet[CustomerTotal]:
    currency = query.currency
    found = CustomerTotal.objects.filter(currency=currency, orders__gt=0)
    if query.cohort:
        found = _of_cohort(found, query.cohort, currency, coverage.zone)
    if query.cell:
        found = of_cell(found, query.cell)
    if query.group:
        found = of_group(found, query.group)
    if query.segment:
        found = of_segment(found, query.segment, currency=currency, coverage=coverage)
    return found


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
        bought=_bought(shopify_id),
        updating=bool(live.days or live.stale),
    )


def _whole(found: QuerySet[CustomerTotal]) -> Whole:
    sums = found.aggregate(Count("id"), Sum("orders", default=0), Sum("net_sales", default=0))
    return Whole(*map(int, sums.values()))


def _bought(shopify_id: int) -> list[Bought]:
    """Return the products with the greatest net sales to a customer, and what is no product's."""
    returned = Q(action=Sale.Action.RETURN)
    product = Q(line_type=Sale.LineType.PRODUCT)
    sales = Sale.objects.filter(order__customer_shopify_id=shopify_id)
    rows = list(
        sales.filter(product | returned & Q(line_type=Sale.LineType.ADJUSTMENT))
        .order_by()
        .values_list("product_shopify_id", "currency")
        .annotate(
            net=Sum(F("gross") + F("discount")),
            sold=Sum("quantity", filter=product & ~returned, default=0),
            back=Sum(-F("quantity"), filter=product & returned, default=0),
        )
        .order_by("currency", "-net", "product_shopify_id")[:PAGE]
    )
    titles = titles_of([product for product, *_ in rows if product])
    return [
        Bought(product or 0, titles.get(product), currency, *map(int, sums))
        for product, currency, *sums in rows
    ]


def _of_cohort(
    found: QuerySet[CustomerTotal], cohort: CohortOf, currency: str, zone: ZoneInfo
) -> QuerySet[CustomerTotal]:
    """Keep who ordered first in some days, whatever the currency, and in others again."""
    first, end = moments(cohort.first.days, zone)
    found = found.filter(
        customer_shopify_id__in=_buyers(processed_at__gte=first, processed_at__lt=end)
    ).exclude(customer_shopify_id__in=_buyers(processed_at__lt=first))
    if cohort.active is None:
        return found
    days = cohort.active.days
    active = _buyers(day__range=(days.first, days.last), currency=currency)
    return found.filter(customer_shopify_id__in=active)


def _buyers(**which: Any) -> Any:
    orders = Order.objects.filter(counts=True, customer_shopify_id__isnull=False, **which)
    return orders.order_by().values("customer_shopify_id")


def _page(found: QuerySet[CustomerTotal], after: Rank | None) -> list[CustomerTotal]:
    """Return a page and one more."""
    if after is not None:
        net, customer = after
        beyond = Q(net_sales__lt=net) | Q(net_sales=net, customer_shopify_id__gt=customer)
        found = found.filter(beyond, net_sales__lte=net)
    return list(found.order_by("-net_sales", "customer_shopify_id")[: PAGE + 1])


def _names(customers: Collection[int]) -> dict[int, str]:
    return {
        each.shopify_id: str(each) for each in Customer.objects.filter(shopify_id__in=customers)
    }
