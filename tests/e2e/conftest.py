"""A real browser on the running application. Without an installed Chromium these tests are skipped.

Every page a test opens must stay quiet: an error in its console, an uncaught exception or a
violation of the Content-Security-Policy fails the test, whatever it looks at.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from accounts.models import User
from tenants.models import Tenant
from tests.analytics.conftest import STORE, Books, an_order
from tests.factories import ConnectionFactory

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""

KOLKATA = ZoneInfo("Asia/Kolkata")
SOLD = {2: "2190.50", 3: "1204", 40: "999", 70: "500"}  # days ago: price

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("No Chromium is installed (apt install chromium).")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs its event loop in this thread; Django must not take our tests for async.
        # No other loop may run beside it: other modules find it ended.
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


@pytest.fixture
def books(live_server: Any, tenant: Tenant) -> Books:
    """A shop that has sold something in each of the last three periods of 30 days."""
    books = Books(ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com"))
    books.tell(("shop/update", STORE))
    books.take(*(an_order(days, _noon(days), price) for days, price in SOLD.items()))
    return books


def _noon(days_ago: int) -> str:
    day = timezone.now().astimezone(KOLKATA).date() - timedelta(days=days_ago)
    return f"{day}T12:00:00"


@pytest.fixture
def session(live_server: Any, client: Client, owner: User) -> dict[str, str]:
    """The cookie of the owner's session."""
    client.force_login(owner)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
