"""`manage.py verify`: exact on clean data, while events arrive, and about every kind of damage."""

from __future__ import annotations

import json
import re
import threading
import zlib
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone

from analytics import rollups
from analytics.models import SalesDay
from analytics.rollup_sql import COARSER, ROLLUPS
from shop_data.models import AbandonedCart, Order, OrderDocument, RollupMark, Sale
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.factories import ConnectionFactory
from webhooks.inbox import Delivery, store
from webhooks.processing import drain
from xenofy.verification.inbox import unaccounted
from xenofy.verification.records import InboxCheck, Verification
from xenofy.verification.tenant import verify_tenant

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = {model._meta.db_table: model for model in apps.get_models()}


def order(number: int, *, day: str = "2026-03-02", price: str = "100.00") -> dict[str, Any]:
    """Return the body of an order of two units with shipping, sent on its day; one unit is refunded
    a day later."""
    line = {
        "id": number * 10,
        "product_id": 7,
        "title": "Shawl",
        "quantity": 2,
        "price": price,
        "discount_allocations": [],
        "tax_lines": [{"price": "36.00", "rate": 0.18}],
    }
    refunded = {
        "id": number * 10 + 2,
        "line_item_id": line["id"],
        "quantity": 1,
        "subtotal": price,
        "total_tax": "18.00",
    }
    refund = {
        "id": number * 10 + 1,
        "created_at": f"{day[:8]}03T10:00:00Z",
        "refund_line_items": [refunded],
    }
    return {
        "id": number,
        "name": f"#{number}",
        "currency": "INR",
        "total_price": "286.00",
        "processed_at": f"{day}T10:00:00Z",
        "updated_at": f"{day}T10:00:00Z",
        "customer": {"id": 5, "updated_at": f"{day}T10:00:00Z"},
        "line_items": [line],
        "shipping_lines": [{"id": 3, "price": "50.00", "tax_lines": []}],
        "refunds": [refund],
        "fulfillments": [
            {"id": number * 10 + 3, "status": "success", "created_at": f"{day}T19:00:00Z"}
        ],
    }


def deliver(tenant_id: UUID, *bodies: dict[str, Any]) -> None:
    """Put orders into the inbox and write them; their days stay marked."""
    deliveries = [
        Delivery("orders/create", {"webhook-id": str(uuid4())}, json.dumps(body).encode())
        for body in bodies
    ]
    with tenant_scope(tenant_id):
        store(deliveries, now=timezone.now())
    drain(tenant_id, now=timezone.now())


@pytest.fixture
def shop(tenant: Tenant) -> Tenant:
    """A tenant with three orders and a checkout whose rollups are up to date."""
    deliver(tenant.id, order(1001), order(1002), order(1003, day="2026-04-05"))
    with tenant_scope(tenant.id):
        versions = dict.fromkeys(
            ("synced_at", "version_at", "version_triggered_at"), timezone.now()
        )
        AbandonedCart.objects.create(shopify_id=1, day=date(2026, 3, 2), email="left@example.com",
                                     version_digest="0" * 32, **versions)  # fmt: skip
    rollups.refresh(tenant.id, now=timezone.now())
    return tenant


def verification(tenant: Tenant, progress: Callable[..., None] = lambda *_: None) -> Verification:
    return verify_tenant(tenant.id, limit=100, progress=progress)


def said(**options: Any) -> str:
    """Return what the command prints, its complaint at the end included."""
    out = StringIO()
    try:
        call_command("verify", stdout=out, stderr=out, **options)
    except CommandError as error:
        assert error.returncode == 1
        out.write(str(error))
    return re.sub(r" +", " ", out.getvalue())


def test_clean_data_passes_with_its_figures(shop: Tenant) -> None:
    printed = said()

    assert str(shop) in printed
    for line in (
        "orders 3",
        "ledger rows 9",
        "days 4 and 0 that wait to be recomputed",
        "deliveries 3 3 done, 0 superseded, 0 quarantined, 0 pending",
        "net sales ₹300.00 INR",
        "total sales ₹504.00 INR",
        "differences 0",
    ):
        assert f" {line}\n" in printed


def test_ledger_row_with_another_amount_is_named_with_day_and_order(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        Sale.objects.filter(order__name="#1002", key="line:10020").update(gross=19_999)

    printed = said()

    assert "2026-03-02 #1002 gross of line:10020: stored 199.99 INR, derived 200.00 INR" in printed
    assert "2026-03-02 whole day gross_sales of analytics_salesday" in printed
    assert printed.endswith("There are differences in Kaveri Handlooms.")


@pytest.mark.parametrize("column", ["quantity", "discount", "tax", "hour", "product_shopify_id"])
def test_every_column_of_the_ledger_is_compared(shop: Tenant, column: str) -> None:
    with tenant_scope(shop.id):
        Sale.objects.filter(order__name="#1001", key="line:10010").update(**{column: F(column) + 1})

    named = {(found.order, found.metric) for found in verification(shop).differences.first}

    assert ("#1001", f"{column} of line:10010") in named


def test_missing_ledger_row_is_named(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        Sale.objects.filter(order__name="#1003", key="shipping:3").delete()

    printed = said()

    assert (
        "2026-04-05 #1003 ledger row shipping:3: stored nothing, derived order of 0 shipping:"
        " gross 50.00 INR, discount 0.00 INR, tax 0.00 INR" in printed
    )


def test_ledger_row_that_nothing_explains_is_named(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        row = Sale.objects.get(order__name="#1003", key="shipping:3")
        Sale.objects.bulk_create([Sale(**{**_columns(row), "id": uuid4(), "key": "made up"})])

    found = verification(shop).differences.first[0]

    assert (found.day, found.order, found.metric) == (
        date(2026, 4, 5),
        "#1003",
        "ledger row made up",
    )
    assert found.derived == "nothing"


def _columns(row: Sale) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields}


def test_order_columns_that_rollups_read_are_compared(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        Order.objects.filter(name="#1001").update(counts=False)

    printed = said()

    assert "2026-03-02 #1001 counts: stored False, derived True" in printed
    assert "2026-03-02 whole day orders of analytics_salesday" in printed


def test_document_with_another_price_is_named(shop: Tenant) -> None:
    body = json.dumps(order(1002, price="150.00")).encode()
    with tenant_scope(shop.id):
        OrderDocument.objects.filter(shopify_id=1002).update(body=zlib.compress(body))

    printed = said()

    assert "2026-03-02 #1002 gross of line:10020: stored 200.00 INR, derived 300.00 INR" in printed
    assert "2026-03-02 #1002 digest of the document: stored" in printed


@pytest.mark.parametrize("data", [b"", b"no zlib", zlib.compress(b"[]"), zlib.compress(b'{"id":')])
@pytest.mark.parametrize("column", ["body", "facts"])
def test_document_that_cannot_be_read_is_named(shop: Tenant, column: str, data: bytes) -> None:
    with tenant_scope(shop.id):
        OrderDocument.objects.filter(shopify_id=1002).update(**{column: data})

    found = verification(shop).differences

    assert found.total >= 1 or (column, data) == ("facts", b"")  # no facts are an order's own right
    assert {difference.order for difference in found.first} <= {"#1002"}


def test_missing_document_is_named(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        OrderDocument.objects.filter(shopify_id=1003).delete()

    assert "2026-04-05 #1003 document: stored nothing, derived a document" in said()


def test_missing_order_is_named(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        Order.objects.filter(shopify_id=1003).delete()

    assert "2026-04-05 1003 order: stored nothing, derived an order" in said()


def test_every_table_that_a_recomputation_fills_is_covered(shop: Tenant) -> None:
    filled: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        filled.update(re.findall(r"INSERT INTO \"?(\w+)", sql))
        return execute(sql, params, many, context)

    with tenant_scope(shop.id), connection.execute_wrapper(watch):
        rollups.recompute([date(2026, 3, 2)], thoroughly=True)

    assert filled == {rollup.table for rollup in (*ROLLUPS, *COARSER)}


@pytest.mark.parametrize("rollup", ROLLUPS, ids=lambda rollup: rollup.table)
def test_every_column_of_a_rollup_is_covered(rollup: Any) -> None:
    columns = {field.column for field in TABLES[rollup.table]._meta.local_fields}

    assert {*rollup.key, *rollup.values} == columns - {"id", "tenant_id"}


@pytest.mark.parametrize("rollup", ROLLUPS, ids=lambda rollup: rollup.table)
def test_changed_rollup_values_are_named_with_their_day(shop: Tenant, rollup: Any) -> None:
    model: Any = TABLES[rollup.table]
    with tenant_scope(shop.id):
        rows = model.objects.filter(day="2026-03-02")
        changed = rows.update(**{column: F(column) + 1 for column in rollup.values})

    found = verification(shop).differences
    of_coarser = [each for each in found.first if any(c.table in each.metric for c in COARSER)]
    differences = [each for each in found.first if each not in of_coarser]

    assert found.total - len(of_coarser) == changed * len(rollup.values) > 0
    assert {difference.day for difference in differences} == {date(2026, 3, 2)}
    named = {difference.metric.partition(" of ")[0] for difference in differences}
    assert named == set(rollup.values)


def test_missing_and_surplus_rollup_rows_are_named(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        SalesDay.objects.filter(day="2026-04-05").update(day="2026-04-07")

    named = [
        (found.day, found.stored, found.derived) for found in verification(shop).differences.first
    ]

    assert (date(2026, 4, 5), "nothing", "a row") in named
    assert (date(2026, 4, 7), "a row", "nothing") in named


def test_marked_days_are_counted_apart(shop: Tenant) -> None:
    deliver(shop.id, order(1004, day="2026-03-09"))

    found = verification(shop)

    # 2 and 9 March wait for the order and its refund, 5 April since it is the customer's later day
    assert found.differences.total == 0
    assert found.rollups.waiting >= 2
    assert found.ledger.orders == 4


def test_event_that_is_committed_meanwhile_makes_no_difference(shop: Tenant) -> None:
    steps: list[str] = []

    def meanwhile(what: str, done: int, total: int) -> None:
        if not steps:
            _in_another_connection(
                lambda: deliver(shop.id, order(1001, price="120.00"), order(1004))
            )
            _in_another_connection(lambda: rollups.refresh(shop.id, now=timezone.now()))
        steps.append(what)

    newer = {**order(1001, price="120.00"), "updated_at": "2026-03-05T00:00:00Z"}
    deliver(shop.id, newer)
    rollups.refresh(shop.id, now=timezone.now())
    found = verification(shop, meanwhile)

    assert found.differences.total == 0
    assert found.ledger.orders == 3
    assert steps == ["orders", "days"]
    assert verification(shop).ledger.orders == 4


def _in_another_connection(work: Callable[[], Any]) -> None:
    failures: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  (told to the test below)
            failures.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert failures == []


def test_deliveries_that_are_lost_are_a_difference() -> None:
    (found,) = unaccounted(InboxCheck(5, done=2, superseded=1, quarantined=0, pending=1))

    assert (found.stored, found.derived) == ("5", "4")


def test_each_tenant_is_verified_alone(shop: Tenant, other_tenant: Tenant) -> None:
    deliver(other_tenant.id, order(1001))
    rollups.refresh(other_tenant.id, now=timezone.now())
    with tenant_scope(other_tenant.id):
        Sale.objects.filter(key="shipping:3").update(gross=0)

    assert " differences 0\n" in said(tenant=str(shop.id))
    everything = said()
    assert f"{shop}\n" in everything
    assert "2026-03-02 #1001 gross of shipping:3: stored 0.00 INR" in everything
    assert everything.endswith("There are differences in Bluebird Coffee.")


def test_tenant_is_found_by_the_domain_of_its_shop(shop: Tenant, other_tenant: Tenant) -> None:
    ConnectionFactory(tenant=shop, domain="kaveri.myshopify.com")

    printed = said(tenant="Kaveri.myshopify.com")

    assert str(shop) in printed
    assert str(other_tenant) not in printed


@pytest.mark.parametrize("name", ["nobody.myshopify.com", str(UUID(int=1)), "", "x'; --"])
def test_unknown_tenant_is_a_plain_sentence(shop: Tenant, name: str) -> None:
    assert said(tenant=name) == (
        f"No tenant has the id or the domain {name!r}. Without --tenant all are verified."
    )


def test_tenant_without_anything_passes(tenant: Tenant) -> None:
    assert " orders 0\n" in said()


def test_no_tenant_is_told(db: None) -> None:
    assert said() == "There is no tenant yet, so there is nothing to verify.\n"


def test_long_lists_are_cut_and_the_rest_is_counted(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        Sale.objects.update(tax=F("tax") + 1)

    printed = said(limit=2)

    assert printed.count("#100") == 2
    assert re.search(r"… and \d+ more\n", printed)


def test_documents_are_read_in_chunks(shop: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xenofy.verification.ledger.CHUNK", 2)
    seen: list[tuple[str, int, int]] = []

    found = verification(shop, lambda *step: seen.append(step))

    assert [step for step in seen if step[0] == "orders"] == [("orders", 2, 3), ("orders", 3, 3)]
    assert found.ledger.rows == 9


def test_nothing_is_written(shop: Tenant) -> None:
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not re.match(r"\s*(SELECT|SET|WITH|SAVEPOINT|RELEASE)\b", sql):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        verification(shop)

    assert written == []


def test_an_edit_that_comes_before_its_order_is_no_difference(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        store(
            [Delivery("refunds/create", {"webhook-id": "r"}, b'{"id": 1, "order_id": 77}')],
            now=timezone.now(),
        )
    drain(shop.id, now=timezone.now())

    found = verification(shop)

    assert found.ledger.orders == 4
    assert found.differences.total == 0


def test_a_day_that_is_marked_hides_no_difference_of_an_order(shop: Tenant) -> None:
    with tenant_scope(shop.id):
        Sale.objects.filter(order__name="#1001", key="shipping:3").update(gross=1)
        RollupMark.objects.create(day=date(2026, 3, 2))

    found = verification(shop).differences

    assert [(difference.order, difference.metric) for difference in found.first] == [
        ("#1001", "gross of shipping:3")
    ]
