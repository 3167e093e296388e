"""Lists as files: the rows of the list, all of them, for who may take them."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.test import Client

from accounts.models import User
from shop_data.models import Customer
from tenants.exports import NOT_KEPT
from tenants.models import AuditEntry
from tenants.rights import Right
from tenants.scope import tenant_scope
from tests.accounts.clients import Api, assert_error
from tests.accounts.test_api_keys import KEY, a_key, asked
from tests.analytics.conftest import Books, an_order
from tests.analytics.shopkeeping import RANGE, sent
from tests.analytics.test_report_files import sheets

ROOT = "/api/data"
LISTS = {"orders": "orders/detailed", "customers": "customers/detailed",
         "products": "products/detailed", "events": "analytics/events",
         "recentCarts": "analytics/abandoned-carts"}  # fmt: skip

pytestmark = pytest.mark.usefixtures("now")


def file_of(token: str, path: str) -> bytes:
    answer = Api().get(f"{ROOT}/{path}", token)
    assert answer.status_code == 200, answer
    return sent(answer)


@pytest.mark.parametrize(("rows", "path"), LISTS.items())
def test_every_kind_of_file_holds_the_rows_of_the_list(
    shop: Books, token: str, rows: str, path: str
) -> None:
    listed = Api().get(f"{ROOT}/{path}?limit=250", token).json()
    lines = [json.loads(line) for line in file_of(token, f"{path}?format=jsonl").splitlines()]
    head, *cells = csv.reader(io.StringIO(file_of(token, f"{path}?format=csv").decode()))
    (sheet,) = sheets(file_of(token, f"{path}?format=xlsx"))

    assert len(lines) == listed["total"] > 0
    told = [{key: each[key] for key in lines[0] if key in each} for each in listed[rows]]
    assert [{key: line[key] for key in told[0]} for line in lines] == told
    assert [row[0] for row in cells] == [next(iter(each.values())) for each in lines]
    assert sheet[0] == head
    assert all(row[1] in ("", *line) for row, line in zip(cells, sheet[1:], strict=True))


def test_a_spreadsheet_has_the_lines_of_an_order_in_one_cell(books: Books, token: str) -> None:
    order = an_order(1, "2026-11-20T12:00:00")
    order.line("20", 2)
    books.take(order)

    table = csv.DictReader(io.StringIO(file_of(token, "orders/detailed?format=csv").decode()))

    (lines,) = [row["Lines"] for row in table]
    assert re.fullmatch(r"1 × Silk shawl( \(.+\))?; 2 × Silk shawl( \(.+\))?", lines)


def test_a_file_has_the_filters_and_the_order_of_its_list(shop: Books, token: str) -> None:
    query = "startDate=2026-10-01&endDate=2026-11-20&status=paid&sort=totalPrice"
    listed = Api().get(f"{ROOT}/orders/detailed?{query}&limit=250", token).json()["orders"]
    lines = file_of(token, f"orders/detailed?{query}&format=jsonl").splitlines()

    assert [json.loads(line)["shopifyId"] for line in lines] == [
        each["shopifyId"] for each in listed
    ]


def test_a_workbook_has_dates_for_moments_and_texts_for_ids(books: Books, token: str) -> None:
    books.take(an_order(9007199254740993, "2026-11-04T12:00:00", "200.50"))
    head, row = sheets(file_of(token, "orders/detailed?format=xlsx"))[0]

    assert head[:3] == ["Shopify’s id", "Order", "Placed (UTC)"]
    assert row[0] == "9007199254740993"
    assert float(row[2] or 0) == pytest.approx(46330 + 6.5 / 24)  # 2026-11-04, 6:30
    assert "Total (INR)" in head and "200.5" in row


def test_a_text_that_would_be_a_formula_is_none(books: Books, token: str) -> None:
    books.tell(("products/create", {"id": 1, "title": "=1+1", "variants": [],
                                    "updated_at": "2026-11-01T00:00:00Z"}))  # fmt: skip
    text = file_of(token, "products/detailed?format=csv").decode()

    assert "'=1+1" in text


@pytest.mark.threat(13)
def test_who_takes_which_rows_is_written_down(shop: Books, owner: User, token: str) -> None:
    key = a_key(shop.connection.tenant, scopes=[Right.READ_ANALYTICS, Right.READ_CUSTOMERS])
    orders = file_of(token, "orders/detailed?search=c7@&status=paid&limit=1&format=jsonl")
    sent(asked(KEY, f"{ROOT}/customers/detailed?format=xlsx"))
    proof = file_of(token, f"reports/sales/proof?{RANGE}&metric=netSales&format=csv")
    Api().get(f"{ROOT}/customers/detailed", token)

    with tenant_scope(shop.connection.tenant_id):
        entries = list(AuditEntry.objects.order_by("number"))
        customers = Customer.objects.count()
    assert [(each.action, each.actor, each.subject, each.detail) for each in entries] == [
        ("file.taken", owner.email, "orders",
         {"format": "jsonl", "rows": orders.count(b"\n"), "search": NOT_KEPT, "status": "paid"}),
        ("file.taken", str(key), "customers", {"format": "xlsx", "rows": customers}),
        ("file.taken", owner.email, "sales-netSales-rows-2026-10-01-to-2026-11-20",
         {"format": "csv", "rows": proof.count(b"\n") - 1, "metric": "netSales",
          "startDate": "2026-10-01", "endDate": "2026-11-20"}),
    ]  # fmt: skip
    assert {each.ip_address for each in entries} == {"127.0.0.1"}


@pytest.mark.parametrize("path", LISTS.values())
def test_viewers_take_no_files_of_lists(shop: Books, viewer: User, path: str) -> None:
    token = str(Api().sign_in(viewer)["token"])

    assert_error(Api().get(f"{ROOT}/{path}?format=csv", token), 403, "FORBIDDEN")


def test_the_page_of_orders_offers_what_it_shows(shop: Books, page: Client, token: str) -> None:
    answer = page.get("/orders/?start=2026-10-01&end=2026-11-20&financial=paid")

    (path,) = re.findall(r'href="(/api/data/orders/detailed\?[^"]*format=csv)"', answer.text)
    path = path.replace("&amp;", "&")
    assert "status=paid" in path and "startDate=2026-10-01" in path
    assert b"".join(page.get(path)).count(b"\n") > 1  # type: ignore[arg-type]
