"""Merges that contradict each other: what happened first holds, and nobody is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_data import models
from shop_data.upserts.merges import ToldMerge, valid_merges, who
from tenants.scope import tenant_scope
from tests.shops import Delivered, Shop
from tests.webhooks.test_topics import merged, order_of, rows

FIRST = datetime(2026, 3, 5, tzinfo=UTC)
PEOPLE = range(1, 6)
TOLD = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda it: it[0] != it[1]),
    max_size=8,
)


@given(pairs=TOLD, data=st.data())
def test_who_became_whom_is_the_same_in_any_order(
    pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    told = [ToldMerge(FIRST + timedelta(hours=n), *pair) for n, pair in enumerate(pairs)]

    valid = valid_merges(data.draw(st.permutations(told)))

    assert valid == valid_merges(told)
    assert {who(person, valid) for person in PEOPLE} - valid.keys()  # somebody is always kept
    assert len(PEOPLE) - len(valid) == len({who(person, valid) for person in PEOPLE})


Told = tuple[int, int, int]  # gone, kept, the hour at which it happened


def tell(shop: Shop, told: Told | Delivered) -> None:
    if len(told) == 2:
        shop.deliver(*told)
    else:
        gone, kept, hour = told
        at = (FIRST + timedelta(hours=hour)).isoformat()
        shop.deliver(*merged(gone, kept), X_Shopify_Triggered_At=at)


CONTRADICTIONS: list[tuple[list[Told], int]] = [
    ([(1, 2, 1), (2, 1, 2)], 2),
    ([(1, 2, 1), (2, 3, 2), (3, 1, 3)], 3),
    ([(1, 2, 1), (1, 3, 2), (2, 3, 3)], 3),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("told", "kept"), CONTRADICTIONS, ids=str)
@pytest.mark.parametrize("at_once", [True, False])
def test_contradicting_merges_keep_who_was_kept_first(
    shop: Shop, told: list[Told], kept: int, at_once: bool
) -> None:
    people = sorted({key for gone, into, _ in told for key in (gone, into)})
    orders: list[Delivered] = [
        ("orders/create", order_of(person, 10 + person, person)) for person in people
    ]
    arrivals = list(permutations(told)) if at_once else [told, told[::-1]]
    for number, arrival in enumerate(arrivals):
        for each in [*orders, *arrival] if number % 2 else [*arrival, *orders]:
            tell(shop, each)
            if not at_once:
                shop.drain()
        shop.drain()

        (customer,) = rows(shop, models.Customer)
        found = {(each.customer_shopify_id, each.customer_id) for each in rows(shop, models.Order)}
        assert (customer.shopify_id, found) == (kept, {(kept, customer.id)})
        assert {sale.customer_shopify_id for sale in shop.sales()} == {kept}
        forget(shop)


@pytest.mark.django_db
def test_a_merge_that_turns_out_late_to_be_the_first_brings_a_customer_back(shop: Shop) -> None:
    tell(shop, ("orders/create", order_of(2, 12, 2)))
    tell(shop, (2, 1, 5))
    shop.drain()
    tell(shop, (1, 2, 3))
    shop.drain()
    tell(shop, ("customers/update", {"id": 2, "first_name": "Asha", "updated_at": "2026-03-06"}))
    shop.drain()

    (customer,) = rows(shop, models.Customer)
    assert (customer.shopify_id, customer.first_name) == (2, "Asha")
    assert [each.customer_shopify_id for each in rows(shop, models.Order)] == [2]


def forget(shop: Shop) -> None:
    """Empty what customers and orders left, so that the next order of arrival begins anew."""
    with tenant_scope(shop.connection.tenant_id):
        for model in (models.Sale, models.OrderDocument, models.Order, models.CustomerMerge,
                      models.Tombstone, models.Customer):  # fmt: skip
            model.objects.all().delete()
