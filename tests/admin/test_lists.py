"""Filters, searches and raw bodies of the admin's lists and pages."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import UniqueConstraint
from django.test import Client

from shop_data.models import Customer, Order, OrderDocument, OrderItem, Product, Sale
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tenants.staff_admin import SHOWN_CHARACTERS, TenantFilter
from tests.admin.conftest import TENANT_DATA, list_url, url_of
from tests.factories import ConnectionFactory
from tests.invariants.rows import make
from webhooks.models import InboxEvent

# Searched by reading all rows of the tenants asked for, each with its reason.
UNINDEXED = {
    "analytics.ProductToDate.product_shopify_id": "read by day, of a tenant that staff choose",
    "analytics.VariantDay.variant_shopify_id": "as above",
    "analytics.VariantToDate.variant_shopify_id": "as above",
    "analytics.SalesDay.key": "as above",
    "shop_data.InventorySnapshot.inventory_item_id": "written by day and read by day",
    "shop_data.RollupMark.customer_shopify_id": "a queue, nearly empty",
    "shop_data.StoreInfo.myshopify_domain": "one row a tenant",
    "shop_data.StoreInfo.name": "one row a tenant",
    "shop_data.Tombstone.shopify_id": "indexed behind the resource",
    "tenants.AuditEntry.action": "read newest first",
    "tenants.AuditEntry.actor_id": "read newest first",
    "webhooks.InboxEvent.webhook_id": "indexed behind the topic",
}
# Of the mirror: at most one row a tenant, or nothing that anybody would look for by name.
UNSEARCHED = {
    *("ApiBudget", "AppInstallation", "CsvUpload", "Import", "ImportPiece", "Reconciliation"),
    *("Rederivation", "SalesDifference"),
}
ODD = ["\0", "9" * 5000, "%", "_", "' OR 1=1 --", "🧵日本", "-1", "²", " ", "x" * 5000]


@pytest.fixture
def orders(transactional_db: None, tenant: Tenant, other_tenant: Tenant) -> Iterator[list[Order]]:
    """Two orders with one Shopify id, of two tenants."""
    ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com")
    rows = []
    for its, name in ((tenant, "#1001"), (other_tenant, "#2002")):
        with tenant_scope(its.id):
            rows.append(make(Order, shopify_id=5, name=name, name_search=name))
    return rows


def shown(client: Client, model: Any, **query: str) -> str:
    response = client.get(list_url(model), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    "asked", ["id", "kaveri.myshopify.com", "KAVERI.myshopify.com", "kav", "Kaveri Handlooms"]
)
def test_a_list_is_filtered_by_id_domain_or_name_of_a_tenant(
    staff_client: Client, orders: list[Order], tenant: Tenant, asked: str
) -> None:
    page = shown(staff_client, Order, tenant=str(tenant.id) if asked == "id" else asked)

    assert "#1001" in page
    assert "#2002" not in page
    assert f'<a href="?tenant={tenant.id}">Kaveri Handlooms</a>' in page


def test_an_unknown_tenant_is_said_to_be_unknown(staff_client: Client, orders: list[Order]) -> None:
    for asked in ("nobody.myshopify.com", *ODD[:-1]):
        page = shown(staff_client, Order, tenant=asked)
        if asked.replace("\0", "").strip():
            assert "No tenant has this id, domain or name." in page
            assert "0 orders" in " ".join(page.split())


def test_the_filter_does_not_list_tenants(staff_client: Client, orders: list[Order]) -> None:
    page = shown(staff_client, Customer)

    assert "Kaveri Handlooms" not in page


def test_the_filter_keeps_the_search_and_other_filters(
    staff_client: Client, orders: list[Order]
) -> None:
    page = shown(staff_client, Order, q="5", test__exact="0")

    assert '<input type="hidden" name="q" value="5">' in page
    assert '<input type="hidden" name="test__exact" value="0">' in page


@pytest.mark.parametrize("term", ["5", "#1001", "#10"])
def test_an_order_is_found_by_number_and_by_name(
    staff_client: Client, orders: list[Order], term: str
) -> None:
    page = shown(staff_client, Order, q=term)

    assert "#1001" in page
    assert ("#2002" in page) is (term == "5")


def test_a_search_stays_inside_the_filtered_tenant(
    staff_client: Client, orders: list[Order], tenant: Tenant
) -> None:
    page = shown(staff_client, Order, q="5", tenant=str(tenant.id))

    assert "#1001" in page
    assert "#2002" not in page


def test_rows_of_an_order_are_found_by_the_order(
    staff_client: Client, orders: list[Order], tenant: Tenant
) -> None:
    with tenant_scope(tenant.id):
        make(Sale, order=orders[0], key="line:of-1001")
        make(Sale, key="line:of-another")

    for term in ("5", "#1001"):
        page = shown(staff_client, Sale, q=term)
        assert "line:of-1001" in page
        assert "line:of-another" not in page


def test_people_and_products_are_found_by_their_beginning(
    staff_client: Client, orders: list[Order], tenant: Tenant
) -> None:
    with tenant_scope(tenant.id):
        make(Customer, email="Mena@Example.com", email_search="mena@example.com")
        make(Customer, email="other@example.com", email_search="other@example.com")
        make(Product, title="Shawl", title_search="shawl")

    assert "Mena@Example.com" in shown(staff_client, Customer, q="MENA@")
    assert "other@example.com" not in shown(staff_client, Customer, q="MENA@")
    assert "Shawl" in shown(staff_client, Product, q="shaw")
    assert "Shawl" not in shown(staff_client, Product, q="hawl")


def test_a_delivery_is_found_by_the_webhooks_id(
    staff_client: Client, transactional_db: None, tenant: Tenant
) -> None:
    with tenant_scope(tenant.id):
        make(InboxEvent, webhook_id="b54557e4", topic="orders/create", last_error="Told apart")
        make(InboxEvent, webhook_id="another", topic="orders/paid")

    found = shown(staff_client, InboxEvent, q="b54557e4")
    of_topic = shown(staff_client, InboxEvent, topic="orders/paid")

    assert "Told apart" in found
    assert "another" not in found
    assert "another" in of_topic
    assert "b54557e4" not in of_topic
    assert "b54557e4" in shown(staff_client, InboxEvent, status__exact="pending")
    assert "b54557e4" not in shown(staff_client, InboxEvent, status__exact="done")


def test_every_list_of_tenant_data_can_be_filtered_by_tenant() -> None:
    unfiltered = [
        model.__name__ for model, its in TENANT_DATA.items() if TenantFilter not in its.list_filter
    ]

    assert TENANT_DATA
    assert unfiltered == []


def test_every_list_of_the_mirror_can_be_searched() -> None:
    unsearched = {
        model.__name__
        for model, its in TENANT_DATA.items()
        if model._meta.app_label == "shop_data" and not its.search_columns
    }

    assert unsearched == UNSEARCHED


def test_what_is_searched_is_indexed() -> None:
    """Every index begins with the tenant; behind it the column has to stand."""
    unindexed = {
        f"{model._meta.label}.{column}"
        for model, its in TENANT_DATA.items()
        for column in its.search_columns
        if not _is_indexed(model, column)
    }

    assert unindexed == set(UNINDEXED)


def _is_indexed(model: Any, column: str) -> bool:
    *references, name = column.split("__")
    for reference in references:
        if not _is_indexed(model, reference):
            return False
        model = model._meta.get_field(reference).related_model
    keys = [["tenant", "id"], *(index.fields for index in model._meta.indexes)]
    keys += [constraint.fields for constraint in model._meta.constraints
             if isinstance(constraint, UniqueConstraint)]  # fmt: skip
    return any(list(key[:2]) == ["tenant", name] for key in keys)


@pytest.mark.parametrize("term", ODD, ids=range(len(ODD)))
def test_no_search_fails(staff_client: Client, transactional_db: None, term: str) -> None:
    for model in (Order, Sale, Customer, InboxEvent, OrderItem):
        assert staff_client.get(list_url(model), {"q": term}).status_code == 200


def test_too_many_matches_are_said_to_be_cut(
    staff_client: Client, orders: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.staff_search.MATCHES", 1)

    assert "rows here match; search more closely." in shown(staff_client, Order, q="5")
    assert "rows here match" not in shown(staff_client, Order, q="#1001")


def test_a_long_list_is_counted_up_to_a_limit_and_paged(
    staff_client: Client, orders: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(orders[0].tenant_id):
        make(Order, name="#3003")
    monkeypatch.setattr("tenants.staff_admin.COUNTED", 2)
    monkeypatch.setattr(TENANT_DATA[Order], "list_per_page", 1)

    first, second = (" ".join(shown(staff_client, Order, p=page).split()) for page in "12")

    assert "more than 2 orders" in first
    assert "more than 2 results" in " ".join(shown(staff_client, Order, test__exact="0").split())
    names = ["#1001", "#2002", "#3003"]
    assert [name in first for name in names] != [name in second for name in names]
    assert sum(name in page for name in names for page in (first, second)) == 2


def test_a_body_is_shown_as_text(
    staff_client: Client, transactional_db: None, tenant: Tenant
) -> None:
    with tenant_scope(tenant.id):
        event = make(
            InboxEvent, body=b'{"note": "</textarea><script>1</script> \xff \xf0\x9f\xa7\xb5"}'
        )

    page = staff_client.get(url_of(event)).content.decode()

    assert "&quot;note&quot;: &quot;&lt;/textarea&gt;&lt;script&gt;" in page
    assert "\ufffd 🧵" in page


def test_a_large_body_is_cut(staff_client: Client, transactional_db: None, tenant: Tenant) -> None:
    with tenant_scope(tenant.id):
        event = make(InboxEvent, body=b"a" * (SHOWN_CHARACTERS + 1))
        document = make(OrderDocument, body=zlib.compress(b"b" * 50_000_000), facts=b"not zlib")

    body = staff_client.get(url_of(event)).content.decode()
    page = staff_client.get(url_of(document)).content.decode()

    assert "a" * SHOWN_CHARACTERS in body
    assert "a" * (SHOWN_CHARACTERS + 1) not in body
    assert "The first 100,000 of 100,001 bytes." in body
    assert page.count("b") < SHOWN_CHARACTERS + 20_000
    assert "These bytes cannot be unpacked" in page
