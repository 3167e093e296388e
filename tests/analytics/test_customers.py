"""The customers: figures of a period, the list, the cohorts, and one of them."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.analytics.conftest import Books, an_order
from tests.analytics.pages import Seen

PERSON = {"id": 5, "first_name": "Kanariya", "last_name": "Rao", "email": "canary@example.com",
          "phone": "+91 98450 00000", "updated_at": "2026-11-01T00:00:00Z",
          "default_address": {"city": "Canaryville", "country_code": "IN"}}  # fmt: skip
CANARIES = ("Kanariya", "canary@example.com", "98450", "Canaryville")


def buy(books: Books) -> None:
    """Let customer 5 buy in September and November, 6 twice in November, a guest once."""
    books.tell(("customers/create", PERSON))
    books.take(
        an_order(1, "2026-09-10T12:00:00", "100", customer=5),
        an_order(2, "2026-11-04T12:00:00", "100", customer=5),
        an_order(3, "2026-11-05T12:00:00", "300", customer=6),
        an_order(4, "2026-11-06T12:00:00", "300", customer=6),
        an_order(5, "2026-11-07T12:00:00", "100", customer=7),
        an_order(6, "2026-11-08T12:00:00", "900"),
    )


def text(page: Client, address: str = "/customers/") -> str:
    response = page.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def listed(html: str) -> list[str]:
    return re.findall(r'href="/customers/(\d+)/"', html)


def test_figures_list_and_cohorts(page: Client, books: Books, now: datetime) -> None:
    buy(books)

    found = Seen(page.get("/customers/"))

    assert found.kpis["Customers"] == "3"
    assert found.kpis["New customers"] == "2"
    assert found.kpis["Returning customer rate"] == "66.7%"
    assert found.kpis["Repeat purchase rate"] == "33.3%"
    assert found.kpis["Orders"] == "5"
    assert listed(found.html) == ["6", "5", "7"]
    html = " ".join(found.html.split())
    september = html.split('<th scope="row">Sep 2026</th>')[1].split("</tr>")[0]
    assert re.findall(r'<td class="(\w+)"[^>]*>(?:<a[^>]*>)?([^<]+)<', september) == [
        ("n", "1"),
        ("h0", "0"),
        ("part", "1"),
    ]


def test_viewers_see_ids_only(client: Client, viewer: User, books: Books, now: datetime) -> None:
    buy(books)
    client.force_login(viewer)

    html = text(client) + text(client, "/customers/5/")

    assert [canary for canary in CANARIES if canary in html] == []
    assert "Customer 5" in html


def test_owners_see_people(page: Client, books: Books, now: datetime) -> None:
    buy(books)

    assert "Kanariya Rao" in text(page)
    one = text(page, "/customers/5/")
    assert [canary for canary in CANARIES if canary not in one and "@" not in canary] == []
    assert "c5@example.com" in one  # as the newest order has it


def test_one_customer(page: Client, books: Books, now: datetime) -> None:
    buy(books)

    found = Seen(page.get("/customers/6/"))

    assert found.kpis["Net sales"] == "₹600.00"
    assert found.kpis["Orders"] == "2"
    assert found.kpis["Second order"] == "6 Nov"
    assert re.findall(r'href="/orders/(\d+)/"', found.html) == ["4", "3"]
    bought = found.html.split("What they bought</caption>")[1]
    assert '<a href="/products/' in bought and "<td>₹600.00</td><td>2</td><td>0</td>" in bought


def test_totals_are_those_of_all_that_are_listed(page: Client, books: Books, now: datetime) -> None:
    buy(books)

    everybody = text(page).split("<tfoot>")[-1]
    cohort = text(page, "/customers/?cohort=2026-09").split("<tfoot>")[-1]

    assert "All 3 customers</th><td>5</td><td>₹900.00</td>" in everybody
    assert "All 1 customer</th><td>2</td><td>₹200.00</td>" in cohort


def test_groups_lead_to_their_customers(page: Client, books: Books, now: datetime) -> None:
    buy(books)
    books.take(*(an_order(n, f"2026-10-{n:02}T12:00:00", "50", customer=n) for n in (10, 11)))

    groups = text(page).split("Groups of customers</caption>")[1].split("</table>")[0]
    found = {
        unescape(href): int(people)
        for href, people in re.findall(r'href="([^"]*group=[^"]*)#rows">(\d+)<', groups)
    }

    assert sum(found.values()) == 5 and "₹1,000.00" in groups.split("<tfoot>")[1]
    for href, people in found.items():
        assert len(listed(text(page, f"/customers/{href}"))) == people
    assert page.get("/customers/?group=rich").status_code == 400


def test_pages_of_the_list(
    page: Client, books: Books, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analytics.reports.customers.PAGE", 2)
    buy(books)

    first = text(page)
    following = re.search(r'href="([^"]+)" rel="next"', first)

    assert listed(first) == ["6", "5"]
    assert following
    assert listed(text(page, f"/customers/{following[1].replace('&amp;', '&')}")) == ["7"]


def test_what_waits_to_be_counted_is_said(page: Client, books: Books, now: datetime) -> None:
    buy(books)
    assert "still being added" not in text(page)

    books.tell(("orders/create", an_order(9, "2026-11-09T12:00:00", customer=6).body()))

    assert "still being added" in text(page)


def test_others_and_strangers(
    client: Client, books: Books, other_owner: User, now: datetime
) -> None:
    buy(books)

    assert client.get("/customers/").status_code == client.get("/customers/5/").status_code == 302
    client.force_login(other_owner)
    assert client.get("/customers/5/").status_code == 404
    assert listed(text(client)) == []


def test_what_cannot_be_is_refused(page: Client, books: Books, now: datetime) -> None:
    for query in ("after=x", f"after={2**63}_1", "start=x", "currency=XYZ"):
        assert page.get(f"/customers/?{query}").status_code == 400


def test_query_counts(page: Client, books: Books, now: datetime) -> None:
    buy(books)
    text(page)

    with CaptureQueriesContext(connection) as caught:
        text(page)

    assert len(caught) <= 24


NAMES = {"7 Sep": "2026-W37", "2 Nov": "2026-W45", "Sep 2026": "2026-09", "Nov 2026": "2026-11",
         "Q3 2026": "2026-Q3", "Q4 2026": "2026-Q4"}  # fmt: skip


def followed(page: Client, table: str) -> list[tuple[int, int]]:
    """Return how many each cell of a table says, and how many it leads to."""
    cells = re.findall(r'<td[^>]*><a href="([^"]+)#rows">(\d+)</a>', table)
    return [
        (int(said), len(listed(text(page, f"/customers/{unescape(href)}")))) for href, said in cells
    ]


@pytest.mark.parametrize(
    ("grain", "names"),
    [
        ("week", ["7 Sep", "2 Nov"]),
        ("month", ["Sep 2026", "Nov 2026"]),
        ("quarter", ["Q3 2026", "Q4 2026"]),
    ],
)
def test_cohorts_of_each_kind_lead_to_their_people(
    page: Client, books: Books, now: datetime, grain: str, names: list[str]
) -> None:
    buy(books)

    html = text(page, f"/customers/?cohorts={grain}")
    table = html.split(f"Cohorts by {grain}</caption>")[1].split("</tbody>")[0]
    cell = "/customers/?cohort={}&active={}".format(*(NAMES[name] for name in names))

    assert re.findall(r'<tr><th scope="row">([^<]+)', table) == names
    assert sorted(followed(page, table)) == [(1, 1), (1, 1), (2, 2)]
    of_week = "the week of " if grain == "week" else ""
    assert f"and again in {of_week}{names[1]}<" in text(page, cell)


@pytest.mark.parametrize("name", ["2026-13", "2026-W60", "2026-Q5", "0000-W01", "9999-12", "x"])
def test_cohort_that_is_none_is_refused(
    page: Client, books: Books, now: datetime, name: str
) -> None:
    buy(books)

    assert page.get(f"/customers/?cohort={name}").status_code == 400


def test_segments_are_those_of_their_report(page: Client, books: Books, now: datetime) -> None:
    buy(books)
    books.tell(("customers/create", {"id": 90, "updated_at": "2026-01-01T00:00:00Z"}))

    html = text(page, "/customers/?of=segments")
    table = html.split("Segments of customers</caption>")[1].split("</table>")[0]

    body = page.get("/api/data/reports/segments").json()
    told = re.findall(r'<th scope="row">([^<]+).*?<td>(?:<a[^>]*>)?(\d+)', table)
    rows = [(row["name"], str(row["customers"])) for row in body["rows"]]
    assert told == [*rows, ("All customers", str(body["totals"]["customers"]))]
    assert "1 customer without an order." in table
    assert all(said == people for said, people in followed(page, table))
