"""The page of what still has to be sent."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analytics.reports.fulfilment import Times, times
from tests.analytics.conftest import Books, an_order
from tests.analytics.pages import Seen, following


def place(books: Books) -> None:
    """Have orders open for 2, 30 and 100 hours, one cancelled, one sent after 10 hours."""
    sent = an_order(4, "2026-11-20T02:00:00").body() | {"fulfillment_status": "fulfilled"}
    gone = an_order(5, "2026-11-01T12:00:00").body() | {"cancelled_at": "2026-11-02T12:00:00Z"}
    parcel = {"id": 41, "order_id": 4, "status": "success",
              "created_at": "2026-11-20T12:00:00+05:30",
              "updated_at": "2026-11-20T12:00:00+05:30", "line_items": []}  # fmt: skip
    books.tell(("orders/create", sent), ("orders/create", gone), ("fulfillments/create", parcel))
    books.take(
        an_order(1, "2026-11-23T13:00:00"),
        an_order(2, "2026-11-22T09:00:00"),
        an_order(3, "2026-11-19T11:00:00", customer=5),
    )


def test_open_orders_by_age_and_times(page: Client, books: Books, now: datetime) -> None:
    place(books)

    found = Seen(page.get("/fulfilment/"))

    assert (
        found.html.count("""#rows">1</a></td>""")
        + found.html.count("""aria-current="true">1</a></td>""")
        == 3
    )
    assert "1 order waits: more than 48 hours" in found.html
    assert abs(Decimal(found.kpis["Until sent"].removesuffix(" h")) - 10) < Decimal("0.3")
    assert found.kpis["Until delivered"] == "—"
    assert 'href="/orders/3/"' in found.html
    assert 'href="/orders/2/"' not in found.html


def test_times_are_drawn_by_the_day_of_the_order(page: Client, books: Books, now: datetime) -> None:
    place(books)

    sent, delivered = (
        Seen(page.get(f"/fulfilment/?time={time}")) for time in ("sent", "delivered")
    )

    assert sent.heading == "Until sent by day"
    assert sent.spec["unit"] == {"type": "hours"}
    assert [row for row in sent.table if row[1] != "—"] == [
        ["Fri 20 Nov", sent.kpis["Until sent"], "1", "Wed 21 Oct", "—"]
    ]
    assert {row[1] for row in delivered.table} == {"—"}
    assert page.get("/fulfilment/?time=never").status_code == 400


def test_each_age_leads_to_its_orders(page: Client, books: Books, now: datetime) -> None:
    place(books)

    fresh, waiting = (Seen(page.get(f"/fulfilment/?age={age}")) for age in ("fresh", "waiting"))

    assert 'href="/orders/1/"' in fresh.html and 'href="/orders/2/"' not in fresh.html
    assert 'href="/orders/2/"' in waiting.html and 'href="/orders/1/"' not in waiting.html


def test_totals_lead_to_all_open_orders_which_have_pages(
    page: Client, books: Books, now: datetime
) -> None:
    books.take(*(an_order(n, f"2026-10-01T12:00:{n % 60:02}") for n in range(1, 55)))

    first, second = (each.html for each in following(page, "/fulfilment/?age=all"))

    assert "54 orders wait: of any age" in first
    assert "All 54 orders, as placed" in second
    assert first.count('href="/orders/') - second.count('href="/orders/') == 50 - 4
    assert 'rel="next"' in first and 'rel="prev"' in second
    found = page.get("/fulfilment/?age=all&q=%2317").content.decode()
    assert 'href="/orders/17/"' in found and 'href="/orders/18/"' not in found


def test_days_that_wait_to_be_recomputed_are_right(
    page: Client, books: Books, now: datetime
) -> None:
    place(books)
    parcel = {"id": 31, "order_id": 3, "status": "success",
              "created_at": "2026-11-19T21:00:00+05:30",
              "updated_at": "2026-11-19T21:00:00+05:30", "line_items": []}  # fmt: skip
    books.tell(("fulfillments/create", parcel))

    assert Seen(page.get("/fulfilment/")).kpi_notes["Until sent"] == "2 orders"


def test_roles_and_others(
    client: Client, viewer: User, books: Books, other_owner: User, now: datetime
) -> None:
    place(books)

    assert client.get("/fulfilment/").status_code == 302
    client.force_login(viewer)
    assert 'href="/orders/3/"' in client.get("/fulfilment/").content.decode()
    client.force_login(other_owner)
    assert 'href="/orders/3/"' not in client.get("/fulfilment/").content.decode()


def test_query_count_and_what_is_refused(page: Client, books: Books, now: datetime) -> None:
    place(books)
    page.get("/fulfilment/")

    with CaptureQueriesContext(connection) as caught:
        page.get("/fulfilment/")

    assert len(caught) <= 18
    assert page.get("/fulfilment/?start=x").status_code == 400


def test_quantiles_lie_in_the_bucket_of_their_order() -> None:
    ten = times(Counter({0: 9, 48: 1}))

    assert ten.orders == 10
    assert ten.median == ten.p90 == Decimal("1.05") ** Decimal("0.5")
    assert times(Counter({48: 1})).p90 == Decimal("1.05") ** Decimal("48.5")
    assert times(Counter()) == Times(0, None, None)
