"""How many checkouts were completed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client

from analytics import rollups
from analytics.models import CheckoutDay
from analytics.periods import Period
from analytics.reports.checkouts import Checkouts, checkouts_by_day
from analytics.reports.live import live_days
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
        days = list(CheckoutDay.objects.values_list("day", "currency", "completed", "left_open"))
    assert days == [(date(2026, 11, 23), "INR", 2, 2)]
    assert seen(page, "?period=today").kpis["Checkout completed"] == derived == "66.7%"


def test_worths_follow_a_checkout_before_and_after_its_day_is_recomputed(
    books: Books, now: datetime
) -> None:
    begun, moved = date(2026, 11, 4), date(2026, 11, 5)
    body = a_checkout(1, f"{begun}T12:00:00", completed=False, total_price="12.50")
    books.tell(("checkouts/create", body))
    assert both(books, now) == {begun: Checkouts(0, 1, 12_500, 1)}

    later = a_checkout(1, f"{moved}T12:00:00", completed=False, total_price="0.125", email=None)
    books.tell(("checkouts/update", {**later, "phone": "+911234567890"}))
    assert both(books, now) == {moved: Checkouts(0, 1, 125, 0)}

    ended = {"id": 1, "completed_at": f"{moved}T12:30:00+05:30"}  # and no word of its day
    books.tell(("checkouts/update", {**ended, "updated_at": "2026-11-06T12:00:00Z"}))
    assert both(books, now) == {moved: Checkouts(1, 0, 0, 0, 1, 125)}

    books.tell(("checkouts/delete", {"id": 1}))
    assert both(books, now) == {}


def test_checkout_becomes_abandoned_without_any_recomputation(books: Books, now: datetime) -> None:
    day = date(2026, 11, 23)
    young = a_checkout(1, f"{day}T15:05:00", completed=False, total_price="7")  # seven minutes old
    books.tell(("checkouts/create", young))
    books.refresh()
    with tenant_scope(books.connection.tenant_id):
        assert rollups.recompute([day]) == 0  # it is stored already

    assert seen_days(books, now) == {}
    assert seen_days(books, now + timedelta(minutes=5)) == {day: Checkouts(0, 1, 7_000, 1)}


def test_each_currency_has_its_own_checkouts(books: Books, now: datetime) -> None:
    at, day = "2026-11-04T12:00:00", date(2026, 11, 4)
    books.tell(
        ("checkouts/create", a_checkout(1, at, completed=False, total_price="5")),
        ("checkouts/create", a_checkout(2, at, completed=True, total_price="6", currency="USD")),
    )
    books.refresh()

    assert seen_days(books, now) == {day: Checkouts(0, 1, 5_000, 1)}
    assert seen_days(books, now, currency="USD") == {day: Checkouts(1)}
    assert seen_days(books, now, currency=None)[day].plus(Checkouts()) == Checkouts(1, 1, 5_000, 1)


def both(books: Books, now: datetime) -> dict[date, Checkouts]:
    """Return the checkouts that reports count, the same while a day waits and afterwards."""
    waiting = seen_days(books, now)
    books.refresh()
    assert waiting == seen_days(books, now)
    return waiting


def seen_days(books: Books, now: datetime, currency: str | None = "INR") -> dict[date, Checkouts]:
    """Return the checkouts that a report counts at a moment, of the days that have any."""
    period = Period(date(2026, 11, 1), date(2026, 11, 24))
    with tenant_scope(books.connection.tenant_id):
        found = checkouts_by_day([period], live=live_days(), now=now, currency=currency)
    return {day: sums for day, sums in found.items() if any(sums)}
