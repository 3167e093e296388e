"""How many checkouts were completed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.test import Client

from analytics.models import CheckoutDay
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order, history
from tests.analytics.pages import seen


def a_checkout(number: int, at: str, *, completed: bool, **more: Any) -> dict[str, Any]:
    stamp = f"{at}+05:30"
    body = {"id": number, "token": f"t{number}", "email": "mena@example.com", "currency": "INR",
            "source_name": "web", "created_at": stamp, "updated_at": stamp, "line_items": [],
            "completed_at": stamp if completed else None}  # fmt: skip
    return {**body, **more}


def test_completed_checkouts_are_a_share_of_those_that_were_left(
    page: Client, books: Books, now: datetime
) -> None:
    history(books)
    at = "2026-11-04T12:00:00"
    bodies = [
        *(a_checkout(number, at, completed=True) for number in range(1, 4)),
        a_checkout(4, at, completed=False),
        a_checkout(5, at, completed=False, email=None),
        a_checkout(6, at, completed=False, source_name="pos"),
        a_checkout(7, "2026-11-22T12:00:00", completed=False, email=None, phone="+911234567890"),
    ]
    books.tell(*(("checkouts/update", body) for body in bodies))

    found = seen(page)

    assert found.kpis["Checkout completed"] == "60.0%"


def test_checkout_of_the_last_ten_minutes_is_not_abandoned(
    page: Client, books: Books, now: datetime
) -> None:
    books.take(an_order(1, "2026-11-23T12:00:00"))
    books.tell(("checkouts/update", a_checkout(1, "2026-11-23T15:05:00", completed=False)))

    assert seen(page, "?period=today").kpis["Checkout completed"] == "—"


def test_checkouts_are_summed_by_day_as_they_are_counted_from_their_rows(
    page: Client, books: Books, tenant: Tenant, now: datetime
) -> None:
    books.take(an_order(1, "2026-11-23T12:00:00"))
    told = [
        *(a_checkout(number, "2026-11-23T11:00:00", completed=True) for number in (1, 2)),
        a_checkout(3, "2026-11-23T11:00:00", completed=False),
        a_checkout(4, "2026-11-23T15:05:00", completed=False),
        a_checkout(5, "2026-11-22T11:00:00", completed=False, source_name="pos"),
        a_checkout(6, "2026-11-22T11:00:00", completed=False, email=None),
    ]
    books.tell(*(("checkouts/update", body) for body in told))
    derived = seen(page, "?period=today").kpis["Checkout completed"]

    books.refresh()

    with tenant_scope(tenant.id):
        days = list(CheckoutDay.objects.values_list("day", "completed", "left_open"))
    assert days == [(date(2026, 11, 23), 2, 2)]
    assert seen(page, "?period=today").kpis["Checkout completed"] == derived == "66.7%"
