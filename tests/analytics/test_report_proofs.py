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
from tests.accounts.clients import assert_error
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
    if name not in (*ADDRESSES, "bridge", "cohorts")
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


@pytest.mark.parametrize("lens", ["event", "order"])
def test_each_hour_has_its_proof(token: str, shop: Books, lens: str) -> None:
    query = f"{RANGE}&lens={lens}"
    rows = ask(token, "hours", query).json()["rows"]

    for hour in range(24):
        of_hour = [row for row in rows if row["hour"] == hour]
        for metric in ("orders", "unitsReturned"):
            figure = sum(row[metric] for row in of_hour)
            holds(token, "hours", f"{query}&metric={metric}&key={hour:02}", figure)


def test_what_counts_on_the_day_of_its_order_counts_in_its_hour(token: str, shop: Books) -> None:
    sold, back = (
        {(row["weekday"], row["hour"]) for row in ask(token, "hours", f"{RANGE}&lens=order")
         .json()["rows"] if row[metric]}
        for metric in ("units", "unitsReturned")
    )  # fmt: skip

    assert back
    assert back <= sold


@pytest.mark.parametrize("lens", ["event", "order"])
@pytest.mark.parametrize("grain", ["week", "month", "quarter"])
def test_each_cell_of_the_cohorts_has_its_proof(
    token: str, shop: Books, grain: str, lens: str
) -> None:
    query = f"{RANGE}&grain={grain}&lens={lens}"
    body = ask(token, "cohorts", query).json()

    holds(token, "cohorts", f"{query}&metric=size", body["totals"]["size"])
    for row in body["rows"]:
        holds(token, "cohorts", f"{query}&metric=size&key={row['key']}", row["size"])
        for cell in row["cells"]:
            of = f"{query}&key={row['key']}&number={cell['number']}&metric="
            holds(token, "cohorts", f"{of}customers", cell["customers"])
            holds(token, "cohorts", f"{of}netSales", cell["netSales"])


@pytest.mark.parametrize(
    ("report", "choice"), [("rfm", "of=cells"), ("rfm", "of=groups"), ("segments", "")]
)
def test_each_group_of_customers_has_its_proof(
    token: str, shop: Books, report: str, choice: str
) -> None:
    shop.tell(("customers/create", {"id": 99, "updated_at": "2026-11-01T00:00:00Z"}))

    for row in ask(token, report, choice).json()["rows"]:
        for metric in ("customers", "netSales"):
            holds(token, report, f"metric={metric}&key={row['key']}", row[metric])


def test_medians_are_those_of_the_hours_of_their_rows(token: str, shop: Books) -> None:
    totals = ask(token, "fulfillment").json()["totals"]

    for metric, key in (("fulfilled", "medianHours"), ("delivered", "medianHoursToDelivery")):
        rows = ask(token, "fulfillment/proof", f"{RANGE}&metric={metric}").json()["rows"]
        assert [row["orderName"] for row in rows] == ["#2"]
        assert rows[0]["hours"] == pytest.approx(totals[key], rel=0.025)


def test_quotients_follow_from_what_is_proven(token: str, shop: Books) -> None:
    """What `above` and `below` of a figure name has a proof in the report that answers it."""
    checked = set()
    for name, report in REPORTS.items():
        for figure in report.figures:
            parts = (*figure.above, *figure.below)
            if not parts or not set(METRICS_OF[name]) >= set(parts) or name == "cohorts":
                continue
            checked.add(figure.key)
            totals = ask(token, name).json()["totals"]
            values = {}
            for part in parts:
                proof = ask(token, f"{name}/proof", f"{RANGE}&metric={part}").json()
                values[part] = abs(proof["value"])
            below = abs(sum(totals[part] for part in figure.below))
            expected = sum(values[part] for part in figure.above) / below
            assert totals[figure.key] == pytest.approx(expected, abs=0.005), (name, figure.key)
    assert checked == {
        *("averageOrderValue", "unitsPerOrder", "returningOrders", "returnedValue"),
        *("returningCustomerRate", "repeatPurchaseRate", "recoveryRate"),
        *("checkoutCompleted", "checkoutAbandonment"),
    }


@pytest.mark.parametrize(
    ("report", "query"),
    [("rfm", "metric=customers&key=66"), ("rfm", "metric=customers&key=friends"),
     ("segments", "metric=customers&key=rich"), ("cohorts", "metric=size&key=1999-01"),
     ("cohorts", "metric=customers")],
)  # fmt: skip
def test_row_that_is_not_there_has_no_proof(
    token: str, shop: Books, report: str, query: str
) -> None:
    assert_error(ask(token, f"{report}/proof", query, status=400), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("report", "query"),
    [("rfm", "metric=netSales"), ("segments", "metric=customers"), ("cohorts", "metric=size"),
     ("fulfillment", f"{RANGE}&metric=delivered"), ("customers", f"{RANGE}&metric=customers"),
     ("abandoned-carts", f"{RANGE}&metric=abandonedValue")],
)  # fmt: skip
def test_lists_have_pages_and_files(token: str, shop: Books, report: str, query: str) -> None:
    whole = ask(token, f"{report}/proof", query).json()
    first = ask(token, f"{report}/proof", f"{query}&limit=1").json()
    second = ask(token, f"{report}/proof", f"{query}&limit=1&page=2").json()

    assert [*first["rows"], *second["rows"]] == whole["rows"][:2]
    assert (first["value"], first["rowCount"]) == (whole["value"], whole["rowCount"])
    lines = sent(ask(token, f"{report}/proof", f"{query}&format=jsonl&limit=1")).splitlines()
    assert [json.loads(line) for line in lines] == whole["rows"]


def test_proofs_name_nobody(token: str, shop: Books) -> None:
    """Names and e-mails are for who may see people; a proof needs ids only."""
    for report in ("customers", "rfm", "segments", "cohorts", "abandoned-carts", "fulfillment"):
        for metric in METRICS_OF[report]:
            if (report, metric) not in (("cohorts", "customers"), ("cohorts", "netSales")):
                text = ask(token, f"{report}/proof", f"{RANGE}&metric={metric}").content
                assert b"@" not in text and b"98450" not in text, (report, metric)


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
