"""Shopify's own totals, which the double sums from its ledger by the shop's days."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.fakeshop.conftest import DOMAIN, Outside
from xenofy.fakeshop.wanted import Item, Rate
from xenofy.fakeshop.world import World

ASK = """query Ask($q: String!) { shopifyqlQuery(query: $q) {
  parseErrors tableData { columns { name dataType displayName } rows } } }"""
TOTALS = "FROM sales SHOW net_sales, total_sales TIMESERIES day SINCE -1d"


def asked(world: World, outside: Outside, question: str, **grant: Any) -> Any:
    return outside.graphql(world.token(DOMAIN, **grant), ASK, q=question)


def test_each_day_is_told_also_the_empty_ones(world: World, outside: Outside) -> None:
    shop = world.shop(DOMAIN)
    order = shop.place_order(Item("10.00", 3), shipping="5.00", taxes=[Rate("VAT", Decimal("0.1"))])
    shop.refund(order.id, units={order.lines[0].id: 1}, kept="1.00")

    table = asked(world, outside, TOTALS)["data"]["shopifyqlQuery"]["tableData"]

    assert [column["name"] for column in table["columns"]] == ["day", "net_sales", "total_sales"]
    assert table["rows"] == [
        {"day": "2026-06-30", "net_sales": "0.0", "total_sales": "0.0"},
        {"day": "2026-07-01", "net_sales": "21.0", "total_sales": "28.5"},
    ]


def test_a_question_that_is_not_understood_is_an_error_of_its_own(
    world: World, outside: Outside
) -> None:
    answer = asked(world, outside, "FROM sales SHOW luck TIMESERIES day SINCE -1d")

    assert answer["data"]["shopifyqlQuery"] == {
        "parseErrors": ["Column 'luck' not found."],
        "tableData": None,
    }


def test_orders_are_counted(world: World, outside: Outside) -> None:
    world.shop(DOMAIN).place_order()
    world.shop(DOMAIN).place_order(test=True)

    answer = asked(world, outside, "FROM sales SHOW orders TIMESERIES day SINCE today")

    [row] = answer["data"]["shopifyqlQuery"]["tableData"]["rows"]
    assert row["orders"] == "1"


@pytest.mark.parametrize("grant", [{"without": ("read_reports",)}, {"customer_data": False}])
def test_without_the_right_to_them_reports_are_refused(
    world: World, outside: Outside, grant: dict[str, Any]
) -> None:
    answer = asked(world, outside, TOTALS, **grant)

    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
