"""A body that comes again writes nothing, unless somebody put it back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop_data.models import Order
from tenants.scope import tenant_scope
from tests.shops import Shop
from tests.webhooks.test_topics import order_of
from webhooks.replay import EVERY_STATUS, Selection, put_back

pytestmark = pytest.mark.django_db
AT = "2026-03-02T10:00:00Z"


def test_an_order_told_of_again_is_left_as_it_stands(shop: Shop) -> None:
    shop.deliver("orders/create", order_of(1, 11, 2), X_Shopify_Triggered_At=AT)
    shop.drain()
    shop.deliver("orders/create", order_of(1, 11, 2), X_Shopify_Triggered_At=AT)
    with CaptureQueriesContext(connection) as run:
        assert shop.drain() == 1

    written = [query["sql"] for query in run if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert not [sql for sql in written if "shop_data_order" in sql or "shop_data_sale" in sql]
    assert shop.statuses() == {"done": 2}


def test_an_order_put_back_is_written_anew(shop: Shop) -> None:
    shop.process(("orders/create", order_of(1, 11, 2)))
    with tenant_scope(shop.connection.tenant_id):
        Order.objects.update(name="spoilt")
        put_back(Selection(statuses=EVERY_STATUS), now=timezone.now(), by="a test")
    shop.drain()

    with tenant_scope(shop.connection.tenant_id):
        assert Order.objects.get().name == "#11"
