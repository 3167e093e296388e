"""An import from Shopify ends in the same rows as the deliveries of the same orders."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from shop_data.imports import importing, loading
from shop_data.imports.loading import CHUNK
from shop_data.models import (
    AbandonedCart,
    Customer,
    InventoryLevel,
    Location,
    Order,
    OrderDocument,
    Product,
    Sale,
    StoreInfo,
)
from shop_data.privacy.people import Person
from shop_data.privacy.pseudonyms import is_pseudonym
from shop_data.privacy.requests import withhold_from
from shop_data.shopify import transport
from tenants.models import Connection, TenantState
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import TenantFactory
from tests.shop_data.imports.bulk_shop import BulkShop, lines_of
from tests.shop_data.imports.runs import NOW, run, some_orders
from tests.shopify_answers import Shopify
from webhooks.inbox import Delivery, store
from webhooks.processing import drain

pytestmark = pytest.mark.django_db
LEDGER = ("day", "action", "line_type", "quantity", "gross", "discount", "tax", "currency")


def ledger(tenant_id: UUID) -> list[tuple[Any, ...]]:
    with tenant_scope(tenant_id):
        return sorted(Sale.objects.values_list("order__shopify_id", *LEDGER), key=repr)


def delivered(bodies: Sequence[dict[str, Any]]) -> UUID:
    """Return a tenant that got the same orders as webhooks."""
    tenant: UUID = TenantFactory().id
    deliveries = [
        Delivery("orders/updated", {"webhook-id": str(body["id"])}, json.dumps(body).encode())
        for body in bodies
    ]
    zone = {"id": 1, "iana_timezone": "Asia/Kolkata", "updated_at": "2026-01-01T00:00:00Z"}
    shop = Delivery("shop/update", {"webhook-id": "shop"}, json.dumps(zone).encode())
    for batch in ([shop], deliveries):
        with tenant_scope(tenant):
            store(batch, now=NOW)
        drain(tenant, now=NOW)
    return tenant


def test_import_ends_in_the_ledger_of_the_same_deliveries(
    connected: Connection, shopify: Shopify
) -> None:
    bodies = some_orders()
    shopify.answers = [shop := BulkShop(bodies)]

    done = run(connected.tenant_id)

    assert (done.state, done.orders, done.trouble) == ("done", 3, "")
    assert ledger(connected.tenant_id) == ledger(delivered(bodies)) != []
    assert [search.split("'")[1] for search in shop.searches] == [
        *("2026-06-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z"),
        "2026-03-01T00:00:00Z",
    ]
    with tenant_scope(connected.tenant_id):
        state = TenantState.objects.get()
        assert state.history_since is None
        assert state.known_since_at == datetime(2000, 1, 1, tzinfo=UTC)  # what it was before
        assert StoreInfo.objects.get().iana_timezone == "Asia/Kolkata"


def test_orders_that_are_older_than_the_shop_are_brought_too(
    connected: Connection, shopify: Shopify
) -> None:
    old = OrderBuilder(id=9, at="2025-12-24T10:00:00Z", currency="INR")
    old.line("5.00")
    shopify.answers = [BulkShop([*some_orders(), old.body()])]

    done = run(connected.tenant_id)

    assert done.since_at == datetime(2025, 12, 24, 10, tzinfo=UTC)
    with tenant_scope(connected.tenant_id):
        assert Order.objects.count() == done.orders == 4


def test_days_are_known_as_far_back_as_orders_have_come(
    connected: Connection, shopify: Shopify
) -> None:
    shopify.answers = [BulkShop(some_orders())]
    with tenant_scope(connected.tenant_id):
        TenantState.objects.update(known_since_at=None)
        importing.begin(now=NOW)
    known = []
    while True:
        due = importing.step(connected.tenant_id, now=NOW, alive=lambda: None)
        with tenant_scope(connected.tenant_id):
            state = TenantState.objects.get()
        if due is None:
            break
        known.append((state.known_since_at and state.known_since_at.date(), state.history_since))

    days = [date(2026, month, 1) for month in (6, 5, 4, 3)]
    assert [day for day in dict(known) if day] == days
    assert {since for day, since in known if day and day > days[-1]} == {days[-1]}


@pytest.mark.fault(43)
@pytest.mark.parametrize("damage", ["cut", "orphan", "count", "status", "lost", "kind"])
def test_what_is_not_whole_is_not_taken_and_what_is_here_stays(
    connected: Connection, shopify: Shopify, damage: str
) -> None:
    bodies = some_orders()
    shop = BulkShop(bodies)
    shopify.answers = [shop]
    run(connected.tenant_id)
    before = ledger(connected.tenant_id)

    def harm(query: str, state: dict[str, Any]) -> None:
        if "orders" not in query or state["url"] is None:
            return
        path = state["url"].removeprefix("https://storage.googleapis.com")
        if damage == "cut":
            shop.files[path] = shop.files[path][:-7]
        elif damage == "orphan":
            shop.files[path] += b'{"__typename": "LineItem", "id": "x", "__parentId": "nobody"}\n'
        elif damage == "kind":
            shop.files[path] = shop.files[path].replace(b'"LineItem"', b'"Surprise"')
        elif damage == "count":
            state["objectCount"] = "9999"
        elif damage == "lost":
            state["url"] = None  # and yet it counts objects
        else:
            state |= {"status": "FAILED", "errorCode": "INTERNAL_SERVER_ERROR"}

    shop.change = harm
    failed = run(connected.tenant_id)

    assert failed.state == "failed"
    assert "not whole 3 times" in failed.trouble
    assert ledger(connected.tenant_id) == before
    shop.change = lambda query, state: None
    assert run(connected.tenant_id).state == "done"
    assert ledger(connected.tenant_id) == before


@pytest.mark.fault(43)
def test_a_delivery_that_is_newer_stays_and_an_older_one_is_replaced(
    connected: Connection, shopify: Shopify
) -> None:
    bodies = some_orders()
    newer = {**bodies[0], "updated_at": "2026-06-14T00:00:00Z", "financial_status": "voided"}
    older = {**bodies[1], "updated_at": "2026-01-01T00:00:00Z", "financial_status": "pending"}
    with tenant_scope(connected.tenant_id):
        store(
            [Delivery("orders/updated", {"webhook-id": str(n)}, json.dumps(body).encode())
             for n, body in enumerate((newer, older))],
            now=NOW,
        )  # fmt: skip
    drain(connected.tenant_id, now=NOW)
    shopify.answers = [BulkShop(bodies)]

    run(connected.tenant_id)

    with tenant_scope(connected.tenant_id):
        found = dict(Order.objects.values_list("shopify_id", "financial_status"))
    assert (found[1], found[2]) == ("voided", "paid")


def test_fewer_orders_than_shopify_counts_are_no_result(
    connected: Connection, shopify: Shopify
) -> None:
    """A file may agree with its own counts, and lack orders all the same."""
    shopify.answers = [shop := BulkShop(some_orders())]
    shop.lost = 1

    failed = run(connected.tenant_id)

    assert failed.state == "failed"
    assert "Shopify counts 1 orders; the file has 0." in failed.trouble
    with tenant_scope(connected.tenant_id):
        assert not Order.objects.exists()
        assert TenantState.objects.get().history_since is None


def test_everything_else_of_the_shop_is_brought(connected: Connection, shopify: Shopify) -> None:
    shop = BulkShop([])
    at = "2026-06-01T10:00:00Z"
    item = {"id": "gid://shopify/InventoryItem/31", "tracked": True, "sku": "A",
            "requiresShipping": True, "unitCost": {"amount": "4.50"}, "updatedAt": at}  # fmt: skip
    variant = {"__typename": "ProductVariant", "id": "gid://shopify/ProductVariant/21",
               "title": "Red", "sku": "A", "price": "9.00", "position": 1, "updatedAt": at,
               "inventoryPolicy": "DENY", "inventoryQuantity": 5,
               "inventoryItem": item}  # fmt: skip
    shop.others = {
        "products": lines_of(
            [{"__typename": "Product", "id": "gid://shopify/Product/11", "title": "Saree",
              "status": "ACTIVE", "tags": ["silk", "red"], "updatedAt": at,
              "variants": {"nodes": [variant]}}],
            ["variants"],
        ),
        "customers": [
            {"__typename": "Customer", "id": "gid://shopify/Customer/7", "firstName": "Mena",
             "updatedAt": at, "numberOfOrders": "3", "amountSpent": {"amount": "12.5",
             "currencyCode": "INR"}, "defaultEmailAddress": {"emailAddress": "m@example.com"}}
        ],
        "locations": [
            {"__typename": "Location", "id": "gid://shopify/Location/41", "name": "Chennai",
             "isActive": True, "updatedAt": at, "address": {"city": "Chennai"}}
        ],
        "inventoryItems": lines_of(
            [{"__typename": "InventoryItem", "id": "gid://shopify/InventoryItem/31",
              "inventoryLevels": {"nodes": [
                  {"__typename": "InventoryLevel",
                   "id": "gid://shopify/InventoryLevel/1?inventory_item_id=31", "isActive": True,
                   "updatedAt": at, "location": {"id": "gid://shopify/Location/41"},
                   "quantities": [{"name": "available", "quantity": 5}]}]}}],
            ["inventoryLevels"],
        ),
        "abandonedCheckouts": lines_of(
            [{"__typename": "AbandonedCheckout", "id": "gid://shopify/AbandonedCheckout/51",
              "createdAt": at, "updatedAt": at, "completedAt": None,
              "totalPriceSet": {"shopMoney": {"amount": "18.0", "currencyCode": "INR"}},
              "customer": {"id": "gid://shopify/Customer/7",
                           "defaultEmailAddress": {"emailAddress": "M@example.com"}},
              "lineItems": {"nodes": [
                  {"__typename": "AbandonedCheckoutLineItem", "id": "a", "title": "Saree",
                   "quantity": 2, "product": {"id": "gid://shopify/Product/11"},
                   "variant": {"id": "gid://shopify/ProductVariant/21"}}]}}],
            ["lineItems"],
        ),
    }  # fmt: skip
    shopify.answers = [shop]

    assert run(connected.tenant_id).state == "done"

    with tenant_scope(connected.tenant_id):
        product = Product.objects.get()
        assert (product.title, product.status, product.tags) == ("Saree", "active", "silk, red")
        assert product.variants.get().inventory_policy == "deny"
        assert Customer.objects.get().email == "m@example.com"
        assert Location.objects.get().city == "Chennai"
        assert InventoryLevel.objects.get().available == 5
        cart = AbandonedCart.objects.get()
        assert (cart.email, cart.total_price, cart.currency) == ("m@example.com", 18, "INR")


def test_who_was_forgotten_stays_forgotten(connected: Connection, shopify: Shopify) -> None:
    person = {"id": 7, "email": "m@example.com", "first_name": "Mena", "last_name": "Rao"}
    order = {**some_orders()[0], "customer": person, "email": person["email"]}
    shop = BulkShop([order])
    shop.others["customers"] = [
        {"__typename": "Customer", "id": "gid://shopify/Customer/7", "firstName": "Mena",
         "updatedAt": "2026-06-01T10:00:00Z",
         "defaultEmailAddress": {"emailAddress": "m@example.com"}}
    ]  # fmt: skip
    shopify.answers = [shop]
    with tenant_scope(connected.tenant_id):
        withhold_from(
            Person(customers=frozenset({7}), emails=frozenset({"m@example.com"})), now=NOW
        )

    assert run(connected.tenant_id).state == "done"

    with tenant_scope(connected.tenant_id):
        kept = Order.objects.get()
        assert kept.customer_shopify_id is not None
        assert is_pseudonym(kept.customer_shopify_id)
        assert not Customer.objects.filter(shopify_id=7).exists()
        body = OrderDocument.objects.values_list("body", flat=True).get()
        assert b"m@example.com" not in zlib.decompress(body)


def test_more_orders_than_one_transaction_takes(connected: Connection, shopify: Shopify) -> None:
    bodies = []
    for number in range(1, CHUNK + 3):
        order = OrderBuilder(id=number, at="2026-06-10T10:00:00Z")
        order.line("1.00", 1)
        bodies.append(order.body())
    shopify.answers = [BulkShop(bodies)]
    kept = []

    with tenant_scope(connected.tenant_id):
        importing.begin(now=NOW)
    while importing.step(connected.tenant_id, now=NOW, alive=lambda: kept.append(1)):
        pass

    with tenant_scope(connected.tenant_id):
        assert Order.objects.count() == CHUNK + 2
    assert len(kept) > 2 * (CHUNK + 2)  # with each line and each transaction


@pytest.mark.fault(43)
def test_of_a_piece_with_a_refund_that_is_not_there_nothing_is_written(
    connected: Connection, shopify: Shopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = OrderBuilder(id=8, at="2026-05-21T10:00:00Z", currency="INR")
    beside.line("5.00")
    shopify.answers = [shop := BulkShop([*some_orders(), beside.body()])]
    monkeypatch.setattr(loading, "CHUNK", 1)
    monkeypatch.setattr(shop, "_Refunds", lambda ids: {"nodes": [None for _ in ids]})

    failed = run(connected.tenant_id)

    assert "does not know 1 refunds" in failed.trouble
    with tenant_scope(connected.tenant_id):
        assert list(Order.objects.values_list("shopify_id", flat=True)) == [1]


def test_a_download_goes_on_where_it_broke_off(
    connected: Connection, shopify: Shopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "PIECE", 50)
    shopify.answers = [shop := BulkShop(some_orders())]
    shop.breaks_after = 100

    assert run(connected.tenant_id).state == "done"

    assert shop.asked_from[:2] == [0, 100]
    assert set(shop.asked_from[2:]) == {0}
    with tenant_scope(connected.tenant_id):
        assert Order.objects.count() == 3
