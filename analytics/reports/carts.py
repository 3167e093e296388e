"""Abandoned carts: checkouts with a contact that were still open after ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from analytics.periods import Period
from analytics.reports.checkouts import GRACE, Checkouts, checkouts_by_day, in_periods, worth
from analytics.reports.live import LiveDays
from analytics.rollup_sql.checkouts import OFFLINE
from analytics.sums import Sums
from shop_data.models import AbandonedCart

PAGE = 50
LEFT, WITH_EMAIL, RECOVERED, COUNTED = "left", "email", "recovered", "counted"
COMPLETED = "completed"
_CONTACT = Q(email__gt="") | Q(phone__gt="")
_DONE = Q(completed_at__isnull=False)
_RECOVERED = Q(completed_at__gt=F("checkout_created_at") + GRACE) & _CONTACT


class Worth(NamedTuple):
    """Where a cart stands in the list: by its total price, then by Shopify's id."""

    value: Decimal | None
    cart: int

    def __str__(self) -> str:
        return f"{'' if self.value is None else self.value}_{self.cart}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CartsQuery:
    """Which carts of a period are listed: one of the four kinds, from a place on.

    `search` is lower-case, as e-mails and titles are kept. Who may not see people cannot search
    for their e-mails either: a hit would tell of them.
    """

    period: Period
    currency: str
    of: str = LEFT
    search: str = ""
    after: Worth | None = None
    may_see_people: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CartList:
    """One page of carts, those worth most first, and what all that match come to.

    `more` is where the next page begins; None on the last one.
    """

    carts: list[AbandonedCart]
    count: int
    value: Decimal
    more: Worth | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartsReport:
    """The carts of a period in one currency.

    `recovered` were completed after they had been abandoned; `completed` are all that were.
    `days` has the checkouts that were completed and abandoned, by the day they were begun.
    """

    open: int
    value: Decimal
    with_email: int
    recovered: int
    recovered_value: Decimal
    completed: int
    days: dict[date, Sums]


def carts(period: Period, *, currency: str, live: LiveDays, now: datetime) -> CartsReport:
    """Return the carts that were begun in a period."""
    days = checkouts_by_day([period], live=live, now=now, currency=currency)
    whole = Checkouts()
    for sums in days.values():
        whole = whole.plus(sums)
    return CartsReport(
        open=whole.abandoned,
        value=worth(whole.abandoned_value),
        with_email=whole.with_email,
        recovered=whole.recovered,
        recovered_value=worth(whole.recovered_value),
        completed=whole.completed,
        days={
            day: Sums(checkouts_completed=sums.completed, checkouts_abandoned=sums.abandoned)
            for day, sums in days.items()
        },
    )


def cart_list(query: CartsQuery, *, now: datetime) -> CartList:
    """Return a page of the carts that were begun in a period."""
    found = carts_of(query.of, query.period, currency=query.currency, now=now)
    if query.search:
        found = found.filter(_search(query))
    sums = found.aggregate(count=Count("id"), value=Sum("total_price", default=Decimal(0)))
    carts, more = _page(found, query.after)
    return CartList(**sums, carts=carts, more=more)


def _page(
    found: QuerySet[AbandonedCart], after: Worth | None
) -> tuple[list[AbandonedCart], Worth | None]:
    """Return the carts of a page, and where the next one begins; those of unknown worth last."""
    if after is not None:
        less = Q(total_price=after.value, shopify_id__lt=after.cart)
        if after.value is not None:
            less |= Q(total_price__lt=after.value) | Q(total_price=None)
        found = found.filter(less)
    ordered = found.order_by(F("total_price").desc(nulls_last=True), "-shopify_id")
    rows = list(ordered[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return rows[:PAGE], Worth(last.total_price, last.shopify_id) if last else None


def carts_of(kind: str, period: Period, *, currency: str, now: datetime) -> QuerySet[AbandonedCart]:
    """Return the carts of a period that are of a kind: `LEFT`, `COMPLETED`, ..."""
    return _online(period, currency).filter(_kinds(now)[kind])


def _kinds(now: datetime) -> dict[str, Q]:
    abandoned = _abandoned(now)
    return {
        LEFT: abandoned,
        WITH_EMAIL: abandoned & Q(email__gt=""),
        RECOVERED: _RECOVERED,
        COMPLETED: _DONE,
        COUNTED: abandoned | _DONE,
    }


def _online(period: Period, currency: str) -> QuerySet[AbandonedCart]:
    return in_periods([period]).filter(currency=currency).exclude(source_name__in=OFFLINE)


def _abandoned(now: datetime) -> Q:
    return Q(completed_at=None, checkout_created_at__lte=now - GRACE) & _CONTACT


def _search(query: CartsQuery) -> Q:
    """Match what a cart holds, or the beginning of who left it.

    What was written into a cart by hand may name somebody: it is not found by others either.
    """
    held = Q(held_search__contains=query.search)
    if not query.may_see_people:
        return held & ~Q(lines__contains=[{"product_id": None}])
    return held | Q(email__startswith=query.search) | Q(phone__startswith=query.search)
