"""The page on which the API is read and tried, which has to come from us alone."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.e2e.conftest import until


def test_an_operation_is_opened_under_our_policy(page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto("/api/docs")
    until(page, "document.querySelectorAll('.opblock').length > 70")

    page.locator("#operations-Data-getDashboard .opblock-summary-control").click()
    until(page, "document.querySelector('#operations-Data-getDashboard .example') !== null")

    assert "daysUpdating" in page.inner_text("#operations-Data-getDashboard .example")
    assert {
        url for url in requested if not url.startswith(("data:", page.url.split("/api")[0]))
    } == set()
