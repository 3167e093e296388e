"""Is the ledger what the latest document of each order says?"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from shop_data.known_orders import KnownOrder
from shop_data.ledger import derive_sales
from shop_data.models import Order, OrderDocument, Sale
from shop_data.sale_rows import SaleRow, counts_as_order
from shop_data.store import shop_time_zone
from shop_data.upserts.orders import known_order
from xenofy.verification.records import (
    NOTHING,
    Difference,
    Differences,
    LedgerCheck,
    Progress,
    written,
)

CHUNK = 500  # documents in memory at a time
ROLLED_UP = ("processed_at", "day", "currency", "customer_shopify_id", "counts")
_MONEY = {"gross", "discount", "tax"}
# What reading a document raises when somebody changed its bytes.
_UNREADABLE = (zlib.error, ValueError, TypeError, LookupError, AttributeError)

Ledger = Mapping[str, SaleRow]  # by key


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order as the mirror has it: `values` are the columns that rollups read."""

    id: UUID
    name: str
    values: Mapping[str, Any]
    ledger: Ledger


def check_ledger(found: Differences, *, progress: Progress) -> LedgerCheck:
    """Derive the ledger of every order of the current tenant again and compare."""
    zone = shop_time_zone()
    total = OrderDocument.objects.count()
    orders = rows = 0
    for documents in _chunks(OrderDocument.objects.all()):
        stored = _stored_orders(documents)
        for document in documents:
            found.add(_compare(document, stored.get(document.shopify_id), zone))
        orders += len(documents)
        rows += sum(len(order.ledger) for order in stored.values())
        progress("orders", orders, total)
    found.add(_without_document())
    return LedgerCheck(orders, rows)


def _chunks(documents: QuerySet[OrderDocument]) -> Iterator[list[OrderDocument]]:
    """Yield documents by Shopify's id.

    By keyset, not by cursor: behind PgBouncer Django has none and would load them all at once.
    """
    ordered = documents.order_by("shopify_id")
    chunk = list(ordered[:CHUNK])
    while chunk:
        yield chunk
        chunk = list(ordered.filter(shopify_id__gt=chunk[-1].shopify_id)[:CHUNK])


def _stored_orders(documents: Sequence[OrderDocument]) -> dict[int, StoredOrder]:
    """Return Shopify's id -> order, with its ledger."""
    rows = list(
        Order.objects.filter(shopify_id__in=[document.shopify_id for document in documents]).values(
            "id", "shopify_id", "name", *ROLLED_UP
        )
    )
    ledgers = _ledgers([row["id"] for row in rows])
    return {
        row["shopify_id"]: StoredOrder(
            row["id"], _name(row["name"], row["shopify_id"]), row, ledgers[row["id"]]
        )
        for row in rows
    }


def _ledgers(order_ids: Sequence[UUID]) -> dict[UUID, dict[str, SaleRow]]:
    ledgers: dict[UUID, dict[str, SaleRow]] = defaultdict(dict)
    rows = Sale.objects.filter(order_id__in=order_ids).values_list("order_id", *SaleRow._fields)
    for order_id, *values in rows:
        row = SaleRow(*values)
        ledgers[order_id][row.key] = row
    return ledgers


def _name(name: str | None, shopify_id: int) -> str:
    return name or str(shopify_id)


def _compare(
    document: OrderDocument, order: StoredOrder | None, zone: ZoneInfo
) -> Iterator[Difference]:
    """Yield what differs between a document and its order; one that cannot be read differs."""
    name = order.name if order else str(document.shopify_id)
    try:
        known = known_order(document)
        differences = list(_compare_known(known, order, name, zone))
    except _UNREADABLE as error:
        day = order.values["day"] if order else None
        reason = f"unreadable ({type(error).__name__}: {error})"
        differences = [Difference(day, name, "document", reason, NOTHING)]
    yield from differences


def _compare_known(
    known: KnownOrder, order: StoredOrder | None, name: str, zone: ZoneInfo
) -> Iterator[Difference]:
    rows = derive_sales(known, zone)
    derived = _rolled_up(known, rows, zone)
    if derived is None:  # only a refund or an edit has come yet, so there is no order either
        if order is not None:
            yield Difference(order.values["day"], name, "order", "an order", "no body of it")
        return
    yield from _compare_digest(known, derived["day"], name)
    if order is None:
        yield Difference(derived["day"], name, "order", NOTHING, "an order")
        return
    yield from _compare_order(order, derived)
    yield from _compare_rows(order.ledger, {row.key: row for row in rows}, name)


def _rolled_up(known: KnownOrder, rows: list[SaleRow], zone: ZoneInfo) -> dict[str, Any] | None:
    """Return what the columns `ROLLED_UP` of the order should hold; None without a body."""
    record = known.record()
    if record is None:
        return None
    return {
        "processed_at": record.processed_at,
        "day": record.processed_at.astimezone(zone).date(),
        "currency": record.currency,
        "customer_shopify_id": record.customer_id,
        "counts": counts_as_order(rows),
    }


def _compare_digest(known: KnownOrder, day: date, name: str) -> Iterator[Difference]:
    """Hold the body against the digest that was taken when it arrived."""
    digest = UUID(bytes=hashlib.sha256(known.raw_body or b"").digest()[:16])
    noted = known.version.digest
    if digest != noted:
        yield Difference(day, name, "digest of the document", str(noted), str(digest))


def _compare_order(order: StoredOrder, derived: Mapping[str, Any]) -> Iterator[Difference]:
    for column in ROLLED_UP:
        stored = order.values[column]
        if stored != derived[column]:
            yield Difference(
                derived["day"], order.name, column, written(stored), written(derived[column])
            )


def _compare_rows(stored: Ledger, derived: Ledger, name: str) -> Iterator[Difference]:
    for key in sorted(stored.keys() | derived.keys()):
        mine, its = stored.get(key), derived.get(key)
        if mine is None and its is not None:
            yield Difference(its.day, name, f"ledger row {key}", NOTHING, _in_words(its))
        elif mine is not None and its is None:
            yield Difference(mine.day, name, f"ledger row {key}", _in_words(mine), NOTHING)
        elif mine is not None and its is not None and mine != its:
            yield from _compare_row(mine, its, name)


def _compare_row(stored: SaleRow, derived: SaleRow, name: str) -> Iterator[Difference]:
    for column, mine, its in zip(SaleRow._fields, stored, derived, strict=True):
        if mine != its:
            money = column in _MONEY
            yield Difference(
                derived.day,
                name,
                f"{column} of {derived.key}",
                written(mine, stored.currency if money else None),
                written(its, derived.currency if money else None),
            )


def _in_words(row: SaleRow) -> str:
    money = ", ".join(f"{name} {written(getattr(row, name), row.currency)}"
                      for name in ("gross", "discount", "tax"))  # fmt: skip
    return f"{row.action} of {row.quantity} {row.line_type}: {money}"


def _without_document() -> Iterable[Difference]:
    """Return the orders from whose documents nothing can be derived, since there are none."""
    documents = OrderDocument.objects.filter(shopify_id=OuterRef("shopify_id"))
    orders = Order.objects.filter(~Exists(documents)).order_by("shopify_id")
    for day, name, shopify_id in orders.values_list("day", "name", "shopify_id").iterator():
        yield Difference(day, _name(name, shopify_id), "document", NOTHING, "a document")
