"""Checkouts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from shop_data.changes import Change
from shop_data.marks import mark_days
from shop_data.models import AbandonedCart
from shop_data.payloads.checkouts import checkout_row
from shop_data.payloads.customers import customer_in
from shop_data.payloads.values import Body, required_identifier
from shop_data.store import shop_time_zone
from shop_data.upserts.bodies import Superseded, upsert_bodies
from shop_data.upserts.merges import merges_of
from shop_data.upserts.tombstones import CHECKOUT, Deletion, Graves, upsert_living


def upsert_checkouts(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write checkouts with the shop-local day on which they were begun."""
    deletion = Deletion(CHECKOUT, "checkouts/delete", _remove)
    return upsert_living(changes, deletion, partial(_write, now=now))


def _write(changes: Sequence[Change], *, now: datetime) -> Superseded:
    merges = merges_of({customer_in(change.body) for change in changes})
    zone = shop_time_zone()
    keys = [required_identifier(change.body) for change in changes]
    known = AbandonedCart.objects.filter(shopify_id__any=keys)
    days = set(known.values_list("day", flat=True))  # a body may move a checkout, or name no day

    def row_of(body: Body) -> dict[str, Any]:
        row = checkout_row(body)
        begun = row.get("checkout_created_at")
        if begun is not None:
            row["day"] = begun.astimezone(zone).date()
            days.add(row["day"])
        customer = row.get("customer_shopify_id")
        return {**row, "customer_shopify_id": merges[customer]} if customer in merges else row

    superseded = upsert_bodies(AbandonedCart, row_of, changes, now=now)
    mark_days((None, day) for day in days if day)
    return superseded


def _remove(graves: Graves) -> None:
    carts = AbandonedCart.objects.filter(shopify_id__any=graves)
    mark_days((None, day) for day in carts.values_list("day", flat=True) if day)
    carts.delete()
