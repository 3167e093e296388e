"""Orders of a shop's past, and imports of them from beginning to end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shop_data.imports import importing
from shop_data.models import (
    Import,
)
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def some_orders() -> list[dict[str, Any]]:
    """Orders of three months: plain, with a discount, refunded in a later month, cancelled."""
    plain = OrderBuilder(id=1, at="2026-06-10T10:00:00Z", currency="INR").ship("50.00")
    plain.line("100.00", 2, discount="10.00")
    refunded = OrderBuilder(id=2, at="2026-05-20T10:00:00Z", currency="INR")
    line = refunded.line("80.00", 3)
    refunded.refund("2026-06-02T09:00:00Z", units={line.id: 1})
    cancelled = OrderBuilder(id=3, at="2026-04-30T23:59:59Z", currency="INR")
    cancelled.line("30.00")
    cancelled.cancel("2026-05-01T10:00:00Z")
    return [plain.body(), refunded.body(), cancelled.body()]


def run(tenant_id: UUID, *, steps: int = 60, now: datetime = NOW) -> Import:
    """Begin an import and go on until it has ended."""
    with tenant_scope(tenant_id):
        importing.begin(now=now)
    for _ in range(steps):
        if importing.step(tenant_id, now=now, alive=lambda: None) is None:
            break
    return last(tenant_id)


def last(tenant_id: UUID) -> Import:
    with tenant_scope(tenant_id):
        found: Import = Import.objects.order_by("-id").first()
        return found
