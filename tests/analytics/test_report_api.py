"""`GET /api/data/reports/…`: every report, its file and its proof."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analytics.metric import Unit
from analytics.metrics import METRICS, PROVABLE, STATEMENT
from analytics.report_registry import ADDRESSES, REPORTS, UNCOMPARED
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tests.accounts.clients import Api, assert_error
from tests.analytics.conftest import Books, an_order
from tests.analytics.shopkeeping import (
    GST,
    RANGE,
    ROOT,
    ask,
    main_of,
    query_of,
    recount,
)

DAYS = ("2026-10-01", "2026-11-20")
PLAIN = [name for name in REPORTS if not name.endswith("/proof")]
PROOFS = [name for name in REPORTS if name.endswith("/proof")]

pytestmark = pytest.mark.usefixtures("now")


def figures(body: dict[str, Any]) -> dict[str, Any]:
    return {key: body[key] for key in body if key in METRICS}


def known(token: str, query: str) -> dict[str, Any]:
    """Return all additive totals that the reports of whole shops tell."""
    return {
        **ask(token, "orders", query).json()["totals"],
        **ask(token, "sales", query).json()["totals"],
    }


def minor(value: Any) -> int:
    return round(Decimal(str(value)) * 100)


@pytest.mark.parametrize("lens", ["event", "order"])
def test_totals_are_those_of_the_ledger(token: str, shop: Books, lens: str) -> None:
    totals = ask(token, "sales", f"{RANGE}&lens={lens}").json()["totals"]

    found = recount(shop, *DAYS, by_order_day=lens == "order")
    assert set(totals) == {metric.key for metric in STATEMENT}
    for key, metric in METRICS.items():
        if key in found:
            value = minor(totals[key]) if metric.unit is Unit.MONEY else totals[key]
            assert value == found[key], key


@pytest.mark.parametrize("grain", ["hour", "day", "week", "month", "quarter", "year"])
def test_buckets_add_up_to_totals(token: str, shop: Books, grain: str) -> None:
    body = ask(token, "sales", f"{RANGE}&grain={grain}").json()

    for metric in STATEMENT:
        if metric.additive:
            total = sum(Decimal(str(each[metric.key])) for each in body["buckets"])
            assert total == Decimal(str(body["totals"][metric.key])), metric.key


@pytest.mark.parametrize(
    ("grain", "count", "first"),
    [("hour", 51 * 24, "2026-10-01T00:00"), ("day", 51, "2026-10-01"), ("week", 8, "2026-10-01"),
     ("month", 2, "2026-10-01"), ("quarter", 1, "2026-10-01"), ("year", 1, "2026-10-01")],
)  # fmt: skip
def test_every_bucket_of_the_range_is_there(
    token: str, shop: Books, grain: str, count: int, first: str
) -> None:
    buckets = ask(token, "sales", f"{RANGE}&grain={grain}").json()["buckets"]

    assert (len(buckets), buckets[0]["start"]) == (count, first)


def test_customers_are_counted_once_in_each_bucket(token: str, shop: Books) -> None:
    body = ask(token, "sales", f"{RANGE}&grain=month").json()

    months = [(each["customers"], each["returningCustomers"]) for each in body["buckets"]]
    assert months == [(1, 0), (3, 1)]
    assert (body["totals"]["customers"], body["totals"]["returningCustomers"]) == (3, 1)
    assert body["totals"]["newCustomers"] == 3


@pytest.mark.parametrize("grain", ["hour", "day", "month"])
def test_hours_and_gaps_count_the_same_customers(token: str, shop: Books, grain: str) -> None:
    totals = ask(token, "sales", f"{RANGE}&grain={grain}").json()["totals"]

    assert (totals["customers"], totals["returningCustomers"]) == (3, 1)


def test_day_still_to_be_recomputed_is_counted(token: str, shop: Books) -> None:
    late = an_order(9, "2026-11-08T12:00:00", "11", customer=7, **GST).body()
    before = {name: ask(token, name, query_of(name)).json() for name in ADDRESSES}
    shop.tell(("orders/create", late))
    more = {"netSales": 11, "taxes": 1.98}

    for name, body in before.items():
        main = main_of(name)
        now = ask(token, name, query_of(name)).json()["totals"][main]
        assert now == pytest.approx(body["totals"][main] + more.get(main, 0)), name
    assert ask(token, "sales").json()["totals"]["customers"] == 3


def test_both_lenses_have_the_same_total_in_the_end(token: str, shop: Books) -> None:
    event, order = (
        ask(token, "sales", f"startDate=2026-01-01&endDate=2026-11-23&grain=month&lens={lens}")
        for lens in ("event", "order")
    )

    assert event.json()["totals"] == order.json()["totals"]


@pytest.mark.parametrize("lens", ["event", "order"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_rows_of_a_split_add_up_to_the_statement(
    token: str, shop: Books, name: str, lens: str
) -> None:
    body = ask(token, name, f"{RANGE}&lens={lens}").json()
    statement = known(token, f"{RANGE}&lens={lens}")

    assert body["total"] == len(body["rows"]) > 0
    for key, total in figures(body["totals"]).items():
        if METRICS[key].additive:
            assert sum(minor(row[key]) for row in body["rows"]) == minor(total), key
            assert total == statement[key], key


def test_what_belongs_nowhere_is_a_row_with_a_name(token: str, shop: Books) -> None:
    rows = {name: ask(token, name).json()["rows"] for name in ADDRESSES}

    nameless = {name: [r["name"] for r in found if r["key"] == ""] for name, found in rows.items()}
    assert nameless["products"] == ["No product"]
    assert nameless["channels"] == ["No channel"]
    assert nameless["new-returning"] == ["No customer"]
    assert {row["name"] for row in rows["variants"]} >= {"Silk shawl, Red", "No variant"}
    assert {row["key"] for row in rows["vendors"]} == {"", "Kaveri"}
    assert {row["key"] for row in rows["payment-gateways"]} == {"manual", "cash + upi"}


def test_taxes_are_split_by_title_and_rate(token: str, shop: Books) -> None:
    rows = ask(token, "taxes").json()["rows"]

    assert [(row["name"], row["taxes"], row["share"]) for row in rows] == [
        ("CGST 9%", 1.08, 0.5),
        ("SGST 9%", 1.08, 0.5),
    ]


def test_returns_are_split_by_their_reason(token: str, shop: Books) -> None:
    rows = ask(token, "refund-reasons").json()["rows"]

    assert [(row["name"], row["returns"], row["unitsReturned"]) for row in rows] == [
        ("Returned to stock", -130, 2),
        ("No reason", -77, 1),
        ("Refund above or below its lines", 6, 0),
    ]


def test_orders_are_split_by_their_codes(token: str, shop: Books) -> None:
    rows = ask(token, "discount-codes").json()["rows"]

    found = {row["name"]: (row["orders"], row["discounts"]) for row in rows}
    assert found == {"HELLO": (1, -40), "No code": (4, 0)}


def test_geography_goes_by_country_or_region(token: str, shop: Books) -> None:
    countries = ask(token, "geography").json()["rows"]
    regions = ask(token, "geography", f"{RANGE}&by=region").json()["rows"]

    assert {row["key"] for row in countries} == {"IN", "US"}
    assert {row["key"] for row in regions} == {"IN-KA", "US-NY"}


def test_rows_are_sorted_and_paged(token: str, shop: Books) -> None:
    whole = ask(token, "products", f"{RANGE}&sort=units").json()["rows"]
    answer = ask(token, "products", f"{RANGE}&sort=units&limit=1&page=2")

    assert [row["units"] for row in whole] == sorted(row["units"] for row in whole)
    assert answer.json()["rows"] == whole[1:2]
    assert 'rel="next"' in answer["Link"] and 'rel="prev"' in answer["Link"]


def test_hours_have_a_cell_for_each_hour_of_a_week(token: str, shop: Books) -> None:
    body = ask(token, "hours").json()

    assert len(body["rows"]) == 168
    wednesday = next(r for r in body["rows"] if (r["weekday"], r["hour"]) == (3, 18))
    assert wednesday["grossSales"] == 2190.5
    assert sum(minor(r["netSales"]) for r in body["rows"]) == minor(body["totals"]["netSales"])


@pytest.mark.parametrize("lens", ["event", "order"])
def test_parts_of_the_bridge_are_the_difference(token: str, shop: Books, lens: str) -> None:
    query = "startDate=2026-11-01&endDate=2026-11-20&compareStart=2026-10-05&compareEnd=2026-10-24"
    body = ask(token, "bridge", f"{query}&lens={lens}").json()

    parts = {part["key"]: minor(part["amount"]) for part in body["parts"]}
    assert sum(parts.values()) == minor(body["to"]) - minor(body["from"])
    assert minor(body["difference"]) == sum(parts.values())
    assert parts["edits"] == 12_000


def test_bridge_from_days_that_are_not_known_says_so(token: str, shop: Books) -> None:
    with tenant_scope(shop.connection.tenant_id):
        TenantState.objects.update(known_since_at=datetime(2026, 10, 1, tzinfo=UTC))

    body = ask(token, "bridge", f"{RANGE}&compare=year").json()

    assert (body["from"], body["difference"], body["parts"]) == (None, None, [])
    assert body["reason"]


@pytest.mark.parametrize("lens", ["event", "order"])
@pytest.mark.parametrize("metric", PROVABLE)
def test_rows_of_a_proof_add_up_to_the_figure(
    token: str, shop: Books, metric: str, lens: str
) -> None:
    report = "sales" if METRICS[metric] in STATEMENT else "orders"
    body = ask(token, f"{report}/proof", f"{RANGE}&metric={metric}&lens={lens}&limit=250").json()
    totals = known(token, f"{RANGE}&lens={lens}")

    assert sum(minor(row["amount"]) for row in body["rows"]) == minor(body["value"])
    assert body["value"] == body["reported"] == totals[metric]
    assert body["rowCount"] == len(body["rows"])


def test_proof_is_paged(token: str, shop: Books) -> None:
    query = f"{RANGE}&metric=netSales"
    whole = ask(token, "sales/proof", query).json()
    second = ask(token, "sales/proof", f"{query}&limit=2&page=2").json()

    assert second["rows"] == whole["rows"][2:4]
    assert (second["value"], second["rowCount"]) == (whole["value"], whole["rowCount"])
    assert set(whole["rows"][0]) == {
        *("key", "happenedAt", "day", "orderId", "orderName", "action", "lineType", "quantity"),
        *("gross", "discount", "tax", "amount"),
    }


BAD = [
    ("startDate=yesterday&endDate=2026-11-01", "startDate"),
    ("startDate=2026-11-01", "endDate"),
    ("endDate=2026-11-01", "startDate"),
    ("startDate=2026-11-02&endDate=2026-11-01", "endDate"),
    ("startDate=2026-11-02&endDate=2026-11-24", "endDate"),
    ("startDate=1066-01-01&endDate=2026-11-01", "startDate"),
    ("compareStart=2026-10-01", "compareEnd"),
    ("compare=previous&compareStart=2026-10-01&compareEnd=2026-10-02", "compare"),
    ("compare=lately", "compare"),
    ("lens=rose", "lens"),
    ("grain=decade", "grain"),
    ("grain=hour&startDate=2026-01-01&endDate=2026-11-01", "grain"),
    ("page=0", "page"),
    ("limit=251", "limit"),
    ("limit=many", "limit"),
    ("lens=event&lens=order", "lens"),
    ("format=pdf", "format"),
    ("colour=red", "colour"),
    ("currency=%00", "currency"),
]


@pytest.mark.parametrize(("query", "field"), BAD)
def test_what_cannot_be_right_is_named(token: str, books: Books, query: str, field: str) -> None:
    answer = ask(token, "sales", query, status=400)

    assert_error(answer, 400, "VALIDATION_ERROR")
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize(
    ("report", "query", "field"),
    [("products", "grain=day", "grain"), ("products", "sort=colour", "sort"),
     ("geography", "by=planet", "by"), ("sales/proof", "metric=averageOrderValue", "metric"),
     ("sales/proof", "", "metric"), ("sales/proof", "metric=taxes&key=web", "key"),
     ("products/proof", "metric=taxes", "metric"), ("bridge", "compare=none", "compare"),
     *((name, "compare=previous", "compare") for name in UNCOMPARED),
     ("hours/proof", "metric=netSales&compare=year", "compare")],
)  # fmt: skip
def test_each_report_refuses_what_it_does_not_take(
    token: str, books: Books, report: str, query: str, field: str
) -> None:
    assert list(ask(token, report, query, status=400).json()["fields"]) == [field]


def test_unknown_parameter_is_answered_with_the_known_ones(token: str, books: Books) -> None:
    (problem,) = ask(token, "sales", "colour=red", status=400).json()["fields"]["colour"]

    assert "startDate" in problem and "lens" in problem and "metric" not in problem


def test_report_of_these_days_alone_knows_no_comparison(token: str, books: Books) -> None:
    query = "compareStart=2026-10-01&compareEnd=2026-10-02"
    problems = ask(token, "inventory", query, status=400).json()["fields"]

    assert list(problems) == ["compareStart", "compareEnd"]
    assert "known are startDate" in problems["compareStart"][0]


def test_without_days_it_is_the_last_thirty_complete_ones(token: str, books: Books) -> None:
    body = ask(token, "sales", "").json()

    assert (body["startDate"], body["endDate"]) == ("2026-10-24", "2026-11-22")
    assert len(body["buckets"]) == 30


@pytest.mark.parametrize("name", [*PLAIN, *PROOFS])
def test_another_tenant_sees_nothing(shop: Books, other_owner: User, name: str) -> None:
    token = str(Api().sign_in(other_owner)["token"])
    body = ask(token, name, query_of(name)).json()

    assert body["currency"] is None
    assert not any(value for value in figures(body.get("totals", {})).values())
    assert not body.get("rowCount") and not body.get("to")
    if name in ADDRESSES:
        assert body["rows"] == []


@pytest.mark.parametrize("name", [*PLAIN, *PROOFS])
def test_unchanged_data_cost_no_figure(token: str, shop: Books, name: str) -> None:
    etag = ask(token, name, query_of(name)).headers["ETag"]

    with CaptureQueriesContext(connection) as queries:
        ask(token, name, query_of(name), status=304, **{"If-None-Match": etag})

    assert not [q["sql"] for q in queries if "analytics_" in q["sql"] or "shop_data_" in q["sql"]]


@pytest.mark.parametrize("name", [*PLAIN, *PROOFS])
def test_each_report_takes_few_queries(token: str, shop: Books, name: str) -> None:
    query = query_of(name)

    with CaptureQueriesContext(connection) as queries:
        ask(token, name, query)

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 18, statements


def test_strangers_get_an_error_body(db: None) -> None:
    assert_error(Api().get(f"{ROOT}/sales"), 401, "NOT_AUTHENTICATED")


def test_two_currencies_have_to_be_told_apart(token: str, books: Books) -> None:
    dollars = an_order(2, "2026-11-04T13:00:00", "7", customer=7)
    dollars.currency = "USD"
    books.take(an_order(1, "2026-11-04T12:00:00", "100", customer=7), dollars)

    assert_error(ask(token, "sales", RANGE, status=400), 400, "CURRENCY_REQUIRED")
    totals = ask(token, "sales", f"{RANGE}&currency=USD").json()["totals"]
    assert (totals["netSales"], totals["customers"], totals["returningCustomers"]) == (7, 1, 1)


@pytest.mark.parametrize("told", [True, False])
def test_currency_that_a_shop_without_sales_lacks_is_refused(
    token: str, request: pytest.FixtureRequest, told: bool
) -> None:
    if told:
        request.getfixturevalue("books")

    answer = ask(token, "sales", "currency=USD", status=400)

    assert_error(answer, 400, "CURRENCY_REQUIRED")
    assert answer.json()["fields"]["currency"] == (["INR"] if told else [])
    assert ask(token, "sales", "").json()["currency"] == ("INR" if told else None)


def test_running_period_is_compared_up_to_the_same_time(token: str, books: Books) -> None:
    books.take(
        an_order(1, "2026-11-16T15:00:00", "100", customer=7),
        an_order(2, "2026-11-16T15:30:00", "50", customer=8),
    )

    for grain in ("day", "hour"):
        query = f"startDate=2026-11-23&endDate=2026-11-23&grain={grain}"
        query += "&compareStart=2026-11-16&compareEnd=2026-11-16"
        earlier = ask(token, "sales", query).json()["comparison"]["totals"]
        assert (earlier["netSales"], earlier["customers"]) == (100, 1)
    rows = ask(token, "products", query.replace(f"&grain={grain}", "")).json()["rows"]
    assert rows[0]["comparison"]["netSales"] == 100
