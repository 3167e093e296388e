"""Every figure of every page leads to rows that come to it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.analytics.conftest import Books

PAGES = ["/", "/sales/", "/sales/?split=products", "/sales/?split=taxes", "/orders/", "/products/",
         "/products/?of=variants", "/products/7001/", "/customers/", "/carts/", "/fulfilment/",
         "/?lens=order&period=all", "/?metric=unitsPerOrder", "/?metric=orderValue",
         "/?metric=checkoutAbandonment", "/orders/?metric=laterOrders",
         "/sales/?period=today"]  # fmt: skip
SECTION = re.compile(
    r'<table class="(?:t figures|ledger|hours)">.*?</table>|<details class="data">.*?</details>',
    re.DOTALL,
)
CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
KPI = re.compile(r'<div class="v num[^"]*">(.*?)</div>', re.DOTALL)
# Not 0, no change, no day; in whatever currency
FIGURE = re.compile(r"^\u2212?[A-Z₹¥$€£]{0,4}\s?\d[\d,.]*( ?%| h| min| days)?$")
# Nobody orders twice in this shop, and nobody today
WITHOUT = ("/orders/?metric=laterOrders", "/sales/?period=today")
# Their figures lead to lists of checkouts, customers and times
ELSEWHERE = ("/carts/", "/fulfilment/", "/customers/", "/?metric=checkout")
PROVED = re.compile(r'<a[^>]*href="(/proof/[^"]+)"[^>]*>([^<]+)</a>')
LISTED = re.compile(r'<a[^>]*href="(/orders/\?[^"]*counted=1[^"]*)"[^>]*>(\d+)</a>')

pytestmark = pytest.mark.usefixtures("now")


def figures(html: str) -> list[str]:
    """Return the cells and the KPIs that show a figure other than 0."""
    cells = [
        cell
        for section in SECTION.findall(html)
        for how, cell in CELL.findall(section)
        if 'class="d"' not in how and "<svg" not in cell
    ]
    return [each for each in (*cells, *KPI.findall(html)) if _is_figure(each)]


def _is_figure(cell: str) -> bool:
    text = unescape(re.sub(r"<[^>]+>", "", cell)).strip()
    return bool(FIGURE.match(text)) and bool(re.search("[1-9]", text))


@pytest.mark.parametrize("path", PAGES)
def test_each_figure_is_a_link(page: Client, shop: Books, path: str) -> None:
    html = page.get(path).content.decode()

    found = figures(html)
    assert found or path in WITHOUT
    assert [figure for figure in found if "<a" not in figure] == []
    hrefs = set(re.findall(r'<a[^>]*href="([^"]+)"', "".join(found)))
    for href in sorted(map(unescape, hrefs)):
        address = href if href.startswith("/") else f"{path.partition('?')[0]}{href}"
        assert page.get(address.partition("#")[0]).status_code == 200, address


@pytest.mark.parametrize("path", [f"{path}{'&' if '?' in path else '?'}by=month&period=12m"
                                  for path in PAGES if "per" not in path.lower()])  # fmt: skip
def test_each_figure_is_the_sum_of_its_rows(page: Client, shop: Books, path: str) -> None:
    html = "".join(figures(page.get(path).content.decode()))

    assert PROVED.search(html) or LISTED.search(html) or path.startswith(ELSEWHERE + WITHOUT)

    for href, figure in set(PROVED.findall(html)):
        if "%" not in figure:
            proof = page.get(unescape(href)).content.decode()
            assert f">{figure}</p>" in proof, href
    for href, count in set(LISTED.findall(html)):
        listed = page.get(unescape(href)).content.decode()
        noun = "order" if count == "1" else "orders"
        assert f">{count} {noun}, newest first" in listed, href
