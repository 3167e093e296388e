"""The frame around every page: keyboard, theme, widths, and life without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import NewPage

PAGES = ["/specimen", "/login/", "/register/", "/nowhere/"]
FOCUSED = "document.activeElement"
SMALL = """() => [...document.querySelectorAll('a, button, input, select, summary')]
  .filter((element) => !element.closest('.skip, p, td, th'))
  .filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width && (height < 24 || width < 24);
  })
  .map((element) => element.outerHTML.slice(0, 80))"""
STOP = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  return { ring: getComputedStyle(element).outlineWidth, what: element.outerHTML.slice(0, 80) };
}"""


def test_skip_link_comes_first_and_leads_to_the_numbers(page: Page) -> None:
    page.goto("/specimen")

    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.className") == "skip"

    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id") == "main"


def test_every_stop_of_the_keyboard_has_a_ring(page: Page) -> None:
    page.goto("/specimen")

    stops = list(_stops(page))

    assert len(stops) > 8
    assert [stop["what"] for stop in stops if stop["ring"] != "2px"] == []


def test_theme_is_in_the_first_byte_of_the_next_page(page: Page) -> None:
    page.goto("/specimen")

    page.keyboard.press("l")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert 'data-theme="dark"' in page.request.get("/specimen").text()
    assert 'data-theme="dark"' in page.request.get("/login/").text()


def test_keys_step_in_time_and_choose_periods(page: Page) -> None:
    page.goto("/specimen")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/specimen?step=earlier")

    page.keyboard.press("w")
    page.wait_for_url("**/specimen?period=7d")

    page.keyboard.press("x")
    page.wait_for_url("**/specimen?vs=none")


def test_keys_are_listed_and_can_be_turned_off(page: Page) -> None:
    page.goto("/specimen")

    page.keyboard.press("?")
    assert "Last 7 days" in page.locator("#shortcuts").inner_text()
    page.get_by_role("button", name="Turn shortcuts off").click()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("l")

    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_keys_are_letters_where_one_types(page: Page) -> None:
    page.goto("/specimen")
    page.get_by_role("button", name="Last 30 days").click()

    page.get_by_label("First day").press("l")

    assert page.evaluate("document.documentElement.dataset.theme") == "light"


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_period_is_chosen_with_and_without_scripts(new_page: NewPage, script: bool) -> None:
    page = new_page(java_script_enabled=script)
    page.goto("/specimen")

    page.get_by_role("button", name="Last 30 days").click()
    page.get_by_label("First day").fill("2026-11-01")
    page.get_by_label("Last day").fill("2026-11-07")
    page.get_by_role("button", name="Show", exact=True).click()

    page.wait_for_url("**/specimen?start=2026-11-01&end=2026-11-07&period=custom&by=day")


@pytest.mark.parametrize("width", [360, 390, 768, 1280, 1440])
def test_nothing_scrolls_sideways(new_page: NewPage, width: int) -> None:
    page = new_page(width=width)

    wide = []
    for path in PAGES:
        page.goto(path)
        wide.append(page.evaluate("document.documentElement.scrollWidth"))

    assert wide == [width] * len(PAGES)


def test_targets_are_large_enough_for_a_finger(new_page: NewPage) -> None:
    page = new_page(width=390)

    small = {}
    for path in PAGES:
        page.goto(path)
        small[path] = page.evaluate(SMALL)

    assert not any(small.values()), small


def test_pages_become_a_tab_bar_on_phones(new_page: NewPage) -> None:
    page = new_page(width=390, height=800)
    page.goto("/specimen")

    bar = page.get_by_role("navigation", name="Pages").bounding_box()

    assert bar is not None
    assert bar["y"] + bar["height"] == 800


@pytest.mark.parametrize("script", [True, False])
def test_last_tab_opens_all_pages(new_page: NewPage, script: bool) -> None:
    page = new_page(width=390, height=800, java_script_enabled=script)
    page.goto("/specimen")

    tabs = page.get_by_role("navigation", name="Pages").get_by_role("link").count()
    page.get_by_role("button", name="More").click()
    pages = page.get_by_role("dialog", name="All pages").get_by_role("link")

    assert tabs == 4
    assert pages.count() > tabs and pages.last.is_visible()


def _stops(page: Page) -> Iterator[dict[str, str]]:
    """Go through the page with the tabulator key, once."""
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return
        yield stop
