"""Pictures of series: the specs that static/js/charts.js draws, and trends for static SVG.

The drawing is the only place where a figure may lose decimal places.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from analytics.metric import Metric, Unit, Value
from xenofy.common.formats import money_style

WIDTH, HEIGHT = 72, 24  # the box of components/spark.html
MARGIN = 2
LONG, REACH = 21, 3  # from so many buckets on, a trend averages so many on either side


def unit_spec(metric: Metric, currency: str) -> dict[str, Any]:
    """Return how the browser writes the figures of a metric."""
    style = money_style(currency)
    if metric.unit is Unit.MONEY:
        return {"type": "money", **style}
    if metric.unit is Unit.SHARE:
        return {"type": "percent"}
    if metric.unit is Unit.NUMBER:
        return {"type": "money", **style, "symbol": "", "decimals": 2}  # written alike
    return {"type": "integer", "grouping": style["grouping"]}


def chart_value(value: Value) -> str | int | None:
    """Return a figure as the spec carries it: exact as text, shares to a hundredth of a percent."""
    if value is None or isinstance(value, int):
        return value
    places = value.as_tuple().exponent
    exact = isinstance(places, int) and places >= -4
    return str(value if exact else value.quantize(Decimal("0.0001")))


def spark_points(values: Sequence[Decimal | None], *, low: Decimal, high: Decimal) -> str:
    """Return a polyline of values between `low` and `high`; what is not known is passed over."""
    step = Decimal(WIDTH) / max(1, len(values) - 1)
    scale = (HEIGHT - 2 * MARGIN) / (high - low) if high > low else Decimal(0)
    middle = Decimal(HEIGHT) / 2
    points = []
    for index, value in enumerate(values):
        if value is not None:
            y = HEIGHT - MARGIN - (value - low) * scale if scale else middle
            points.append(f"{_short(index * step)},{_short(y)}")
    return " ".join(points)


def trend(values: Sequence[Value]) -> list[Decimal | None]:
    """Return each value averaged with its neighbours, so that a small picture shows a direction."""
    reach = REACH if len(values) >= LONG else 0
    return [
        _average(values[max(0, index - reach) : index + reach + 1]) for index in range(len(values))
    ]


def _average(values: Sequence[Value]) -> Decimal | None:
    known = [Decimal(value) for value in values if value is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


def _short(number: Decimal) -> str:
    return f"{number:.1f}".removesuffix(".0")
