"""Golden cases in which the buyer matters: what a day says of orders and of their customers."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.enums import Lens
from analytics.models import SalesDay
from analytics.sums import Sums
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order

pytestmark = pytest.mark.django_db

FIRST_DAY, SECOND_DAY = date(2026, 11, 4), date(2026, 11, 10)


def statement(books: Books) -> dict[date, Sums]:
    """Return what each day of the shop says."""
    with tenant_scope(books.connection.tenant_id):
        return dict(SalesDay.objects.totals().in_currency("INR").through(Lens.EVENT).by_day())


def one_order(**customers: int) -> Sums:
    """Return the sums of a day with one order of 100 rupees."""
    return Sums(gross_sales=10_000, units=1, order_value=10_000, rows=1, orders=1, **customers)


def test_first_and_returning_customer(books: Books) -> None:
    books.take(an_order(1, f"{FIRST_DAY}T12:00:00", customer=7))
    books.take(an_order(2, f"{SECOND_DAY}T12:00:00", customer=7))

    assert statement(books) == {
        FIRST_DAY: one_order(new_customers=1),
        SECOND_DAY: one_order(returning_orders=1),
    }


def test_guest(books: Books) -> None:
    books.take(an_order(1, f"{FIRST_DAY}T12:00:00"))
    books.take(an_order(2, f"{SECOND_DAY}T12:00:00"))

    assert statement(books) == {FIRST_DAY: one_order(), SECOND_DAY: one_order()}


@pytest.mark.parametrize("first_told", [1, 2])
def test_merged_customers_whose_orders_name_the_one_that_is_left(
    books: Books, first_told: int
) -> None:
    """After a merge Shopify sends orders of the customer who is gone under the other's id."""
    days = {1: FIRST_DAY, 2: SECOND_DAY}
    books.take(*(an_order(number, f"{day}T12:00:00", customer=number + 6)
                 for number, day in days.items()))  # fmt: skip
    assert [each.new_customers for each in statement(books).values()] == [1, 1]

    for number in (first_told, 3 - first_told):
        merged = an_order(number, f"{days[number]}T12:00:00", customer=8,
                          updated_at="2026-11-12T00:00:00Z")  # fmt: skip
        books.take(merged, topic="orders/updated")

    assert statement(books) == {
        FIRST_DAY: one_order(new_customers=1),
        SECOND_DAY: one_order(returning_orders=1),
    }
