"""Every statement names the tenant for every tenant table: for the planner, and for Citus.

The whole suite is watched for it (tests/conftest.py); here are the shapes that Django makes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Sum
from django.test.utils import CaptureQueriesContext

from shop_data.models import Customer, Order, OrderItem, Sale, Variant
from tenants.models import TenantModel
from tenants.scope import tenant_scope
from tests.invariants.rows import MODELS, build, make
from tests.invariants.statements import names_the_tenant, watched
from xenofy.common.identifiers import uuid7

pytestmark = pytest.mark.django_db
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


JOINED = "SELECT 1 FROM shop_data_order o JOIN shop_data_sale s ON s.order_id = o.id"
WITHOUT = [
    "SELECT 1 FROM shop_data_order WHERE day = '2026-01-01'",
    'SELECT "shop_data_order"."tenant_id" FROM "shop_data_order"',
    "SELECT 1 FROM shop_data_order AS o WHERE o.note = 'tenant_id = 1'",
    f"{JOINED} WHERE o.tenant_id = %s",
    "SELECT 1 FROM shop_data_order o, shop_data_sale s WHERE o.tenant_id = %s",
    "SELECT 1 FROM shop_data_order WHERE tenant_id = 1 AND id IN (SELECT id FROM shop_data_sale)",
    "UPDATE shop_data_order SET day = day WHERE id = %s",
    'DELETE FROM "shop_data_order" WHERE "shop_data_order"."id" IN (%s)',
    "INSERT INTO shop_data_order (id) VALUES (%s)",
    "INSERT INTO shop_data_order SELECT * FROM shop_data_order WHERE tenant_id = %s",
]
WITH = [
    "SELECT 1",
    "SELECT 1 FROM tenants_tenant",
    'SELECT 1 FROM "shop_data_order" WHERE "shop_data_order"."tenant_id" = %s',
    f"{JOINED} AND s.tenant_id = o.tenant_id WHERE o.tenant_id = %s",
    "INSERT INTO shop_data_order (tenant_id, id) VALUES (%s, %s)",
]


@pytest.mark.parametrize("sql", WITHOUT)
def test_a_statement_that_leaves_the_tenant_out_is_noticed(sql: str) -> None:
    assert not names_the_tenant(sql)


@pytest.mark.parametrize("sql", WITH)
def test_a_statement_that_names_it_is_not(sql: str) -> None:
    assert names_the_tenant(sql)


@each_model
def test_statements_of_a_single_row_name_the_tenant(model: type[TenantModel]) -> None:
    with tenant_scope(uuid7()), watched() as found:
        row = make(model)
        model.objects.get(pk=row.pk).refresh_from_db()
        if "UPDATE" in model.grants:
            row.save()
            row.save(update_fields=[model._meta.local_fields[-1].name])
            row.delete()

    assert found == []


@each_model
def test_statements_of_many_rows_name_the_tenant(model: type[TenantModel]) -> None:
    field = model._meta.local_fields[-1].name
    with tenant_scope(uuid7()), watched() as found:
        rows = model.objects.bulk_create([build(model)], ignore_conflicts=True)
        model.objects.in_bulk([row.pk for row in rows])
        list(model.objects.exclude(pk=uuid7()).values(field).annotate(number_of=Count("pk")))
        list(model.objects.union(model.objects.order_by("pk").reverse()))
        if "UPDATE" in model.grants:
            list(model.objects.select_for_update())
            model.objects.bulk_update(rows, [field])
            model.objects.update(**{field: F(field)})
            model.objects.all().delete()

    assert found == []


@each_model
def test_bulk_inserts_list_their_values(model: type[TenantModel]) -> None:
    """INSERT … SELECT FROM UNNEST is refused under row-level security by Citus."""
    with tenant_scope(uuid7()):
        rows = [build(model), build(model)]
        with CaptureQueriesContext(connection) as queries:
            model.objects.bulk_create(rows, ignore_conflicts=True)

    inserts = [query["sql"] for query in queries if "INSERT" in query["sql"]]
    assert inserts
    assert not any("UNNEST" in sql.upper() for sql in inserts)


SHAPES: dict[str, Callable[[], Any]] = {
    "forward": lambda: [item.order.customer for item in OrderItem.objects.all()],
    "select_related": lambda: list(OrderItem.objects.select_related("order__customer")),
    "prefetch": lambda: list(Customer.objects.prefetch_related("orders__items")),
    "prefetch with a queryset": lambda: list(
        Order.objects.prefetch_related(Prefetch("items", OrderItem.objects.filter(quantity=1)))
    ),
    "across": lambda: list(OrderItem.objects.filter(order__customer__email="x")),
    "back": lambda: list(Customer.objects.filter(orders__items__title="x").distinct()),
    "not across": lambda: list(OrderItem.objects.exclude(order__customer__email="x")),
    "not back": lambda: list(Customer.objects.exclude(orders__items__title="x")),
    "sum back": lambda: list(Order.objects.annotate(n=Count("items"), g=Sum("sales__gross"))),
    "exists": lambda: list(
        Order.objects.filter(Exists(OrderItem.objects.filter(order=OuterRef("pk"))))
    ),
    "in a subquery": lambda: list(Order.objects.filter(customer__in=Customer.objects.all())),
    "related manager": lambda: [list(customer.orders.all()) for customer in Customer.objects.all()],
    "related create": lambda: (
        Customer.objects.get().orders.get().discounts.create(position=1, amount=1)
    ),
    "related set": lambda: Customer.objects.get().orders.set(Order.objects.all()),
    "related clear": lambda: [customer.orders.clear() for customer in Customer.objects.all()],
    "update across": lambda: Sale.objects.filter(order__name="x").update(gross=1),
    "delete across": lambda: Sale.objects.filter(order__customer__email="x").delete(),
    "delete with references": lambda: Customer.objects.all().delete(),
    "delete with dependents": lambda: Order.objects.all().delete(),
    "delete through a relation": lambda: Variant.objects.filter(product__title="x").delete(),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_statements_across_relations_name_the_tenant(shape: Callable[[], Any]) -> None:
    with tenant_scope(uuid7()):
        customer = make(Customer)
        order = make(Order, customer_id=customer.pk)
        for model in (OrderItem, Sale):
            make(model, order_id=order.pk)
        with watched() as found:
            shape()

    assert found == []


def test_changes_across_a_relation_touch_the_right_rows() -> None:
    with tenant_scope(uuid7()):
        orders = {name: make(Order, name=name) for name in ("mine", "yours")}
        for order in orders.values():
            make(Sale, order_id=order.pk, gross=5)

        assert Sale.objects.filter(order__name="mine").update(gross=F("gross") + 1) == 1
        assert Sale.objects.filter(order__name="yours").delete()[0] == 1

        assert list(Sale.objects.values_list("gross", flat=True)) == [6]
