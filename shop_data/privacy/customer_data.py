"""A customer's data as one text that people and programs can read.

All that the mirror holds under their names, then the deliveries that are about them, as they came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from shop_data.models import (
    Customer,
    CustomerFile,
    CustomerMerge,
    CustomerTag,
    DiscountUse,
    Dispute,
    Fulfillment,
    FulfillmentEvent,
    Order,
    OrderAddress,
    OrderDocument,
    OrderItem,
    PrivacyRequest,
    PurchasingSummary,
    Redaction,
    Refund,
    RefundAdjustment,
    RefundLine,
    Return,
    ReturnLine,
    Sale,
    StoreEvent,
    StoreInfo,
    Transaction,
)
from shop_data.models.mirror import SearchField
from shop_data.privacy.knowledge import carts_of
from shop_data.privacy.people import Person
from shop_data.upserts.orders import known_order

KEPT = timedelta(days=30)
Found = dict[str, Any]
_UNSAID = {"id", "tenant", "version_at", "version_triggered_at", "version_digest", "synced_at"}
_OF_ORDER = {  # by the order's id here
    "lines": OrderItem,
    "addresses": OrderAddress,
    "discounts": DiscountUse,
    "sales": Sale,
}
_OF_SHOPIFY_ORDER = {  # by Shopify's id of the order
    "refunds": Refund,
    "returns": Return,
    "transactions": Transaction,
    "fulfilments": Fulfillment,
    "fulfilment_events": FulfillmentEvent,
    "disputes": Dispute,
}
_LINES = {"refunds": (RefundLine, "refund_id"), "returns": (ReturnLine, "parent_id")}


def write_file(
    request: PrivacyRequest, person: Person, deliveries: Iterable[Found], *, now: datetime
) -> None:
    """Write the file of a request; one that is there already is replaced."""
    CustomerFile.objects.filter(request=request).delete()
    found = {"about": _about(request, person, now), **_mirrored(person)}
    file = CustomerFile(
        request=request, subject=request.subject or 0, created_at=now, expires_at=now + KEPT
    )
    file.content = written({**found, "deliveries": list(deliveries)})
    CustomerFile.objects.bulk_create([file])


def written(found: Found) -> str:
    """Return the text of a file; halves of characters, which no file can hold, are replaced."""
    text = json.dumps(found, cls=_Encoder, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def readable(raw: bytes) -> Any:
    """Return a body as it stands in a file: as JSON, amounts as they are written, else as text."""
    text = raw.decode("utf-8", "replace")
    try:
        return json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return text


class _Encoder(DjangoJSONEncoder):
    """Amounts as plain decimals, without the zeros of their column."""

    def default(self, o: Any) -> Any:
        return f"{o.normalize():f}" if isinstance(o, Decimal) else super().default(o)


def _about(request: PrivacyRequest, person: Person, now: datetime) -> Found:
    store = StoreInfo.objects.first()
    forgotten = Redaction.objects.filter(subject=request.subject).first()
    return {
        "shop": store and (store.name or store.myshopify_domain),
        "customers": sorted(person.customers),
        "emails": sorted(person.emails),
        "phones": sorted(person.phones),
        "orders": sorted(person.orders),
        "requested_at": request.requested_at,
        "written_at": now,
        "forgotten_at": forgotten and forgotten.redacted_at,
    }


def _mirrored(person: Person) -> Found:
    customers = list(person.customers)
    return {
        "customer": _rows(Customer.objects.filter(shopify_id__in=customers)),
        "merged_customers": _rows(CustomerMerge.objects.filter(shopify_id__in=customers)),
        "tags": _rows(CustomerTag.objects.filter(customer_shopify_id__in=customers)),
        "purchasing_summary": _rows(PurchasingSummary.objects.filter(shopify_id__in=customers)),
        "orders": [_order(key) for key in sorted(person.orders)],
        "checkouts": _rows(carts_of(person)),
        "events": _rows(_events(person)),
    }


def _events(person: Person) -> models.QuerySet[StoreEvent]:
    subjects = [*person.customers, *person.orders]
    return StoreEvent.objects.filter(subject_shopify_id__in=subjects)


def _order(shopify_id: int) -> Found:
    order = Order.objects.filter(shopify_id=shopify_id).first()
    document = OrderDocument.objects.filter(shopify_id=shopify_id).first()
    known = known_order(document) if document else None
    found = {"shopify_id": shopify_id, **(_columns(order) if order else {})}
    if order:
        found |= {name: _rows(model.objects.filter(order_id=order.id))
                  for name, model in _OF_ORDER.items()}  # fmt: skip
    for name, model in _OF_SHOPIFY_ORDER.items():
        parts = list(model.objects.filter(order_shopify_id=shopify_id))
        found[name] = [{**_columns(part), **_lines(name, part)} for part in parts]
    return {**found, "document": readable(known.raw_body) if known and known.raw_body else None}


def _lines(name: str, part: models.Model) -> Found:
    if name not in _LINES:
        return {}
    model, column = _LINES[name]
    found: Found = {"lines": _rows(model.objects.filter(**{column: part.pk}))}
    if name == "refunds":
        found["adjustments"] = _rows(RefundAdjustment.objects.filter(refund_id=part.pk))
    return found


def _rows(rows: models.QuerySet[Any]) -> list[Found]:
    """Return rows in an order that stays."""
    names = {field.name for field in rows.model._meta.concrete_fields}
    orders = [name for name in ("happened_at", "position", "shopify_id") if name in names]
    return [_columns(row) for row in rows.order_by(*orders, "id")]


def _columns(row: models.Model) -> Found:
    """Return what a row says, without what only serves to find it or to tell versions apart."""
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if field.name not in _UNSAID
        and not field.is_relation
        and not isinstance(field, models.BinaryField | SearchField)
    }
