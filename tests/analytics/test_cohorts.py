"""Cohorts by week, month and quarter, counted again in plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from shop_data.models import Order, Sale
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order
from tests.analytics.shopkeeping import ask

NAMES = {
    "week": lambda day: f"{day:%G-W%V}",
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
}
RANGE = "startDate=2026-06-29&endDate=2026-11-23"
Cells = dict[tuple[str, str], tuple[int, float]]

pytestmark = pytest.mark.usefixtures("now")


def buy(books: Books) -> None:
    """Let people order in weeks that months cut, and give back later what they bought."""
    days = {
        5: ["2026-06-30", "2026-07-01", "2026-07-02", "2026-09-30", "2026-10-01"],
        6: ["2026-07-01", "2026-11-02", "2026-11-02"],
        7: ["2026-10-31", "2026-11-01"],
        8: ["2026-11-23"],
    }
    placed = [(who, day) for who, bought in days.items() for day in bought]
    orders = [
        an_order(number, f"{day}T12:00:00", f"{number}0", customer=who)
        for number, (who, day) in enumerate(placed, 1)
    ]
    books.take(*orders, an_order(99, "2026-07-01T12:00:00", "7"))
    refund = orders[0].refund("2026-10-05T12:00:00+05:30", units={orders[0].lines[0].id: 1})
    books.tell(("refunds/create", refund), ("orders/updated", orders[0].body()))
    books.refresh()


def counted(books: Books, grain: str, *, by_order_day: bool) -> Cells:
    """Return who ordered and for how much net, by the bucket of the first order and of the day."""
    name = NAMES[grain]
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    money: dict[tuple[str, str], int] = defaultdict(int)
    first: dict[int, date] = {}
    with tenant_scope(books.connection.tenant_id):
        for order in Order.objects.exclude(customer_shopify_id=None).order_by("processed_at"):
            who = order.customer_shopify_id
            first.setdefault(who, order.day)
            people[name(first[who]), name(order.day)].add(who)
        for row in Sale.objects.exclude(customer_shopify_id=None):
            day = row.order_day if by_order_day and row.action == "return" else row.day
            money[name(first[row.customer_shopify_id]), name(day)] += row.gross + row.discount
    return {key: (len(people[key]), money[key] / 100) for key in people.keys() | money.keys()}


def told(body: dict[str, Any]) -> Cells:
    """Return the cells of an answer in which somebody ordered or money moved."""
    return {
        (row["key"], cell["period"]): (cell["customers"], cell["netSales"])
        for row in body["rows"]
        for cell in row["cells"]
        if cell["customers"] or cell["netSales"]
    }


@pytest.mark.parametrize("lens", ["event", "order"])
@pytest.mark.parametrize("grain", NAMES)
def test_cells_are_those_of_the_orders(token: str, books: Books, grain: str, lens: str) -> None:
    buy(books)

    body = ask(token, "cohorts", f"{RANGE}&grain={grain}&lens={lens}").json()

    assert told(body) == counted(books, grain, by_order_day=lens == "order")
    assert sum(row["size"] for row in body["rows"]) == body["totals"]["size"] == 4
    for row in body["rows"]:
        assert [cell["number"] for cell in row["cells"]] == list(range(len(row["cells"])))
        assert [cell["mature"] for cell in row["cells"][-2:]][-1] is False
        money = sum(cell["netSales"] for cell in row["cells"])
        last = row["cells"][-1]["netSalesPerCustomer"]
        assert last == pytest.approx(money / row["size"], abs=0.005)


def test_without_days_there_are_the_last_cohorts(token: str, books: Books) -> None:
    begins = {grain: ask(token, "cohorts", f"grain={grain}").json()["startDate"] for grain in NAMES}

    assert begins == {"week": "2026-09-07", "month": "2025-12-01", "quarter": "2025-01-01"}
    assert ask(token, "cohorts", "").json()["grain"] == "month"


def test_too_many_cohorts_are_refused(token: str, books: Books) -> None:
    query = "startDate=2020-01-01&endDate=2026-11-01&grain="

    assert list(ask(token, "cohorts", f"{query}week", status=400).json()["fields"]) == ["grain"]
    assert list(ask(token, "cohorts", f"{query}day", status=400).json()["fields"]) == ["grain"]
    ask(token, "cohorts", f"{query}month")
