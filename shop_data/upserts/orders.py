"""Orders: from deliveries to knowledge, from knowledge to mirror rows and ledger.

Bodies of orders, refunds and edits all end in `KnownOrder`; what is written follows from it alone.
An order that was deleted is gone with its past, whatever comes after.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from shop_data.changes import EPOCH, Change, Version
from shop_data.errands import hurry
from shop_data.known_orders import KnownOrder
from shop_data.ledger import derive_sales
from shop_data.models import Customer, Order, OrderDocument
from shop_data.payloads.customers import customer_in, customer_row
from shop_data.payloads.edits import edit_record, edited_order_id
from shop_data.payloads.order_rows import order_row
from shop_data.payloads.values import (
    Body,
    PayloadError,
    child,
    moment,
    objects,
    required_identifier,
)
from shop_data.sale_rows import SaleRow, counts_as_order
from shop_data.store import shop_time_zone
from shop_data.upserts.bodies import Superseded
from shop_data.upserts.bulk import ids_by_shopify_id, upsert_newest, versioned
from shop_data.upserts.customers import living_customers
from shop_data.upserts.deleted_orders import delete_orders
from shop_data.upserts.fulfillments import link_fulfillments, write_fulfillments_of
from shop_data.upserts.merges import merges_of
from shop_data.upserts.order_parts import write_parts
from shop_data.upserts.refunds import write_refunds
from shop_data.upserts.sales import write_sales
from shop_data.upserts.standing import Standing, standing_orders

logger = logging.getLogger(__name__)

DELETED = "orders/delete"
EDITED = "orders/edited"
REFUNDED = "refunds/create"
_SWEEP, _BEHIND = "sweep", timedelta(minutes=2)  # the errand that asks what changed, and when
_WITHOUT_CUSTOMER = {DELETED, EDITED, REFUNDED}


@dataclass
class Touched:
    """One order of a batch: what is known now, and what the batch brought."""

    known: KnownOrder
    facts_before: bytes | None = None  # as they stand in the database
    has_new_body: bool = False
    is_replayed: bool = False
    bodies: list[Change] = field(default_factory=list)
    refunds: list[Change] = field(default_factory=list)
    sales: list[SaleRow] = field(default_factory=list)

    def learn(self, change: Change) -> None:
        self.is_replayed |= change.is_replayed
        if change.topic == EDITED:
            self.known.learn_edit(edit_record(change.body, change.version.at))
        elif change.topic == REFUNDED:
            self.known.learn_refund(change.body, change.raw, change.version.at)
            self.refunds.append(change)
        else:
            self.bodies.append(change)
            is_repeated = change.version == self.known.version and not change.is_replayed
            changes = self.known.learn_order(change.body, change.raw, change.version)
            self.has_new_body |= changes and not is_repeated

    @property
    def has_news(self) -> bool:
        """Tell whether anything may have to be written: most orders are told of twice."""
        return self.has_new_body or self.is_replayed or self.facts != self.facts_before

    @cached_property
    def facts(self) -> bytes:
        """What is known beside the body after the whole batch."""
        return self.known.packed_facts()

    @cached_property
    def body(self) -> Body:
        """The order as it is known after the whole batch."""
        return self.known.body()


Orders = Mapping[int, Touched]  # by Shopify's id


def upsert_orders(
    changes: Sequence[Change], *, now: datetime, has_customers: bool = False
) -> Superseded:
    """Write orders, refunds, edits and deletions: documents, mirror rows, ledger and marks.

    With `has_customers` their customers were written before.
    """
    by_order: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_order[order_id_of(change)].append(change)
    deleted = delete_orders([c for c in changes if c.topic == DELETED], known_ids=by_order)
    touched = _learn({key: its for key, its in by_order.items() if key not in deleted})
    if not has_customers:
        write_customers([c for c in changes if c.topic not in _WITHOUT_CUSTOMER], now=now)
    _write({key: order for key, order in touched.items() if order.has_news}, now=now)
    too_late = {c.delivery for key in deleted for c in by_order[key] if c.topic != DELETED}
    return _superseded(touched) | too_late


def derive_again(documents: Iterable[OrderDocument], *, now: datetime) -> None:
    """Write what follows from documents that are here, and mark every day of their orders."""
    zone = shop_time_zone()
    orders = {}
    for document in documents:
        order = Touched(known_order(document))
        try:
            order.sales = derive_sales(order.known, zone)
            orders[document.shopify_id] = order
        except PayloadError:
            logger.exception("An order stays as it was.", extra={"order": document.shopify_id})
    _write_orders(orders, zone, {}, now=now)
    order_ids = ids_by_shopify_id(Order, orders)
    sales = {order_ids[key]: orders[key].sales for key in order_ids}
    write_sales(sales, marked=set(sales))


def learn_again(
    documents: Iterable[OrderDocument], learn: Callable[[KnownOrder], None], *, now: datetime
) -> None:
    """Let orders that are here learn something more, and write what follows."""
    touched = {}
    for document in documents:
        order = Touched(known_order(document), has_new_body=document.body is not None)
        learn(order.known)
        touched[document.shopify_id] = order
    _write(touched, now=now)


def order_id_of(change: Change) -> int:
    """Return Shopify's id of the order that a delivery is about."""
    if change.topic == EDITED:
        return edited_order_id(change.body)
    return required_identifier(change.body, "order_id" if change.topic == REFUNDED else "id")


def known_order(document: OrderDocument) -> KnownOrder:
    """Return what a stored document knows."""
    version = Version(document.version_at, document.version_triggered_at, document.version_digest)
    return KnownOrder.unpack(document.shopify_id, version, document.body, document.facts)


def _learn(by_order: Mapping[int, Sequence[Change]]) -> dict[int, Touched]:
    """Return the orders of a batch, with the knowledge that stands there and the batch's own."""
    documents = OrderDocument.objects.filter(shopify_id__any=by_order)
    touched = {document.shopify_id: Touched(known_order(document), bytes(document.facts))
               for document in documents}  # fmt: skip
    changes = [change for its in by_order.values() for change in its]
    merges = merges_of({customer_in(change.body) for change in changes})
    for order_id, its in by_order.items():
        order = touched.setdefault(order_id, Touched(KnownOrder(order_id)))
        for change in its:
            order.learn(change)
            gone = customer_in(change.body)
            if gone is not None and gone in merges:
                order.known.learn_merges({gone: merges[gone]})
    return touched


def _write(touched: Orders, *, now: datetime) -> None:
    if not touched:
        return
    zone = shop_time_zone()
    for order in touched.values():
        order.sales = derive_sales(order.known, zone)
    renewed = {key: order for key, order in touched.items() if order.has_new_body}
    _write_documents(touched.values(), now=now)
    before = standing_orders(touched)
    after = {**before, **_write_orders(renewed, zone, before, now=now)}
    after = _write_counts(touched, after)
    order_ids = {key: standing.id for key, standing in after.items()}
    new = order_ids.keys() - before.keys()
    bodies = {order_ids[key]: (order.body, order.known.version) for key, order in renewed.items()}
    new_ids = {order_ids[key] for key in new}
    write_parts({order_id: body for order_id, (body, _) in bodies.items()}, new=new_ids)
    write_fulfillments_of(bodies, now=now)
    link_fulfillments(new)
    write_refunds(_refund_bodies(touched), order_ids, new=new, now=now)
    write_sales(
        {order_ids[key]: touched[key].sales for key in order_ids},
        marked={each.id for key, each in before.items() if after[key].split != each.split},
        new=new_ids,
    )


def _write_documents(orders: Iterable[Touched], *, now: datetime) -> None:
    rows = []
    for order in orders:
        known = order.known
        row: dict[str, Any] = {"shopify_id": known.shopify_id, "facts": order.facts}
        if order.has_new_body:
            row["body"] = known.packed_body()
        row["needs_fresh_read"] = known.needs_fresh_read()
        rows.append(versioned(row, known.version, now))
    upsert_newest(OrderDocument, rows)
    if any(row["needs_fresh_read"] for row in rows):
        hurry(_SWEEP, at=now + _BEHIND)


def write_customers(changes: Iterable[Change], *, now: datetime) -> None:
    """Write the customers that orders carry, so that every order can point to its own.

    Who placed an order that is deleted stays a customer, whatever came first.
    """
    newest: dict[tuple[Any, ...], tuple[Version, Body]] = {}  # by id and fields
    for change in changes:
        customer = child(change.body, "customer")
        if customer and customer.get("id") is not None:
            same = (required_identifier(customer), *customer)
            version = _customer_version(customer, change)
            if same not in newest or newest[same][0] < version:
                newest[same] = version, customer
    living = living_customers({key[0] for key in newest})
    rows = [versioned(customer_row(body), version, now)
            for key, (version, body) in newest.items() if key[0] in living]  # fmt: skip
    upsert_newest(Customer, rows)


def _customer_version(customer: Body, change: Change) -> Version:
    """Return the version of a customer inside an order: its own, or older than any body of it."""
    at = moment(customer.get("updated_at"), "customer.updated_at")
    if at is None:
        return Version(EPOCH, change.version.at, change.version.digest)
    return change.version._replace(at=at)


def _write_orders(
    renewed: Orders, zone: ZoneInfo, before: Mapping[int, Standing], *, now: datetime
) -> dict[int, Standing]:
    """Write orders whose body is new; return how those stand that were written."""
    rows = {key: order_row(order.body) for key, order in renewed.items()}
    known = {row["customer_shopify_id"] for row in rows.values()} - {None}
    customers = ids_by_shopify_id(Customer, known)
    for key, row in rows.items():
        row["customer_id"] = customers.get(row["customer_shopify_id"])
        row["day"] = row["processed_at"].astimezone(zone).date()
        row["counts"] = counts_as_order(renewed[key].sales)
    versions = (versioned(row, renewed[key].known.version, now) for key, row in rows.items())
    written = upsert_newest(Order, versions, returning=("shopify_id", "id"))
    return {key: Standing.after(before.get(key), id, rows[key]) for key, id in written}


def _write_counts(touched: Orders, standing: Mapping[int, Standing]) -> dict[int, Standing]:
    """Let orders count as their sales say now: an edit or an older body may have changed that.

    Return how all of them stand then.
    """
    found = dict(standing)
    for counts in (True, False):
        should = {key for key, order in touched.items() if counts_as_order(order.sales) is counts}
        wrong = [key for key in should & standing.keys() if standing[key].counts is not counts]
        Order.objects.filter(shopify_id__any=wrong).update(counts=counts)
        found |= {key: standing[key].counting(counts) for key in wrong}
    return found


def _refund_bodies(touched: Orders) -> dict[int, list[Body]]:
    """Return order -> bodies of its refunds that this batch brought; the order's own copy last."""
    found: dict[int, list[Body]] = {}
    for key, order in touched.items():
        found[key] = [change.body for change in order.refunds]
        if order.has_new_body:
            found[key] += objects(order.body, "refunds")
    return found


def _superseded(touched: Orders) -> Superseded:
    """Return bodies of orders that are not the newest; refunds and edits always add knowledge."""
    return {
        change.delivery
        for order in touched.values()
        for change in order.bodies
        if change.version < order.known.version
    }
