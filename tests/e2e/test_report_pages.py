"""The pages of reports in the browser of a shop's owner: compare, open a figure, take a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.e2e.conftest import KOLKATA, NewPage

PATHS = ("/sales/", "/orders/", "/customers/", "/products/", "/carts/", "/fulfilment/")

pytestmark = pytest.mark.usefixtures("books")


def day(ago: int) -> str:
    return (timezone.now().astimezone(KOLKATA).date() - timedelta(days=ago)).isoformat()


def test_days_to_compare_with_are_chosen_in_the_picker(page: Page, session: Any) -> None:
    page.context.add_cookies([session])
    page.goto("/sales/?period=7d&by=week")

    page.get_by_role("button", name="vs previous").click()
    form = page.locator("#comparison-picker form")
    form.get_by_label("First day").fill(day(41))
    form.get_by_label("Last day").fill(day(35))
    form.get_by_role("button", name="Compare").click()
    page.wait_for_url(f"**vs_start={day(41)}&vs_end={day(35)}**")

    assert "period=7d" in page.url and "by=week" in page.url
    assert "₹2,395.50 more in all" in page.locator("main").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_figure_leads_to_its_rows(new_page: NewPage, session: Any, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    page.context.add_cookies([session])
    page.goto("/sales/")

    page.locator("tfoot").first.get_by_role("link", name="₹3,394.50").first.click()
    page.wait_for_url("**/proof/**")
    assert "The sum of 2 ledger rows, and what the report says." in page.content()

    page.goto("/orders/")
    page.locator(".kpi .v a").first.click()
    page.wait_for_url("**counted=1**")
    assert page.locator("tbody th a").count() == 2


def test_figures_are_taken_as_a_file(page: Page, session: Any) -> None:
    page.context.add_cookies([session])
    page.goto("/sales/?vs=none")

    with page.expect_download() as found:
        page.get_by_role("link", name="CSV").first.click()

    lines = found.value.path().read_text().splitlines()
    assert lines[0].startswith("Series,Start (Asia/Kolkata),Gross sales (INR)")
    assert len(lines) == 31


def test_list_is_narrowed_and_widened(page: Page, session: Any) -> None:
    page.context.add_cookies([session])
    page.goto("/customers/")
    page.get_by_role("link", name="Products").first.click()

    page.get_by_label("Search").fill("nothing-like-this")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=nothing-like-this**")
    assert "No products here" in page.content()


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_no_page_scrolls_sideways(new_page: NewPage, session: Any, width: int) -> None:
    page = new_page(width=width)
    page.context.add_cookies([session])

    wide = {}
    for path in PATHS:
        page.goto(path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")

    assert wide == dict.fromkeys(PATHS, width)
