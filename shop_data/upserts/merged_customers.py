"""Customers who became one: the kept one takes over the orders of the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shop_data.changes import EPOCH, Change, Version
from shop_data.models import AbandonedCart, Customer, Order, OrderDocument
from shop_data.payloads.customers import merge_of
from shop_data.upserts.bodies import Superseded
from shop_data.upserts.bulk import upsert_newest, versioned
from shop_data.upserts.customers import living_customers, remove_customers
from shop_data.upserts.merges import note_merges
from shop_data.upserts.orders import learn_again
from shop_data.upserts.tombstones import CUSTOMER, bury

CHUNK = 500  # orders that are written at once


def merge_customers(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Move orders and checkouts to the customers who are kept; the others are gone for good."""
    merges, graves = {}, {}
    for change in sorted(changes, key=lambda change: change.version):
        merge = merge_of(change.body)
        if merge is not None:
            merges[merge.gone] = merge.kept
            graves[merge.gone] = change.version.triggered_at
    if merges:
        bury(CUSTOMER, graves)
        became = note_merges(merges, now=now)
        _know(became.values(), now=now)
        _move(became, now=now)
        remove_customers(graves)
    return set()


def _know(kept: Iterable[int], *, now: datetime) -> None:
    """Let those who are kept exist, so that orders point to them before a body of theirs comes."""
    living = living_customers(set(kept))
    rows = [
        versioned({"shopify_id": key}, Version(EPOCH, EPOCH, UUID(int=0)), now) for key in living
    ]
    upsert_newest(Customer, rows)


def _move(became: Mapping[int, int], *, now: datetime) -> None:
    orders = Order.objects.filter(customer_shopify_id__in=list(became)).order_by("shopify_id")
    ids = list(orders.values_list("shopify_id", flat=True))
    for first in range(0, len(ids), CHUNK):
        documents = OrderDocument.objects.filter(shopify_id__in=ids[first : first + CHUNK])
        learn_again(documents, lambda known: known.learn_merges(became), now=now)
    for gone, kept in became.items():
        carts = AbandonedCart.objects.filter(customer_shopify_id=gone)
        carts.update(customer_shopify_id=kept)
