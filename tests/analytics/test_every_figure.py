"""Every declared figure is answered by its report, and is proven or follows from what is."""

from __future__ import annotations

from typing import Any

import pytest

from analytics.metric import Declared, Source
from analytics.report_registry import REPORTS
from tests.analytics.conftest import Books
from tests.analytics.shopkeeping import ask, query_of

PLAIN = [name for name in REPORTS if not name.endswith("/proof")]
FOLLOWS = {
    "medianHours": "the middle of the hours that the proof of `fulfilled` lists",
    "p90Hours": "likewise",
    "medianHoursToDelivery": "the middle of the hours that the proof of `delivered` lists",
    "p90HoursToDelivery": "likewise",
    "netSalesPerCustomer": "net sales of the cells so far / size",
    "unitsPerDay": "units / days",
    "stock": "a level that Shopify tells, no sum over rows",
    "sellThrough": "units and stock",
    "daysOfStock": "units and stock",
    **dict.fromkeys(
        ("basket", "edits", "orders", "discounts", "returns"),
        "differences of both windows' value of orders, gross sales, discounts and returns",
    ),
}  # figures of single reports that have no rows of their own, and why

pytestmark = pytest.mark.usefixtures("now")


def keys_in(value: Any) -> set[str]:
    """Return all keys of an answer, and those that its rows are called by."""
    if isinstance(value, dict):
        named = {str(value["key"])} if "key" in value else set()
        return named.union(value, *map(keys_in, value.values()))
    return set().union(*map(keys_in, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("name", PLAIN)
def test_report_answers_the_figures_that_it_declares(token: str, shop: Books, name: str) -> None:
    body = ask(token, name, query_of(name)).json()

    assert {figure.key for figure in REPORTS[name].figures} <= keys_in(body)
    assert REPORTS[name].figures


@pytest.mark.parametrize("name", ["sales", "orders", "customers", "channels", "abandoned-carts"])
def test_comparison_tells_growth(token: str, shop: Books, name: str) -> None:
    query = "startDate=2026-11-01&endDate=2026-11-20&compareStart=2026-10-01&compareEnd=2026-10-31"
    body = ask(token, name, query).json()
    now, told = body["totals"], body["comparison"]

    for key, growth in told["growth"].items():
        before = told["totals"][key]
        if key in ("discounts", "returns"):
            now[key], before = -now[key], -before
        expected = (now[key] - before) / abs(before) if before and now[key] is not None else None
        assert growth == (None if expected is None else pytest.approx(expected, abs=1e-6)), key
    for key, points in told.get("points", {}).items():
        before = told["totals"][key]
        known = before is not None and now[key] is not None
        assert points == (pytest.approx(now[key] - before, abs=2e-6) if known else None), key


def proven_in(name: str) -> set[str]:
    proof = REPORTS.get(f"{name}/proof")
    return set(proof.words["metric"]) if proof else set()


def has_a_proof(figure: Declared, name: str) -> bool:
    """Tell whether rows make a figure, in its report or, of a quotient's parts, in any."""
    everywhere = set().union(*map(proven_in, PLAIN))
    return figure.key in proven_in(name) or bool(
        figure.above and {*figure.above, *figure.below} <= everywhere
    )


@pytest.mark.parametrize("name", PLAIN)
def test_figure_is_proven_or_follows_from_what_is(name: str) -> None:
    of_others = [figure for figure in REPORTS[name].figures if figure.source is Source.FIGURES]
    unproven = {
        figure.key
        for figure in REPORTS[name].figures
        if not has_a_proof(figure, name) and figure not in of_others
    }
    assert unproven <= FOLLOWS.keys(), name
