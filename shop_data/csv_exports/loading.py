"""From records of an export to rows of the mirror, some at a time, through the writers of webhooks.

What Shopify itself has told of an order, a customer or a product always stands. Two exports are as
old as their uploads: the later one replaces what the earlier said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from shop_data.changes import EPOCH, Change, Version, digest_of
from shop_data.csv_exports.exports import ORDERS, PRODUCTS, Export, Record
from shop_data.csv_exports.numbers import FIRST
from shop_data.imports.loading import write_changes
from shop_data.models import Customer, Product, Variant
from shop_data.payloads.values import lower, parse, written
from shop_data.store import shop_time_zone
from shop_data.upserts.bulk import VERSION
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tenants.state import data_changed
from xenofy.common.identifiers import uuid7

CHUNK = 500  # records of one transaction: others who write for the tenant wait that long
NEW, SAME, CHANGED, TOLD = "new", "same", "changed", "told"  # TOLD: by Shopify itself


class Read(NamedTuple):
    """A record as it would be written, and how it stands to what is here."""

    record: Record
    state: str
    changes: Sequence[Change]


def compare(export: Export, records: Sequence[Record], *, uploaded_at: datetime) -> list[Read]:
    """Return how each record stands to what the current tenant has; orders find their customers
    and products first."""
    if export is ORDERS:
        _link([record.body for record in records])
    changes = [[_change(*told, uploaded_at) for told in record.told] for record in records]
    rows = export.kept.objects.filter(shopify_id__any=[record.body["id"] for record in records])
    here = {key: version for key, *version in rows.values_list("shopify_id", *VERSION)}
    told = _handles_told(records) if export is PRODUCTS else set()
    return [
        Read(record, _state(record, its[0].version, here, told), its)
        for record, its in zip(records, changes, strict=True)
    ]


def write(
    tenant_id: UUID,
    export: Export,
    records: Sequence[Record],
    *,
    uploaded_at: datetime,
    now: datetime,
) -> int:
    """Write what is new or has changed, in one transaction; return how many records that were."""
    with tenant_scope(tenant_id):
        reads = compare(export, records, uploaded_at=uploaded_at)
        news = [read for read in reads if read.state in (NEW, CHANGED)]
        if news:
            changes = [change for read in news for change in read.changes]
            write_changes(tenant_id, changes, export.writers, now=now)
    return len(news)


def note_known(days: Mapping[str, Mapping[str, Sequence[int]]], *, now: datetime) -> bool:
    """Note that all orders of the current tenant are known since the first day of a file that
    holds them all (`days` of its `Understanding`).

    Not where days lie between the file and what is known already; then return false.
    """
    with_orders = [date.fromisoformat(day) for sums in days.values()
                   for day, values in sums.items() if values[0]]  # fmt: skip
    if not with_orders:
        return False
    zone = shop_time_zone()
    known = TenantState.objects.values_list("known_since_at", flat=True).first()
    if known and max(with_orders) + timedelta(days=1) < known.astimezone(zone).date():
        return False
    data_changed(now=now, known_since=datetime.combine(min(with_orders), time.min, zone))
    return True


def _change(topic: str, body: dict[str, Any], uploaded_at: datetime) -> Change:
    """Return what a record tells, older than anything that Shopify told itself."""
    raw = written(body)
    return Change(uuid7(), topic, parse(raw), raw, Version(EPOCH, uploaded_at, digest_of(raw)))


def _state(record: Record, version: Version, here: Mapping[int, list[Any]], told: set[str]) -> str:
    stands = here.get(record.body["id"])
    if record.body.get("handle") in told or (stands and stands[0] > EPOCH):
        return TOLD
    if stands is None:
        return NEW
    return SAME if stands[2] == version.digest else CHANGED


def _handles_told(records: Sequence[Record]) -> set[str]:
    """Return the handles of products that Shopify has told of, under numbers of its own."""
    handles = [record.body["handle"] for record in records]
    known = Product.objects.filter(handle__in=handles, shopify_id__lt=FIRST)
    return set(known.values_list("handle", flat=True))


# ── whose an order is, and what its lines are of ──────────────────────────────────────────────


def _link(orders: Sequence[dict[str, Any]]) -> None:
    """Let orders name the one customer with their e-mail, and lines the one variant with their SKU.

    Where there is none, or more than one, it stays unknown: no field says anything.
    """
    customers = _customers_by_email({lower(order.get("email")) for order in orders} - {None})
    skus = {lower(line["sku"]) for order in orders for line in order["line_items"]} - {None}
    variants = _variants_by_sku(skus)
    for order in orders:
        customer = customers.get(lower(order.get("email")))
        if customer is not None:
            order["customer"] = {"id": customer}
        for line in order["line_items"]:
            line["product_id"], line["variant_id"] = variants.get(lower(line["sku"]), (None, None))


def _customers_by_email(emails: set[str | None]) -> dict[str | None, int]:
    rows = Customer.objects.filter(email_search__in=list(emails))
    return _only(rows.values_list("email_search", "shopify_id"))


def _variants_by_sku(skus: set[str | None]) -> dict[str | None, tuple[int, int]]:
    """Return SKU -> product and variant; Shopify's own before those that an export told of."""
    here = Variant.objects.filter(sku_search__in=list(skus), product__deleted_at=None)
    rows = list(here.values_list("sku_search", "product__shopify_id", "shopify_id"))
    told = {sku for sku, product, _ in rows if product < FIRST}
    return _only((sku, (product, variant)) for sku, product, variant in rows
                 if product < FIRST or sku not in told)  # fmt: skip


def _only(pairs: Iterable[Any]) -> dict[Any, Any]:
    """Return key -> value of those keys that have one value only."""
    found = list(pairs)
    count = Counter(key for key, _ in found)
    return {key: value for key, value in found if count[key] == 1}
