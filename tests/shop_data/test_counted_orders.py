"""Which orders count: what was ordered decides, however late that becomes known."""

from __future__ import annotations

import pytest

from shop_data.models import Order
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Shop


def counts(shop: Shop) -> bool:
    with tenant_scope(shop.connection.tenant_id):
        return Order.objects.values_list("counts", flat=True).get()


@pytest.mark.parametrize("late", ["orders/create", "orders/edited"])
def test_what_arrives_after_the_newest_body_can_change_that_an_order_counts(
    shop: Shop, late: str
) -> None:
    order = OrderBuilder()
    order.line("50.00", gift_card=True)
    placed = order.body()
    edited = order.edit("2026-03-03T10:00:00Z", add=[("20.00", 1)])

    shop.process(("orders/updated", order.body()))
    assert counts(shop)
    shop.process((late, placed if late == "orders/create" else edited))

    assert not counts(shop)  # a gift card was ordered; the product was added a day later
