"""The figures of the Overview."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client

from analytics.forms import OF_DAYS
from shop_data.models import StoreInfo
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order, history
from tests.analytics.pages import seen
from xenofy.common.formats import integer, money


def amount_of(text: str) -> Decimal:
    return Decimal(text.replace("₹", "").replace(",", "").replace("−", "-"))


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
    assert '<div class="kpi" aria-current="true"' in found.html
    assert found.headline == "₹31,914.50"


def test_every_metric_has_a_chart(page: Client, books: Books, now: datetime) -> None:
    history(books)

    for key in OF_DAYS:
        assert len(seen(page, f"?metric={key}").spec["values"]) == 30, key


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
    books.begin()
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


def test_zone_is_named_once(page: Client, books: Books, now: datetime) -> None:
    history(books)

    assert seen(page).html.count("Asia/Kolkata") == 1


def test_unknown_zone_is_said(page: Client, books: Books, now: datetime) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00", "100"))
    with tenant_scope(books.connection.tenant_id):
        StoreInfo.objects.update(iana_timezone=None)

    assert "In UTC until the shop tells its time zone." in seen(page).html
