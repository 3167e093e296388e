"""Figures are right at any moment, rollups recomputed or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from analytics.enums import Lens
from analytics.ledger_sums import money_of_window, sales_of_days, sales_so_far
from analytics.models import SalesDay
from analytics.periods import Period
from analytics.product_reads import sales_by_product
from analytics.reports import live
from analytics.reports.coverage import coverage
from analytics.reports.live import live_days, sales_by_day, sums_of
from analytics.sums import Sums
from shop_data.models import RollupMark
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
DAY = date(2026, 11, 4)


@pytest.fixture
def inside(books: Books) -> Iterator[Books]:
    """Run the test inside the shop's tenant; the shop itself delivers from there too."""
    with tenant_scope(books.connection.tenant_id):
        yield books


def test_marked_day_is_added_up_from_the_ledger(inside: Books) -> None:
    inside.tell(("orders/create", an_order(1, "2026-11-04T12:00:00", "100").body()))
    assert not SalesDay.objects.exists()

    found = sales_by_day([NOVEMBER], currency="INR", live=live_days())

    assert found[DAY].gross_sales == 10_000
    assert found[DAY].orders == 1


def test_marked_day_replaces_what_the_rollup_has(inside: Books) -> None:
    inside.take(an_order(1, "2026-11-04T12:00:00", "100"), an_order(2, "2026-11-05T12:00:00", "50"))
    inside.tell(("orders/create", an_order(3, "2026-11-04T13:00:00", "7").body()))

    days = sales_by_day([NOVEMBER], currency="INR", live=live_days())
    products = sales_by_product(NOVEMBER, currency="INR", live=live_days().days, lens=Lens.EVENT)

    assert {day: sums.gross_sales for day, sums in days.items()} == {
        DAY: 10_700,
        date(2026, 11, 5): 5_000,
    }
    assert {key: sums.gross_sales for key, sums in products.items()} == {7001: 15_700}


def test_marked_day_that_is_empty_now_has_no_sums(inside: Books) -> None:
    inside.take(an_order(1, "2026-11-04T12:00:00"))
    moved = an_order(1, "2026-11-05T12:00:00", updated_at="2026-11-06T00:00:00Z")
    inside.tell(("orders/updated", moved.body()))

    assert set(sales_by_day([], currency="INR", live=live_days())) == {date(2026, 11, 5)}


def test_sums_of_the_ledger_are_those_of_the_rollup(inside: Books) -> None:
    inside.take(
        an_order(1, "2026-11-04T12:00:00", "100", customer=7),
        an_order(2, "2026-11-04T13:00:00", "50", customer=7),
    )

    stored = sales_by_day([NOVEMBER], currency="INR", live=live_days())

    assert sums_of(sales_of_days([DAY]), "INR") == stored


def test_more_marked_days_than_can_be_read_are_named_stale(
    inside: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_LIVE_DAYS", 1)
    inside.take(an_order(1, "2026-11-04T12:00:00", "100"), an_order(2, "2026-11-05T12:00:00", "50"))
    inside.tell(("orders/create", an_order(3, "2026-11-04T13:00:00", "7").body()),
                ("orders/create", an_order(4, "2026-11-05T13:00:00", "7").body()))  # fmt: skip

    marked = live_days()

    assert (marked.days, marked.stale) == ({date(2026, 11, 5)}, {DAY})
    days = sales_by_day([NOVEMBER], currency="INR", live=marked)
    assert [days[day].gross_sales for day in sorted(days)] == [10_000, 5_700]


def test_day_so_far_leaves_out_what_comes_later_in_it(inside: Books, now: datetime) -> None:
    inside.take(
        an_order(1, "2026-11-16T15:11:00", "100"),
        an_order(2, "2026-11-16T15:13:00", "50"),
        an_order(3, "2026-11-23T09:00:00", "7"),
    )
    known = coverage(now=now)

    rows = sales_so_far([date(2026, 11, 16), date(2026, 11, 23)], now=now, zone=known.zone)

    found = sums_of(rows, "INR")
    assert {day.day: (sums.gross_sales, sums.orders) for day, sums in found.items()} == {
        16: (10_000, 1),
        23: (700, 1),
    }


@pytest.mark.parametrize(("lens", "day"), [(Lens.EVENT, 23), (Lens.ORDER, 16)])
def test_day_so_far_has_what_came_back_where_the_lens_says(
    inside: Books, now: datetime, lens: Lens, day: int
) -> None:
    order = an_order(1, "2026-11-16T15:05:00", "100")
    inside.take(order)
    refund = order.refund("2026-11-23T15:06:00+05:30", units={order.lines[0].id: 1})
    inside.tell(("refunds/create", refund), ("orders/updated", order.body()))
    inside.refresh()
    days = [date(2026, 11, 16), date(2026, 11, 23)]

    rows = sales_so_far(days, now=now, zone=coverage(now=now).zone, lens=lens)

    returned = {each.day for each, sums in sums_of(rows, "INR", lens).items() if sums.returns}
    assert returned == {day}


def test_money_of_a_window_is_read_from_its_rows_alone(inside: Books) -> None:
    inside.take(an_order(1, "2026-11-04T12:00:00", "100"))
    SalesDay.objects.update(gross_sales=1)

    found = money_of_window(NOVEMBER, "INR")

    assert found == Sums(gross_sales=10_000, rows=1)


def test_currencies_are_never_added(inside: Books) -> None:
    dollars = an_order(2, "2026-11-04T13:00:00", "7")
    dollars.currency = "USD"
    inside.take(an_order(1, "2026-11-04T12:00:00", "100"), dollars)

    found = {code: sales_by_day([], currency=code, live=live_days()) for code in ("INR", "USD")}

    assert [found[code][DAY].gross_sales for code in found] == [10_000, 700]


def test_shops_own_currency_comes_first_then_the_newest(inside: Books) -> None:
    orders = [an_order(n, f"2026-11-0{n}T12:00:00") for n in (1, 2, 3)]
    for order, code in zip(orders, ("INR", "EUR", "USD"), strict=True):
        order.currency = code
    inside.take(*orders)

    assert coverage(now=datetime.fromisoformat("2026-11-23T00:00:00Z")).currencies == (
        "INR",
        "USD",
        "EUR",
    )


def test_coverage_sees_a_first_order_before_any_rollup(inside: Books, now: datetime) -> None:
    inside.tell(("orders/create", an_order(1, "2026-11-04T12:00:00").body()))

    known = coverage(now=now)

    assert (known.first_day, known.currencies) == (DAY, ("INR",))


def test_day_ends_at_midnight_in_the_shop(inside: Books) -> None:
    late = datetime.fromisoformat("2026-11-22T18:30:00Z")

    assert coverage(now=late).today == date(2026, 11, 23)


def test_rollups_without_marks_are_read_without_the_ledger(
    inside: Books, django_assert_num_queries: object
) -> None:
    inside.take(an_order(1, "2026-11-04T12:00:00"))
    assert not RollupMark.objects.exists()

    with django_assert_num_queries(1):  # type: ignore[operator]
        nothing = live_days()

    assert nothing.days == frozenset()
    with django_assert_num_queries(1):  # type: ignore[operator]
        sales_by_day([NOVEMBER], currency="INR", live=nothing)
