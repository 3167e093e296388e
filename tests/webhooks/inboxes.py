"""What the tests of the inbox deliver, and looking at what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from shop_data.models import Customer
from tenants.scope import tenant_scope
from tests.shops import Shop
from webhooks import processing
from webhooks.models import InboxEvent

T0 = "2026-03-02T10:00:00Z"


def customer(number: int = 1, *, updated_at: str = T0, **fields: Any) -> dict[str, Any]:
    return {"id": number, "email": f"c{number}@example.com", "updated_at": updated_at, **fields}


def events(shop: Shop) -> list[InboxEvent]:
    with tenant_scope(shop.connection.tenant_id):
        return list(InboxEvent.objects.order_by("received_at", "id"))


def customers(shop: Shop) -> list[Customer]:
    with tenant_scope(shop.connection.tenant_id):
        return list(Customer.objects.order_by("shopify_id"))


def drain(shop: Shop, *, later: timedelta = timedelta(0)) -> int:
    return processing.drain(shop.connection.tenant_id, now=timezone.now() + later)
