"""Abandoned carts: checkouts with a contact that were still open after ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Lower, StrIndex

from analytics.periods import Period
from analytics.reports.checkouts import GRACE, Checkouts, checkouts_by_day, worth
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


class CartTotal(NamedTuple):
    """How many carts there are, and what those of a known worth are worth together."""

    carts: int
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CartList:
    """One page of carts, those worth most first, and what all that match come to.

    `more` is where the next page begins; None on the last one.
    """

    carts: list[AbandonedCart]
    total: CartTotal
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


def cart_list(found: QuerySet[AbandonedCart], *, after: Worth | None) -> CartList:
    """Return the page of the carts that are `found` by its filters, from a place on."""
    carts, more = _page(found, after)
    return CartList(carts=carts, total=total_of_carts(found), more=more)


def total_of_carts(found: QuerySet[AbandonedCart]) -> CartTotal:
    """Return what carts come to."""
    worth_of_all = Sum("total_price", default=Decimal(0))
    return CartTotal(**found.order_by().aggregate(carts=Count("id"), value=worth_of_all))


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
    return online(currency).filter(day__range=(period.first, period.last)).filter(kinds(now)[kind])


def online(currency: str) -> QuerySet[AbandonedCart]:
    """Return the checkouts of the online store in a currency."""
    found = AbandonedCart.objects.filter(currency=currency)
    return found.exclude(source_name__in=OFFLINE).order_by()


def kinds(now: datetime) -> dict[str, Q]:
    """Return what tells the kinds of carts apart."""
    abandoned = _abandoned(now)
    return {
        LEFT: abandoned,
        WITH_EMAIL: abandoned & Q(email__gt=""),
        RECOVERED: _RECOVERED,
        COMPLETED: _DONE,
        COUNTED: abandoned | _DONE,
    }


def _abandoned(now: datetime) -> Q:
    return Q(completed_at=None, checkout_created_at__lte=now - GRACE) & _CONTACT


def held(
    found: QuerySet[AbandonedCart], text: str, *, may_see_people: bool
) -> QuerySet[AbandonedCart]:
    """Keep the carts that hold something called so, or whose e-mail or phone number begins so.

    The texts of a cart are many and lie in one column, so that no range finds them: the carts of
    the days that are asked for are read. Who may not see people cannot search for them either,
    and what was written into a cart by hand may name somebody: it is not found by others.
    """
    text = text.lower()
    found = found.alias(holds=StrIndex("held_search", Value(text)))
    if not may_see_people:
        return found.filter(holds__gt=0).exclude(lines__contains=[{"product_id": None}])
    found = found.alias(
        email_at=StrIndex(Lower("email"), Value(text)), phone_at=StrIndex("phone", Value(text))
    )
    return found.filter(Q(holds__gt=0) | Q(email_at=1) | Q(phone_at=1))
