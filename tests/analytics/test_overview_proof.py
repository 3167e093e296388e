"""The Overview is right while days wait to be recomputed, and says when it is not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from analytics.models import SalesDay
from analytics.reports import live
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.analytics.conftest import STORE, Books, an_order, history
from tests.analytics.pages import seen
from tests.factories import ConnectionFactory, TenantFactory


def test_day_whose_rollup_is_still_to_come_is_counted(
    page: Client, books: Books, now: datetime
) -> None:
    history(books)
    books.tell(("orders/create", an_order(900, "2026-11-04T12:00:00", "100").body()))

    found = seen(page)

    assert found.headline == "₹32,014.50"
    assert found.proof.startswith("Equal to the 62 ledger rows")
    assert found.products[0][1] == "₹32,014.50"


def test_days_that_are_too_many_are_named(
    page: Client, books: Books, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_LIVE_DAYS", 0)
    history(books)
    books.tell(("orders/create", an_order(900, "2026-11-04T12:00:00", "100").body()))

    found = seen(page)

    assert found.headline == "₹31,914.50"
    assert found.notes == ["1 day is being recomputed. Its figures are from a moment ago."]
    assert found.proof == (
        "Net sales: ₹100.00 apart from the 62 ledger rows behind it. 1 day is being recomputed."
    )


def test_proof_says_when_a_rollup_is_not_what_the_ledger_adds_up_to(
    page: Client, books: Books, now: datetime, tenant: Tenant
) -> None:
    history(books)
    with tenant_scope(tenant.id):
        assert SalesDay.objects.filter(day=date(2026, 11, 4)).update(taxes=1)

    found = seen(page)

    assert found.proof == (
        "Taxes: ₹59.52 apart from the 61 ledger rows behind it."
        " Do not rely on it until this line says that they are equal."
    )
    assert '<p class="proof open">' in found.html


def test_demo_says_that_there_is_nothing_to_compare_it_with(
    db: None, client: Client, settings: Any, now: datetime
) -> None:
    settings.DEMO = True
    demo = TenantFactory(is_demo=True)
    books = Books(ConnectionFactory(tenant=demo, domain="demo.myshopify.com"))
    books.tell(("shop/update", STORE))
    history(books)

    client.get("/demo/", follow=True)

    assert seen(client).proof == (
        "Equal to the 61 ledger rows behind it. A demo store: there is no Shopify behind it."
    )
