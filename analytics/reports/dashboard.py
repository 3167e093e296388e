"""The totals of the dashboard in the HTTP contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analytics.periods import Period
from analytics.reports.coverage import Coverage, coverage
from analytics.reports.live import sales_by_day
from analytics.sums import Sums, total_of
from shop_data.models import Customer, Product
from xenofy.common.errors import XenofyError


class CurrencyRequired(XenofyError):
    """The shop has sales in several currencies, and no sum may mix them."""

    code = "CURRENCY_REQUIRED"


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
    known = coverage(now=now)
    code = _chosen(currency, known)
    days = sales_by_day([period] if period else [], currency=code, live=known.live)
    stale = [day for day in known.live.stale if period is None or day in period]
    return Dashboard(
        customers=Customer.objects.count(),
        products=Product.objects.count(),
        sums=total_of(days.values()),
        currency=code,
        stale=len(stale),
    )


def _chosen(currency: str | None, known: Coverage) -> str:
    """Return the currency to sum in; raise `CurrencyRequired` where it has to be said which."""
    choices = known.currencies
    if not choices:
        return currency or ""
    if currency in choices or (currency is None and len(choices) == 1):
        return currency or known.currency
    message = f"This shop has sales in {' and '.join(choices)}; choose one as currency."
    raise CurrencyRequired(message, fields={"currency": list(choices)})
