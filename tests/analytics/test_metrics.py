"""Metrics, and that docs/metrics.md says what they compute."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

from analytics import metrics
from analytics.figures import FIGURES, GROWTH, POINTS
from analytics.metric import Declared, Figure, Metric, Unit
from analytics.metrics import METRICS
from analytics.report_registry import REPORTS
from analytics.reports.rfm_groups import GROUPS, group_of, rule_of
from analytics.sums import Sums, total_of

DOCS = (Path(settings.BASE_DIR) / "docs" / "metrics.md").read_text()
SECTIONS = dict(re.findall(r"^### (.+?)\n\n(.+?)(?=^#|\Z)", DOCS, re.MULTILINE | re.DOTALL))
UNITS = {Unit.MONEY: "money"} | {unit: f"a {unit.value}" for unit in Unit if unit != Unit.MONEY}


def said(figure: Declared) -> str:
    """Return what docs/metrics.md says of a figure besides its formula."""
    of = f" of `{figure.report}`" if isinstance(figure, Figure) and figure.report else ""
    kind = f"{UNITS[figure.unit]}, version {figure.version}, of {figure.source}"
    return f"Key `{figure.key}`{of}, {kind}"


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_metric_is_documented_in_the_same_words(metric: Metric) -> None:
    section = SECTIONS[metric.label]

    assert section.startswith(f"{metric.formula}\n")
    assert said(metric) in section
    assert ("cannot be added" in " ".join(section.split())) != metric.additive
    assert metric.anchor == f"docs/metrics.md#{metric.label.lower().replace(' ', '-')}"


def test_documentation_names_all_figures_and_no_other_in_their_order() -> None:
    keys = re.findall(r"^Key `(\w+)`", DOCS, re.MULTILINE)

    assert keys == [*METRICS, *(figure.key for figure in FIGURES)]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.label)
def test_figure_of_a_report_is_documented_in_the_same_words(figure: Figure) -> None:
    section = SECTIONS[figure.label]
    words = " ".join(section.split())

    assert section.startswith(f"{figure.formula}\n")
    assert said(figure) in words
    assert ("may be added" in words) == figure.additive


def test_every_figure_is_answered_by_a_report() -> None:
    answered = {figure for report in REPORTS.values() for figure in report.figures}

    assert answered | {GROWTH, POINTS} == {*METRICS.values(), *FIGURES}
    for name, report in REPORTS.items():
        keys = [figure.key for figure in report.figures]
        assert len(keys) == len(set(keys)), name
        assert all(f.report in ("", name) for f in report.figures if isinstance(f, Figure)), name


def test_quotients_name_what_they_are_made_of() -> None:
    for report in REPORTS.values():
        keys = {figure.key for figure in report.figures}
        for figure in report.figures:
            if figure.above and keys >= {*figure.above, *figure.below}:
                assert not figure.additive
    made = [figure for figure in METRICS.values() if figure.unit is Unit.SHARE]
    assert all(figure.above and figure.below for figure in made)


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
        metrics.CHECKOUT_ABANDONMENT,
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
    assert metrics.CHECKOUT_ABANDONMENT.value(SUMS, "INR") == Decimal("0.3")


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


def test_groups_of_customers_are_documented_as_they_are() -> None:
    rows = re.findall(r"^\| ([A-Z][a-z ]+) \| (.+) \| (.+) \|$", DOCS, re.MULTILINE)

    told = {name: f"Recency {recency}, frequency + money {rest}." for name, recency, rest in rows}
    assert told == {group.name: rule_of(group) for group in GROUPS.values()}
    assert "| Prospects | no order yet | |" in DOCS


def test_every_score_is_in_one_group() -> None:
    for recency, frequency, money in product(range(1, 6), repeat=3):
        strength = frequency + money
        fitting = [
            key
            for key, group in GROUPS.items()
            if group.recency[0] <= recency <= group.recency[1]
            and group.strength[0] <= strength <= group.strength[1]
        ]
        assert fitting == [group_of(recency, frequency, money)]


def test_sums_of_nothing_are_all_zero() -> None:
    assert total_of([]) == Sums()
