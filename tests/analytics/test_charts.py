"""Specs of charts and points of trends."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analytics import metrics
from analytics.charts import chart_value, spark_points, trend, unit_spec
from analytics.metric import Value


@pytest.mark.parametrize(
    ("value", "carried"),
    [
        (None, None),
        (1434, 1434),
        (Decimal("2439365.40"), "2439365.40"),
        (Decimal(1) / 3, "0.3333"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("123.4567"), "123.4567"),
    ],
)
def test_value_of_a_chart_is_exact_text(value: Value, carried: str | int | None) -> None:
    assert chart_value(value) == carried


def test_units_tell_the_browser_how_to_write() -> None:
    assert unit_spec(metrics.NET_SALES, "JPY") == {
        "type": "money",
        "symbol": "¥",
        "grouping": "west",
        "decimals": 0,
    }
    assert unit_spec(metrics.ORDERS, "INR") == {"type": "integer", "grouping": "in"}
    assert unit_spec(metrics.RETURNED_VALUE, "INR") == {"type": "percent"}
    units_per_order = unit_spec(metrics.UNITS_PER_ORDER, "JPY")
    assert (units_per_order["symbol"], units_per_order["decimals"]) == ("", 2)


def test_points_fill_the_box_and_pass_over_what_is_not_known() -> None:
    values = [Decimal(0), None, Decimal(5), Decimal(10)]

    points = spark_points(values, low=Decimal(0), high=Decimal(10))

    assert points == "0,22 48,12 72,2"


def test_points_of_a_level_series_lie_in_the_middle() -> None:
    assert spark_points([Decimal(3)] * 2, low=Decimal(3), high=Decimal(3)) == "0,12 72,12"


def test_short_trend_is_the_series_itself() -> None:
    assert trend([1, None, 3]) == [Decimal(1), None, Decimal(3)]


def test_long_trend_averages_neighbours() -> None:
    assert trend([0] * 15 + [7] + [0] * 15)[10:20] == [0, 0, *[Decimal(1)] * 7, 0]
