"""The page of abandoned carts."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.analytics.conftest import Books
from tests.analytics.pages import Seen, following
from tests.analytics.shopkeeping import a_cart


def leave(books: Books) -> None:
    bodies = [
        a_cart(1, "100.00"),
        a_cart(2, "300.00", email=None, phone="+91 98450"),
        a_cart(3, "50.00", completed="2026-11-20T12:05:00+05:30"),
        a_cart(4, "70.00", completed="2026-11-21T12:00:00+05:30"),
        a_cart(5, "900.00", email=None),  # nobody to ask
        a_cart(6, "900.00", source_name="pos"),
    ]
    books.tell(*(("checkouts/create", body) for body in bodies))


def test_figures_and_list(page: Client, books: Books, now: datetime) -> None:
    leave(books)

    found = Seen(page.get("/carts/"))

    assert found.kpis == {
        "Abandoned carts": "2",
        "Their value": "₹400.00",
        "With e-mail": "50.0%",
        "Recovered": "1",
        "Recovered value": "₹70.00",
    }
    assert found.table[27][:2] == ["Fri 20 Nov", "50.0%"]
    assert found.html.index("₹300.00") < found.html.index("₹100.00")
    assert "canary@example.com" in found.html


def test_each_figure_leads_to_its_carts(page: Client, books: Books, now: datetime) -> None:
    leave(books)

    left, mailed, won, counted = (
        page.get(f"/carts/?of={of}").content.decode()
        for of in ("left", "email", "recovered", "counted")
    )
    assert "2 carts, left behind: ₹400.00" in left
    assert "1 cart, with e-mail: ₹100.00" in mailed
    assert "1 cart, recovered: ₹70.00" in won
    assert "4 carts, begun, of any end: ₹520.00" in counted  # 2 of 4 were completed
    assert page.get("/carts/?of=rich").status_code == 400


def test_list_is_searched(client: Client, viewer: User, books: Books, now: datetime) -> None:
    leave(books)
    client.force_login(viewer)

    assert "2 carts, left" in client.get("/carts/?q=SHAWL").content.decode()
    assert "No cart is like that" in client.get("/carts/?q=quantity").content.decode()
    assert "No cart is like that" in client.get("/carts/?q=canary").content.decode()


def test_list_has_pages(page: Client, books: Books, now: datetime) -> None:
    """Each cart is on one of them, whatever others are worth and what is not known."""
    worth = [None, None, *["5.00"] * 10, *(f"{n}.00" for n in range(11, 59))]
    books.tell(*(("checkouts/create", a_cart(n, value)) for n, value in enumerate(worth, 1)))

    first, second = following(page, "/carts/")

    amounts = [
        re.findall(r"pm</th><td>([^<]*)</td>", each.html.replace("am</th>", "pm</th>"))
        for each in (first, second)
    ]
    assert amounts[0][0] == "₹58.00" and amounts[0][-2:] == ["₹5.00"] * 2
    assert amounts[1] == [*["₹5.00"] * 8, "—", "—"]
    assert 'rel="prev"' in second.html and 'rel="next"' not in second.html
    assert page.get("/carts/?after=NaN_1").status_code == 400
    assert page.get("/carts/?after=1").status_code == 400


def test_viewers_see_no_people(client: Client, viewer: User, books: Books, now: datetime) -> None:
    leave(books)
    client.force_login(viewer)

    html = client.get("/carts/").content.decode()

    assert "₹300.00" in html
    assert "canary@example.com" not in html
    assert "98450" not in html


def test_others_and_strangers(
    client: Client, books: Books, other_owner: User, now: datetime
) -> None:
    leave(books)

    assert client.get("/carts/").status_code == 302
    client.force_login(other_owner)
    assert "₹300.00" not in client.get("/carts/").content.decode()


def test_query_count_and_what_is_refused(page: Client, books: Books, now: datetime) -> None:
    leave(books)
    page.get("/carts/")

    with CaptureQueriesContext(connection) as caught:
        page.get("/carts/")

    assert len(caught) <= 20  # two of them for the days before
    assert page.get("/carts/?start=x").status_code == 400
