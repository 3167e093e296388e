"""Where a shop stands, for machines: `/api/data/analytics/…`."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accounts.models import User
from tests.accounts.clients import Api, assert_error
from tests.analytics.conftest import Books, an_order
from tests.analytics.test_data import MEERA, ordered

pytestmark = pytest.mark.usefixtures("now")
ROOT = "/api/data/analytics"
ALL = ["insights", "customer-segments", "fulfillment", "abandoned-carts", "inventory", "events"]
PRODUCT = {
    "id": 1,
    "title": "Stole",
    "updated_at": "2026-11-01T00:00:00Z",
    "created_at": "2026-01-02T00:00:00Z",
    "variants": [{"id": 11, "price": "100.00", "inventory_quantity": 4}],
}
CART = {
    "id": 501,
    "token": "t1",
    "email": "meera@kaveri.example",
    "currency": "INR",
    "total_price": "80.00",
    "created_at": "2026-11-10T05:00:00Z",
    "updated_at": "2026-11-10T05:00:00Z",
    "source_name": "web",
    "line_items": [],
}


def asked(token: str, path: str) -> Any:
    answer = Api().get(f"{ROOT}/{path}", token)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def filled(books: Books) -> Books:
    """Orders of last month and of this one, a cart and a product."""
    books.tell(
        ("customers/create", MEERA), ("products/create", PRODUCT), ("checkouts/create", CART)
    )
    books.take(
        ordered(1, "2026-10-10", "100", 8),
        ordered(2, "2026-10-30", "60", 8),
        ordered(3, "2026-11-04", "150", 7),
    )
    return books


def test_insights_say_what_is_known_and_why_something_is_not(filled: Books, token: str) -> None:
    found = asked(token, "insights")

    assert (found["totalRevenue"], found["recentOrders"], found["totalCustomers"]) == (310.0, 3, 2)
    assert found["revenue"] == {"currentMonth": 150.0, "lastMonth": 160.0, "growthRate": 0.5}
    assert found["conversion"] == found["conversionMetrics"]
    assert found["conversion"]["estimatedVisits"] is None
    assert "No source of visits" in found["conversion"]["reason"]
    assert found["conversion"]["cartAbandonRate"] == 1
    assert found["storeInfo"]["name"] == "Kaveri Handlooms"
    assert found["recentActivity"]


def test_insights_are_of_the_days_asked_for(filled: Books, token: str) -> None:
    found = asked(token, "insights?startDate=2026-10-01&endDate=2026-10-31")

    assert (found["totalRevenue"], found["recentOrders"]) == (160.0, 2)
    assert found["conversion"]["cartAbandonRate"] is None
    assert found["topProducts"][0].keys() >= {"shopifyId", "totalSold", "totalRevenue"}


def test_segments_add_up_to_all_customers(filled: Books, token: str) -> None:
    found = asked(token, "customer-segments")

    four = [found[key] for key in ("highValue", "regular", "new", "lowValue")]
    assert sum(four) == found["total"] == 2
    assert sum(each["customers"] for each in found["segments"]) == 2


def test_statuses_add_up_to_all_orders(filled: Books, token: str) -> None:
    sent = {**ordered(9, "2026-11-05", "10", 8).body(), "fulfillment_status": "fulfilled"}
    filled.tell(("orders/create", sent))

    found = asked(token, "fulfillment")

    assert found["total"] == 4
    assert found["statusBreakdown"] == {
        "unfulfilled": {"count": 3, "value": 310.0},
        "partial": {"count": 0, "value": 0.0},
        "fulfilled": {"count": 1, "value": 10.0},
        "restocked": {"count": 0, "value": 0.0},
    }
    assert asked(token, "fulfillment?startDate=2026-11-05")["total"] == 1
    assert asked(token, "fulfillment?endDate=2026-11-04")["total"] == 3


def test_carts_are_counted_in_the_range_not_on_the_page(
    filled: Books, token: str, viewer: User
) -> None:
    more = [{**CART, "id": 600 + number, "token": f"c{number}"} for number in range(3)]
    filled.tell(*(("checkouts/create", cart) for cart in more))

    found = asked(token, "abandoned-carts?limit=1")

    assert (found["total"], found["value"], len(found["recentCarts"])) == (4, 320.0, 1)
    assert (found["page"], found["limit"]) == (1, 1)
    assert found["recentCarts"][0]["email"] == "meera@kaveri.example"
    assert asked(token, "abandoned-carts?endDate=2026-11-09")["total"] == 0
    unseen = asked(str(Api().sign_in(viewer)["token"]), "abandoned-carts")
    assert unseen["recentCarts"][0]["email"] is None


def test_carts_have_pages_an_order_and_a_search(filled: Books, token: str) -> None:
    line = {"product_id": 1, "variant_id": 11, "title": "Silk Shawl", "quantity": 1, "price": "5"}
    worth = [("2026-11-11", "200.00"), ("2026-11-12", None), ("2026-11-13", "90.00")]
    for number, (day, price) in enumerate(worth):
        cart = {**CART, "id": 700 + number, "token": f"p{number}", "total_price": price}
        cart |= {"created_at": f"{day}T05:00:00Z", "line_items": [line] * number}
        filled.tell(("checkouts/create", {**cart, "completed_at": None}))

    first = Api().get(f"{ROOT}/abandoned-carts?limit=2&sort=totalPrice", token)
    (address,) = re.findall(r'<[^>]*abandoned-carts\?([^>]*)>; rel="next"', first["Link"])
    second = asked(token, f"abandoned-carts?{address}")

    shown = [each["totalPrice"] for each in (*first.json()["recentCarts"], *second["recentCarts"])]
    assert shown == [80.0, 90.0, 200.0, None]
    newest = asked(token, "abandoned-carts")["recentCarts"]
    assert [each["checkoutId"] for each in newest] == ["702", "701", "700", "501"]
    assert asked(token, "abandoned-carts?search=SHAWL")["total"] == 2
    assert asked(token, "abandoned-carts?search=meera")["total"] == 4
    assert asked(token, "abandoned-carts?of=recovered")["total"] == 0


def test_stock_is_counted_and_valued_at_prices(filled: Books, token: str) -> None:
    found = asked(token, "inventory")

    assert found["stats"]["inStock"] == 1
    assert found["stats"]["stockValue"] == 400.0
    assert [each["inventoryQuantity"] for each in found["productsWithStock"]] == [4]
    assert found["productsWithStock"][0]["daysOfStock"] is None


@pytest.mark.parametrize("path", ALL)
def test_an_empty_shop_is_answered(books: Books, token: str, path: str) -> None:
    assert asked(token, path)


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("query", ["colour=red", "limit=0", "startDate=never"])
def test_parameters_that_are_not_right_are_refused(
    books: Books, token: str, path: str, query: str
) -> None:
    assert_error(Api().get(f"{ROOT}/{path}?{query}", token), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize("path", ALL)
def test_an_unchanged_answer_is_not_sent_again(filled: Books, token: str, path: str) -> None:
    api = Api()
    first = api.get(f"{ROOT}/{path}", token)

    again = api.get(f"{ROOT}/{path}", token, **{"If-None-Match": first["ETag"]})
    filled.take(an_order(9, "2026-11-21T12:00:00", "1"))
    changed = api.get(f"{ROOT}/{path}", token, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, changed.status_code) == (304, 200)
