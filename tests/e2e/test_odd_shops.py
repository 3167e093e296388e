"""Pages of shops that are unlike most: odd currencies, endless names, more back than sold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tenants.models import Tenant
from tests.analytics.conftest import STORE, Books
from tests.builders import OrderBuilder
from tests.e2e.conftest import KOLKATA, NewPage
from tests.factories import ConnectionFactory

PATHS = ("/", "/sales/", "/orders/", "/customers/", "/products/", "/products/7001/", "/carts/",
         "/fulfilment/", "/orders/1/", "/customers/5/", "/?period=today", "/sales/?period=today",
         "/sales/?period=today&by=day", "/orders/?period=yesterday")  # fmt: skip
TITLE = "شال حريري 🧣 " + "Extraordinarilylongnameofaproductwithoutanyspace" * 4
PRICES = {"JPY": "1234567", "KWD": "1234.567"}


@pytest.fixture(params=PRICES)
def odd(request: pytest.FixtureRequest, tenant: Tenant) -> Books:
    """A shop that gave back today what it sold a month ago, and sold once today."""
    currency, today = request.param, timezone.now().astimezone(KOLKATA)
    books = Books(ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com"))
    person = {"id": 5, "email": "x@example.com", "first_name": "محمد" * 30, "last_name": "🦚" * 40}
    old = OrderBuilder(id=1, at=(today - timedelta(days=30)).isoformat(), currency=currency,
                       customer=person)  # fmt: skip
    old.line(PRICES[currency], 9)
    new = OrderBuilder(id=2, at=today.isoformat(), currency=currency, customer=person)
    new.line("5")
    product = {"id": 7001, "title": TITLE, "vendor": TITLE, "updated_at": "2026-01-01T00:00:00Z",
               "variants": [{"id": 70010, "title": TITLE, "sku": TITLE, "price": "1"}]}  # fmt: skip
    cart = {"id": 9, "token": "t", "email": f"{'x' * 60}@example.com", "currency": currency,
            "source_name": "web", "created_at": today.isoformat(), "total_price": "7",
            "updated_at": today.isoformat(),
            "line_items": [{"title": TITLE, "quantity": 1}]}  # fmt: skip
    books.tell(("shop/update", STORE | {"currency": currency}), ("products/create", product),
               ("checkouts/create", cart))  # fmt: skip
    books.take(old, new)
    refund = old.refund(today.isoformat(), units={old.lines[0].id: 9})
    books.tell(("refunds/create", refund), ("orders/updated", old.body()))
    books.refresh()
    return books


def sideways(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found


@pytest.mark.threat(7)
@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, False)])
def test_pages_hold_what_is_odd(
    new_page: NewPage, odd: Books, session: Any, width: int, scripts: bool
) -> None:
    page = new_page(width=width, java_script_enabled=scripts)
    page.context.add_cookies([session])

    for path in PATHS:
        answer = page.goto(path)
        assert answer and answer.status == 200, path
        assert page.locator("h1").count() == 1, path
        assert not sideways(page), path
