"""The list of orders and the page of one."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.analytics.conftest import Books, an_order
from tests.builders import HOME, OrderBuilder

CANARIES = ("Kanariya", "canary@example.com", "Canary Road", "Canaryville", "570099", "98450")


def names(html: str) -> list[str]:
    return re.findall(r'<a href="/orders/(\d+)/">', html)


def get(page: Client, address: str) -> str:
    response = page.get(address)
    assert response.status_code == 200, response.content
    return " ".join(response.content.decode().split())


def a_personal_order() -> OrderBuilder:
    person = {"id": 5, "email": "canary@example.com", "first_name": "Kanariya", "last_name": "Rao",
              "phone": "+91 98450 00000"}  # fmt: skip
    order = an_order(7, "2026-11-20T12:00:00", "500")
    order.customer = person
    return order


def tell_personal(books: Books) -> None:
    body = a_personal_order().body()
    address = {**HOME, "name": "Kanariya Rao", "address1": "Canary Road", "city": "Canaryville",
               "zip": "570099", "phone": "+91 98450 00000"}  # fmt: skip
    body |= {"shipping_address": address, "billing_address": address,
             "email": "canary@example.com", "note": "for Kanariya"}  # fmt: skip
    books.tell(("orders/create", body))
    books.refresh()


def test_list_shows_orders_newest_first_with_totals_of_the_filter(
    page: Client, books: Books, now: datetime
) -> None:
    books.take(*(an_order(n, f"2026-11-{n:02}T12:00:00", "100") for n in range(1, 4)))
    books.take(an_order(9, "2026-09-01T12:00:00", "100"))  # before the 30 days that are shown

    html = get(page, "/orders/")

    assert names(html) == ["3", "2", "1"]
    assert '<td>₹300.00</td><td colspan="2">' in html
    assert "All 3 orders, as placed</th>" in html
    assert "30 days to today" in html
    assert "3 Nov, 12:00 pm" in html


def test_pages_follow_each_other_there_and_back(page: Client, books: Books, now: datetime) -> None:
    books.take(*(an_order(n, f"2026-11-20T12:{n % 2:02}:00") for n in range(1, 121)))

    pages, address = [], "/orders/"
    while address:
        html = get(page, address)
        pages.append(names(html))
        found = re.search(r'href="([^"]+)" rel="next"', html)
        address = f"/orders/{found[1].replace('&amp;', '&')}" if found else ""
    back = re.search(r'href="([^"]+)" rel="prev"', html)

    assert [len(each) for each in pages] == [50, 50, 20]
    assert len({name for each in pages for name in each}) == 120
    assert "120 orders, as placed" in html
    assert back
    assert names(get(page, f"/orders/{back[1].replace('&amp;', '&')}")) == pages[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=%23", ["7"]),
        ("q=7", ["7"]),
        ("q=canary", ["7"]),
        ("q=CANARY@", ["7"]),
        ("q=nobody", []),
        ("financial=paid&start=2026-11-01", ["7"]),
        ("financial=voided", []),
        ("fulfilment=unfulfilled", ["7"]),
        ("fulfilment=fulfilled", []),
        ("start=2026-11-20&end=2026-11-20", ["7"]),
        ("start=2026-11-21", []),
    ],
)
def test_filters(page: Client, books: Books, now: datetime, query: str, found: list[str]) -> None:
    tell_personal(books)

    assert names(get(page, f"/orders/?{query}")) == found


@pytest.mark.parametrize(
    "query",
    ["start=x", "start=2026-11-05&end=2026-11-01", "end=2027-01-01", "after=x", "financial=x",
     "start=1000-01-01"],
)  # fmt: skip
def test_what_cannot_be_is_refused(page: Client, books: Books, now: datetime, query: str) -> None:
    assert page.get(f"/orders/?{query}").status_code == 400


def test_viewers_see_no_people_and_cannot_search_for_them(
    client: Client, viewer: User, books: Books, now: datetime
) -> None:
    tell_personal(books)
    client.force_login(viewer)

    listed, one = get(client, "/orders/"), get(client, "/orders/7/")

    assert [canary for canary in CANARIES if canary in listed + one] == []
    assert "Customer 5" in listed
    assert names(get(client, "/orders/?q=canary")) == []


def test_owners_see_people(page: Client, books: Books, now: datetime) -> None:
    tell_personal(books)

    assert "Kanariya Rao" in get(page, "/orders/")
    one = get(page, "/orders/7/")
    assert [canary for canary in CANARIES if canary not in one and "@" not in canary] == []


def test_one_order_tells_what_counts_on_which_day(
    page: Client, books: Books, now: datetime
) -> None:
    order = an_order(7, "2026-11-04T12:00:00", "500")
    order.line("250")
    books.take(order)
    refund = order.refund("2026-11-20T12:00:00+05:30", units={order.lines[1].id: 1})
    books.tell(("refunds/create", refund), ("orders/updated", order.body()))
    books.refresh()

    html = get(page, "/orders/7/")

    first, second, whole = html.split('class="kick">')[1:]
    assert first.startswith("Counted on 4 Nov<")
    assert '<a href="#ledger">₹750.00</a>' in first
    assert second.startswith("Counted on 20 Nov<")
    assert "−₹250.00" in second
    assert whole.startswith("All days<")
    assert "₹500.00" in whole
    ledger = html.split("Rows of the ledger</caption>")[1]
    assert ledger.count("<tr>") == 1 + 3 + 1  # two sold, one taken back, and their sum
    assert re.findall(r"<td>([^<]*)</td>", ledger.split("<tfoot>")[1])[3] == "₹500.00"
    assert "https://admin.shopify.com/store/kaveri/orders/7" in html


def test_orders_of_others_are_not_there(
    client: Client, books: Books, other_owner: User, now: datetime
) -> None:
    tell_personal(books)
    client.force_login(other_owner)

    assert client.get("/orders/7/").status_code == 404
    assert names(get(client, "/orders/")) == []


def test_strangers_are_sent_to_the_login(client: Client, books: Books) -> None:
    assert client.get("/orders/").status_code == 302
    assert client.get("/orders/7/").status_code == 302


def test_query_counts_do_not_grow_with_the_list(page: Client, books: Books, now: datetime) -> None:
    counts = []
    for orders in ([1], range(2, 60)):
        books.take(*(an_order(n, "2026-11-20T12:00:00", customer=n) for n in orders))
        get(page, "/orders/")
        with CaptureQueriesContext(connection) as caught:
            get(page, "/orders/")
        counts.append(len(caught))

    assert counts[0] == counts[1] <= 20
