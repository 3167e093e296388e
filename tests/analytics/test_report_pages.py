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
from analytics.metrics import METRICS, Unit
from analytics.reports.splits import SPLITS
from tests.analytics.conftest import Books
from tests.analytics.shopkeeping import RANGE, ROOT, keep_shop
from xenofy.common import formats

DAYS = "start=2026-10-01&end=2026-11-20"
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def shop(books: Books) -> Books:
    keep_shop(books)
    return books


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

    links = re.findall(r'<td[^>]*><a href="(/proof/[^"]+)">([^<]+)</a>', html)
    assert len(links) > 20
    for href, figure in links:
        proof = page.get(unescape(href)).content.decode()
        assert f">{figure}</p>" in proof, href
        assert "and what the report says." in proof, href


def test_overview_leads_to_the_rows_of_its_statement(page: Client, shop: Books) -> None:
    html = page.get(f"/?{DAYS}").content.decode()

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
        "/proof/?metric=netSales&colour=red",
    ],
)
def test_wrong_address_is_named(page: Client, shop: Books, path: str) -> None:
    answer = page.get(path)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


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
