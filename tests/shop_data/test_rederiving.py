"""An installation that is older than a release gets what the release derives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any
from zlib import compress, decompress

import pytest
from django.db import connections
from django.utils import timezone

from shop_data import rederiving, time_zones
from shop_data.models import Order, OrderDocument, Rederivation, RollupMark, Sale
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Shop
from xenofy.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def old(shop: Shop) -> Shop:
    """A shop whose three orders were written before rows said anything, and then migrated."""
    for number in (1001, 1002, 1003):
        order = OrderBuilder(number, tax_rate=Decimal("0.10"))
        line = order.line("50.00", discount="5.00")
        order.refund("2026-03-04T10:00:00Z", units={line.id: 1})
        shop.process(("orders/create", order.body()))
    with tenant_scope(shop.connection.tenant_id):
        Sale.objects.update(reason="", tax_lines={})
        Order.objects.update(discount_codes="")
        RollupMark.objects.all().delete()
    migration = import_module("shop_data.migrations.0004_what_rows_say")
    with connections["owner"].cursor() as cursor:
        cursor.execute(migration.DERIVE_AGAIN)
    return shop


def said(shop: Shop) -> set[Any]:
    with tenant_scope(shop.connection.tenant_id):
        codes = Order.objects.values_list("discount_codes", flat=True)
        rows = Sale.objects.filter(line_type="product").values_list("reason", "tax_lines")
        return {*codes, *((reason, *names) for reason, names in rows)}


def test_the_worker_derives_every_order_again(
    old: Shop, other_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rederiving, "CHUNK", 2)
    assert rederiving.tenants_to_derive() == [old.connection.tenant_id]
    assert said(old) == {"", ("",)}

    worker = Worker()

    assert [worker.derive_round() for _ in range(4)] == [2, 1, 0, 0]
    assert said(old) == {"HELLO", ("", "VAT 10%"), ("return", "VAT 10%")}
    assert rederiving.tenants_to_derive() == []


def test_every_day_is_marked_since_it_may_be_split_otherwise(old: Shop) -> None:
    rederiving.derive_chunk(old.connection.tenant_id, now=timezone.now())

    with tenant_scope(old.connection.tenant_id):
        marked = set(RollupMark.objects.values_list("day", flat=True))
    assert marked == {date(2026, 3, 2), date(2026, 3, 4)}


def test_it_goes_on_where_it_stopped(old: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rederiving, "CHUNK", 2)
    Worker().derive_round()

    assert Worker().derive_round() == 1


def test_an_order_that_cannot_be_read_any_more_stays_and_stops_nobody(old: Shop) -> None:
    with tenant_scope(old.connection.tenant_id):
        document = OrderDocument.objects.get(shopify_id=1002)
        broken = document.body
        OrderDocument.objects.filter(shopify_id=1002).update(
            body=compress(decompress(broken).replace(b'"line_items": [', b'"line_items": [7, '))
        )

    assert rederiving.derive_chunk(old.connection.tenant_id, now=timezone.now()) == 3

    with tenant_scope(old.connection.tenant_id):
        codes = Order.objects.order_by("shopify_id").values_list("discount_codes", flat=True)
        assert list(codes) == ["HELLO", "", "HELLO"]


def days(shop: Shop) -> set[tuple[date, date]]:
    """Return the day of each row of the ledger with that of its order."""
    with tenant_scope(shop.connection.tenant_id):
        return set(Sale.objects.values_list("day", "order__day"))


def test_a_large_shop_moves_to_another_time_zone_some_orders_at_a_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time_zones, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(rederiving, "CHUNK", 1)
    for number in (1001, 1002):
        order = OrderBuilder(number, at="2026-03-02T12:00:00Z")
        order.line("50.00")
        shop.process(("orders/create", order.body()))
    before, after = date(2026, 3, 2), date(2026, 3, 3)

    shop.process(("shop/update", {"id": 1, "iana_timezone": "Pacific/Kiritimati"}))  # UTC+14
    assert days(shop) == {(before, before)}
    assert Worker().derive_round() == 1
    assert days(shop) == {(before, before), (after, after)}
    while Worker().derive_round():
        pass

    assert days(shop) == {(after, after)}
    with tenant_scope(shop.connection.tenant_id):
        marked = set(RollupMark.objects.values_list("day", flat=True))
    assert marked == {before, after}


def test_nothing_is_to_be_done_where_nothing_is_asked(shop: Shop) -> None:
    assert rederiving.derive_chunk(shop.connection.tenant_id, now=timezone.now()) == 0
    assert not Rederivation.unscoped.using("worker").exists()


def test_rows_of_refunded_shipping_get_the_name_that_both_shapes_give_them(shop: Shop) -> None:
    names = {}
    for number in (1001, 1002):
        order = OrderBuilder(number)
        order.line("50.00")
        refund = order.ship("9.00").refund("2026-03-04T10:00:00Z", shipping=("9.00", "0"))
        shop.process(("orders/create", order.body()))
        names[f"refund:{refund['id']}:shipping:0"] = f"refund:{refund['id']}:adjustment:1"
    before = {row.key: row.gross for row in shop.sales()}
    with tenant_scope(shop.connection.tenant_id):
        for key, old_key in names.items():
            assert Sale.objects.filter(key=key).update(key=old_key) == 1
    migration = import_module("shop_data.migrations.0006_shipping_given_back")
    with connections["owner"].cursor() as cursor:
        cursor.execute(migration.DERIVE_AGAIN)
        cursor.execute(migration.DERIVE_AGAIN)

    while Worker().derive_round():
        pass

    assert {row.key: row.gross for row in shop.sales()} == before
