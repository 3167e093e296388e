"""What happened in the shop: the page, and /api/data/analytics/events."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from shop_data.models import StoreEvent
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import Api, assert_error
from tests.analytics.conftest import NOW, Books, open_books
from tests.builders import OrderBuilder
from tests.factories import TenantFactory

PATH, PAGE = "/api/data/analytics/events", "/activity/"
CUSTOMER = {"id": 7, "first_name": "Asha", "last_name": "Rao", "updated_at": "2026-11-23T09:00:00Z"}
VARIANT = {"id": 6, "inventory_item_id": 70, "price": "9.00"}
PRODUCT = {"id": 9, "title": "Silk shawl", "updated_at": "2026-11-22T09:00:00Z",
           "variants": [VARIANT]}  # fmt: skip


def at(minutes: int) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


@pytest.fixture
def busy(books: Books, now: Any) -> Books:
    """A shop in which something of several types happened, the newest last; yesterday an order."""
    order = OrderBuilder(1, at=at(1500), customer=CUSTOMER)
    order.line("10.00")
    told: list[tuple[str, dict[str, Any], int]] = [
        ("orders/create", {**order.body(), "name": "#1001"}, 1500),
        ("products/create", PRODUCT, 9),
        ("customers/update", CUSTOMER, 8),
        ("inventory_levels/update", {"inventory_item_id": 70, "location_id": 1, "available": 3}, 7),
        ("refunds/create", {"id": 5, "order_id": order.body()["id"], "created_at": at(6)}, 6),
    ]
    for topic, body, minutes in told:
        books.deliver(topic, body, X_Shopify_Triggered_At=at(minutes))
    books.drain()
    with tenant_scope(books.connection.tenant_id):
        StoreEvent.objects.filter(type="shop").update(happened_at=NOW - timedelta(days=2))
    return books


def test_the_feed_is_answered_newest_first(busy: Books, token: str) -> None:
    answer = Api().get(PATH, token)

    body = answer.json()
    assert (body["total"], body["page"], body["limit"]) == (6, 1, 20)
    assert [each["type"] for each in body["events"]] == [
        "refund", "inventory", "customer", "product", "order", "shop"]  # fmt: skip
    first = body["events"][0]
    assert (first["verb"], first["description"]) == ("create", "A refund was made.")
    assert first["subject"]["type"] == "order" and first["subject"]["name"] == "#1001"
    assert first["createdAt"] == "2026-11-23T09:36:00.000Z"
    assert "max-age=0" in answer["Cache-Control"] and 'rel="first"' in answer["Link"]


def test_it_can_be_narrowed_and_paged(busy: Books, token: str) -> None:
    orders = Api().get(f"{PATH}?type=order", token).json()
    second = Api().get(f"{PATH}?limit=2&page=2", token).json()

    assert (orders["total"], [each["type"] for each in orders["events"]]) == (1, ["order"])
    assert (second["total"], [each["type"] for each in second["events"]]) == (
        6, ["customer", "product"])  # fmt: skip


def test_it_has_days_and_an_order(busy: Books, token: str) -> None:
    day = Api().get(f"{PATH}?startDate=2026-11-22&endDate=2026-11-22", token).json()
    oldest = Api().get(f"{PATH}?sort=createdAt&limit=1", token).json()["events"]

    assert (day["total"], [each["type"] for each in day["events"]]) == (1, ["order"])
    assert [each["type"] for each in oldest] == ["shop"]


def test_a_file_tells_what_each_line_is_about(busy: Books, token: str) -> None:
    lines = b"".join(Api().get(f"{PATH}?type=customer&format=jsonl", token)).splitlines()

    (line,) = [json.loads(each) for each in lines]
    assert (line["subjectType"], line["subjectId"], line["subjectName"]) == (
        "customer", "7", "Asha Rao")  # fmt: skip


@pytest.mark.parametrize(
    "query", ["type=lost", "limit=251", "page=0", "page=1&page=2", "tipe=order"]
)
def test_what_is_not_understood_is_refused(books: Books, token: str, query: str) -> None:
    assert_error(Api().get(f"{PATH}?{query}", token), 400, "VALIDATION_ERROR")


def test_a_client_that_has_it_costs_no_line(busy: Books, token: str) -> None:
    etag = Api().get(PATH, token)["ETag"]

    with CaptureQueriesContext(connection) as queries:
        again = Api().get(PATH, token, **{"If-None-Match": etag})

    assert again.status_code == 304
    assert not any("storeevent" in query["sql"] for query in queries.captured_queries)


def test_names_of_people_are_for_those_who_may_see_them(
    busy: Books, token: str, viewer: User
) -> None:
    seen = Api()
    named, unnamed = (
        Api().get(f"{PATH}?type=customer", each).json()["events"][0]["subject"]
        for each in (token, seen.sign_in(viewer)["token"])
    )

    assert (named["name"], unnamed["name"]) == ("Asha Rao", None)


def test_the_page_has_the_shops_days_and_leads_to_what_it_names(busy: Books, page: Client) -> None:
    html = page.get(PAGE).content.decode()

    assert "Today, Monday, 23 Nov" in html and "Sunday, 22 Nov" in html
    order = OrderBuilder(1).body()["id"]
    assert f'<a href="/orders/{order}/">Order #1001 was placed.</a>' in html
    assert f'A refund was made. <a href="/orders/{order}/">Order #1001</a>' in html
    assert 'Stock of an item is now 3. <a href="/products/9/">Silk shawl</a>' in html
    assert 'A customer was changed. <a href="/customers/7/">Customer Asha Rao</a>' in html
    assert "6 lines, newest first" in html and 'data-live="15"' in html


def test_the_page_can_be_narrowed_and_refuses_what_is_not_there(busy: Books, page: Client) -> None:
    html = page.get(f"{PAGE}?type=product").content.decode()

    assert "Silk shawl" in html and "#1001" not in html
    assert page.get(f"{PAGE}?type=&startDate=").status_code == 200
    assert "was placed" not in page.get(f"{PAGE}?startDate=2026-11-23&endDate=2026-11-23").text
    assert "/api/data/analytics/events?type=product&amp;format=csv" in html
    assert page.get(f"{PAGE}?type=lost").status_code == 400


def test_an_empty_shop_says_so(page: Client, tenant: Tenant, now: Any) -> None:
    assert "Nothing has happened yet" in page.get(PAGE).content.decode()


def test_another_shops_feed_is_not_seen(busy: Books, page: Client, token: str) -> None:
    other = open_books(TenantFactory(name="Other"), "other.myshopify.com")
    other.deliver("products/create", {**PRODUCT, "id": 99, "title": "Canary"})
    other.drain()

    assert "Canary" not in page.get(PAGE).content.decode()
    assert Api().get(PATH, token).json()["total"] == 6


def test_more_lines_cost_no_more_queries(busy: Books, page: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page.get(PAGE)
        return len(found)

    before = queries()
    for number in range(20, 26):
        busy.deliver("products/update", {**PRODUCT, "id": number, "title": f"P {number}"})
    busy.drain()

    assert queries() == before
