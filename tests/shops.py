"""A shop of the tests: it delivers over HTTP as Shopify does and tells what became of it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from shop_data.models import Sale
from tenants.models import Connection
from tenants.scope import tenant_scope
from tests.factories import SECRET
from webhooks.models import InboxEvent
from webhooks.processing import drain
from webhooks.signatures import signature
from xenofy.common.money import from_minor

Body = dict[str, Any]
Delivered = tuple[str, Body]  # topic and body


@dataclass
class Shop:
    """A connected shop; `client` stands for Shopify."""

    connection: Connection
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def post(
        self, topic: str, body: bytes, *, secret: str = SECRET, **headers: str
    ) -> HttpResponse:
        """Post raw bytes with Shopify's headers; `headers` replace them, None leaves one out."""
        given = {
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": signature(body, secret),
            "X-Shopify-Shop-Domain": self.connection.domain,
            "X-Shopify-API-Version": "2026-07",
            "X-Shopify-Webhook-Id": str(uuid4()),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.client.post(
            f"/api/webhooks/shopify/{topic}",
            body,
            content_type="application/json",
            headers={name: value for name, value in given.items() if value is not None},
        )

    def deliver(self, topic: str, body: Body | bytes, **headers: str | None) -> None:
        """Deliver a body that has to be accepted."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        assert self.post(topic, raw, **headers).status_code == 200

    def drain(self, *, later: timedelta = timedelta(0)) -> int:
        """Process what is due `later` than now; return how many deliveries that were."""
        total = 0
        while count := drain(self.connection.tenant_id, now=timezone.now() + later):
            total += count
        return total

    def process(self, *deliveries: Delivered) -> None:
        """Deliver bodies and process them one after the other."""
        for topic, body in deliveries:
            self.deliver(topic, body)
            self.drain()

    def statuses(self) -> Counter[str]:
        """Return how many deliveries have which status."""
        with tenant_scope(self.connection.tenant_id):
            return Counter(InboxEvent.objects.values_list("status", flat=True))

    def sales(self) -> list[Sale]:
        """Return all rows of the ledger."""
        with tenant_scope(self.connection.tenant_id):
            return list(Sale.objects.order_by("happened_at", "key"))

    def statement(self, *, by_order_day: bool = False) -> dict[str, dict[str, Decimal]]:
        """Return the lines of the sales statement that are not 0, by day."""
        return statement(self.sales(), by_order_day=by_order_day)


def statement(rows: Iterable[Sale], *, by_order_day: bool = False) -> dict[str, dict[str, Decimal]]:
    """Sum ledger rows into the lines of docs/metrics.md, by day; lines that are 0 are left out."""
    days: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        reverses = row.action == "return"
        lines = days[row.order_day if by_order_day and reverses else row.day]
        for name, minor in _lines_of(row, reverses).items():
            lines[name] += from_minor(minor, row.currency)
        if row.line_type == "product" and row.quantity:
            lines["units returned" if reverses else "units"] += abs(row.quantity)
    return {
        str(day): {name: amount for name, amount in sorted(lines.items()) if amount}
        for day, lines in sorted(days.items())
    }


_OTHER = {"shipping": "shipping", "tip": "tips", "gift_card": "gift cards", "duty": "duties",
          "additional_fee": "fees"}  # fmt: skip


def _lines_of(row: Sale, reverses: bool) -> dict[str, int]:
    net = row.gross + row.discount
    if row.line_type in {"product", "adjustment"}:
        lines = {"returns": net} if reverses else {"gross": row.gross, "discounts": row.discount}
        total = net + row.tax
    else:
        lines = {_OTHER[row.line_type]: net}
        total = net + row.tax if row.line_type not in {"tip", "gift_card"} else row.tax
    return {**lines, "taxes": row.tax, "total": total}
