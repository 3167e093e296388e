"""Pages of long lists: by number from either end, by cursor, and on the order's index alone."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analytics.list_filters import CustomerFilter, OrderFilter, ProductFilter
from analytics.reports.fulfilment import LATE, orders_open
from analytics.reports.long_lists import row_count
from shop_data.models import Customer, Order
from tenants.scope import tenant_scope
from tests.accounts.clients import Api, assert_error
from tests.analytics.conftest import Books, an_order
from tests.invariants.rows import make
from xenofy.common.identifiers import uuid7
from xenofy.common.list_pages import PageQuery, page_of

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 1, tzinfo=UTC)
WHEN = [None, MORNING, MORNING, None, MORNING + timedelta(days=1), MORNING, None]
ZONE = ZoneInfo("Asia/Kolkata")
ROOT = "/api/data"


def customers(sort: str) -> Any:
    return CustomerFilter({"sort": sort}, may_see_people=True).rows()


def orders(**asked: str) -> Any:
    return OrderFilter(asked, zone=ZONE, may_see_people=True).rows()


@pytest.fixture
def scope() -> Iterator[None]:
    with tenant_scope(uuid7()):
        yield


def count_of(found: Any) -> int:
    return int(found.count())


def walk(found: Any, limit: int) -> list[Any]:
    """Return all rows, page after page, each found by the cursor of the one before."""
    page = page_of(found, PageQuery(limit), count=count_of)
    rows = list(page.rows)
    while page.end is not None:
        after, total = page.end, page.total
        page = page_of(found, PageQuery(limit, after=after), count=pytest.fail)
        assert (page.total, page.number) == (total, after.number + 1)
        rows += page.rows
    return rows


@pytest.mark.parametrize("sort", ["createdAt", "-createdAt"])
@pytest.mark.parametrize("limit", [1, 2, 7])
def test_every_way_through_a_list_meets_each_row_once(scope: None, sort: str, limit: int) -> None:
    for at in WHEN:
        make(Customer, customer_created_at=at)
    found = customers(sort)
    whole = list(found)

    numbered = [
        row
        for number in range(1, 9)
        for row in page_of(found, PageQuery(limit, number), count=count_of).rows
    ]

    assert len(whole) == len(WHEN)
    assert numbered == whole
    assert walk(found, limit) == whole


def test_a_page_far_behind_is_found_from_the_end(scope: None) -> None:
    for _ in range(5):
        make(Customer)
    with CaptureQueriesContext(connection) as queries:
        page_of(customers("createdAt"), PageQuery(1, 5), count=lambda _: 5)

    (walked, read) = (each["sql"] for each in queries.captured_queries)
    assert "OFFSET" not in walked and "DESC" in walked and "LIMIT 1" in walked
    assert "OFFSET" not in read


def plan_as_for_many_rows() -> None:
    """Keep PostgreSQL from reading and sorting a few rows, which a long list must not need."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
                       " SET LOCAL enable_sort = off")  # fmt: skip


def index_of(explained: str) -> str:
    """Return the index that alone answers; fail where rows are read or sorted."""
    assert "Sort" not in explained and "Bitmap" not in explained, explained
    (index,) = re.findall(r"Index Only Scan(?: Backward)? using (\w+)", explained)
    return str(index)


@pytest.mark.parametrize(
    ("found", "index"),
    [
        (orders, "order_newest"),
        (lambda: orders(sort="processedAt", startDate="2026-11-01"), "order_newest"),
        (lambda: orders(status="paid"), "order_newest order_by_financial_status"),
        (lambda: orders(fulfillmentStatus="fulfilled"), "order_newest order_by_fulfilment"),
        (lambda: orders(fulfillmentStatus="unfulfilled"), "order_newest"),
        (lambda: orders(status="paid", fulfillmentStatus="unfulfilled"), "order_newest"),
        (lambda: orders(sort="-totalPrice"), "order_by_total"),
        (lambda: orders(sort="totalPrice", status="paid", endDate="2026-11-01"), "order_by_total"),
        (lambda: customers("-createdAt"), "customer_newest"),
        (lambda: ProductFilter({}).rows(), "product_newest"),
        (lambda: ProductFilter({"sort": "title"}).rows(), "product_by_title"),
    ],
)  # fmt: skip
def test_a_page_is_found_on_the_index_of_its_order_alone(
    scope: None, found: Any, index: str
) -> None:
    plan_as_for_many_rows()
    rows = found()
    column = str(rows.query.order_by[0]).removeprefix("-")

    assert index_of(rows.values_list(column, "pk")[100:110].explain()) in index.split()


def test_a_cursor_begins_its_page_in_the_index(scope: None) -> None:
    make(Order), make(Order)
    (first,) = orders()[:1]
    plan_as_for_many_rows()
    page = page_of(orders(), PageQuery(1), count=count_of)
    with CaptureQueriesContext(connection) as queries:
        (second,) = page_of(orders(), PageQuery(1, after=page.end), count=count_of).rows

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {queries.captured_queries[0]['sql']}")
        plan = "\n".join(row for (row,) in cursor.fetchall())
    assert "ROW(processed_at, id) < ROW(" in re.sub(r"\n.*Filter.*", "", plan), plan
    assert first != second


def test_open_orders_are_found_among_the_open_ones(scope: None) -> None:
    plan_as_for_many_rows()
    explained = orders_open(LATE, now=MORNING).order_by("processed_at", "id")[:51].explain()

    assert "using order_open " in explained and "Sort" not in explained, explained


def test_a_number_of_rows_is_counted_once_for_a_version_of_the_data(books: Books) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00", "1"))
    with tenant_scope(books.connection.tenant_id):
        once = row_count(orders())
        with CaptureQueriesContext(connection) as queries:
            again = row_count(orders())
    books.take(an_order(2, "2026-11-04T12:00:00", "1"))
    with tenant_scope(books.connection.tenant_id):
        assert (once, again, row_count(orders())) == (1, 1, 2)
    assert not [each for each in queries.captured_queries if "COUNT" in each["sql"]]


def test_a_filter_that_means_nothing_is_not_left_out(scope: None) -> None:
    with pytest.raises(ValueError, match="payed"):
        orders(status="payed")


# ── over HTTP ─────────────────────────────────────────────────────────────────────────────────


def next_of(answer: Any) -> str:
    (link,) = re.findall(r'<([^>]*)>; rel="next"', answer["Link"])
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def test_the_next_page_goes_on_where_its_neighbour_ended(
    books: Books, token: str, now: datetime
) -> None:
    books.take(*(an_order(n, "2026-11-04T12:00:00", "1") for n in range(1, 4)))
    first = Api().get(f"{ROOT}/orders/detailed?limit=2&sort=totalPrice", token)
    books.take(an_order(9, "2026-11-03T12:00:00", "0.50"))  # before all of them

    path = next_of(first)
    second = Api().get(path, token)

    assert "cursor=" in path and "page=" not in path
    ids = [[each["shopifyId"] for each in answer.json()["orders"]] for answer in (first, second)]
    assert sorted(ids[0] + ids[1]) == ["1", "2", "3"]
    assert (second.json()["page"], second.json()["total"]) == (2, 3)
    assert 'rel="next"' not in second["Link"]


def coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


ID = "019ac2f1-b7f2-7d0c-8a6f-0d2f1d3c5b7a"
NOWHERE = [
    *("x", "%00", "[]", "{}", '["x", "y", 1, 1]', f'["2026-11-04T00:00:00", "{ID}", 1, 1]'),
    *(f'[1e400, "{ID}", 1, 1]', f'[true, "{ID}", 1, 1]', f'["\\u0000", "{ID}", 1, 1]'),
    *(f'[{2**63}, "{ID}", 1, 1]', f'["2026-11-04T00:00:00Z", "{ID}", -1, 1]'),
    f'["2026-11-04T00:00:00Z", "{ID}", 1, 1e30]',
]


@pytest.mark.parametrize("sort", ["-processedAt", "totalPrice"])
def test_a_cursor_that_leads_nowhere_is_refused(books: Books, token: str, sort: str) -> None:
    for text in NOWHERE:
        cursor = coded(text) if len(text) > 3 else text
        answer = Api().get(f"{ROOT}/orders/detailed?cursor={cursor}&sort={sort}", token)

        assert (text, answer.status_code) == (text, 400)
        assert "cursor" in answer.json()["fields"]


def test_a_page_is_asked_for_in_one_way(books: Books, token: str) -> None:
    cursor = coded(f'["2026-11-04T00:00:00Z", "{ID}", 1, 1]')
    answer = Api().get(f"{ROOT}/orders/detailed?cursor={cursor}&page=2", token)

    assert_error(answer, 400, "VALIDATION_ERROR")


def test_an_answer_is_kept_for_who_may_see_the_same(books: Books, token: str, viewer: User) -> None:
    path = f"{ROOT}/orders/detailed"
    books.take(an_order(1, "2026-11-04T12:00:00", "1"))
    other = str(Api().sign_in(viewer)["token"])

    first = Api().get(path, token)
    with CaptureQueriesContext(connection) as queries:
        again = Api().get(path, token)
    seen = Api().get(path, other)
    books.take(an_order(2, "2026-11-04T12:00:00", "1"))

    assert again.content == first.content and again["ETag"] == first["ETag"]
    assert not [each for each in queries.captured_queries if "shop_data_order" in each["sql"]]
    assert seen["ETag"] != first["ETag"]
    assert Api().get(path, token).json()["total"] == 2
