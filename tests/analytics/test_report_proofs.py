"""`GET /api/data/reports/…/proof`: rows of the ledger that add up to each figure of each report."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import quote

import pytest

from analytics import ledger_rows
from analytics.metric import Unit
from analytics.metrics import METRICS
from analytics.report_registry import ADDRESSES, REPORTS
from tests.analytics.conftest import Books
from tests.analytics.shopkeeping import RANGE, ask, query_of, sent
from tests.analytics.test_report_api import minor

METRICS_OF = {
    name.removesuffix("/proof"): report.words["metric"]
    for name, report in REPORTS.items()
    if name.endswith("/proof")
}
OF_TOTALS = [
    (name, metric)
    for name, metrics in METRICS_OF.items()
    if name not in (*ADDRESSES, "bridge")
    for metric in metrics
]

pytestmark = pytest.mark.usefixtures("now")


def holds(token: str, report: str, query: str, figure: Any) -> None:
    """Check that the rows of a proof, all of them, add up to a figure."""
    body = ask(token, f"{report}/proof", f"{query}&limit=250").json()

    assert body["value"] == body["reported"] == figure, (report, query)
    assert body["rowCount"] == len(body["rows"])
    assert sum(minor(each["amount"]) for each in body["rows"]) == minor(figure)


@pytest.mark.parametrize("lens", ["event", "order"])
@pytest.mark.parametrize(("report", "metric"), OF_TOTALS)
def test_totals_have_their_proof(
    token: str, shop: Books, report: str, metric: str, lens: str
) -> None:
    query = f"{RANGE}&lens={lens}"
    totals = ask(token, report, query).json()["totals"]

    holds(token, report, f"{query}&metric={metric}", totals[metric])


@pytest.mark.parametrize("lens", ["event", "order"])
@pytest.mark.parametrize("report", [*ADDRESSES, "inventory"])
def test_each_row_has_its_proof(token: str, shop: Books, report: str, lens: str) -> None:
    query = f"{RANGE}&lens={lens}"
    rows = ask(token, report, f"{query}&limit=250").json()["rows"]

    for row in rows:
        for metric in METRICS_OF[report]:
            holds(token, report, f"{query}&metric={metric}&key={quote(row['key'])}", row[metric])


@pytest.mark.parametrize(
    ("report", "choice"), [("geography", "by=region"), ("inventory", "of=variants")]
)
def test_rows_of_the_other_split_have_their_proof(
    token: str, shop: Books, report: str, choice: str
) -> None:
    rows = ask(token, report, f"{RANGE}&{choice}").json()["rows"]

    for row in rows:
        query = f"{RANGE}&{choice}&metric=netSales&key={quote(row['key'])}"
        holds(token, report, query, row["netSales"])


def test_each_hour_has_its_proof(token: str, shop: Books) -> None:
    rows = ask(token, "hours").json()["rows"]

    for hour in range(24):
        orders = sum(row["orders"] for row in rows if row["hour"] == hour)
        holds(token, "hours", f"{RANGE}&metric=orders&key={hour:02}", orders)


def test_both_ends_of_a_bridge_have_their_proof(token: str, shop: Books) -> None:
    body = ask(token, "bridge", query_of("bridge")).json()

    holds(token, "bridge", f"{query_of('bridge')}&metric=netSales", body["to"])
    earlier = body["comparison"]
    days = f"startDate={earlier['startDate']}&endDate={earlier['endDate']}"
    holds(token, "sales", f"{days}&metric=netSales", body["from"])


def test_every_metric_with_rows_can_be_proven() -> None:
    proven = {metric for metrics in METRICS_OF.values() for metric in metrics}

    assert {metric.key for metric in METRICS.values() if metric.lines} <= proven
    assert {"orders", "newCustomers"} <= proven


@pytest.mark.parametrize("metric", METRICS_OF["sales"])
def test_file_of_a_proof_holds_all_rows(
    token: str, shop: Books, metric: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_rows, "AT_ONCE", 2)
    query = f"{RANGE}&metric={metric}"
    body = ask(token, "sales/proof", f"{query}&limit=250").json()

    lines = sent(ask(token, "sales/proof", f"{query}&format=jsonl&limit=1&page=2")).splitlines()
    text = sent(ask(token, "sales/proof", f"{query}&format=csv&limit=1")).decode()

    assert [json.loads(line) for line in lines] == body["rows"]
    head, *rows = csv.reader(io.StringIO(text))
    assert len(rows) == body["rowCount"]
    money = " (INR)" if METRICS[metric].unit is Unit.MONEY else ""
    assert head[-1] == f"Part of {METRICS[metric].label.lower()}{money}"


def test_workbook_of_a_proof_holds_all_rows(token: str, shop: Books) -> None:
    query = f"{RANGE}&metric=netSales&limit=1"
    answer = ask(token, "sales/proof", f"{query}&format=xlsx")

    assert "sales-netSales-rows-2026-10-01-to-2026-11-20.xlsx" in answer["Content-Disposition"]
    assert sent(answer).startswith(b"PK")
