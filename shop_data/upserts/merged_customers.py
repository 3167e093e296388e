"""Customers who became one: the kept one takes over the orders of the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from shop_data.changes import EPOCH, Change, Version
from shop_data.models import AbandonedCart, Customer, Order, OrderDocument
from shop_data.payloads.customers import merge_of
from shop_data.upserts.bodies import Superseded
from shop_data.upserts.bulk import upsert_newest, versioned
from shop_data.upserts.customers import living_customers, remove_customers
from shop_data.upserts.merges import Merged, ToldMerge, merges_of, note_merges
from shop_data.upserts.orders import learn_again
from shop_data.upserts.tombstones import MERGED_CUSTOMER, bury, exhume

CHUNK = 500  # orders that are written at once


def merge_customers(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Move orders and checkouts to the customers who are kept; the others are gone.

    A merge that contradicts earlier ones is superseded.
    """
    told = {}
    for change in changes:
        merge = merge_of(change.body)
        if merge is not None:
            told[change.delivery] = ToldMerge(change.version.triggered_at, *merge)
    if not told:
        return set()
    merged = note_merges(list(told.values()))
    _apply(merged, {merge.gone: merge.at for merge in told.values()}, now=now)
    gone = merges_of([merge.gone for merge in told.values()])
    into = merges_of([merge.kept for merge in told.values()])
    return {
        delivery
        for delivery, merge in told.items()
        if gone.get(merge.gone) != into.get(merge.kept, merge.kept)
    }


def _apply(merged: Merged, graves: dict[int, datetime], *, now: datetime) -> None:
    changed = merged.changed()
    if not changed:
        return
    exhume(MERGED_CUSTOMER, changed - merged.now.keys())
    dead = {key: graves.get(key, now) for key in changed & merged.now.keys()}
    bury(MERGED_CUSTOMER, dead)
    _know({*merged.now.values(), *(changed - merged.now.keys())}, now=now)
    _move(merged, now=now)
    remove_customers(dead)


def _know(kept: Iterable[int], *, now: datetime) -> None:
    """Let those who are kept exist, so that orders point to them before a body of theirs comes."""
    living = living_customers(set(kept))
    rows = [
        versioned({"shopify_id": key}, Version(EPOCH, EPOCH, UUID(int=0)), now) for key in living
    ]
    upsert_newest(Customer, rows)


def _move(merged: Merged, *, now: datetime) -> None:
    moved = list(merged.whose_things_move())
    orders = Order.objects.filter(customer_shopify_id__any=moved).order_by("shopify_id")
    ids = list(orders.values_list("shopify_id", flat=True))
    who = {**dict.fromkeys(merged.before), **merged.now}
    for first in range(0, len(ids), CHUNK):
        documents = OrderDocument.objects.filter(shopify_id__any=ids[first : first + CHUNK])
        learn_again(documents, lambda known: known.learn_merges(who), now=now)
    for gone in merged.changed() & merged.now.keys():
        carts = AbandonedCart.objects.filter(customer_shopify_id=gone)
        carts.update(customer_shopify_id=merged.now[gone])
