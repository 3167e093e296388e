"""What each topic beside orders, customers and products leaves in the mirror, in any order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from shop_data import models
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Body, Delivered, Shop
from webhooks.topics import SUBJECTS, TOPICS

pytestmark = pytest.mark.django_db
OLD, NEW = "2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z"
DOMAIN = "kaveri.myshopify.com"


def rows(shop: Shop, model: Any, **where: Any) -> list[Any]:
    with tenant_scope(shop.connection.tenant_id):
        return list(model.objects.filter(**where))


ONE_ROW: list[tuple[str, Body, str, dict[str, Any]]] = [
    ("locations/create", {"id": 5, "name": "Mill", "updated_at": OLD},
     "Location", {"name": "Mill"}),
    ("collections/update", {"id": 5, "title": "Silk", "handle": "silk", "updated_at": OLD},
     "Collection", {"title": "Silk", "handle": "silk"}),
    ("inventory_items/create", {"id": 5, "sku": "S", "cost": "4.50", "tracked": True,
                                "updated_at": OLD}, "InventoryItem", {"sku": "S", "tracked": True}),
    ("inventory_levels/connect", {"inventory_item_id": 5, "location_id": 6, "available": 3,
                                  "updated_at": OLD},
     "InventoryLevel", {"available": 3, "is_connected": True}),
    ("inventory_levels/disconnect", {"inventory_item_id": 5, "location_id": 6},
     "InventoryLevel", {"available": None, "is_connected": False}),
    ("order_transactions/create", {"id": 5, "order_id": 7, "kind": "sale", "status": "success",
                                   "amount": "9.00", "currency": "INR", "created_at": OLD},
     "Transaction", {"order_shopify_id": 7, "kind": "sale"}),
    ("returns/request", {"id": 5, "order": {"id": 7}, "status": "requested", "return_line_items": [
        {"id": 8, "quantity": 2, "return_reason": "unwanted"}]},
     "Return", {"order_shopify_id": 7, "status": "requested"}),
    ("returns/approve", {"admin_graphql_api_id": "gid://shopify/Return/5", "order_id": 7},
     "Return", {"shopify_id": 5, "status": "open"}),
    ("disputes/create", {"id": 5, "order_id": 7, "type": "chargeback", "status": "needs_response",
                         "amount": "9.00", "currency": "INR"},
     "Dispute", {"order_shopify_id": 7, "type": "chargeback"}),
    ("fulfillment_events/create", {"id": 5, "fulfillment_id": 6, "order_id": 7,
                                   "status": "delivered", "happened_at": OLD},
     "FulfillmentEvent", {"fulfillment_shopify_id": 6, "status": "delivered"}),
    ("bulk_operations/finish", {"admin_graphql_api_id": "gid://shopify/BulkOperation/5",
                                "status": "completed", "type": "query", "completed_at": OLD},
     "BulkOperation", {"shopify_id": 5, "status": "completed"}),
    ("app/scopes_update", {"previous": [], "current": ["read_products", "read_orders"]},
     "AppInstallation", {"scopes": ["read_orders", "read_products"]}),
    ("customers/purchasing_summary", {
        "customer_id": 5, "number_of_orders": 2,
        "amount_spent": {"amount": "12.00", "currency_code": "INR"}},
     "PurchasingSummary", {"shopify_id": 5, "orders": 2, "currency": "INR"}),
    ("customer.tags_added", {"customerId": "gid://shopify/Customer/5", "tags": ["vip"]},
     "CustomerTag", {"customer_shopify_id": 5, "tag": "vip", "present": True}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "body", "model", "expected"), ONE_ROW, ids=lambda it: str(it)[:30]
)
def test_a_topic_leaves_one_row_however_often_it_comes(
    shop: Shop, topic: str, body: Body, model: str, expected: dict[str, Any]
) -> None:
    shop.process((topic, body), (topic, body))

    (row,) = rows(shop, getattr(models, model))
    assert {name: getattr(row, name) for name in expected} == expected
    assert shop.statuses()["quarantined"] == shop.statuses()["pending"] == 0


DELETED: list[tuple[str, str, Body, Body, str]] = [
    ("locations/update", "locations/delete", {"id": 5, "name": "Mill"}, {"id": 5}, "Location"),
    ("collections/update", "collections/delete", {"id": 5, "title": "Silk"}, {"id": 5},
     "Collection"),
    ("inventory_items/update", "inventory_items/delete", {"id": 5, "sku": "S"}, {"id": 5},
     "InventoryItem"),
    ("customers/update", "customers/delete", {"id": 5, "first_name": "A"}, {"id": 5}, "Customer"),
    ("checkouts/update", "checkouts/delete",
     {"id": 5, "token": "t", "created_at": OLD, "total_price": "5.00", "currency": "INR"},
     {"id": 5}, "AbandonedCart"),
    ("fulfillment_events/create", "fulfillment_events/delete",
     {"id": 5, "fulfillment_id": 6, "status": "delivered"}, {"id": 5, "fulfillment_id": 6},
     "FulfillmentEvent"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "delete", "body", "gone", "model"), DELETED, ids=[each[1] for each in DELETED]
)
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_what_is_deleted_does_not_come_back(
    shop: Shop, topic: str, delete: str, body: Body, gone: Body, model: str, order: tuple[int, ...]
) -> None:
    told: list[Delivered] = [
        (topic, {**body, "updated_at": OLD}),
        (delete, gone),
        (topic, {**body, "updated_at": NEW}),
    ]

    shop.process(*(told[place] for place in order))

    assert rows(shop, getattr(models, model)) == []
    assert shop.statuses()["quarantined"] == shop.statuses()["pending"] == 0


def test_a_deleted_product_keeps_what_it_sold_and_has_no_stock(shop: Shop) -> None:
    variant = {"id": 6, "inventory_item_id": 7, "inventory_quantity": 3, "price": "9.00"}
    product = {"id": 5, "title": "Shawl", "updated_at": OLD, "variants": [variant]}

    shop.process(("products/create", product), ("products/delete", {"id": 5}),
                 ("products/update", {**product, "updated_at": NEW}))  # fmt: skip

    (row,) = rows(shop, models.Product)
    assert row.deleted_at is not None
    assert [each.inventory_quantity for each in rows(shop, models.Variant)] == [None]


def test_a_cost_reaches_the_variant_whichever_comes_first(shop: Shop) -> None:
    item = {"id": 7, "cost": "4.50", "updated_at": OLD}
    for number, first in ((5, True), (15, False)):
        variant = {"id": number + 1, "inventory_item_id": number + 2, "price": "9.00"}
        body = {"id": number, "title": "P", "updated_at": OLD, "variants": [variant]}
        product = ("products/create", body)
        cost = ("inventory_items/create", {**item, "id": number + 2})
        shop.process(*((cost, product) if first else (product, cost)))

    assert [str(each.unit_cost) for each in rows(shop, models.Variant)] == ["4.500000", "4.500000"]


def test_an_uninstalled_app_is_noted_and_nothing_is_lost(shop: Shop) -> None:
    order = OrderBuilder()
    order.line("10.00")
    shop.process(("orders/create", order.body()),
                 ("app/uninstalled", {"id": 1, "myshopify_domain": DOMAIN}))  # fmt: skip

    (state,) = rows(shop, models.AppInstallation)
    assert state.uninstalled_at is not None
    assert len(shop.sales()) == 1


# ── merged customers ──────────────────────────────────────────────────────────────────────────


def order_of(customer: int, number: int, day: int) -> Body:
    order = OrderBuilder(number, at=f"2026-03-0{day}T10:00:00Z", customer={"id": customer})
    order.line("10.00")
    return order.body()


def merged(gone: int, kept: int) -> Delivered:
    gid = "gid://shopify/Customer/"
    return "customers/merge", {
        "admin_graphql_api_customer_kept_id": f"{gid}{kept}",
        "admin_graphql_api_customer_deleted_id": f"{gid}{gone}",
        "status": "completed",
        "errors": [],
    }


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_orders_of_merged_customers_are_of_one_in_whatever_order_it_is_told(
    shop: Shop, order: tuple[int, ...]
) -> None:
    told: list[Delivered] = [
        ("orders/create", order_of(1, 11, 2)),
        ("orders/create", order_of(2, 12, 3)),
        merged(gone=1, kept=2),
        ("customers/update", {"id": 1, "email": "old@example.com", "updated_at": OLD}),
    ]

    shop.process(*(told[place] for place in order))

    found = rows(shop, models.Order)
    assert {each.customer_shopify_id for each in found} == {2}
    assert [each.shopify_id for each in rows(shop, models.Customer)] == [2]
    assert {row.customer_shopify_id for row in shop.sales()} == {2}


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_chains_of_merges_end_with_the_last(shop: Shop, order: tuple[int, ...]) -> None:
    told = [merged(1, 2), merged(2, 3), ("orders/create", order_of(1, 11, 2))]

    shop.process(*(told[place] for place in order))

    assert [each.customer_shopify_id for each in rows(shop, models.Order)] == [3]


def test_a_merge_that_failed_changes_nothing(shop: Shop) -> None:
    topic, body = merged(1, 2)

    shop.process(("orders/create", order_of(1, 11, 2)), (topic, {**body, "status": "failed"}))

    assert [each.customer_shopify_id for each in rows(shop, models.Order)] == [1]


# ── what nobody takes ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("topic", ["carts/update", "themes/publish", "tender_transactions/create"])
def test_a_topic_that_nothing_is_made_of_is_kept_and_done(shop: Shop, topic: str) -> None:
    shop.process((topic, {"id": 5}))

    assert shop.statuses() == {"done": 1}


VERBS = {
    "orders": "create updated paid cancelled fulfilled partially_fulfilled edited delete",
    "refunds": "create",
    "order_transactions": "create",
    "returns": "request approve update process close cancel reopen decline",
    "customers": "create update delete enable disable merge purchasing_summary data_request redact",
    "products": "create update delete",
    "collections": "create update delete",
    "inventory_levels": "connect update disconnect",
    "inventory_items": "create update delete",
    "checkouts": "create update delete",
    "carts": "create update",
    "fulfillments": "create update",
    "fulfillment_events": "create delete",
    "locations": "create update delete activate deactivate",
    "shop": "update redact",
    "app": "uninstalled scopes_update",
    "bulk_operations": "finish",
    "disputes": "create update",
}  # as Shopify names them


def test_every_topic_that_tells_of_a_shop_is_taken() -> None:
    expected = {f"{resource}/{verb}" for resource, verbs in VERBS.items() for verb in verbs.split()}

    assert expected | {"customer.tags_added", "customer.tags_removed"} == TOPICS


def test_every_topic_has_one_writer() -> None:
    taken = [topic for subject in SUBJECTS for topic in subject.topics]

    assert len(taken) == len(set(taken))
