"""Row-level security leaves the indexes of reports usable: plans of the application's login."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from analytics.buyers import Stretch, buyers_by_gaps
from analytics.enums import Dimension, Grain, Lens, Part
from analytics.leaderboards import kept_board
from analytics.models import (
    BuyerDay,
    BuyerGap,
    BuyerGapMonth,
    CohortDay,
    CustomerTotal,
    FulfillmentTime,
    ProductBoard,
    ProductToDate,
    SalesDay,
    VariantDay,
)
from analytics.periods import Period
from analytics.product_reads import sales_by_kind, sales_by_product, sales_by_variant
from analytics.reports.carts import COUNTED, carts_of
from analytics.reports.cohorts import cohorts
from analytics.reports.fulfilment import times_of
from analytics.reports.live import live_days
from analytics.reports.rfm import rfm
from analytics.rollup_sql import (
    LEDGER_OF_WINDOW,
    PRODUCTS_TO_DATE,
    SALES_NOW,
    SALES_SO_FAR,
    VARIANTS,
)
from shop_data.models import AbandonedCart, Order, Sale
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order

FIRST, COUNT = date(2025, 1, 1), 600  # days
WEEK = Period(date(2026, 3, 1), date(2026, 3, 7))
LONG = Period(date(2025, 11, 20), date(2026, 5, 3))
DAYS = {"days": [date(2026, 3, 1)]}
CLOCK = {**DAYS, "zone": "Asia/Kolkata", "clock": time(15, 12), "parts": list(Part)}
WINDOW = {"first": WEEK.first, "last": WEEK.last, "currency": "INR"}


def fill() -> None:
    """Write so many rows that the planner wants an index."""
    order = Order.objects.get()
    days = [FIRST + timedelta(days=index) for index in range(COUNT)]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    Sale.objects.bulk_create(
        Sale(order=order, key=f"{day} {n}", action="return" if n == 9 else "order", hour=9, day=day,
             line_type="product", happened_at=at, order_day=day, product_shopify_id=n, quantity=1,
             gross=100, discount=0, tax=5, currency="INR")
        for day in days for n in range(10)
    )  # fmt: skip
    SalesDay.objects.bulk_create(
        SalesDay(day=day, dimension=dimension, currency="INR", part=part)
        for day in days
        for part in (Part.ADDITION, Part.REVERSAL)
        for dimension in (Dimension.TOTAL, Dimension.HOUR)
    )
    products: dict[str, int] = dict.fromkeys(VARIANTS.values, 0)
    VariantDay.objects.bulk_create(
        VariantDay(
            day=day,
            product_shopify_id=n,
            variant_shopify_id=n,
            currency="INR",
            part=Part.ADDITION,
            **products,
        )
        for day in days
        for n in range(5)
    )
    thirds = [day for day in days if (day + timedelta(days=1)).day in (1, 11, 21)]
    columns = dict.fromkeys(PRODUCTS_TO_DATE.values, 0)
    ProductToDate.objects.bulk_create(
        ProductToDate(until=until, product_shopify_id=product, currency="INR", **columns)
        for until in thirds
        for product in range(100)
    )
    fill_buyers(days)
    AbandonedCart.objects.bulk_create(
        AbandonedCart(shopify_id=index, day=days[index % COUNT], synced_at=at, version_at=at,
                      version_triggered_at=at, version_digest="0" * 32)
        for index in range(3000)
    )  # fmt: skip


def fill_buyers(days: list[date]) -> None:
    """Write gaps, the sums of their days and months, and boards."""
    counts = {"buyers": 1, "second_buyers": 0}
    BuyerDay.objects.bulk_create(BuyerDay(day=day, buyers=9, returning_buyers=1) for day in days)
    BuyerGap.objects.bulk_create(
        BuyerGap(day=day, previous_day=day - timedelta(days=n), **counts)
        for day in days
        for n in range(1, 15)
    )
    BuyerGapMonth.objects.bulk_create(
        BuyerGapMonth(month=date(2025 + n // 12, n % 12 + 1, 1), previous_day=day, **counts)
        for n in range(18)
        for day in days[:200]
    )
    ProductBoard.objects.bulk_create(
        ProductBoard(currency="INR", first_day=day, last_day=last, best=[], sold=0, net_sales=0)
        for day in days
        for last in days[-3:]
    )


@pytest.fixture
def full(transactional_db: None, books: Books, tenant: Tenant) -> Tenant:
    books.tell(("orders/create", an_order(1, "2025-01-01T12:00:00").body()))
    with tenant_scope(tenant.id):
        fill()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return tenant


def plan(sql: str, params: dict[str, Any], tenant: Tenant) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", {**params, "tenant": tenant.id})
        return "\n".join(row for (row,) in cursor.fetchall())


def products(period: Period) -> object:
    return sales_by_product(period, currency="INR", live=frozenset(), lens=Lens.EVENT)


def plan_of(ask: Callable[[], object], table: str = "") -> str:
    """Return the plan of the last statement that is asked, of a table if one is named."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(note):
        ask()
    sql, params = [each for each in statements if table in each[0]][-1]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(row for (row,) in cursor.fetchall())


def bounds(plan: str) -> dict[str, set[str]]:
    """Return index -> the columns that bound its scan, of ordinary and of bitmap scans."""
    found = re.findall(r"(?:using|Bitmap Index Scan on) (\w+)[^\n]*\n\s*Index Cond: ([^\n]*)", plan)
    return {
        index: set(re.findall(r"\((?:\w+\.)?(\w+)(?:\)::text)? (?:=|>=|<=|<)", condition))
        for index, condition in found
    }


def test_reports_find_their_rows_by_day(full: Tenant) -> None:
    with tenant_scope(full.id):
        carts = carts_of(COUNTED, WEEK, currency="INR", now=datetime(2026, 4, 1, tzinfo=UTC))
        sales = SalesDay.objects.totals().in_currency("INR").through(Lens.EVENT).within(WEEK)
        plans = [
            *(plan(sql, DAYS, full) for sql in (SALES_NOW, VARIANTS.select)),
            plan(SALES_SO_FAR, CLOCK, full),
            plan(LEDGER_OF_WINDOW[Lens.EVENT], WINDOW, full),
            *(rows.explain() for rows in (sales, carts)),
            plan_of(lambda: products(LONG)),
        ]

    used = [bounds(each) for each in plans]

    for of_ledger in used[:3]:
        assert of_ledger["sale_by_hour"] >= {"tenant_id", "day"}
        assert of_ledger["sale_reversal_by_order_day"] >= {"tenant_id", "order_day"}
    assert used[3]["sale_by_hour"] >= {"tenant_id", "day"}
    assert used[4]["sales_day_one"] >= {"tenant_id", "dimension", "day"}
    assert used[5]["abandoned_cart_by_day"] >= {"tenant_id", "day"}
    assert used[6]["variant_day_one"] >= {"tenant_id", "day"}
    assert used[6]["product_to_date_one"] >= {"tenant_id", "until"}
    assert not [each for each in plans if "Seq Scan on shop_data_sale" in each]


def test_buyers_and_boards_are_found_by_their_days(full: Tenant) -> None:
    with tenant_scope(full.id):
        plans = [
            plan_of(lambda: buyers_by_gaps([Stretch(LONG)], live=frozenset())),
            plan_of(lambda: buyers_by_gaps([Stretch(WEEK)], live=frozenset())),
            plan_of(lambda: kept_board(WEEK, "INR")),
        ]

    long, week, board = (bounds(each) for each in plans)

    assert long["buyer_gap_month_one"] >= {"tenant_id", "month"}
    assert long["buyer_gap_one"] >= {"tenant_id", "day"}
    assert week["buyer_day_one"] >= {"tenant_id", "day"}
    assert week["buyer_gap_one"] >= {"tenant_id", "day", "previous_day"}
    assert board["product_board_one"] >= {"tenant_id", "first_day", "last_day"}


ASKED = {"currency": "INR", "live": frozenset[date](), "lens": Lens.EVENT}
LATER: dict[str, tuple[Callable[[], object], str, set[str]]] = {
    "cohorts": (
        lambda: cohorts(currency="INR", period=WEEK, grain=Grain.WEEK, today=WEEK.last),
        *("cohort_day_one", {"tenant_id", "day"}),
    ),
    "RFM": (lambda: rfm(currency="INR"), "customer_total_best", {"tenant_id", "currency"}),
    "fulfilment": (
        lambda: times_of(WEEK, live=live_days()),
        *("fulfillment_time_one", {"tenant_id", "day"}),
    ),
    "variants": (
        lambda: sales_by_variant(WEEK, **ASKED),
        *("variant_day_one", {"tenant_id", "day"}),
    ),
    "vendors": (
        lambda: sales_by_kind(WEEK, column="vendor", **ASKED),
        *("variant_day_one", {"tenant_id", "day"}),
    ),
    "best customers": (
        lambda: list(CustomerTotal.objects.filter(currency="INR").order_by("-net_sales")[:50]),
        *("customer_total_best", {"tenant_id", "currency"}),
    ),
}


def fill_customers() -> None:
    """Write totals of customers, cohorts and times of fulfilment."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    days = [FIRST + timedelta(days=index) for index in range(COUNT)]
    CustomerTotal.objects.bulk_create(
        CustomerTotal(customer_shopify_id=n, currency="INR" if n % 40 == 0 else "USD", first_at=at,
                      last_at=at, orders=1, order_value=n, net_sales=n)
        for n in range(4000)
    )  # fmt: skip
    active = dict.fromkeys(("active_week", "active_month", "active_quarter", "orders"), 1)
    CohortDay.objects.bulk_create(
        CohortDay(day=day, cohort=day - timedelta(days=n), currency="INR", part=Part.ADDITION,
                  net_sales=1, **active)
        for day in days
        for n in range(5)
    )  # fmt: skip
    FulfillmentTime.objects.bulk_create(
        FulfillmentTime(day=day, stage="fulfilled", bucket=n, orders=1)
        for day in days
        for n in range(5)
    )


def test_every_other_report_finds_its_rows_on_an_index(full: Tenant) -> None:
    with tenant_scope(full.id):
        fill_customers()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")

    with tenant_scope(full.id):
        used = {report: bounds(plan_of(ask)) for report, (ask, *_) in LATER.items()}

    for report, (_, index, columns) in LATER.items():
        assert used[report][index] >= columns, report
