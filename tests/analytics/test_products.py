"""The list of products and the page of one."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analytics.reports.product_list import abc_classes
from tests.analytics.conftest import Books, an_order
from tests.analytics.pages import Seen

AT = "2026-11-01T00:00:00Z"
RED = {"id": 8001, "title": "Red", "sku": "SH-RED", "price": "100.00", "inventory_quantity": 7,
       "updated_at": AT}  # fmt: skip
PRODUCT = {"id": 7001, "title": "Silk shawl", "vendor": "Kaveri", "status": "active",
           "updated_at": AT, "variants": [RED]}  # fmt: skip
UNSOLD = {**PRODUCT, "id": 7002, "title": "Cotton stole", "variants": []}


def rows(html: str) -> list[list[str]]:
    body = re.search(r'<table class="t figures">.*?<tbody>(.*?)</tfoot>', html, re.DOTALL)
    assert body
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
             for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL))  # fmt: skip
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def sell(books: Books) -> None:
    order = an_order(1, "2026-11-04T12:00:00", "100")
    order.line("300", product_id=7003)
    books.tell(("products/create", PRODUCT), ("products/create", UNSOLD))
    books.take(order, an_order(2, "2026-11-05T12:00:00", "100"))
    refund = order.refund("2026-11-20T12:00:00+05:30", units={order.lines[0].id: 1})
    books.tell(("refunds/create", refund), ("orders/updated", order.body()))
    books.refresh()


def test_list_adds_up_and_has_unsold_products_last(
    page: Client, books: Books, now: datetime
) -> None:
    sell(books)

    response = page.get("/products/")
    found = rows(response.content.decode())

    assert response.status_code == 200
    assert [[row[0], row[1], *row[3:6], row[7]] for row in found] == [
        ["Silk shawl", "A", "75.0%", "₹300.00", "1", "0.0%"],
        ["Silk shawl", "A", "25.0%", "₹100.00", "2", "50.0%"],
        ["Cotton stole", "U", "0.0%", "₹0.00", "0", "—"],
        ["All", "", "", "₹400.00", "3", "20.0%"],
    ]


def test_list_holds_what_the_overview_says(page: Client, books: Books, now: datetime) -> None:
    sell(books)

    net = Seen(page.get("/")).statement["Net sales"]

    assert rows(page.get("/products/").content.decode())[-1][4] == net


def test_one_product_by_day_and_variant(page: Client, books: Books, now: datetime) -> None:
    sell(books)

    found = Seen(page.get("/products/7001/"))

    assert found.kpis == {
        "Net sales": "₹100.00",
        "Units sold": "2",
        "Units returned": "1",
        "Returned value": "50.0%",
        "Gross sales": "₹200.00",
        "Discounts": "₹0.00",
    }
    days = {row[0]: row[1] for row in found.table if row[1] != "₹0.00"}
    assert days == {"Wed 4 Nov": "₹100.00", "Thu 5 Nov": "₹100.00", "Fri 20 Nov": "−₹100.00"}
    assert "SH-RED" in found.html
    whole = found.html.split("All variants</th>")[1].split("</tr>")[0]
    assert whole.endswith("<td>7</td>")  # in stock


def test_days_that_are_not_recomputed_yet_are_right(
    page: Client, books: Books, now: datetime
) -> None:
    sell(books)
    books.tell(("orders/create", an_order(3, "2026-11-05T18:00:00", "100").body()))

    assert Seen(page.get("/products/7001/")).kpis["Net sales"] == "₹200.00"
    assert rows(page.get("/products/").content.decode())[-1][4] == "₹500.00"


def test_products_of_others_are_not_there(
    client: Client, books: Books, other_owner: User, now: datetime
) -> None:
    sell(books)
    client.force_login(other_owner)

    assert client.get("/products/7001/").status_code == 404
    assert "Silk shawl" not in client.get("/products/").content.decode()


def test_viewers_see_products_and_strangers_do_not(
    client: Client, viewer: User, books: Books, now: datetime
) -> None:
    sell(books)

    assert client.get("/products/").status_code == client.get("/products/7001/").status_code == 302
    client.force_login(viewer)
    assert client.get("/products/").status_code == client.get("/products/7001/").status_code == 200


def test_what_cannot_be_is_refused(page: Client, books: Books, now: datetime) -> None:
    sell(books)

    for query in ("page=0", "currency=USD", "start=x", "end=2027-01-01"):
        assert page.get(f"/products/?{query}").status_code == 400
    assert page.get("/products/7001/?start=x").status_code == 400


def test_query_counts(page: Client, books: Books, now: datetime) -> None:
    sell(books)
    page.get("/products/")

    with CaptureQueriesContext(connection) as listing:
        page.get("/products/")
    with CaptureQueriesContext(connection) as one:
        page.get("/products/7001/")

    assert (len(listing), len(one)) <= (20, 20)


def test_classes_by_cumulative_gross_sales() -> None:
    assert abc_classes({1: 79, 2: 10, 3: 6, 4: 5, 5: 0, 0: 900}) == {1: "A", 2: "A", 3: "B", 4: "C"}
    assert abc_classes({9: 5}) == {9: "A"}
    assert abc_classes({}) == {}
