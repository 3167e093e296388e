"""Metrics, and that docs/metrics.md says what they compute."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from analytics import metrics
from analytics.answers.figures import FIGURES, Figure
from analytics.metric import Metric, Unit
from analytics.metrics import METRICS
from analytics.sums import Sums, total_of

DOCS = (Path(settings.BASE_DIR) / "docs" / "metrics.md").read_text()
SECTIONS = dict(re.findall(r"^### (.+?)\n\n(.+?)(?=^#|\Z)", DOCS, re.MULTILINE | re.DOTALL))
UNITS = {Unit.MONEY: "money", Unit.COUNT: "a count", Unit.SHARE: "a share"} | {
    Unit.NUMBER: "a number"
}


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_metric_is_documented_in_the_same_words(metric: Metric) -> None:
    section = SECTIONS[metric.label]

    assert section.startswith(f"{metric.formula}\n")
    assert f"Key `{metric.key}`, {UNITS[metric.unit]}, version {metric.version}" in section
    assert metric.anchor == f"docs/metrics.md#{metric.label.lower().replace(' ', '-')}"


def test_documentation_names_no_other_figure() -> None:
    keys = re.findall(r"^Key `(\w+)`", DOCS, re.MULTILINE)

    assert sorted(keys) == sorted([*METRICS, *(figure.key for figure in FIGURES)])


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.label)
def test_figure_of_a_report_is_documented_in_the_same_words(figure: Figure) -> None:
    section = SECTIONS[figure.label]

    assert section.startswith(f"{figure.formula}\n")
    assert f"Key `{figure.key}`, {UNITS[figure.unit]}, version {figure.version}." in section
    assert ("may be added" in section) == figure.additive


def test_every_figure_has_a_name_of_its_own() -> None:
    labels = [each.label for each in (*METRICS.values(), *FIGURES)]

    assert len(labels) == len(set(labels))


SUMS = Sums(
    gross_sales=100_000,
    discounts=-10_000,
    returns=-4_500,
    shipping=5_000,
    taxes=4_275,
    duties=100,
    additional_fees=25,
    tips=300,
    gift_cards_sold=7_000,
    order_value=90_000,
    orders=7,
    returning_orders=3,
    checkouts_completed=7,
    checkouts_abandoned=3,
)


def test_net_sales_are_gross_sales_less_discounts_and_returns() -> None:
    assert metrics.NET_SALES.value(SUMS, "INR") == Decimal("855.00")


def test_total_sales_hold_no_tips_and_no_gift_cards() -> None:
    assert metrics.TOTAL_SALES.value(SUMS, "INR") == Decimal("949.00")


def test_average_order_is_rounded_half_up_to_the_minor_unit() -> None:
    assert metrics.AVERAGE_ORDER_VALUE.value(SUMS, "INR") == Decimal("128.57")
    assert metrics.AVERAGE_ORDER_VALUE.value(Sums(order_value=5, orders=2), "JPY") == Decimal(3)


@pytest.mark.parametrize(
    "metric",
    [
        metrics.AVERAGE_ORDER_VALUE,
        metrics.RETURNING_ORDERS,
        metrics.RETURNED_VALUE,
        metrics.CHECKOUT_COMPLETED,
        metrics.RETURNING_CUSTOMER_RATE,
        metrics.REPEAT_PURCHASE_RATE,
        metrics.UNITS_PER_ORDER,
    ],
    ids=lambda metric: metric.key,
)
def test_quotient_of_nothing_is_not_known(metric: Metric) -> None:
    assert metric.value(Sums(), "INR") is None


def test_shares_are_fractions() -> None:
    assert metrics.RETURNED_VALUE.value(SUMS, "INR") == Decimal("0.05")
    assert metrics.CHECKOUT_COMPLETED.value(SUMS, "INR") == Decimal("0.7")


@pytest.mark.parametrize(
    ("currency", "text"), [("INR", "855.00"), ("JPY", "85500"), ("KWD", "85.500")]
)
def test_money_has_the_places_of_its_currency(currency: str, text: str) -> None:
    assert str(metrics.NET_SALES.value(SUMS, currency)) == text


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_only_additive_metrics_can_be_added(metric: Metric) -> None:
    other = Sums(gross_sales=700, order_value=700, orders=1, checkouts_abandoned=9, returns=-70)
    parts = [metric.of(SUMS) or 0, metric.of(other) or 0]

    assert not metric.additive or metric.of(total_of([SUMS, other])) == sum(parts)


def test_sums_of_nothing_are_all_zero() -> None:
    assert total_of([]) == Sums()
