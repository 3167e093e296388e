"""A real browser on the running application. Without an installed Chromium these tests are skipped.

Every page a test opens must stay quiet: an error in its console, an uncaught exception or a
violation of the Content-Security-Policy fails the test, whatever it looks at.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("No Chromium is installed (apt install chromium).")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs its event loop in this thread; Django must not take our tests for async.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@pytest.fixture
def new_page(browser: Browser, live_server: Any, settings: Any) -> Iterator[NewPage]:
    """Return a function that opens an empty page; its options are those of a browser context."""
    settings.ROOT_URLCONF = "tests.e2e.specimen"
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(*, width: int = 1280, height: int = 800, **options: Any) -> Page:
        size = {"width": width, "height": height}
        context = browser.new_context(
            base_url=live_server.url, viewport=size, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("console", lambda message: troubles.extend(_trouble(message)))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            troubles.extend(page.evaluate("window.violations ?? []"))
        context.close()
    assert troubles == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of a desktop's size."""
    return new_page()


def until(page: Page, condition: str) -> None:
    """Wait until a condition holds; Playwright's own way needs the eval that our policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def _trouble(message: ConsoleMessage) -> list[str]:
    """Return what a page complains of; that it is itself an error page is no complaint."""
    own = message.page is not None and message.location["url"] == message.page.url
    return [message.text] if message.type in {"error", "warning"} and not own else []
