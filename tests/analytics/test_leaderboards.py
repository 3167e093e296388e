"""Boards of the best products are never old, and months never hide what their days say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from analytics import leaderboards, product_reads, rollups
from analytics.buyers import Stretch, buyers_by_gaps
from analytics.enums import Lens
from analytics.leaderboards import keep_boards, kept_board
from analytics.models import BuyerGapMonth, ProductBoard, ProductToDate
from analytics.periods import Period
from analytics.product_reads import best_products, sales_by_kind, sales_by_product
from analytics.reports.coverage import coverage
from analytics.reports.live import live_days
from analytics.reports.products import top_products
from analytics.sums import Sums
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order

WINDOW = Period(date(2026, 8, 20), date(2026, 11, 10))
LAST_7 = Period(date(2026, 11, 16), date(2026, 11, 22))


@pytest.fixture
def inside(books: Books) -> Iterator[Books]:
    with tenant_scope(books.connection.tenant_id):
        yield books


@pytest.fixture
def months(inside: Books) -> Books:
    """Orders of four months; three of them are over."""
    inside.take(
        *(an_order(n + 1, f"2026-{8 + n % 4:02}-{1 + n:02}T12:00:00", f"{n + 1}", customer=n % 6)
          for n in range(24))
    )  # fmt: skip
    return inside


def products(period: Period) -> object:
    return sales_by_product(period, currency="INR", live=live_days().days, lens=Lens.EVENT)


def by_the_other_lens(period: Period) -> object:
    return sales_by_product(period, currency="INR", live=frozenset(), lens=Lens.ORDER)


def vendors(period: Period) -> object:
    return sales_by_kind(period, column="vendor", currency="INR", live=frozenset(), lens=Lens.EVENT)


def buyers(period: Period) -> object:
    return buyers_by_gaps([Stretch(period)], live=live_days().days)


def test_months_that_are_over_are_stored(months: Books) -> None:
    over = [date(2026, month, 1) for month in (8, 9, 10)]

    assert sorted(set(BuyerGapMonth.objects.values_list("month", flat=True))) == over


def test_months_say_what_their_days_say(months: Books) -> None:
    found = products(WINDOW), buyers(WINDOW)
    ProductToDate.objects.all().delete()
    BuyerGapMonth.objects.all().delete()

    assert (products(WINDOW), buyers(WINDOW)) == found


def test_month_of_a_marked_day_is_read_by_days(months: Books) -> None:
    before = sales_by_product(WINDOW, currency="INR", live=frozenset(), lens=Lens.EVENT)
    months.tell(("orders/create", an_order(99, "2026-09-04T12:00:00", "500").body()))

    marked = products(WINDOW)
    months.refresh()

    assert marked == products(WINDOW) != before


def test_month_without_its_last_order_is_no_month(months: Books) -> None:
    for n in range(1, 24, 4):
        months.tell(("orders/delete", {"id": n + 1}))
    months.refresh()

    assert not BuyerGapMonth.objects.filter(month=date(2026, 9, 1)).exists()


@pytest.fixture
def kept(months: Books, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Books:
    """The same shop with an order in the last seven days, large enough for boards."""
    monkeypatch.setattr(leaderboards, "MANY", 0)
    months.take(an_order(50, "2026-11-18T12:00:00", "70"))
    assert keep_boards(months.connection.tenant_id, now=now) > 5
    return months


def test_board_is_what_the_rollups_say(kept: Books) -> None:
    for board in ProductBoard.objects.all():
        period = Period(board.first_day, board.last_day)
        direct = best_products(
            period, currency="INR", live=frozenset(), lens=Lens.EVENT, most=leaderboards.SHOWN
        )
        assert kept_board(period, "INR") == direct


def test_board_is_read_instead_of_products(kept: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(product_reads, "_read")

    assert top_products(LAST_7, currency="INR", live=live_days()).net_sales == 10_600


def test_kept_products_are_what_the_rollups_say(kept: Books) -> None:
    boards = list(ProductBoard.objects.exclude(every=None))
    assert boards
    for board in boards:
        period = Period(board.first_day, board.last_day)
        found = products(period), vendors(period)
        ProductBoard.objects.filter(id=board.id).update(every=None)

        assert (products(period), vendors(period)) == found


def test_kept_products_are_read_instead_of_days(kept: Books) -> None:
    boards = ProductBoard.objects.filter(first_day=LAST_7.first, last_day=LAST_7.last)
    by_order_day = by_the_other_lens(LAST_7)

    assert boards.update(every=[[7], [9], [0], [0], [0], [1], [0], [1]]) == 1

    assert products(LAST_7) == {7: Sums(gross_sales=9, units=1, orders=1)}
    assert by_the_other_lens(LAST_7) == by_order_day


def test_kept_products_of_a_marked_day_are_not_read(kept: Books) -> None:
    kept.tell(("orders/create", an_order(51, "2026-11-18T13:00:00", "5").body()))

    marked = products(LAST_7)
    kept.refresh()

    assert marked == products(LAST_7)


def test_window_that_is_under_way_has_no_list_of_all_products(kept: Books, now: datetime) -> None:
    lists = ProductBoard.objects.exclude(every=None)

    assert lists.exists()
    assert not lists.filter(last_day__gte=coverage(now=now).today).exists()


def test_recomputed_day_drops_the_boards_it_is_in(kept: Books) -> None:
    kept.take(an_order(51, "2026-11-18T13:00:00", "5"))

    left = [Period(board.first_day, board.last_day) for board in ProductBoard.objects.all()]
    assert left
    assert not [period for period in left if date(2026, 11, 18) in period]
    assert top_products(LAST_7, currency="INR", live=live_days()).net_sales == 11_100


def test_board_over_a_marked_day_is_not_read(kept: Books) -> None:
    kept.tell(("orders/create", an_order(51, "2026-11-18T13:00:00", "5").body()))

    assert kept_board(LAST_7, "INR")
    assert top_products(LAST_7, currency="INR", live=live_days()).net_sales == 11_100


def test_boards_that_stand_are_not_written_again(kept: Books, now: datetime) -> None:
    assert keep_boards(kept.connection.tenant_id, now=now) == 0


def test_small_shop_has_no_boards(months: Books, now: datetime) -> None:
    assert keep_boards(months.connection.tenant_id, now=now) == 0


def test_recomputation_that_finds_nothing_else_leaves_boards(kept: Books) -> None:
    before = ProductBoard.objects.count()

    rollups.recompute([date(2026, 11, 18)])

    assert ProductBoard.objects.count() == before


def test_board_of_all_time_begins_where_the_page_does(kept: Books, now: datetime) -> None:
    found = coverage(now=now)
    assert found.first_day and found.known_since and found.known_since < found.first_day

    assert kept_board(Period(found.first_day, found.today), "INR") is not None
