"""Some processes write the same rows as one, and what goes wrong in one is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shop_data.changes import EPOCH
from shop_data.imports import loading
from shop_data.imports.bulk_files import BulkFile, Incomplete
from shop_data.imports.kinds import ORDERS
from shop_data.models import (
    Customer,
    DiscountUse,
    Order,
    OrderAddress,
    OrderDocument,
    OrderItem,
    RollupMark,
    Sale,
)
from shop_data.shopify.client import AdminClient
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.graphql_nodes import order_node
from tests.shop_data.imports.bulk_shop import CHILDREN, lines_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
MODELS = (Order, OrderDocument, OrderItem, OrderAddress, DiscountUse, Customer, Sale, RollupMark)
OURS = {"id", "tenant_id", "order_id", "customer_id", "refund_id"}  # numbers that we give


def file_of(path: Path, orders: int, **damage: str) -> BulkFile:
    """Return a result of orders of five customers: plain, discounted, shipped, cancelled."""
    nodes = []
    for number in range(1, orders + 1):
        order = OrderBuilder(id=number, at="2026-06-10T10:00:00Z", currency="INR")
        order.line("100.00", 2, discount="10.00" if number % 2 else "0")
        order.line("0.37", number)
        if number % 3 == 0:
            order.ship("50.00")
        if number % 7 == 0:
            order.cancel("2026-06-11T10:00:00Z")
        body = {**order.body(), "customer": {"id": 1 + number % 5}}
        nodes.append({**json.loads(json.dumps(order_node(body))), "refunds": []})
    lines = lines_of(nodes, CHILDREN)
    lines[-1] |= damage
    path.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    return BulkFile(path, objects=len(lines), roots=orders)


def load(tenant: Tenant, file: BulkFile) -> int:
    client = AdminClient(tenant.id, tenant.id, "nobody.myshopify.com")
    return loading.load(client, ORDERS, file, now=NOW, alive=lambda: None, asked_at=EPOCH)


def rows(tenant: Tenant) -> dict[str, Any]:
    with tenant_scope(tenant.id):
        found = {
            model.__name__: sorted(
                str({name: value for name, value in row.items() if name not in OURS})
                for row in model.objects.values()
            )
            for model in MODELS
        }
        linked = Order.objects.values_list("shopify_id", "customer__shopify_id")
        return {**found, "customers": sorted(linked)}


def test_hands_write_what_one_process_writes(
    tenant: Tenant, other_tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(tmp_path / "result.jsonl", 33)
    monkeypatch.setattr(loading, "CHUNK", 8)  # the last round has one chunk for two hands
    load(tenant, file)
    with tenant_scope(other_tenant.id):
        before = TenantState.objects.get().data_version

    monkeypatch.setattr(loading, "LARGE", 1)
    assert load(other_tenant, file) == 33

    by_hands, by_one = rows(other_tenant), rows(tenant)
    marks = by_hands.pop("RollupMark"), by_one.pop("RollupMark")
    assert by_hands == by_one
    assert set(marks[0]) == set(marks[1])
    assert len(by_one["Order"]) == 33
    with tenant_scope(other_tenant.id):
        assert TenantState.objects.get().data_version > before


def test_what_a_hand_cannot_read_is_told(
    tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", 1)
    file = file_of(tmp_path / "result.jsonl", 3, __typename="Surprise")

    with pytest.raises(Incomplete, match="not asked for"):
        load(tenant, file)
