"""Windows put together from sums to date say what their days say, whatever they begin with."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from operator import add
from typing import Any

import pytest
from django.db import connection

from analytics import rollups
from analytics.enums import Lens
from analytics.models import ProductToDate, VariantDay
from analytics.periods import Period
from analytics.product_reads import best_products, sales_by_product, sales_by_variant
from analytics.rollup_sql import PRODUCTS_TO_DATE
from analytics.rollup_sql.products import COLUMNS_OF_PRODUCT
from analytics.sums import PRODUCT_COLUMNS
from analytics.to_date import terms
from shop_data.models import Order, Sale
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order

FIRST, LAST = date(2024, 11, 24), date(2026, 11, 17)
DAYS = [FIRST + timedelta(days=index) for index in range(0, (LAST - FIRST).days + 1, 3)]
LATE = DAYS[400 // 3]


@pytest.fixture
def shop(books: Books, tenant: Tenant) -> Iterator[Order]:
    """Two years of sales on every third day, some of them returned weeks later; all summed."""
    books.tell(("orders/create", an_order(1, f"{FIRST}T12:00:00").body()))
    with tenant_scope(tenant.id):
        order = Order.objects.get()
        Sale.objects.all().delete()
        Sale.objects.bulk_create(row for day in DAYS for row in rows_of(order, day))
        rollups.recompute([FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)])
        yield order


def rows_of(order: Order, day: date) -> Iterator[Sale]:
    draw = random.Random(day.toordinal())
    for product in draw.sample(range(7), 3):
        yield a_sale(order, day, product, draw.randrange(1, 900))
    back = day + timedelta(days=draw.randrange(60))
    if back <= LAST:
        yield a_sale(order, back, product, -7, action="return", order_day=day)


def a_sale(order: Order, day: date, product: int, gross: int, **more: Any) -> Sale:
    told = {"action": "order", "order_day": day, **more}
    return Sale(
        order=order, key=f"{day} {product} {told}", day=day, hour=9, line_type="product",
        happened_at=datetime(2026, 1, 1, tzinfo=UTC), product_shopify_id=product, discount=-1,
        variant_shopify_id=product * 10,
        quantity=1 if gross > 0 else -1, gross=gross, tax=gross // 3, currency="INR", **told,
    )  # fmt: skip


def by_days(period: Period, lens: Lens) -> dict[int, tuple[int, ...]]:
    """Return the sums of each product, added up from the days one by one."""
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(PRODUCT_COLUMNS))
    rows = VariantDay.objects.filter(
        day__range=(period.first, period.last), part__in=lens.parts
    ).values_list("product_shopify_id", *COLUMNS_OF_PRODUCT)
    for product, *values in rows:
        found[product] = list(map(add, found[product], values))
    return {product: tuple(values) for product, values in found.items()}


def by_reading(period: Period, lens: Lens, live: frozenset[date]) -> dict[int, tuple[int, ...]]:
    found = sales_by_product(period, currency="INR", live=live, lens=lens)
    return {
        product: tuple(getattr(sums, name) for name in PRODUCT_COLUMNS)
        for product, sums in found.items()
    }


def windows() -> Iterator[Period]:
    draw = random.Random(5)
    yield from (Period(date(2025, 1, 1), date(2025, 12, 31)), Period(FIRST, LAST))
    yield Period(date(2024, 12, 31), date(2026, 1, 1))
    for _ in range(25):
        first, last = sorted(FIRST + timedelta(days=draw.randrange(-20, 760)) for _ in range(2))
        yield Period(first, last)


def differing() -> list[Any]:
    with connection.cursor() as cursor:
        params = {"tenant": Order.objects.get().tenant_id, "days": DAYS}
        cursor.execute(PRODUCTS_TO_DATE.compare, params)
        return cursor.fetchall()


@pytest.mark.parametrize("lens", Lens)
def test_any_window_is_the_sum_of_its_days(shop: Order, lens: Lens) -> None:
    for period in windows():
        for live in (frozenset[date](), frozenset({LATE, LAST, period.first, period.last})):
            assert by_reading(period, lens, live) == by_days(period, lens), (period, live)


def test_variants_are_the_sums_of_their_days_too(shop: Order) -> None:
    for period in windows():
        found = sales_by_variant(period, currency="INR", live=frozenset({LATE}), lens=Lens.ORDER)
        wanted = by_days(period, Lens.ORDER)
        assert {variant: sums.gross_sales for (_, variant), sums in found.items()} == {
            product * 10: values[0] for product, values in wanted.items()
        }


def test_thirds_of_months_that_are_over_are_stored(shop: Order) -> None:
    stored = set(ProductToDate.objects.values_list("until", flat=True))

    assert {date(2024, 11, 30), date(2025, 2, 28), date(2026, 11, 10)} <= stored
    assert max(stored) == date(2026, 11, 10)
    assert {day.day for day in stored} == {10, 20, 28, 30, 31}


def test_change_of_an_old_day_reaches_the_rest_of_its_year(shop: Order) -> None:
    a_sale(shop, LATE, 99, 5000).save(force_insert=True)
    rollups.recompute([LATE])

    rows = ProductToDate.objects.filter(product_shopify_id=99)
    assert {row.until.year for row in rows} == {LATE.year}
    assert min(row.until for row in rows) - LATE < timedelta(days=11)
    assert not differing()
    assert by_reading(Period(FIRST, LAST), Lens.EVENT, frozenset())[99][0] == 5000


def test_day_that_is_gone_leaves_every_sum_right(shop: Order) -> None:
    Sale.objects.filter(day__gte=date(2026, 11, 1)).delete()
    rollups.recompute([date(2026, 11, day) for day in range(1, 18)])

    assert not differing()
    period = Period(date(2026, 10, 1), LAST)
    assert by_reading(period, Lens.EVENT, frozenset()) == by_days(period, Lens.EVENT)


def test_long_window_reads_few_days(shop: Order) -> None:
    found = terms(Period(date(2024, 12, 3), date(2026, 11, 12)), PRODUCTS_TO_DATE)

    assert found.added == [date(2024, 12, 31), date(2025, 12, 31), date(2026, 11, 10)]
    assert sum(map(len, (*found.added_days, *found.taken_days))) <= 10


def test_best_products_leave_out_what_sold_before_the_window(shop: Order) -> None:
    a_sale(shop, DAYS[-20], 99, 5000).save(force_insert=True)
    rollups.recompute([DAYS[-20]])
    window = Period(date(2026, 11, 1), LAST)

    best = best_products(window, currency="INR", live=frozenset(), lens=Lens.EVENT, most=50)

    assert 99 not in best.sums
    assert best.sold == len(by_days(window, Lens.EVENT).keys() - {0})
