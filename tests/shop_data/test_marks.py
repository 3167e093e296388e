"""Which days are marked to be counted again: every day whose figures change, and no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shop_data.models import Fulfillment, RollupMark
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.people import MENA
from tests.shops import Shop

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
CUSTOMER = MENA["id"]


def take_marks(shop: Shop) -> set[tuple[int | None, date]]:
    """Return the marks and delete them, as the worker does."""
    with tenant_scope(shop.connection.tenant_id):
        found = set(RollupMark.objects.values_list("customer_shopify_id", "day"))
        RollupMark.objects.all().delete()
    return found


@pytest.fixture
def order(shop: Shop) -> OrderBuilder:
    """An order of Monday, refunded in part on Friday, whose marks were taken."""
    order = OrderBuilder()
    line = order.line("100.00", 2)
    shop.process(("orders/create", order.body()))
    assert take_marks(shop) == {(CUSTOMER, MONDAY)}
    order.refund("2026-03-06T10:00:00Z", units={line.id: 1})
    shop.process(("orders/updated", order.body()))
    assert take_marks(shop) == {(CUSTOMER, MONDAY), (CUSTOMER, FRIDAY)}
    return order


def later(order: OrderBuilder, **fields: Any) -> dict[str, Any]:
    order.updated_at = "2026-03-09T10:00:00Z"
    return {**order.body(), **fields}


@pytest.mark.parametrize(
    "fields", [{}, {"tags": "seen"}, {"note": "call back"}, {"financial_status": "refunded"}]
)
def test_what_no_figure_reads_marks_nothing(
    shop: Shop, order: OrderBuilder, fields: dict[str, Any]
) -> None:
    shop.process(("orders/updated", later(order, **fields)))

    assert take_marks(shop) == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"source_name": "pos"},
        {"payment_gateway_names": ["gift_card", "manual"]},
        {"shipping_address": {"country_code": "US", "province_code": "NY"}},
    ],
    ids=["channel", "gateway", "country"],
)
def test_what_sales_are_split_by_marks_every_day_of_the_order(
    shop: Shop, order: OrderBuilder, fields: dict[str, Any]
) -> None:
    shop.process(("orders/updated", later(order, **fields)))

    assert take_marks(shop) == {(CUSTOMER, MONDAY), (CUSTOMER, FRIDAY)}


def test_another_customer_marks_the_days_of_both(shop: Shop, order: OrderBuilder) -> None:
    shop.process(("orders/updated", later(order, customer={"id": 9})))

    assert take_marks(shop) == {
        (customer, day) for customer in (CUSTOMER, 9) for day in (MONDAY, FRIDAY)
    }


def test_another_day_marks_the_old_and_the_new(shop: Shop, order: OrderBuilder) -> None:
    shop.process(("orders/updated", later(order, processed_at="2026-03-03T10:00:00Z")))

    assert take_marks(shop) == {(CUSTOMER, day) for day in (MONDAY, TUESDAY, FRIDAY)}


def test_a_deleted_order_marks_all_its_days(shop: Shop, order: OrderBuilder) -> None:
    shop.process(("orders/delete", {"id": order.id}))

    assert take_marks(shop) == {(CUSTOMER, MONDAY), (CUSTOMER, FRIDAY)}


def test_a_stale_body_marks_nothing(shop: Shop, order: OrderBuilder) -> None:
    stale = {**order.body(), "updated_at": "2026-03-01T10:00:00Z", "source_name": "pos"}

    shop.process(("orders/updated", stale))

    assert take_marks(shop) == set()


def sent(order: OrderBuilder, **fields: Any) -> dict[str, Any]:
    return {"id": 5, "order_id": order.id, "status": "success", "line_items": [],
            "created_at": "2026-03-04T10:00:00Z", "updated_at": "2026-03-04T10:00:00Z",
            **fields}  # fmt: skip


def test_a_fulfilment_marks_the_day_of_its_order_once(shop: Shop, order: OrderBuilder) -> None:
    shop.process(("fulfillments/create", sent(order)))
    first = take_marks(shop)
    shop.process(("orders/updated", later(order, fulfillments=[sent(order)])))

    assert (first, take_marks(shop)) == ({(None, MONDAY)}, set())


def test_the_first_word_of_a_delivery_counts_in_any_order(shop: Shop, order: OrderBuilder) -> None:
    moments = ["2026-03-07T10:00:00Z", "2026-03-05T10:00:00Z", "2026-03-08T10:00:00Z"]

    shop.process(
        *(("fulfillments/update", sent(order, updated_at=at, shipment_status="delivered"))
          for at in moments)
    )  # fmt: skip

    with tenant_scope(shop.connection.tenant_id):
        delivered_at = Fulfillment.objects.get().delivered_at
    assert delivered_at is not None
    assert delivered_at.isoformat() == "2026-03-05T10:00:00+00:00"
    assert take_marks(shop) == {(None, MONDAY)}


def test_a_checkout_marks_the_day_on_which_it_was_begun(shop: Shop) -> None:
    begun = {"id": 3, "token": "t", "created_at": "2026-03-02T10:00:00Z", "line_items": []}

    shop.process(("checkouts/create", begun))

    assert take_marks(shop) == {(None, MONDAY)}


def test_a_checkout_marks_the_day_on_which_it_is_known_to_be_begun(shop: Shop) -> None:
    """Also where a body names another one, or none."""
    begun = {"id": 3, "created_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-02T10:00:00Z"}
    shop.process(("checkouts/create", begun))
    take_marks(shop)

    moved = {"id": 3, "created_at": "2026-03-03T10:00:00Z", "updated_at": "2026-03-04T10:00:00Z"}
    shop.process(("checkouts/update", moved))
    assert take_marks(shop) == {(None, MONDAY), (None, TUESDAY)}

    ended = {"id": 3, "completed_at": "2026-03-03T11:00:00Z", "updated_at": "2026-03-05T10:00:00Z"}
    shop.process(("checkouts/update", ended))
    assert take_marks(shop) == {(None, TUESDAY)}


def test_another_time_zone_moves_and_marks_every_day(shop: Shop, order: OrderBuilder) -> None:
    shop.process(("shop/update", {"id": 1, "iana_timezone": "Pacific/Kiritimati"}))  # UTC+14

    days = {str(row.day) for row in shop.sales()} | {str(row.order_day) for row in shop.sales()}
    assert days == {"2026-03-03", "2026-03-07"}
    assert {day for _, day in take_marks(shop)} == {
        MONDAY, TUESDAY, FRIDAY, date(2026, 3, 7)}  # fmt: skip
