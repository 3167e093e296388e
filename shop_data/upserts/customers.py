"""Customers, their tags, and what Shopify says they bought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from shop_data.changes import Change
from shop_data.models import Customer, CustomerTag, PurchasingSummary
from shop_data.payloads.customers import customer_row, purchasing_summary_row, tag_rows, whose
from shop_data.payloads.values import required_identifier
from shop_data.upserts.bodies import Superseded, upsert_bodies
from shop_data.upserts.bulk import upsert_newest, versioned
from shop_data.upserts.tombstones import (
    CUSTOMER,
    Deletion,
    Graves,
    buried,
    upsert_living,
    write_living,
)

TAGS_ADDED = "customer.tags_added"


def upsert_customers(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write customers; those that were deleted or merged into others stay away."""

    def write(living: Sequence[Change]) -> Superseded:
        found = upsert_bodies(Customer, customer_row, living, now=now)
        untold = [required_identifier(c.body) for c in living if "tags" not in c.body]
        _write_tags_of(untold)
        return found

    return upsert_living(changes, Deletion(CUSTOMER, "customers/delete", remove_customers), write)


def upsert_purchasing_summaries(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write what Shopify says customers bought."""

    def write(living: Sequence[Change]) -> Superseded:
        return upsert_bodies(PurchasingSummary, purchasing_summary_row, living, now=now)

    return write_living(changes, CUSTOMER, write, identity=whose)


def upsert_tags(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write which tags were added and removed; of each tag the newest delivery says the truth."""

    def write(living: Sequence[Change]) -> Superseded:
        rows = [
            versioned(row, change.version, now)
            for change in living
            for row in tag_rows(change.body, present=change.topic == TAGS_ADDED)
        ]
        upsert_newest(CustomerTag, rows, key=("customer_shopify_id", "tag"))
        _write_tags_of({row["customer_shopify_id"] for row in rows})
        return set()

    return write_living(changes, CUSTOMER, write, identity=whose)


def remove_customers(graves: Graves) -> None:
    """Delete customers; their orders stay, without a link."""
    ids = list(graves)
    Customer.objects.filter(shopify_id__any=ids).delete()
    PurchasingSummary.objects.filter(shopify_id__any=ids).delete()
    CustomerTag.objects.filter(customer_shopify_id__any=ids).delete()


def living_customers(shopify_ids: Collection[int]) -> set[int]:
    """Return those of the ids that were not deleted."""
    return set(shopify_ids) - buried(CUSTOMER, shopify_ids)


def _write_tags_of(shopify_ids: Collection[int]) -> None:
    """Show the tags of customers whose bodies do not tell them, as Shopify writes tags."""
    if not shopify_ids:
        return
    tags: dict[int, list[str]] = defaultdict(list)
    told = CustomerTag.objects.filter(customer_shopify_id__any=shopify_ids).order_by("tag")
    for customer, tag, present in told.values_list("customer_shopify_id", "tag", "present"):
        tags[customer] += [tag] if present else []
    for customer, names in tags.items():
        Customer.objects.filter(shopify_id=customer).update(tags=", ".join(names))
