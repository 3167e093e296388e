"""The Overview page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analytics.models import SalesDay
from analytics.reports import live
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.analytics.conftest import STORE, Books, an_order
from tests.analytics.pages import Seen
from tests.builders import OrderBuilder
from xenofy.common.formats import integer, money


def seen(page: Client, query: str = "") -> Seen:
    return Seen(page.get(f"/{query}"))


def a_checkout(number: int, at: str, *, completed: bool, **more: Any) -> dict[str, Any]:
    stamp = f"{at}+05:30"
    body = {"id": number, "token": f"t{number}", "email": "mena@example.com", "currency": "INR",
            "source_name": "web", "created_at": stamp, "updated_at": stamp, "line_items": [],
            "completed_at": stamp if completed else None}  # fmt: skip
    return {**body, **more}


def history(books: Books) -> None:
    """Take in two months: more in the second, with a discount, a refund, shipping and tax."""
    start = date(2026, 9, 24)
    orders = []
    for number in range(60):
        day = start + timedelta(days=number)
        order = OrderBuilder(
            id=number + 1,
            at=f"{day}T12:00:00+05:30",
            currency="INR",
            customer={"id": number % 20 + 1},
            tax_rate=Decimal("0.05"),
        )
        order.line("1000" if number < 30 else "1200.50", discount="100" if number >= 30 else "0")
        orders.append(order.ship("90"))
    books.take(*orders)
    refunded = orders[40]
    refund = refunded.refund("2026-11-20T12:00:00+05:30", units={refunded.lines[0].id: 1})
    books.tell(("refunds/create", refund), ("orders/updated", refunded.body()))
    books.refresh()


def test_overview_shows_statement_kpis_products_and_proof(
    page: Client, books: Books, now: datetime
) -> None:
    history(books)

    found = seen(page)

    assert found.status == 200
    assert found.headline == "₹31,914.50"
    assert found.statement == {
        "Gross sales": "₹36,015.00",
        "Discounts": "−₹3,000.00",
        "Returns": "−₹1,100.50",
        "Net sales": "₹31,914.50",
        "Shipping": "₹2,700.00",
        "Taxes": "₹1,730.87",
        "Total sales": "₹36,345.37",
    }
    assert found.changes["Gross sales"] == "+20.0%"
    assert found.changes["Discounts"] == found.changes["Returns"] == "new"
    assert found.aside == "↑ up 6.4% ₹1,914.50 more than 24 Sep – 23 Oct"
    assert found.proof == "Equal to the 61 ledger rows behind it. Not yet compared with Shopify."
    assert found.kpis == {
        "Orders": "30",
        "Average order": "₹1,100.50",
        "New customers": "0",
        "Returning orders": "100.0%",
        "Returned value": "3.3%",
        "Checkout completed": "—",
    }
    assert found.kpi_notes["Checkout completed"] == "no checkouts known"
    assert found.products == [["Silk shawl", "₹31,914.50", "30", "3.3%"]]


def test_page_api_and_ledger_have_the_same_figures(
    page: Client, books: Books, now: datetime
) -> None:
    history(books)

    found = seen(page)
    query = {"startDate": "2026-10-24", "endDate": "2026-11-22"}
    orders = page.get("/api/data/dashboard", query).json()["orders"]

    ledger = books.statement()
    days = [lines for day, lines in ledger.items() if "2026-10-24" <= day <= "2026-11-22"]
    total = sum(lines["total"] for lines in days)
    assert found.statement["Total sales"] == money(Decimal(str(orders["revenue"])), "INR")
    assert found.statement["Total sales"] == money(total, "INR")
    assert found.headline == money(Decimal(str(orders["netSales"])), "INR")
    assert found.statement["Gross sales"] == money(Decimal(str(orders["grossSales"])), "INR")
    assert found.kpis["Orders"] == integer(orders["total"])


def test_statement_adds_up_on_the_page(page: Client, books: Books, now: datetime) -> None:
    history(books)

    amounts = {label: amount_of(text) for label, text in seen(page).statement.items()}

    gross, less = amounts["Gross sales"], amounts["Discounts"] + amounts["Returns"]
    assert gross + less == amounts["Net sales"]
    charges = amounts["Shipping"] + amounts["Taxes"]
    assert amounts["Net sales"] + charges == amounts["Total sales"]


def amount_of(text: str) -> Decimal:
    return Decimal(text.replace("₹", "").replace(",", "").replace("−", "-"))


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_table_and_chart_add_up_to_the_headline(
    page: Client, books: Books, now: datetime, grain: str
) -> None:
    history(books)

    found = seen(page, f"?by={grain}")

    headline = amount_of(found.headline)
    assert sum(amount_of(row[1]) for row in found.table) == headline
    assert sum(Decimal(value) for value in found.spec["values"]) == headline
    assert sum(Decimal(value) for value in found.spec["compare"]) == Decimal(30_000)
    assert (
        len(found.spec["labels"]) == len(found.table) == {"day": 30, "week": 5, "month": 2}[grain]
    )


def test_chart_names_both_days_of_a_bar(page: Client, books: Books, now: datetime) -> None:
    history(books)

    spec = seen(page).spec

    assert (spec["labels"][0], spec["titles"][0]) == ("24 Oct", "Sat 24 Oct")
    assert spec["compare_titles"][0] == "Thu 24 Sep"
    assert spec["hrefs"][0] == "?start=2026-10-24&end=2026-10-24"
    assert spec["unfinished"] is None


def test_kpi_leads_to_its_chart_and_back(page: Client, books: Books, now: datetime) -> None:
    history(books)

    found = seen(page, "?metric=orders")

    assert found.spec["values"] == [1] * 30
    assert found.spec["unit"] == {"type": "integer", "grouping": "in"}
    assert '<a class="kpi" href="?" aria-current="true"' in found.html
    assert found.headline == "₹31,914.50"


def test_every_metric_has_a_chart(page: Client, books: Books, now: datetime) -> None:
    from analytics.metrics import METRICS

    history(books)

    for key in METRICS:
        assert len(seen(page, f"?metric={key}").spec["values"]) == 30, key


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


def test_running_period_is_compared_up_to_the_same_time_of_day(
    page: Client, books: Books, now: datetime
) -> None:
    books.take(
        an_order(1, "2026-11-22T15:11:00", "100"),
        an_order(2, "2026-11-22T15:13:00", "1000"),
        an_order(3, "2026-11-23T09:00:00", "150"),
        an_order(4, "2026-11-16T15:00:00", "120"),
        an_order(5, "2026-11-16T15:30:00", "900"),
    )

    found = seen(page, "?period=today")

    assert found.aside == "↑ up 50.0% ₹50.00 more than 22 Nov up to 3:12 pm"
    assert found.kpi_notes["Orders"] == "no change was 1"
    assert found.spec["compare"] == ["100.00"]
    assert found.spec["unfinished"] == 0
    assert found.sub == "Today so far ₹150.00 from 1 order, 25.0% ahead of last Monday at 3:12 pm"


def test_comparison_with_days_that_are_not_known_is_not_made(
    page: Client, books: Books, now: datetime
) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00", "100"))

    found = seen(page)

    assert found.aside == "— nothing to compare with before 4 Nov"
    assert set(found.changes.values()) == {"—"}
    assert found.spec["compare"] is None
    assert found.sub == "Today so far ₹0.00 from 0 orders; last Monday at 3:12 pm it was ₹0.00"


def test_without_comparison_nothing_is_compared(page: Client, books: Books, now: datetime) -> None:
    history(books)

    found = seen(page, "?vs=none")

    assert found.aside == ""
    assert set(found.changes.values()) == {""}
    assert set(found.kpi_notes.values()) == {"", "no checkouts known"}


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


def test_two_currencies_are_two_pages(page: Client, books: Books, now: datetime) -> None:
    dollars = an_order(2, "2026-11-04T13:00:00", "7")
    dollars.currency = "USD"
    books.take(an_order(1, "2026-11-04T12:00:00", "100"), dollars)

    assert seen(page).headline == "₹100.00"
    assert seen(page, "?currency=USD").headline == "$7.00"
    assert 'aria-label="Currency"' in seen(page).html


def test_one_currency_is_no_choice(page: Client, books: Books, now: datetime) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00", "100"))

    assert 'aria-label="Currency"' not in seen(page).html


def test_product_without_a_title_has_the_one_of_its_orders(
    page: Client, books: Books, now: datetime
) -> None:
    books.tell(("products/create", {"id": 7001, "title": "Ajrakh stole", "variants": [],
                                    "updated_at": "2026-11-01T00:00:00Z"}))  # fmt: skip
    other = an_order(2, "2026-11-04T12:00:00", "50")
    other.lines[0].product_id = 7002
    custom = an_order(3, "2026-11-04T12:00:00", "20")
    custom.lines[0].product_id = None
    books.take(an_order(1, "2026-11-04T12:00:00", "100"), other, custom)

    names = [row[0] for row in seen(page).products]

    assert names == ["Ajrakh stole", "Silk shawl", "Without a product"]


def test_while_an_import_runs_the_page_says_how_far_back_it_knows(
    page: Client, books: Books, now: datetime, tenant: Tenant
) -> None:
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


def test_zone_is_named_once(page: Client, books: Books, now: datetime) -> None:
    history(books)

    assert seen(page).html.count("Asia/Kolkata") == 1


def test_unknown_zone_is_said(page: Client, books: Books, now: datetime) -> None:
    unknown = {**STORE, "iana_timezone": None, "updated_at": "2026-02-01T00:00:00Z"}
    del unknown["iana_timezone"]
    books.take(an_order(1, "2026-11-04T12:00:00", "100"))
    with tenant_scope(books.connection.tenant_id):
        from shop_data.models import StoreInfo

        StoreInfo.objects.update(iana_timezone=None)

    assert "In UTC until the shop tells its time zone." in seen(page).html


@pytest.mark.parametrize(
    "query", ["?period=nonsense", "?start=2026-11-31&end=2026-12-01", "?metric=visits", "?by=hour"]
)
def test_wrong_query_is_answered_with_words(page: Client, books: Books, query: str) -> None:
    found = seen(page, query)

    assert found.status == 400
    assert found.notes
    assert "Show the last 30 days" in found.html


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


def test_page_takes_few_queries(page: Client, books: Books, now: datetime) -> None:
    history(books)

    with CaptureQueriesContext(connection) as queries:
        page.get("/")

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 15, statements


def test_marked_days_take_two_queries_more(page: Client, books: Books, now: datetime) -> None:
    history(books)
    with CaptureQueriesContext(connection) as before:
        page.get("/")
    books.tell(("orders/create", an_order(900, "2026-11-04T12:00:00", "100").body()))

    with CaptureQueriesContext(connection) as after:
        page.get("/")

    assert len(after) == len(before) + 2
