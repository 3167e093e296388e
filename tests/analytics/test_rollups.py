"""Rollups equal what the ledger adds up to, whatever happened and in which order."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from analytics import rollups
from analytics.enums import Lens
from analytics.models import SalesDay
from analytics.sums import ROLLUP_COLUMNS, Sums, total_of
from shop_data.models import RollupMark, Sale
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order
from tests.analytics.recount import recounted, stored
from tests.builders import OrderBuilder
from tests.shops import Delivered

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
CURRENCIES = ("INR", "INR", "INR", "USD")


def story(number: int, rng: random.Random) -> list[Delivered]:
    """Return what happens to one order in its life, as the bodies that tell of it."""
    at = START + timedelta(hours=rng.randrange(24 * 20))
    customer = rng.choice([None, *range(1, 6)])
    order = OrderBuilder(
        id=number,
        at=at.isoformat(),
        currency=rng.choice(CURRENCIES),
        customer=customer and {"id": customer, "email": f"c{customer}@example.com"},
        tax_rate=Decimal("0.05"),
        test=rng.random() < 0.05,
    )
    only_gift_card = rng.random() < 0.1
    for _ in range(rng.randint(1, 3)):
        product = None if only_gift_card else rng.choice([None, 7001, 7002, 7003])
        order.line(f"{rng.randint(1, 99)}.{rng.randint(0, 99):02}", rng.randint(1, 3),
                   product_id=product, gift_card=only_gift_card)  # fmt: skip
    if rng.random() < 0.5 and not only_gift_card:
        order.ship("90")
    told = [("orders/create", order.body())]
    at += timedelta(hours=rng.randrange(1, 24 * 9))
    if rng.random() < 0.3 and not only_gift_card:
        units = {order.lines[0].id: 1}
        told += [("refunds/create", order.refund(at.isoformat(), units=units, kept="1.50"))]
        told += [("orders/updated", order.body())]
    elif rng.random() < 0.3:
        edit = order.edit(at.isoformat(), add=[("12.50", 2)])
        told += [("orders/edited", edit), ("orders/updated", order.body())]
    if rng.random() < 0.15:
        cancelled = order.cancel((at + timedelta(days=1)).isoformat())
        told += [("orders/cancelled", cancelled.body())]
    return told


@pytest.mark.parametrize("seed", range(4))
def test_rollups_equal_a_recount_under_any_order_of_events(books: Books, seed: int) -> None:
    rng = random.Random(seed)
    told = [each for number in range(1, 41) for each in story(number, rng)]
    told += rng.sample(told, 10)  # some come twice
    rng.shuffle(told)

    for start in range(0, len(told), 17):
        books.tell(*told[start : start + 17])
        if rng.random() < 0.5:
            books.refresh()
    books.refresh()

    with tenant_scope(books.connection.tenant_id):
        assert stored() == recounted()
        assert rollups.marked_days() == set()


def test_another_order_of_events_ends_in_the_same_rollups(books: Books) -> None:
    rng = random.Random(11)
    told = [each for number in range(1, 31) for each in story(number, rng)]
    books.tell(*told)
    books.refresh()
    with tenant_scope(books.connection.tenant_id):
        first = stored()

    books.tell(*reversed(told))
    books.refresh()

    with tenant_scope(books.connection.tenant_id):
        assert stored() == first


def test_both_lenses_have_the_same_total_of_all_time(books: Books) -> None:
    rng = random.Random(3)
    books.tell(*[each for number in range(1, 31) for each in story(number, rng)])
    books.refresh()

    totals = {}
    with tenant_scope(books.connection.tenant_id):
        for lens in Lens:
            days = SalesDay.objects.totals().in_currency("INR").through(lens).by_day()
            totals[lens] = total_of(days.values())
            assert len(days) > 10

    assert totals[Lens.EVENT] == totals[Lens.ORDER]
    assert totals[Lens.EVENT].returns < 0


def test_reversal_counts_on_its_own_day_or_on_the_orders(books: Books) -> None:
    order = an_order(1, "2026-11-04T12:00:00", "100")
    books.take(order)
    refund = order.refund("2026-11-09T12:00:00+05:30", units={order.lines[0].id: 1})

    books.process(("refunds/create", refund), ("orders/updated", order.body()))
    books.refresh()

    assert returns(books, Lens.EVENT) == {date(2026, 11, 9): -10_000}
    assert returns(books, Lens.ORDER) == {date(2026, 11, 4): -10_000}


def returns(books: Books, lens: Lens) -> dict[date, int]:
    with tenant_scope(books.connection.tenant_id):
        days = SalesDay.objects.totals().in_currency("INR").through(lens).by_day()
    return {day: sums.returns for day, sums in days.items() if sums.returns}


def day_of(books: Books, day: date) -> Sums:
    with tenant_scope(books.connection.tenant_id):
        days = SalesDay.objects.totals().in_currency("INR").through(Lens.EVENT).by_day()
    return days[day]


def test_gift_card_alone_is_no_order_and_no_sale(books: Books) -> None:
    order = OrderBuilder(id=1, at="2026-11-04T12:00:00+05:30", currency="INR")
    order.line("500", gift_card=True, product_id=None)

    books.take(order)

    sums = day_of(books, date(2026, 11, 4))
    assert sums == Sums(gift_cards_sold=50_000, rows=1)


def test_earlier_order_that_comes_later_makes_the_next_one_returning(books: Books) -> None:
    books.take(an_order(2, "2026-11-10T12:00:00", customer=7))
    assert day_of(books, date(2026, 11, 10)).new_customers == 1

    books.take(an_order(1, "2026-11-04T12:00:00", customer=7))

    first, second = day_of(books, date(2026, 11, 4)), day_of(books, date(2026, 11, 10))
    assert (first.new_customers, first.returning_orders) == (1, 0)
    assert (second.new_customers, second.returning_orders) == (0, 1)


def test_order_that_moves_to_another_customer_counts_for_both(books: Books) -> None:
    books.take(
        an_order(1, "2026-11-04T12:00:00", customer=7),
        an_order(2, "2026-11-10T12:00:00", customer=7),
    )
    moved = an_order(1, "2026-11-04T12:00:00", customer=8, updated_at="2026-11-12T00:00:00Z")

    books.take(moved, topic="orders/updated")

    days = [day_of(books, date(2026, 11, day)) for day in (4, 10)]
    assert [(each.new_customers, each.returning_orders) for each in days] == [(1, 0), (1, 0)]


def test_guests_are_orders_of_nobody(books: Books) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00"), an_order(2, "2026-11-04T13:00:00"))

    sums = day_of(books, date(2026, 11, 4))
    assert (sums.orders, sums.new_customers, sums.returning_orders) == (2, 0, 0)


def test_fees_of_both_line_types_are_additional_fees(books: Books) -> None:
    order = an_order(1, "2026-11-04T12:00:00")
    order.fees = Decimal("2.50")
    books.take(order)
    with tenant_scope(books.connection.tenant_id):
        fees = Sale.objects.filter(line_type=Sale.LineType.ADDITIONAL_FEE)
        assert fees.update(line_type=Sale.LineType.FEE) == 1
        rollups.recompute([date(2026, 11, 4)])

    assert day_of(books, date(2026, 11, 4)).additional_fees == 250


def test_rollup_has_one_row_for_each_day_currency_and_part(books: Books) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00"))

    with tenant_scope(books.connection.tenant_id):
        row = SalesDay.objects.totals().get()
        twin = {
            name: getattr(row, name) for name in ("day", "dimension", "key", "currency", "part")
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            SalesDay.objects.create(**twin)


def test_recomputing_twice_changes_nothing(books: Books) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00"))
    with tenant_scope(books.connection.tenant_id):
        first = stored()

        rollups.recompute([date(2026, 11, 4), date(2026, 11, 5)])

        assert stored() == first


def test_day_without_rows_any_more_has_no_rollup(books: Books) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00"))

    moved = an_order(1, "2026-11-05T12:00:00", updated_at="2026-11-06T00:00:00Z")
    books.take(moved, topic="orders/updated")

    with tenant_scope(books.connection.tenant_id):
        assert set(SalesDay.objects.values_list("day", flat=True)) == {date(2026, 11, 5)}


def test_refresh_takes_the_marks_and_raises_the_version(books: Books) -> None:
    books.tell(("orders/create", an_order(1, "2026-11-04T12:00:00").body()))
    before = version(books)

    assert books.refresh() == 1
    assert books.refresh() == 0

    assert version(books) == before + 1


def test_processing_raises_the_version_before_any_rollup_changes(books: Books) -> None:
    """A customer who signs up is a figure too, and marks no day."""
    before = version(books)

    books.process(("customers/create", {"id": 5, "updated_at": "2026-11-04T12:00:00Z"}))

    assert version(books) > before


def version(books: Books) -> int:
    with tenant_scope(books.connection.tenant_id):
        found: int = TenantState.objects.values_list("data_version", flat=True).get()
    return found


def test_marked_days_hold_the_later_orders_of_the_customer(books: Books) -> None:
    books.take(an_order(2, "2026-11-10T12:00:00", customer=7), an_order(3, "2026-11-11T12:00:00"))
    books.tell(("orders/create", an_order(1, "2026-11-04T12:00:00", customer=7).body()))

    with tenant_scope(books.connection.tenant_id):
        assert rollups.marked_days() == {date(2026, 11, 4), date(2026, 11, 10)}


def test_marks_of_another_tenant_stay(books: Books, other_tenant: Tenant) -> None:
    with tenant_scope(other_tenant.id):
        RollupMark.objects.create(day=date(2026, 11, 4))

    books.take(an_order(1, "2026-11-04T12:00:00"))

    with tenant_scope(other_tenant.id):
        assert rollups.marked_days() == {date(2026, 11, 4)}
        assert not SalesDay.objects.exists()


def test_columns_of_sums_are_those_of_the_rollup() -> None:
    columns = {field.name for field in SalesDay._meta.local_fields}

    assert set(ROLLUP_COLUMNS) <= columns
