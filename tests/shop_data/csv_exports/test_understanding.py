"""What a dry run says of a file, and which files are refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from shop_data.csv_exports import uploads
from shop_data.csv_exports.cells import moment, money, text, unquoted
from shop_data.csv_exports.rows import Table, Unreadable
from shop_data.csv_exports.uploads import TooMany
from shop_data.models import Order, Sale
from shop_data.payloads.values import PayloadError
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shop_data.csv_exports.conftest import NOW, Take, again
from tests.shop_data.csv_exports.files import CUSTOMER_COLUMNS, orders_file, written

pytestmark = pytest.mark.django_db
HEAD = b"Customer ID,First Name,Last Name,Email\n"


def an_order(id: int = 1, price: str = "10.00") -> OrderBuilder:
    order = OrderBuilder(id=id)
    order.line(price, 2)
    order.line("5.00", 1)
    return order


def rows_of(content: bytes) -> Iterator[object]:
    return iter(Table(io.BytesIO(content)))


def test_a_dry_run_says_what_it_understood(tenant: Tenant, understood: Take) -> None:
    cancelled = an_order(id=2, price="7.00")
    cancelled.cancel("2026-03-06T09:00:00+00:00")
    file = orders_file(an_order(), cancelled, **{"Refunded Amount": "3.50"})

    found = understood(file).understood

    assert (found["export"], found["rows"], found["records"]) == ("orders", 4, 2)
    assert found["states"] == {"new": 2}
    day, back = [2, 4400, 0, 0, 4400, 0, 0, 4400], [0, 0, 0, -1900, -1900, 0, 0, -1900]
    assert found["days"] == {"USD": {"2026-03-02": day, "2026-03-06": back}}
    assert (found["refunded_orders"], found["refunds"]) == (1, {"USD": 350})
    assert (found["without_customer"], found["lines_without_product"]) == (2, 4)
    with tenant_scope(tenant.id):
        assert not Order.objects.exists()
        assert not Sale.objects.exists()


def test_columns_that_are_not_read_are_named(understood: Take) -> None:
    content = orders_file(an_order()).replace(b"Receipt Number", b"Wished colour", 1)

    found = understood(content).understood

    assert found["columns_unknown"] == ["Wished colour"]
    assert "Paid at" in found["columns_unused"]


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        (
            "Total",
            "999.00",
            "Total 999.00 is not what Subtotal, Shipping, Duties and Taxes come to.",
        ),
        ("Subtotal", "26.00", "Subtotal 26.00 is not what its lines come to (25.00)"),
        ("Subtotal", "20.00", "Subtotal 20.00 is not what its lines come to (25.00)"),
        ("Created at", "02/03/2026 10:00", "Created at is not a moment with its offset"),
        ("Currency", "Rupees", "Currency is not a currency"),
        ("Id", "", "Id is missing"),
        ("Id", "-5", "Id is not one of Shopify’s numbers: -5."),
        ("Lineitem quantity", "two", "Lineitem quantity is not a whole number"),
        ("Lineitem price", "10,00", "Lineitem price is not an amount of money: '10,00'."),
    ],
)
def test_an_order_that_does_not_hold_together_is_refused_alone(
    understood: Take, column: str, value: str, why: str
) -> None:
    good = orders_file(an_order(id=7))
    bad = orders_file(an_order(), **{column: value}).split(b"\r\n", 1)[1]

    found = understood(good + bad).understood

    assert (found["records"], found["refused_count"]) == (1, 1)
    line, said = found["refused"][0]
    assert line == 4
    assert said.startswith(why)


def test_an_order_that_is_there_twice_counts_once(understood: Take) -> None:
    again_ = orders_file(an_order(id=8), an_order(id=7))
    found = understood(orders_file(an_order(id=7)) + again_.split(b"\r\n", 1)[1]).understood

    assert (found["records"], found["refused"][0][0]) == (2, 6)


def test_a_file_that_is_cut_anywhere_is_refused_or_ends_with_a_row() -> None:
    content = orders_file(an_order(), Notes='Two\nlines, "quoted" – ₹')
    whole = len(list(rows_of(content)))
    ends = {content.index(b"\r\n") + 2, len(content)}

    for end in range(len(content.split(b"\r\n")[0]) + 1, len(content)):
        try:
            rows = len(list(rows_of(content[:end])))
        except Unreadable:
            continue
        assert content[:end].endswith((b"\r\n", b"\r")), content[:end][-20:]
        assert rows < whole or end in ends or content[end:] == b"\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (HEAD + b"1\n", "Line 2 has 1 cells, the first line names 4 columns."),
        (HEAD + b'"1"x,2,3,4\n', "Line 2 is not CSV as Shopify writes it"),
        (HEAD + b"\xff,2,3,4\n", "The file is not UTF-8"),
        (b"a,a\n1,2\n", "Two columns have the same name."),
        (HEAD + b"x" * 2**20 + b"\n", "A line of the file is longer"),
        (HEAD + b"x" * 2**18 + b"\n", "Line 2 is not CSV as Shopify writes it"),
        (b"a,b\n1,2\n", "This is none of the CSV exports that are read here"),
        (HEAD + b"\x00,2,3,4\n", "The file is no text."),
    ],
)
def test_what_is_no_export_is_refused_whole(understood: Take, content: bytes, why: str) -> None:
    upload = understood(content)

    assert (upload.state, upload.content) == ("refused", None)
    assert upload.trouble.startswith(why)


def test_an_old_export_of_customers_without_numbers_is_refused(understood: Take) -> None:
    upload = understood(written(CUSTOMER_COLUMNS[1:], [{"Email": "a@example.com"}]))

    assert "with the column Customer ID" in upload.trouble


def test_cells_are_read_as_shopify_writes_them() -> None:
    cells = {"A": "1,234.50", "T": "2026-03-02 10:00:00 +0530", "F": "'=1+1", "Z": "'01234",
             "N": "'t Hart"}  # fmt: skip

    assert money(cells, "A") == Decimal("1234.50")
    assert moment(cells, "T") == "2026-03-02T10:00:00+0530"
    assert (text(cells, "F"), unquoted(cells, "Z"), text(cells, "N")) == (
        "=1+1",
        "01234",
        "'t Hart",
    )
    with pytest.raises(PayloadError):
        money({"A": "1,234"}, "A")  # a thousand, or one and a bit


def test_a_file_waits_a_day_and_no_longer(tenant: Tenant, understood: Take) -> None:
    upload = understood(orders_file(an_order()))

    due = uploads.step(tenant.id, now=NOW, alive=lambda: None)
    assert due == NOW + timedelta(days=1)
    uploads.step(tenant.id, now=due, alive=lambda: None)

    left = again(tenant.id, upload.id)
    assert (left.state, left.content) == ("dropped", None)


def test_only_so_many_files_wait(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING", 1)
    with tenant_scope(tenant.id):
        uploads.keep("a.csv", [b"a\n"], now=NOW)

        with pytest.raises(TooMany):
            uploads.keep("b.csv", [b"a\n"], now=NOW)


def test_a_file_is_read_and_taken_some_records_at_a_time(
    tenant: Tenant, understood: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = orders_file(an_order(id=9), Total="1.00").split(b"\r\n", 1)[1]
    file = orders_file(*(an_order(id=number) for number in range(1, 6))) + bad
    whole = understood(file).understood
    monkeypatch.setattr(uploads, "_RECORDS_A_STEP", 2)
    upload = understood(file)
    assert (upload.state, upload.understood["compared"]) == ("reading", 2)

    steps = [uploads.step(tenant.id, now=NOW, alive=lambda: None) for _ in range(2)]

    assert steps == [NOW, NOW]
    assert again(tenant.id, upload.id).understood == whole
    with tenant_scope(tenant.id):
        uploads.confirm(upload.id, now=NOW)
    for done in (2, 4, 5):
        uploads.step(tenant.id, now=NOW, alive=lambda: None)
        assert again(tenant.id, upload.id).done == done
    assert again(tenant.id, upload.id).state == "done"
