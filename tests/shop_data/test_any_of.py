"""The lookup that takes all ids as one value finds what `__in` finds."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop_data.models import Order, OrderItem
from tenants.scope import tenant_scope
from tests.shops import Shop
from tests.webhooks.test_topics import order_of

pytestmark = pytest.mark.django_db


def test_rows_are_found_by_numbers_uuids_and_references(shop: Shop) -> None:
    shop.process(*(("orders/create", order_of(1, number, 2)) for number in (11, 12, 13)))
    with tenant_scope(shop.connection.tenant_id):
        numbers = Order.objects.filter(shopify_id__any={11, 13, 99, None})
        ids = [order.id for order in numbers]
        items = OrderItem.objects.filter(order_id__in=ids)

        assert sorted(order.shopify_id for order in numbers) == [11, 13]
        assert {order.id for order in Order.objects.filter(id__any=ids)} == set(ids)
        assert set(OrderItem.objects.filter(order_id__any=ids)) == set(items)
        assert set(Order.objects.exclude(id__any=ids).values_list("shopify_id", flat=True)) == {12}


def test_nothing_is_asked_for_without_ids(shop: Shop) -> None:
    with tenant_scope(shop.connection.tenant_id), CaptureQueriesContext(connection) as asked:
        assert list(Order.objects.filter(id__any=list[UUID]())) == []

    assert len(asked) == 0
