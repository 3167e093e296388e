"""The totals of the dashboard in the HTTP contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analytics.periods import Period
from analytics.reports.live import sales_by_day
from analytics.reports.long_lists import row_count
from analytics.reports.query import chosen_currency
from analytics.reports.unchanged import kept_coverage
from analytics.sums import Sums, total_of
from shop_data.models import Customer, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """Customers and products of the shop, and its sales in one currency.

    `currency` is empty while the shop has neither sales nor told its own. `stale` days wait to be
    recomputed.
    """

    customers: int
    products: int
    sums: Sums
    currency: str
    stale: int


def dashboard(*, period: Period | None, currency: str | None, now: datetime) -> Dashboard:
    """Return the totals of a period; of all time without one.

    Customers and products are those that the shop has now, whatever the period.
    """
    known = kept_coverage(now=now)
    code = chosen_currency(currency, known)
    days = sales_by_day([period] if period else [], currency=code, live=known.live)
    stale = [day for day in known.live.stale if period is None or day in period]
    return Dashboard(
        customers=row_count(Customer.objects.all()),
        products=row_count(Product.objects.all()),
        sums=total_of(days.values()),
        currency=code,
        stale=len(stale),
    )
