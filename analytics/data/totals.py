"""The totals of customers, orders and products that the contract has beside the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Func, QuerySet, TextField, Value

from analytics.enums import Lens
from analytics.models import CustomerTotal
from analytics.periods import Period
from analytics.product_reads import sales_by_product
from analytics.reports.coverage import Coverage
from analytics.reports.live import sales_by_day
from analytics.reports.products import NO_PRODUCT, titles_of
from analytics.sums import Sums, total_of
from shop_data.models import Customer, Order, Product
from xenofy.common.errors import XenofyError

DOMAINS = 10  # of emails, the most frequent
RECENT = 10  # orders
BEST = 10  # products
SOLD_DAYS = 30
MOST_DAYS = 3_700  # that are listed one by one


class Domain(NamedTuple):
    """How many customers have an email of a domain."""

    domain: str
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerStats:
    """Customers of the shop; `new` came or ordered first in the shop's present month."""

    total: int
    new: int
    with_email: int
    domains: list[Domain]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStats:
    """Orders of all time in one currency, by month too, and the newest of any."""

    sums: Sums
    by_month: dict[date, Sums]
    recent: list[Order]
    currency: str


class Seller(NamedTuple):
    """A product and its sums of the last days."""

    product: int
    title: str | None
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductStats:
    """Products of the shop: the newest, and those that sold most units lately."""

    total: int
    newest: list[Product]
    best: list[Seller]
    period: Period


class TooManyDays(XenofyError):
    """More days than one answer lists."""

    def __init__(self) -> None:
        message = f"These are more than {MOST_DAYS} days. Ask for fewer at a time."
        super().__init__(message, fields={"startDate": [message]})


def customer_stats(*, coverage: Coverage) -> CustomerStats:
    """Return how many customers there are; a statistic names none of them."""
    since = datetime.combine(coverage.today.replace(day=1), time.min, coverage.zone)
    domain = Func(
        F("email_search"), Value("@"), Value(2), function="split_part", output_field=TextField()
    )
    rows = list(
        Customer.objects.exclude(email_search=None)
        .order_by()
        .annotate(domain=domain)
        .values_list("domain")
        .annotate(Count("id"))
    )
    ranked = sorted((Domain(*row) for row in rows), key=lambda each: (-each.customers, each.domain))
    return CustomerStats(
        total=Customer.objects.count(),
        new=_new_since(since),
        with_email=sum(each.customers for each in ranked),
        domains=[each for each in ranked if each.domain][:DOMAINS],
    )


def order_stats(*, currency: str, coverage: Coverage) -> OrderStats:
    """Return orders and sales of all time."""
    days = sales_by_day([], currency=currency, live=coverage.live)
    months: dict[date, list[Sums]] = {}
    for day, sums in days.items():
        months.setdefault(day.replace(day=1), []).append(sums)
    return OrderStats(
        sums=total_of(days.values()),
        by_month={month: total_of(months[month]) for month in sorted(months)},
        recent=list(Order.objects.order_by("-processed_at", "-id")[:RECENT]),
        currency=currency,
    )


def orders_by_day(
    first: date | None, last: date | None, *, currency: str, coverage: Coverage
) -> dict[date, Sums | None]:
    """Return the sums of each day from the first to the last; None for one without any.

    An end that is left open is that of what is known; raises `TooManyDays`.
    """
    until = last or max(coverage.today, first or date.min)
    period = Period(first or min(coverage.first_day or until, until), until)
    if len(period) > MOST_DAYS:
        raise TooManyDays
    sums = sales_by_day([period], currency=currency, live=coverage.live)
    return {day: sums.get(day) for day in period.dates()}


def product_stats(*, currency: str, limit: int, coverage: Coverage) -> ProductStats:
    """Return the newest products, and the best by units of the last days, today's among them."""
    period = Period(coverage.today - timedelta(days=SOLD_DAYS - 1), coverage.today)
    sums = sales_by_product(period, currency=currency, live=coverage.live.days, lens=Lens.EVENT)
    sums.pop(NO_PRODUCT, None)
    best = sorted(sums, key=lambda each: (-sums[each].units, -sums[each].net_sales, each))[:BEST]
    titles = titles_of(best)
    return ProductStats(
        total=Product.objects.count(),
        newest=list(Product.objects.order_by("-product_created_at", "-id")[:limit]),
        best=[Seller(product, titles.get(product), sums[product]) for product in best],
        period=period,
    )


def sold_of_all_time(
    rows: Sequence[Product], *, currency: str, coverage: Coverage
) -> dict[int, Sums]:
    """Return the sums of some products over all that is known."""
    if coverage.first_day is None:
        return {}
    period = Period(coverage.first_day, coverage.today)
    sums = sales_by_product(period, currency=currency, live=coverage.live.days, lens=Lens.EVENT)
    return {row.shopify_id: sums[row.shopify_id] for row in rows if row.shopify_id in sums}


def top_spenders(*, currency: str, limit: int) -> list[CustomerTotal]:
    """Return the customers with the greatest net sales of all time in a currency."""
    found = CustomerTotal.objects.filter(currency=currency, orders__gt=0)
    return list(found.order_by("-net_sales", "customer_shopify_id")[:limit])


def _new_since(moment: datetime) -> int:
    """Count who signed up since a moment, or ordered first since then in whatever currency."""
    signed_up = Customer.objects.filter(customer_created_at__gte=moment).order_by()
    return len(set(signed_up.values_list("shopify_id", flat=True)) | _first_ordered_since(moment))


def _first_ordered_since(moment: datetime) -> set[int]:
    since: QuerySet[CustomerTotal] = CustomerTotal.objects.filter(first_at__gte=moment).order_by()
    before = CustomerTotal.objects.filter(first_at__lt=moment).order_by()
    ids = since.exclude(customer_shopify_id__in=before.values("customer_shopify_id"))
    return set(ids.values_list("customer_shopify_id", flat=True))
