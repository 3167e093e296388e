"""Products and variants with what they sold, what came back, and how long their stock lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from analytics.metric import quotient
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.product_list import ListedProduct, product_list, variant_list
from analytics.reports.products import NO_PRODUCT
from analytics.reports.query import ReportQuery
from analytics.sums import NO_SUMS, Sums, total_of
from shop_data.models import Product

BY_PRODUCT, BY_VARIANT = "products", "variants"


class StockedProduct(NamedTuple):
    """One product or variant; `days` are those of the period on which it was there to be sold."""

    listed: ListedProduct
    days: int

    @property
    def sell_through(self) -> Decimal | None:
        """Return which part of what could be sold was sold; None where the stock is not known."""
        units, stock = self.listed.sums.units, self.listed.stock
        return None if stock is None else quotient(units, units + max(stock, 0))

    @property
    def units_per_day(self) -> Decimal | None:
        return quotient(self.listed.sums.units, self.days)

    @property
    def days_of_stock(self) -> Decimal | None:
        """Return how long the stock lasts at this pace; None without demand."""
        stock, units = self.listed.stock, self.listed.sums.units
        return quotient(max(stock, 0) * self.days, units) if stock is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """All of them, sold or not, in the order asked for; their sums add up to `totals`."""

    query: ReportQuery
    coverage: Coverage
    rows: list[StockedProduct]
    totals: Sums
    stale: int


def inventory(of: str, query: ReportQuery, *, coverage: Coverage) -> Inventory:
    """Return the products, or the variants, of a shop."""
    if of == BY_VARIANT:
        listed = variant_list(query.windows(coverage)[0])
    else:
        listed = product_list(
            query.period, currency=query.currency, live=coverage.live, lens=query.lens
        )
    since = _since(coverage)
    rows = [StockedProduct(each, _days(each, query.period, since)) for each in listed]
    return Inventory(
        query=query,
        coverage=coverage,
        rows=rows,
        totals=total_of([NO_SUMS, *(each.sums for each in listed)]),
        stale=query.stale(coverage),
    )


def _since(coverage: Coverage) -> dict[int, date]:
    """Return the days on which products were made known to the shop."""
    known = Product.objects.filter(product_created_at__isnull=False).order_by()
    return {
        product: at.astimezone(coverage.zone).date()
        for product, at in known.values_list("shopify_id", "product_created_at")
        if at is not None
    }


def _days(listed: ListedProduct, period: Period, since: Mapping[int, date]) -> int:
    """Return the days of the period from the product's first one on."""
    if listed.shopify_id == NO_PRODUCT:
        return 0
    first = max(since.get(listed.product, period.first), period.first)
    return max(0, (period.last - first).days + 1)
