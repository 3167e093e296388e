"""The Overview of a shop with orders, in the browser of its owner."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page

from tenants.models import Tenant
from tests.e2e.conftest import NewPage, until

pytestmark = pytest.mark.usefixtures("books")


@pytest.fixture
def overview(page: Page, session: Any) -> Page:
    page.context.add_cookies([session])
    page.goto("/")
    return page


def test_headline_is_what_statement_and_table_add_up_to(overview: Page) -> None:
    headline = _amount(overview.locator(".big").inner_text())
    statement = [_amount(text) for text in _texts(overview, ".ledger td:nth-child(2)")]
    days = [_amount(text) for text in _texts(overview, ".data td:nth-child(2)")]

    gross, discounts, returns, net, *_ = statement
    assert headline == net == gross + discounts + returns == sum(days) == Decimal("3394.50")


def test_page_and_rest_api_tell_the_same(overview: Page) -> None:
    totals = overview.request.get("/api/data/dashboard").json()

    overview.goto("/?period=all")

    shown = _amount(overview.locator(".big").inner_text())
    assert shown == Decimal(str(totals["orders"]["netSales"])) == Decimal("4893.50")


def test_chart_shows_both_periods(overview: Page) -> None:
    until(overview, "document.documentElement.dataset.charts === 'ready'")

    now, earlier = overview.evaluate(
        "Chart.getChart(document.querySelector('canvas')).data.datasets.map(({ data }) => data)"
    )

    assert sum(now) == 3394.5
    assert sum(earlier) == 999


def test_keys_of_the_picker_change_the_address(overview: Page) -> None:
    overview.keyboard.press("w")
    overview.wait_for_url("**/?period=7d")

    overview.keyboard.press("ArrowLeft")
    overview.wait_for_url("**/?*start=*")

    assert overview.locator(".big").inner_text() == "₹0.00"


def test_figures_need_no_scripts(new_page: NewPage, session: Any) -> None:
    page = new_page(java_script_enabled=False)
    page.context.add_cookies([session])

    page.goto("/")

    assert page.locator(".big").inner_text() == "₹3,394.50"
    assert page.locator(".data td").first.is_visible()


def test_nothing_of_another_shop_is_on_the_page(overview: Page, other_tenant: Tenant) -> None:
    overview.reload()

    assert other_tenant.name not in overview.content()


@pytest.mark.parametrize("width", [360, 390, 768, 1280, 1440])
def test_nothing_scrolls_sideways(new_page: NewPage, session: Any, width: int) -> None:
    page = new_page(width=width)
    page.context.add_cookies([session])

    wide = []
    for path in ("/", "/settings/", "/?period=nonsense", "/?metric=averageOrderValue"):
        page.goto(path)
        wide.append(page.evaluate("document.documentElement.scrollWidth"))

    assert wide == [width] * 4


def _texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_text_contents()]


def _amount(text: str) -> Decimal:
    """Read an amount of rupees as it is written for people."""
    return Decimal(re.sub("[₹,]", "", text).replace("\u2212", "-"))
