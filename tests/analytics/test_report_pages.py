"""The Sales page and the Proof page, by what they show."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analytics.metric import Unit
from analytics.metrics import METRICS
from analytics.pages.statement import NO_ROWS
from analytics.reports.splits import SPLITS
from tests.analytics.conftest import Books
from tests.analytics.shopkeeping import RANGE, ROOT
from xenofy.common import formats

DAYS = "start=2026-10-01&end=2026-11-20"
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)

pytestmark = pytest.mark.usefixtures("now")


def tables(html: str) -> list[list[list[str]]]:
    """Return the texts of the tables of figures, row by row."""
    found = re.findall(r'<table class="t figures">(.*?)</table>', html, re.DOTALL)
    return [[_texts(row) for row in ROW.findall(table)] for table in found]


def _texts(row: str) -> list[str]:
    return [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in CELL.findall(row)]


@pytest.mark.parametrize("lens", ["event", "order"])
@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_statement_is_that_of_the_api(page: Client, shop: Books, grain: str, lens: str) -> None:
    shown = page.get(f"/sales/?{DAYS}&by={grain}&lens={lens}&vs=none")
    body = page.get(f"{ROOT}/sales?{RANGE}&grain={grain}&lens={lens}").json()

    head, *rows, totals = tables(shown.content.decode())[0]
    keys = {METRICS[key].label: key for key in body["totals"]}
    told = [*body["buckets"], body["totals"]]
    assert len(rows) + 1 == len(told)
    for row, figures in zip([*rows, totals], told, strict=True):
        assert row[1:] == [_text(keys[label], figures) for label in head[1:]]


def _text(key: str, figures: dict[str, Any]) -> str:
    value = figures[key]
    if METRICS[key].unit is Unit.MONEY:
        return formats.money(Decimal(str(value)), "INR")
    return formats.integer(value, "INR")


@pytest.mark.parametrize("split", SPLITS)
def test_split_is_that_of_the_api(page: Client, shop: Books, split: str) -> None:
    report = {"countries": "geography", "regions": "geography"}.get(split, split)
    by = "&by=region" if split == "regions" else ""
    shown = page.get(f"/sales/?{DAYS}&split={split}&vs=none").content.decode()
    body = page.get(f"{ROOT}/{report}?{RANGE}{by}").json()

    head, *rows, totals = tables(shown)[1]
    main = SPLITS[split].main
    at = head.index(main.label)
    assert [(row[0], row[at]) for row in rows] == [
        (row["name"], _text(main.key, row)) for row in body["rows"]
    ]
    assert totals[at] == _text(main.key, body["totals"])


def test_each_figure_leads_to_rows_with_its_sum(page: Client, shop: Books) -> None:
    html = page.get(f"/sales/?{DAYS}&by=month&split=products").content.decode()
    html = re.sub('<table class="t steps">.*?</table>', "", html, flags=re.DOTALL)  # differences

    links = re.findall(r'<td[^>]*><a href="(/proof/[^"]+)">([^<]+)</a>', html)
    assert len(links) > 20
    for href, figure in links:
        proof = page.get(unescape(href)).content.decode()
        assert f">{figure}</p>" in proof, href
        assert "and what the report says." in proof or NO_ROWS in proof, href


PAGES = ["/", "/sales/", "/orders/", "/products/", "/products/?of=variants", "/customers/",
         "/carts/", "/fulfilment/", "/?lens=order", "/sales/?split=products"]  # fmt: skip
FIGURE = re.compile(
    r'<div class="v num[^"]*">(.*?)</div>|<table class="t figures">(.*?)</table>'
    r'|<table class="ledger">(.*?)</table>|<table class="hours">(.*?)</table>'
    r'|<details class="data">(.*?)</details>',
    re.DOTALL,
)


@pytest.mark.parametrize("path", PAGES)
def test_every_figure_leads_to_rows_that_are_there(page: Client, shop: Books, path: str) -> None:
    html = page.get(path).content.decode()

    links = set()
    for found in FIGURE.findall(html):
        links |= set(re.findall(r'<a[^>]*href="([^"]+)"', "".join(found)))
    for href in sorted(unescape(link) for link in links):
        address = href if href.startswith("/") else f"{path.partition('?')[0]}{href}"
        assert page.get(address.partition("#")[0]).status_code == 200, address
    bare = [value for value, *_ in FIGURE.findall(html) if value and "<a" not in value]
    assert [value for value in bare if re.search("[1-9]", value)] == []


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/" and "lens" not in path])
def test_every_file_can_be_taken(page: Client, shop: Books, path: str) -> None:
    html = page.get(path).content.decode()

    links = re.findall(r'href="([^"]+format=[^"]+)"', html)
    assert links
    for href in map(unescape, links):
        answer = page.get(href)
        assert answer.status_code == 200, href
        assert answer.getvalue()


@pytest.mark.parametrize("split", ["channels", "countries", "payment-gateways", "new-returning"])
def test_counts_of_orders_lead_to_as_many_orders(page: Client, shop: Books, split: str) -> None:
    rows = page.get(f"{ROOT}/{'geography' if split == 'countries' else split}?{RANGE}").json()

    for row in rows["rows"]:
        listed = page.get(f"/orders/?{DAYS}&counted=1&report={split}&key={row['key']}")
        noun = "order" if row["orders"] == 1 else "orders"
        assert f">{row['orders']} {noun}, newest first" in listed.content.decode(), row["key"]


def test_bridge_and_hours_add_up(page: Client, shop: Books) -> None:
    html = page.get("/sales/?start=2026-11-01&end=2026-11-20").content.decode()

    hours = re.search(r'<table class="hours">(.*?)</table>', html, re.DOTALL)
    steps = re.search(r'<table class="t steps">(.*?)</table>', html, re.DOTALL)
    assert hours and steps
    orders = sum(map(int, re.findall(r">(\d+)</a>", hours[1])))
    body = page.get(f"{ROOT}/sales?startDate=2026-11-01&endDate=2026-11-20&compare=previous")
    told = body.json()
    assert orders == told["totals"]["orders"]
    amounts = [_number(row[-1]) for row in map(_texts, ROW.findall(steps[1])) if row[-1]]
    before, *parts, now = [amount for amount in amounts if amount is not None]
    assert now == before + sum(parts) == Decimal(str(told["totals"]["netSales"]))


def _number(text: str) -> Decimal | None:
    plain = re.sub("[₹,+]", "", text).replace("\u2212", "-")
    return Decimal(plain) if re.fullmatch(r"-?[\d.]+", plain) else None


def test_orders_are_found_by_sku(page: Client, shop: Books) -> None:
    assert page.get("/orders/?q=no-such-sku").status_code == 200


def test_overview_leads_to_the_rows_of_its_statement(page: Client, shop: Books) -> None:
    html = page.get(f"/?{DAYS}").content.decode().split('<table class="t figures">')[0]

    links = re.findall(r'<td><a href="(/proof/[^"]+)">([^<]+)</a>', html)
    assert len(links) >= 7
    for href, figure in links:
        assert f">{figure}</p>" in page.get(unescape(href)).content.decode()


def test_proof_names_orders_and_pages(page: Client, shop: Books) -> None:
    query = f"{RANGE}&metric=netSales&limit=3"
    first = page.get(f"/proof/?{query}").content.decode()
    second = page.get(f"/proof/?{query}&page=2").content.decode()

    assert 'href="/orders/1/"' in first
    assert "page=2" in first and 'rel="prev"' in second
    assert len(tables(first)[0]) == 5


@pytest.mark.parametrize(
    "path",
    [
        "/sales/?by=minute",
        "/sales/?vs=year&vs_start=2026-09-01&vs_end=2026-09-30",
        "/sales/?vs_start=2026-09-01",
        "/sales/?split=planet",
        "/sales/?lens=rose",
        "/sales/?metric=customers",
        "/proof/",
        "/proof/?metric=orders",
        "/proof/?metric=netSales&key=web",
        "/proof/?metric=shipping&report=products&key=1",
        "/proof/?metric=netSales&startDate=2026-11-02&endDate=2026-11-01",
    ],
)
def test_wrong_address_is_named(page: Client, shop: Books, path: str) -> None:
    answer = page.get(path)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("row", ["metric=netSales", "metric=orders&report=channels&key=web",
                                 "metric=taxes&report=taxes&key=IGST+5%25",
                                 "metric=netSales&report=regions&key=IN-KA",
                                 "metric=netSales&report=hours&key=12"])  # fmt: skip
def test_rows_of_a_proof_can_be_taken_as_a_file(page: Client, shop: Books, row: str) -> None:
    html = page.get(f"/proof/?{RANGE}&{row}").content.decode()

    hrefs = [unescape(href) for href in re.findall(r'href="(/api/data/reports/[^"]+)"', html)]

    assert len(hrefs) == (3 if "The rows behind it" in html else 0)
    for href in hrefs:
        answer = page.get(href)
        assert answer.status_code == 200, href
        assert b"".join(answer)


def test_change_is_that_of_what_the_rows_are_about(page: Client, shop: Books) -> None:
    """Rows of taxes have no net sales that could have changed."""
    taxes = page.get("/sales/?period=today&split=taxes").content.decode()

    assert '<span class="vh">Taxes, </span>Change</th>' in taxes


def test_shop_without_orders_is_told_so(page: Client, books: Books) -> None:
    assert "No orders yet" in page.get("/sales/").content.decode()


def test_comparison_stands_beside_each_row(page: Client, shop: Books) -> None:
    html = page.get("/sales/?start=2026-11-01&end=2026-11-20&by=day").content.decode()

    head, *rows = tables(html)[0]
    assert head[-1] == "Net sales, Change"
    assert all(len(row) == len(head) for row in rows)


@pytest.mark.parametrize("path", ["/sales/", "/proof/?metric=netSales"])
def test_pages_take_few_queries(page: Client, shop: Books, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        page.get(path)

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 20, statements


@pytest.mark.parametrize("path", [f"/sales/?{DAYS}", f"/proof/?{RANGE}&metric=netSales"])
def test_another_tenant_sees_nothing(
    client: Client, shop: Books, other_owner: User, path: str
) -> None:
    client.force_login(other_owner)

    html = client.get(path).content.decode()

    assert "#1" not in re.sub(r"&#\w+;", "", re.sub(r'href="[^"]*"', "", html))
    assert "Silk shawl" not in html


@pytest.mark.parametrize("path", ["/sales/", "/proof/?metric=netSales"])
def test_strangers_are_sent_to_sign_in(client: Client, db: None, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")
