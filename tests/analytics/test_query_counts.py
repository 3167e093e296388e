"""How many queries each page and endpoint costs, with those that find out who asks for which shop.

A change of these numbers is meant to be seen; more figures may never cost more queries.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from analytics import api_urls, urls
from analytics.report_registry import REPORTS
from tests.analytics.conftest import Books, an_order
from tests.analytics.shopkeeping import RANGE, ROOT, query_of

DAYS = "start=2026-10-01&end=2026-11-20"
PAGES = {
    f"/?{DAYS}": 19,
    f"/sales/?{DAYS}": 19,
    f"/orders/?{DAYS}": 18,
    "/orders/1/": 18,
    f"/products/?{DAYS}": 19,
    f"/products/7001/?{DAYS}": 12,
    f"/customers/?{DAYS}": 25,
    f"/customers/?{DAYS}&of=segments&cohorts=week": 28,
    "/customers/7/": 14,
    f"/carts/?{DAYS}": 12,
    f"/fulfilment/?{DAYS}": 14,
    f"/proof/?metric=netSales&{RANGE}": 11,
    "/activity/": 12,
}
DATA = {
    "dashboard": 12,
    "customers/stats": 13,
    "customers/top-spenders": 11,
    "customers/detailed": 13,
    "orders/stats": 11,
    "orders/filtered": 10,
    "orders/detailed": 11,
    "products/stats": 14,
    "products/detailed": 14,
    "analytics/insights": 22,  # one less where the newest lines of the feed name no product
    "analytics/customer-segments": 12,
    "analytics/fulfillment": 10,
    "analytics/abandoned-carts": 12,
    "analytics/inventory": 15,
    "analytics/events": 11,
}
PROOF = 12
PROOFS = {  # of lists: those in parts ask for each
    "abandoned-carts/proof": 12,
    "cohorts/proof": 14,
    "rfm/proof": 13,
    "segments/proof": 15,
}
ENDPOINTS = {
    "sales": 12,
    "orders": 12,
    "customers": 13,
    "cohorts": 10,
    "rfm": 11,
    "segments": 12,
    "fulfillment": 11,
    "abandoned-carts": 10,
    "inventory": 15,
    "channels": 10,
    "payment-gateways": 10,
    "discount-codes": 10,
    "taxes": 10,
    "refund-reasons": 10,
    "new-returning": 10,
    "products": 13,
    "variants": 13,
    "vendors": 11,
    "types": 11,
    "geography": 10,
    "hours": 10,
    "bridge": 11,
}

pytestmark = pytest.mark.usefixtures("now")


def statements(client: Client, path: str) -> list[str]:
    """Return what a page asks, without what opens and closes its transaction.

    Counting requests is left out too: it costs one statement, and two in a minute's first.
    """
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer)
    assert answer.status_code == 200, path
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    asked = [query["sql"] for query in queries if not query["sql"].startswith(frame)]
    return [sql for sql in asked if "accounts_attemptcount" not in sql]


def assert_cost(client: Client, path: str, count: int) -> None:
    found = statements(client, path)
    assert len(found) == count, "\n".join([path, *found])


@pytest.mark.parametrize("path", PAGES)
def test_each_page_costs_so_many_queries(page: Client, shop: Books, path: str) -> None:
    assert_cost(page, path, PAGES[path])


@pytest.mark.parametrize("name", DATA)
def test_totals_and_lists_cost_so_many_queries(page: Client, shop: Books, name: str) -> None:
    cost = len(statements(page, f"/api/data/{name}"))

    assert cost in {DATA[name], DATA[name] - (name == "analytics/insights")}


def test_no_page_and_no_endpoint_is_left_out() -> None:
    pages = {resolve(path.partition("?")[0]).route for path in PAGES}
    endpoints = {each.pattern._route for each in api_urls.urlpatterns}

    assert pages == {each.pattern._route for each in urls.urlpatterns}
    assert endpoints == {*DATA, *(f"reports/{name}" for name in REPORTS)}
    assert {name for name in REPORTS if not name.endswith("/proof")} == ENDPOINTS.keys()


@pytest.mark.parametrize("name", REPORTS)
def test_each_endpoint_costs_so_many_queries(page: Client, shop: Books, name: str) -> None:
    count = PROOFS.get(name, PROOF) if name.endswith("/proof") else ENDPOINTS[name]
    assert_cost(page, f"{ROOT}/{name}?{query_of(name)}", count)


def test_more_orders_cost_no_more_queries(page: Client, shop: Books) -> None:
    before = {path: len(statements(page, f"{path}&lens=order")) for path in (f"/sales/?{DAYS}",)}
    shop.take(*(an_order(900 + n, f"2026-10-{n + 1:02}T12:00:00", customer=n) for n in range(30)))

    for path, count in before.items():
        assert_cost(page, f"{path}&lens=order", count)


def test_overview_of_unchanged_data_costs_one_query_for_its_figures(
    page: Client, shop: Books
) -> None:
    path = f"/?{DAYS}"
    statements(page, path)

    again = statements(page, path)

    of_figures = [sql for sql in again if "analytics_" in sql or "shop_data_" in sql]
    assert of_figures == []
    assert len([sql for sql in again if "data_version" in sql]) == 1


def test_overview_is_new_when_the_data_changes(page: Client, shop: Books) -> None:
    path = f"/?{DAYS}"
    before = page.get(path).content
    shop.take(an_order(990, "2026-11-04T12:00:00", "12345"))

    assert page.get(path).content != before
