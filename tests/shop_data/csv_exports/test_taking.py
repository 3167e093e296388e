"""A CSV export ends in the figures that the deliveries of the same orders end in."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum

from shop_data.changes import EPOCH
from shop_data.csv_exports import uploads
from shop_data.models import (
    Customer,
    Order,
    OrderDocument,
    OrderItem,
    Product,
    RollupMark,
    Sale,
    Variant,
)
from shop_data.privacy.forgetting import forget_customers
from shop_data.privacy.people import Person
from shop_data.privacy.pseudonyms import is_pseudonym
from shop_data.privacy.requests import withhold_from
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import ConnectionFactory, TenantFactory
from tests.shop_data.csv_exports.conftest import NOW, Take, again
from tests.shop_data.csv_exports.files import (
    CUSTOMER_COLUMNS,
    PRODUCT_COLUMNS,
    orders_file,
    written,
)
from tests.shops import Shop

pytestmark = pytest.mark.django_db
MENA = {
    "Customer ID": "'5005",
    "First Name": "Mena",
    "Last Name": "Rao",
    "Email": "mena@example.com",
    "Total Spent": "120.00",
    "Total Orders": "2",
    "Accepts Email Marketing": "yes",
}
SHAWL = [
    {"Handle": "shawl", "Title": "Silk shawl", "Option1 Value": "Red", "Variant SKU": "SHAWL-1",
     "Variant Price": "100.00", "Cost per item": "40.00", "Image Src": "a.png", "Status": "active",
     "Variant Inventory Qty": "-2", "Body (HTML)": "Two\nlines"},
    {"Handle": "shawl", "Option1 Value": "Blue", "Variant SKU": "SHAWL-2", "Variant Price": "110"},
    {"Handle": "shawl", "Image Src": "b.png", "Image Position": "2"},
]  # fmt: skip


def some_orders() -> list[OrderBuilder]:
    """Orders with discounts of goods and shipping, with tax beside and in prices, cancelled."""
    plain = OrderBuilder(id=5001, at="2026-03-02T10:00:00+05:30", tax_rate=Decimal("0.2"))
    plain.line("100.00", 2, discount="10.00")
    plain.line("33.33", 1)
    inclusive = OrderBuilder(
        id=5002, at="2026-03-03T10:00:00+00:00", tax_rate=Decimal("0.2"), taxes_included=True
    )
    inclusive.line("120.00", 1)
    posted = OrderBuilder(id=5003, at="2026-03-03T23:59:59+00:00", currency="JPY")
    posted.line("500", 3, discount="100")
    posted.ship("700", discount="200")
    cancelled = OrderBuilder(id=5004, at="2026-03-04T10:00:00+00:00")
    cancelled.line("80.00", 1)
    cancelled.ship("5.00")
    cancelled.cancel("2026-03-06T09:00:00+00:00")
    return [plain, inclusive, posted, cancelled]


def ledger(tenant_id: UUID) -> list[tuple[Any, ...]]:
    """Return the figures of the ledger by day; which line is which, only Shopify knows."""
    with tenant_scope(tenant_id):
        rows = Sale.objects.values("day", "currency", "action", "line_type").annotate(
            units=Sum("quantity"), gross=Sum("gross"), off=Sum("discount"), tax=Sum("tax")
        )
        return sorted(tuple(row.values()) for row in rows)


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    """The same shop, whose deliveries arrive too."""
    return Shop(ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com"))


def told(shop: Shop, *orders: OrderBuilder) -> list[tuple[Any, ...]]:
    for order in orders:
        shop.deliver("orders/updated", order.body())
    shop.drain()
    return ledger(shop.connection.tenant_id)


def test_the_figures_are_those_of_the_deliveries(tenant: Tenant, taken: Take) -> None:
    shop = Shop(ConnectionFactory(tenant=TenantFactory(), domain="other.myshopify.com"))

    upload = taken(orders_file(*some_orders(), bom=True))

    assert (upload.state, upload.done, upload.written) == ("done", 4, 4)
    assert upload.content is None
    assert ledger(tenant.id) == told(shop, *some_orders())
    with tenant_scope(tenant.id):
        assert RollupMark.objects.exists()
        order = Order.objects.get(shopify_id=5001)
        assert (order.name, order.country_code, order.taxes_included) == ("#5001", "IN", False)


def test_the_same_file_twice_is_there_once(tenant: Tenant, taken: Take) -> None:
    taken(orders_file(*some_orders()))
    before = ledger(tenant.id)

    upload = taken(orders_file(*some_orders()), later=5)

    assert upload.understood["states"] == {"same": 4}
    assert (upload.written, ledger(tenant.id)) == (0, before)


def test_a_later_file_replaces_what_an_earlier_one_said(tenant: Tenant, taken: Take) -> None:
    order = OrderBuilder(id=1)
    order.line("10.00", 1)
    taken(orders_file(order))
    order.line("5.00", 2)

    upload = taken(orders_file(order), later=5)

    assert upload.understood["states"] == {"changed": 1}
    with tenant_scope(tenant.id):
        assert list(Sale.objects.values_list("gross", "action").order_by("gross")) == [
            (1000, "order"),
            (1000, "order"),
        ]
        assert OrderItem.objects.count() == 2


def test_what_shopify_tells_replaces_an_export_whole(shop: Shop, taken: Take) -> None:
    other = Shop(ConnectionFactory(tenant=TenantFactory(), domain="other.myshopify.com"))
    taken(orders_file(*some_orders()))

    assert told(shop, *some_orders()) == told(other, *some_orders())
    with tenant_scope(shop.connection.tenant_id):
        assert not OrderItem.objects.filter(shopify_id__gte=2**61).exists()
        assert not Sale.objects.exclude(action__in=["order", "return"]).exists()


def test_an_export_changes_nothing_that_shopify_told(shop: Shop, taken: Take) -> None:
    before = told(shop, *some_orders())

    upload = taken(orders_file(*some_orders(), **{"Financial Status": "voided"}))

    assert upload.understood["states"] == {"told": 4}
    assert ledger(shop.connection.tenant_id) == before
    with tenant_scope(shop.connection.tenant_id):
        assert not OrderDocument.objects.filter(version_at=EPOCH).exists()
        assert set(Order.objects.values_list("financial_status", flat=True)) == {"paid"}


def test_a_refund_that_came_by_itself_stays(shop: Shop, taken: Take) -> None:
    order = OrderBuilder(id=1)
    line = order.line("10.00", 2)
    refund = order.refund("2026-03-09T09:00:00Z", units={line.id: 1})
    shop.deliver("refunds/create", refund)
    shop.drain()
    order.refunds.clear()

    taken(orders_file(order))

    with tenant_scope(shop.connection.tenant_id):
        assert sum(Sale.objects.values_list("gross", flat=True)) == 1000


def test_orders_find_their_customers_and_products(tenant: Tenant, taken: Take) -> None:
    taken(written(CUSTOMER_COLUMNS, [MENA]))
    taken(written(PRODUCT_COLUMNS, SHAWL))
    order = OrderBuilder(id=1)
    order.line("100.00", 1)

    taken(orders_file(order, Email="Mena@Example.com"))

    with tenant_scope(tenant.id):
        shawl = Product.objects.get()
        assert (shawl.title, shawl.inventory_quantity, shawl.price) == ("Silk shawl", -2, 100)
        red = Variant.objects.get(sku="SHAWL-1")
        assert (red.title, red.unit_cost, Variant.objects.count()) == ("Red", 40, 2)
        assert Order.objects.get().customer == Customer.objects.get(shopify_id=5005)
        assert OrderItem.objects.get().product_shopify_id == shawl.shopify_id
        assert OrderItem.objects.get().variant_shopify_id == red.shopify_id


def test_two_customers_with_one_email_are_nobody(tenant: Tenant, taken: Take) -> None:
    taken(written(CUSTOMER_COLUMNS, [MENA, {**MENA, "Customer ID": "'5006"}]))
    order = OrderBuilder(id=1)
    order.line("100.00", 1)

    upload = taken(orders_file(order, Email="mena@example.com"))

    assert upload.understood["without_customer"] == 1
    with tenant_scope(tenant.id):
        assert Order.objects.get().customer_shopify_id is None


def test_a_product_that_shopify_tells_of_stands_alone(shop: Shop, taken: Take) -> None:
    taken(written(PRODUCT_COLUMNS, SHAWL))

    at = {"updated_at": "2026-03-01T00:00:00Z"}
    shop.deliver("products/update", {"id": 7001, "title": "Shawl", "handle": "shawl", **at})
    shop.drain()

    assert taken(written(PRODUCT_COLUMNS, SHAWL)).understood["states"] == {"told": 1}
    with tenant_scope(shop.connection.tenant_id):
        assert Product.objects.get(deleted_at=None).shopify_id == 7001


def test_whoever_was_forgotten_stays_forgotten(tenant: Tenant, taken: Take) -> None:
    with tenant_scope(tenant.id):
        withhold_from(Person(customers=frozenset([5005])), now=NOW)

    taken(written(CUSTOMER_COLUMNS, [MENA]))

    with tenant_scope(tenant.id):
        assert not Customer.objects.exclude(email=None).exists()
        assert all(map(is_pseudonym, Customer.objects.values_list("shopify_id", flat=True)))


def test_a_file_that_is_dropped_meanwhile_is_taken_no_further(
    tenant: Tenant, understood: Take
) -> None:
    kept = understood(orders_file(*some_orders()))
    with tenant_scope(tenant.id):
        uploads.confirm(kept.id, now=NOW)
        assert uploads.drop(kept.id, now=NOW)

    assert uploads.step(tenant.id, now=NOW, alive=lambda: None) is None
    assert again(tenant.id, kept.id).content is None
    assert ledger(tenant.id) == []


def test_files_that_wait_are_dropped_when_somebody_is_forgotten(
    tenant: Tenant, understood: Take
) -> None:
    kept = understood(written(CUSTOMER_COLUMNS, [MENA]))

    with tenant_scope(tenant.id):
        forget_customers(Person(customers=frozenset([5005])), {})

    left = again(tenant.id, kept.id)
    assert (left.state, left.content) == ("dropped", None)


def test_a_file_that_holds_all_orders_says_since_when_they_are_known(
    tenant: Tenant, understood: Take
) -> None:
    def take(at: str, known: str | None) -> datetime | None:
        order = OrderBuilder(id=1, at=at)
        order.line("10.00", 1)
        kept = understood(orders_file(order))
        with tenant_scope(tenant.id):
            TenantState.objects.update(known_since_at=known)
            uploads.confirm(kept.id, holds_all=True, now=NOW)
        uploads.step(tenant.id, now=NOW, alive=lambda: None)
        with tenant_scope(tenant.id):
            found: datetime | None = TenantState.objects.get().known_since_at
            return found

    first = datetime(2026, 3, 2, tzinfo=UTC)
    assert take("2026-03-02T10:00:00+00:00", None) == first
    assert take("2026-03-02T10:00:00+00:00", "2026-03-03T09:00:00Z") == first
    gap = datetime(2026, 4, 1, tzinfo=UTC)
    assert take("2026-03-02T10:00:00+00:00", gap.isoformat()) == gap
