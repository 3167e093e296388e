"""`GET /api/data/dashboard`."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.accounts.clients import Api, assert_error
from tests.analytics.conftest import Books, an_order

PATH = "/api/data/dashboard"


@pytest.fixture
def token(owner: User) -> str:
    return str(Api().sign_in(owner)["token"])


def get(token: str, query: str = "", **headers: str) -> Any:
    return Api().get(f"{PATH}{query}", token, **headers)


def two_months(books: Books) -> None:
    books.take(
        an_order(1, "2025-10-30T12:00:00", "100", customer=7),
        an_order(2, "2025-11-04T12:00:00", "2190.50", customer=8).ship("9.50"),
        an_order(3, "2025-11-04T23:59:59", "1", customer=8),
    )


def test_totals_are_of_all_time_without_days(token: str, books: Books) -> None:
    two_months(books)
    books.tell(("products/create", {"id": 7001, "title": "Stole", "variants": [],
                                    "updated_at": "2025-11-01T00:00:00Z"}))  # fmt: skip

    assert get(token).json() == {
        "customers": {"total": 2},
        "orders": {
            "total": 3,
            "revenue": 2301.0,
            "netSales": 2291.5,
            "grossSales": 2291.5,
            "currency": "INR",
        },
        "products": {"total": 1},
        "daysUpdating": 0,
    }


def test_money_is_printed_from_a_decimal(token: str, books: Books) -> None:
    two_months(books)

    assert b'"revenue": 2301.00' in get(token).content


@pytest.mark.parametrize(
    ("query", "orders"),
    [
        ("?startDate=2025-11-01", 2),
        ("?endDate=2025-10-31", 1),
        ("?startDate=2025-10-30&endDate=2025-11-04", 3),
        ("?startDate=2025-10-31&endDate=2025-11-03", 0),
        ("?startDate=2025-11-04&endDate=2025-11-04", 2),
    ],
)
def test_days_are_those_of_the_shop_with_both_ends(
    token: str, books: Books, query: str, orders: int
) -> None:
    two_months(books)

    assert get(token, query).json()["orders"]["total"] == orders


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?startDate=yesterday", "startDate"),
        ("?endDate=2025-11-31", "endDate"),
        ("?endDate=", "endDate"),
        ("?startDate=2025-11-04&endDate=2025-11-03", "endDate"),
        ("?currency=RUPEES", "currency"),
        ("?currency=inr", "currency"),
        ("?currency=%00", "currency"),
    ],
)
def test_what_cannot_be_read_is_named(token: str, books: Books, query: str, field: str) -> None:
    answer = get(token, query)

    assert_error(answer, 400, "VALIDATION_ERROR")
    assert list(answer.json()["fields"]) == [field]


def test_two_currencies_have_to_be_told_apart(token: str, books: Books) -> None:
    dollars = an_order(2, "2025-11-04T13:00:00", "7")
    dollars.currency = "USD"
    books.take(an_order(1, "2025-11-04T12:00:00", "100"), dollars)

    answer = get(token)

    assert_error(answer, 400, "CURRENCY_REQUIRED")
    assert answer.json()["fields"] == {"currency": ["INR", "USD"]}
    assert get(token, "?currency=USD").json()["orders"]["netSales"] == 7
    assert_error(get(token, "?currency=EUR"), 400, "CURRENCY_REQUIRED")


def test_shop_without_anything_has_zeros(token: str, books: Books) -> None:
    assert get(token).json()["orders"] == {
        "total": 0,
        "revenue": 0,
        "netSales": 0,
        "grossSales": 0,
        "currency": "INR",
    }


def test_shop_that_has_told_nothing_has_no_currency(other_owner: User) -> None:
    token = Api().sign_in(other_owner)["token"]

    assert get(token).json()["orders"]["currency"] is None
    assert_error(get(token, "?currency=JPY"), 400, "CURRENCY_REQUIRED")


def test_day_whose_rollup_is_still_to_come_is_counted(token: str, books: Books) -> None:
    two_months(books)
    books.tell(("orders/create", an_order(4, "2025-11-05T12:00:00", "5").body()))

    assert get(token).json()["orders"]["total"] == 4


def test_answer_may_be_kept_for_five_minutes_by_its_reader(token: str, books: Books) -> None:
    answer = get(token)

    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert {"Authorization", "X-API-Key", "Cookie"} <= set(answer.headers["Vary"].split(", "))
    assert answer.headers["ETag"]


def test_unchanged_data_are_answered_without_reading_a_figure(token: str, books: Books) -> None:
    two_months(books)
    etag = get(token).headers["ETag"]

    with CaptureQueriesContext(connection) as queries:
        answer = get(token, **{"If-None-Match": etag})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    figures = [query["sql"] for query in queries if "analytics_" in query["sql"]]
    assert not figures
    assert not [query["sql"] for query in queries if "shop_data_" in query["sql"]]


@pytest.mark.parametrize("topic", ["orders/create", "customers/create", "products/create"])
def test_any_change_is_seen_at_once(token: str, books: Books, topic: str) -> None:
    etag = get(token).headers["ETag"]
    other = {"id": 7, "title": "Stole", "variants": [], "updated_at": "2025-11-01T00:00:00Z"}
    order = an_order(4, "2025-11-05T12:00:00", "5").body()

    books.tell((topic, order if topic == "orders/create" else other))

    assert get(token, **{"If-None-Match": etag}).status_code == 200


def test_each_query_and_each_shop_has_its_own_version(
    token: str, books: Books, other_owner: User
) -> None:
    other = Api().sign_in(other_owner)["token"]

    etags = {
        get(token).headers["ETag"],
        get(token, "?startDate=2025-11-01").headers["ETag"],
        get(token, "?endDate=2025-11-01").headers["ETag"],
        get(other).headers["ETag"],
    }

    assert len(etags) == 4


def test_other_shops_are_not_in_the_totals(books: Books, other_owner: User) -> None:
    two_months(books)
    token = Api().sign_in(other_owner)["token"]

    assert get(token).json()["orders"]["total"] == 0


def test_strangers_get_an_error_body(db: None) -> None:
    assert_error(Api().get(PATH), 401, "NOT_AUTHENTICATED")


def test_it_is_only_read(token: str, books: Books) -> None:
    assert_error(Api().post(PATH, token=token), 405, "METHOD_NOT_ALLOWED")


def test_it_answers_under_v1_too(token: str, books: Books) -> None:
    assert Api().get("/api/v1/data/dashboard", token).status_code == 200


def test_it_takes_few_queries(page: Client, books: Books) -> None:
    two_months(books)
    page.get(PATH)  # the first request of a minute also forgets counts that are over

    with CaptureQueriesContext(connection) as queries:
        page.get(PATH)

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 13, statements
