"""Totals and lists for machines: `/api/data/{customers,orders,products}/…`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from tests.accounts.clients import Api, assert_error
from tests.analytics.conftest import Books, an_order
from tests.builders import OrderBuilder

pytestmark = pytest.mark.usefixtures("now")
ROOT = "/api/data"
PRODUCT = {"id": 7001, "title": "Stole", "handle": "stole", "created_at": "2026-01-02T00:00:00Z",
           "updated_at": "2026-11-01T00:00:00Z",
           "variants": [{"id": 1, "price": "100.00", "inventory_quantity": 4}]}  # fmt: skip
MEERA = {
    "id": 7,
    "email": "meera@kaveri.example",
    "first_name": "Meera",
    "last_name": "Rao",
    "created_at": "2026-11-03T00:00:00Z",
    "updated_at": "2026-11-03T00:00:00Z",
}
OTHER = {"id": 8, "created_at": "2026-08-03T00:00:00Z", "updated_at": "2026-08-03T00:00:00Z"}
LISTS = ["customers/detailed", "orders/detailed", "products/detailed"]
ALL = [
    *LISTS,
    *("customers/stats", "customers/top-spenders"),
    *("orders/stats", "orders/filtered", "products/stats"),
]


def ordered(number: int, day: str, price: str, customer: int) -> OrderBuilder:
    at = f"{day}T12:00:00+05:30"
    order = OrderBuilder(id=number, at=at, currency="INR", customer={"id": customer})
    order.line(price)
    return order


@pytest.fixture
def filled(books: Books) -> Books:
    """Three orders of two customers in two months; one of them has a name and addresses."""
    books.tell(("customers/create", MEERA), ("customers/create", OTHER))
    books.tell(("products/create", PRODUCT))
    address = {"first_name": "Meera", "last_name": "Rao", "city": "Mysuru", "country_code": "IN"}
    last = {**ordered(3, "2026-11-20", "50", 7).body(), "shipping_address": address}
    books.take(ordered(1, "2026-10-30", "100", 8), ordered(2, "2026-11-04", "200.50", 7))
    books.tell(("orders/create", {**last, "name": "#1003"}))
    books.refresh()
    return books


def asked(token: str, path: str) -> Any:
    answer = Api().get(f"{ROOT}/{path}", token)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def viewer_token(viewer: User) -> str:
    return str(Api().sign_in(viewer)["token"])


def test_statistics_of_customers_count_and_name_nobody(filled: Books, token: str) -> None:
    assert asked(token, "customers/stats") == {
        "total": 2,
        "new": 1,
        "byEmail": {
            "withEmail": 1,
            "withoutEmail": 1,
            "domains": [{"domain": "kaveri.example", "customers": 1}],
        },
    }


def test_who_ordered_first_this_month_is_new_though_known_for_long(
    books: Books, token: str
) -> None:
    old = {"id": 9, "created_at": "2020-01-01T00:00:00Z", "updated_at": "2026-11-03T00:00:00Z"}
    books.tell(("customers/create", old))
    books.take(an_order(1, "2026-11-04T12:00:00", "200.50", customer=9))

    assert asked(token, "customers/stats")["new"] == 1


def test_top_spenders_come_by_what_they_brought(filled: Books, token: str) -> None:
    (first,) = asked(token, "customers/top-spenders?limit=1")["topCustomers"]

    assert (first["shopifyId"], first["totalOrders"], first["totalSpent"]) == ("7", 2, 250.5)
    assert (first["firstName"], first["email"]) == ("Meera", "meera@kaveri.example")
    assert first["lastOrderAt"] == "2026-11-20T06:30:00.000Z"


def test_orders_by_day_have_each_day_and_add_up(filled: Books, token: str) -> None:
    found = asked(token, "orders/filtered?startDate=2026-11-03&endDate=2026-11-05")

    assert found["ordersByDate"] == {
        "2026-11-03": {"totalOrders": 0, "totalRevenue": 0.0},
        "2026-11-04": {"totalOrders": 1, "totalRevenue": 200.5},
        "2026-11-05": {"totalOrders": 0, "totalRevenue": 0.0},
    }
    assert (found["total"], found["revenue"], found["currency"]) == (1, 200.5, "INR")


def test_either_end_of_orders_by_day_may_be_left_open(filled: Books, token: str) -> None:
    since = asked(token, "orders/filtered?startDate=2026-11-20")
    until = asked(token, "orders/filtered?endDate=2026-10-31")

    assert list(since["ordersByDate"]) == [f"2026-11-{day}" for day in range(20, 24)]
    assert list(until["ordersByDate"]) == ["2026-10-30", "2026-10-31"]
    assert (since["total"], until["total"]) == (1, 1)


def test_statistics_of_orders_are_of_all_time_and_by_month(filled: Books, token: str) -> None:
    found = asked(token, "orders/stats")

    assert (found["total"], found["revenue"], found["netSales"]) == (3, 350.5, 350.5)
    assert found["ordersByMonth"] == {
        "2026-10": {"totalOrders": 1, "totalRevenue": 100.0},
        "2026-11": {"totalOrders": 2, "totalRevenue": 250.5},
    }
    assert [each["shopifyId"] for each in found["recent"]] == ["3", "2", "1"]
    assert "items" not in found["recent"][0]


def test_orders_come_with_lines_and_addresses(filled: Books, token: str) -> None:
    found = asked(token, "orders/detailed?limit=1")

    (order,) = found["orders"]
    assert (found["total"], order["name"], order["totalPrice"]) == (3, "#1003", 50.0)
    assert order["customerId"] == "7"
    assert [item["quantity"] for item in order["items"]] == [1]
    assert {each["type"]: each["city"] for each in order["addresses"]}["shipping"] == "Mysuru"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("startDate=2026-11-04&endDate=2026-11-04", ["2"]),
        ("startDate=2026-11-05", ["3"]),
        ("endDate=2026-10-30", ["1"]),
        ("search=%231003", ["3"]),
        ("search=1003", ["3"]),
        ("sort=totalPrice", ["3", "1", "2"]),
        ("fulfillmentStatus=unfulfilled", ["3", "2", "1"]),
        ("fulfillmentStatus=fulfilled", []),
        ("limit=1&page=3", ["1"]),
        ("page=9", []),
    ],
)
def test_orders_are_filtered_sorted_and_paged(
    filled: Books, token: str, query: str, found: list[str]
) -> None:
    assert [each["shopifyId"] for each in asked(token, f"orders/detailed?{query}")["orders"]] == (
        found
    )


def test_customers_come_with_what_they_ordered(filled: Books, token: str) -> None:
    found = asked(token, "customers/detailed")

    assert found["total"] == 2
    assert [(each["shopifyId"], each["totalOrders"]) for each in found["customers"]] == [
        ("7", 2),
        ("8", 1),
    ]
    searched = asked(token, "customers/detailed?search=MEERA")["customers"]
    assert [each["shopifyId"] for each in searched] == ["7"]


def test_products_come_with_what_they_sold(filled: Books, token: str) -> None:
    (product,) = asked(token, "products/detailed?search=sto")["products"]

    assert (product["title"], product["price"], product["inventoryQuantity"]) == ("Stole", 100.0, 4)
    assert {"unitsSold", "revenue"} <= product.keys()
    assert asked(token, "products/stats")["total"] == 1
    assert asked(token, "products/detailed?search=silk")["products"] == []


def test_revenue_of_a_product_is_its_total_sales(books: Books, token: str) -> None:
    books.take(an_order(1, "2026-11-20T12:00:00", tax_rate=Decimal("0.1")))

    (best,) = asked(token, "products/stats")["bestSelling"]

    assert (best["netSales"], best["revenue"], best["currency"]) == (100.0, 110.0, "INR")


def test_who_may_not_see_people_learns_nothing_of_them(filled: Books, viewer_token: str) -> None:
    texts = [Api().get(f"{ROOT}/{path}", viewer_token).content.decode() for path in ALL]

    for text in texts:
        assert not {"Meera", "Rao", "kaveri.example", "Mysuru"} & set(text.split('"'))
        assert "meera" not in text.lower()
    assert asked(viewer_token, "customers/detailed?search=meera")["customers"] == []
    assert asked(viewer_token, "orders/detailed?search=meera")["orders"] == []


@pytest.mark.parametrize("path", ALL)
def test_an_empty_shop_is_answered(books: Books, token: str, path: str) -> None:
    assert asked(token, path)


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("query", ["colour=red", "page=0", "limit=251", "limit=x", "currency=inr"])
def test_parameters_that_are_not_right_are_refused(
    books: Books, token: str, path: str, query: str
) -> None:
    assert_error(Api().get(f"{ROOT}/{path}?{query}", token), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("path", LISTS)
def test_a_list_leads_to_its_pages(filled: Books, token: str, path: str) -> None:
    answer = Api().get(f"{ROOT}/{path}?limit=1", token)

    assert 'rel="last"' in answer["Link"]
    assert answer.json()["limit"] == 1


def test_no_more_days_than_can_be_listed(filled: Books, token: str) -> None:
    answer = Api().get(f"{ROOT}/orders/filtered?startDate=0001-01-01", token)

    assert_error(answer, 400, "BAD_REQUEST")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days(filled: Books, token: str, day: str) -> None:
    query = f"startDate={day}&endDate={day}"

    assert asked(token, f"orders/detailed?{query}")["orders"] == []
    assert asked(token, f"orders/filtered?{query}")["total"] == 0


@pytest.mark.parametrize("path", ALL)
def test_an_unchanged_answer_is_not_sent_again(filled: Books, token: str, path: str) -> None:
    api = Api()
    first = api.get(f"{ROOT}/{path}", token)

    again = api.get(f"{ROOT}/{path}", token, **{"If-None-Match": first["ETag"]})
    filled.take(an_order(9, "2026-11-21T12:00:00", "1"))
    changed = api.get(f"{ROOT}/{path}", token, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, changed.status_code) == (304, 200)
