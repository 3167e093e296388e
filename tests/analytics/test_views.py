"""Who sees the Overview, and what it says where there is nothing to see."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order, history
from tests.analytics.pages import seen


def test_while_an_import_runs_the_page_says_how_far_back_it_knows(
    page: Client, books: Books, now: datetime, tenant: Tenant
) -> None:
    books.begin()
    history(books)
    with tenant_scope(tenant.id):
        TenantState.objects.update(history_since=date(2024, 11, 1))

    assert seen(page).notes == [
        "Known back to 24 Sep so far. Earlier days are still being read, newest first."
    ]


def test_shop_without_orders_is_told_what_to_do(page: Client, books: Books, now: datetime) -> None:
    found = seen(page)

    assert found.status == 200
    assert "No orders yet" in found.html
    assert "/settings/" in found.html
    assert "₹" not in found.html


def test_shop_whose_first_import_runs_is_told_to_wait(
    page: Client, books: Books, now: datetime, tenant: Tenant
) -> None:
    with tenant_scope(tenant.id):
        TenantState.objects.update(history_since=date(2024, 11, 1))

    assert "The first orders are being read" in seen(page).html


@pytest.mark.parametrize(
    "query", ["?period=nonsense", "?start=2026-11-31&end=2026-12-01", "?metric=visits", "?by=hour"]
)
def test_wrong_query_is_answered_with_words(page: Client, books: Books, query: str) -> None:
    found = seen(page, query)

    assert found.status == 400
    assert found.notes
    assert "Show the newest days" in found.html


def test_strangers_are_sent_to_the_login(client: Client, db: None) -> None:
    assert client.get("/").headers["Location"] == "/login/?next=/"


@pytest.mark.parametrize("role", ["owner", "analyst", "viewer"])
def test_every_role_may_look(
    client: Client, books: Books, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))

    assert client.get("/").status_code == 200


def test_other_shops_see_nothing_of_it(
    client: Client, books: Books, other_owner: User, now: datetime
) -> None:
    history(books)
    client.force_login(other_owner)

    html = client.get("/").content.decode()

    assert "No orders yet" in html
    assert "Kaveri" not in html


def test_page_is_no_ones_but_the_readers(page: Client, books: Books) -> None:
    response = page.get("/")

    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "style=" not in response.content.decode()


def test_page_only_reads(page: Client, books: Books) -> None:
    assert page.post("/").status_code == 405


def test_marked_days_take_few_queries_more(page: Client, books: Books, now: datetime) -> None:
    history(books)
    with CaptureQueriesContext(connection) as before:
        page.get("/")
    books.tell(("orders/create", an_order(900, "2026-11-04T12:00:00", "100").body()))

    with CaptureQueriesContext(connection) as after:
        page.get("/")

    assert len(after) <= len(before) + 3


def test_days_before_the_first_known_one_are_not_shown_as_quiet_ones(
    page: Client, books: Books, now: datetime
) -> None:
    books.begin()
    books.take(an_order(1, "2026-11-04T12:00:00"))

    assert seen(page).notes == ["Known since 4 Nov. Days before have no figures here."]
    assert seen(page, "?period=7d").notes == []
