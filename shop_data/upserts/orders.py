"""Orders: from deliveries to knowledge, from knowledge to mirror rows and ledger.

Bodies of orders, refunds and edits all end in `KnownOrder`; what is written follows from it alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shop_data.changes import Change, Version
from shop_data.known_orders import UNKNOWN_VERSION, KnownOrder
from shop_data.ledger import SaleRow, counts_as_order, derive_sales
from shop_data.models import Customer, Order, OrderDocument
from shop_data.payloads.customers import customer_row
from shop_data.payloads.order_rows import order_row
from shop_data.payloads.values import Body, child, identifier, moment, objects, required_identifier
from shop_data.store import shop_time_zone
from shop_data.upserts.bodies import Superseded
from shop_data.upserts.bulk import ids_by_shopify_id, upsert_newest, versioned
from shop_data.upserts.fulfillments import link_fulfillments
from shop_data.upserts.order_parts import write_parts
from shop_data.upserts.refunds import write_refunds
from shop_data.upserts.sales import write_sales


@dataclass
class Touched:
    """One order of a batch: what is known now, and what the batch brought."""

    known: KnownOrder
    has_new_body: bool = False
    needs_fresh_read: bool = False
    bodies: list[Change] = field(default_factory=list)
    refunds: list[Change] = field(default_factory=list)
    sales: list[SaleRow] = field(default_factory=list)

    def learn(self, change: Change) -> None:
        if change.topic == "orders/edited":
            edit = child(change.body, "order_edit") or change.body
            self.known.learn_edit(edit, change.version.at)
            self.needs_fresh_read = True  # an edit names lines, not what they cost
        elif change.topic.startswith("refunds/"):
            self.known.learn_refund(change.body, change.raw)
            self.refunds.append(change)
        else:
            self.bodies.append(change)
            if self.known.learn_order(change.body, change.raw, change.version):
                self.has_new_body = True


def upsert_orders(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Write orders, refunds and edits: documents, mirror rows, ledger and marks."""
    touched = _learn(changes)
    zone = shop_time_zone()
    for order in touched.values():
        order.sales = derive_sales(order.known, zone)
    _write_documents(touched, now=now)
    _write_customers([order for order in touched.values() if order.has_new_body], now=now)
    order_ids = _write_orders(touched, zone, now=now)
    write_parts({order_ids[key]: order.known.body() for key, order in touched.items()
                 if order.has_new_body}, now=now)  # fmt: skip
    write_refunds(_refund_bodies(touched), order_ids, now=now)
    link_fulfillments(list(order_ids))
    write_sales({order_ids[key]: touched[key].sales for key in touched if key in order_ids})
    return _superseded(touched)


def order_id_of(change: Change) -> int:
    """Return Shopify's id of the order that a delivery is about."""
    if change.topic == "orders/edited":
        edit = child(change.body, "order_edit") or change.body
        return required_identifier(edit, "order_id")
    field_name = "order_id" if change.topic.startswith("refunds/") else "id"
    return required_identifier(change.body, field_name)


def _learn(changes: Sequence[Change]) -> dict[int, Touched]:
    """Return the orders of a batch, with the knowledge that stands there and the batch's own."""
    by_order: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_order[order_id_of(change)].append(change)
    known = _stored(list(by_order))
    touched = {}
    for order_id in sorted(by_order):
        touched[order_id] = Touched(known.get(order_id) or KnownOrder(order_id))
        for change in by_order[order_id]:
            touched[order_id].learn(change)
    return touched


def _stored(order_ids: list[int]) -> dict[int, KnownOrder]:
    documents = OrderDocument.objects.filter(shopify_id__in=order_ids)
    return {document.shopify_id: known_order(document) for document in documents}


def known_order(document: OrderDocument) -> KnownOrder:
    """Return what a stored document knows."""
    version = Version(
        document.version_at, document.version_triggered_at, document.version_digest
    )
    return KnownOrder.unpack(document.shopify_id, version, document.body, document.facts)


def _write_documents(touched: dict[int, Touched], *, now: datetime) -> None:
    rows = []
    for order in touched.values():
        row = {"shopify_id": order.known.shopify_id, "facts": order.known.packed_facts()}
        if order.has_new_body:
            row["body"] = order.known.packed_body()
        row["needs_fresh_read"] = order.needs_fresh_read
        rows.append(versioned(row, order.known.version, now))
    upsert_newest(OrderDocument, rows)


def _write_customers(orders: Sequence[Touched], *, now: datetime) -> None:
    """Write the customers that orders carry, so that every order can point to its own."""
    rows = []
    for order in orders:
        for change in order.bodies:
            customer = child(change.body, "customer")
            if customer and customer.get("id") is not None:
                rows.append(versioned(customer_row(customer), _customer_version(customer, change), now))
    upsert_newest(Customer, rows)


def _customer_version(customer: Body, change: Change) -> Version:
    """Return the version of a customer inside an order: its own, or older than any body of it."""
    at = moment(customer.get("updated_at"), "customer.updated_at")
    return UNKNOWN_VERSION if at is None else change.version._replace(at=at)


def _write_orders(touched: dict[int, Touched], zone: Any, *, now: datetime) -> dict[int, UUID]:
    """Write the orders that have a new body; return shopify_id -> our id of all that are here."""
    bodies = {key: order.known.body() for key, order in touched.items() if order.has_new_body}
    customers = _customer_ids(bodies.values())
    rows = []
    for key, body in bodies.items():
        row = order_row(body)
        row["customer_id"] = customers.get(row["customer_shopify_id"])
        row["day"] = row["processed_at"].astimezone(zone).date()
        row["counts"] = counts_as_order(touched[key].sales)
        rows.append(versioned(row, touched[key].known.version, now))
    upsert_newest(Order, rows)
    return ids_by_shopify_id(Order, touched)


def _customer_ids(bodies: Any) -> dict[int | None, UUID]:
    ids = [identifier((child(body, "customer") or {}).get("id"), "id") for body in bodies]
    return {**ids_by_shopify_id(Customer, [found for found in ids if found is not None])}


def _refund_bodies(touched: dict[int, Touched]) -> dict[int, list[Body]]:
    """Return order -> bodies of its refunds that this batch brought; the order's own copy last."""
    found: dict[int, list[Body]] = {}
    for key, order in touched.items():
        found[key] = [change.body for change in order.refunds]
        if order.has_new_body:
            found[key] += objects(order.known.body(), "refunds")
    return found


def _superseded(touched: dict[int, Touched]) -> Superseded:
    """Return bodies of orders that are not the newest; refunds and edits always add knowledge."""
    return {
        change.delivery
        for order in touched.values()
        for change in order.bodies
        if change.version < order.known.version
    }
