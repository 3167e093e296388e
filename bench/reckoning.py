"""The reckoning after a soak: what was sent and what must follow, beside what the database holds.

Reads as the owner, in SQL of its own; every function returns the differences in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from bench import oracle
from bench.stories import Message, Story

Rows = list[tuple[Any, ...]]
SHOWN = 5  # differences of one kind

INBOX = """
    SELECT topic, webhook_id, status, last_error, digest,
        CASE WHEN body_pruned_at IS NULL THEN body END
    FROM webhooks_inboxevent WHERE tenant_id = %s
"""
LEDGER = """
    SELECT o.shopify_id, s.action, s.line_type, s.happened_at, s.day, s.hour, s.order_day,
        s.line_item_shopify_id, s.product_shopify_id, s.customer_shopify_id, s.quantity, s.gross,
        s.discount, s.tax, s.currency
    FROM shop_data_sale AS s JOIN shop_data_order AS o USING (tenant_id)
    WHERE s.tenant_id = %s AND o.id = s.order_id
"""
MIRROR = {
    "order": """
        SELECT shopify_id, name, email, currency, financial_status, tags, note, test, total_price,
            processed_at, cancelled_at, order_updated_at FROM shop_data_order WHERE tenant_id = %s
    """,
    "line": """
        SELECT i.shopify_id, o.shopify_id, title, sku, quantity, current_quantity, price
        FROM shop_data_orderitem AS i JOIN shop_data_order AS o USING (tenant_id)
        WHERE i.tenant_id = %s AND o.id = i.order_id
    """,
    "refund": """
        SELECT r.shopify_id, o.shopify_id, r.note, r.processed_at
        FROM shop_data_refund AS r JOIN shop_data_order AS o USING (tenant_id)
        WHERE r.tenant_id = %s AND o.id = r.order_id
    """,
    "refunded line": """
        SELECT shopify_id, line_item_shopify_id, quantity, subtotal, total_tax
        FROM shop_data_refundline WHERE tenant_id = %s
    """,
    "adjustment": """
        SELECT shopify_id, kind, amount, tax_amount FROM shop_data_refundadjustment
        WHERE tenant_id = %s
    """,
    "fulfilment": """
        SELECT f.shopify_id, o.shopify_id, f.status, f.tracking_company
        FROM shop_data_fulfillment AS f JOIN shop_data_order AS o USING (tenant_id)
        WHERE f.tenant_id = %s AND o.id = f.order_id
    """,
    "customer": """
        SELECT shopify_id, email, first_name, last_name FROM shop_data_customer
        WHERE tenant_id = %s
    """,
    "product": "SELECT shopify_id, title, vendor FROM shop_data_product WHERE tenant_id = %s",
    "stock": """
        SELECT inventory_item_id, location_id, available FROM shop_data_inventorylevel
        WHERE tenant_id = %s
    """,
    "checkout": """
        SELECT shopify_id, token, currency, total_price FROM shop_data_abandonedcart
        WHERE tenant_id = %s
    """,
    "store": """
        SELECT shopify_id, name, currency, iana_timezone FROM shop_data_storeinfo
        WHERE tenant_id = %s
    """,
}
KEY_COLUMNS = {"stock": 2}


@dataclass
class Reckoning:
    """Compares one tenant; `differences` collects what does not agree."""

    connection: psycopg.Connection[Any]
    tenant: UUID
    story: Story
    messages: Sequence[Message]  # acknowledged ones of this tenant
    counts: Counter[str]

    def differences(self) -> Iterator[str]:
        for compare in (self._inbox, self._mirror, self._ledger):
            for difference in compare():
                yield f"{self.story.shop.domain}: {difference}"

    def _inbox(self) -> Iterator[str]:
        """Compare what was acknowledged with the rows of the inbox, bytes and outcome included."""
        sent = {(message.topic, message.webhook_id): message for message in self.messages}
        rows = self._rows(INBOX)
        stored = {(topic, webhook_id): outcome for topic, webhook_id, *outcome in rows}
        self.counts["accepted"] += len(sent)
        self.counts.update(status for status, *_ in stored.values())
        yield from _listed("acknowledged and lost", sent.keys() - stored.keys())
        yield from _listed("in the inbox, never acknowledged", stored.keys() - sent.keys())
        if len(rows) != len(stored):
            yield "the inbox holds a delivery twice"
        both = sent.keys() & stored.keys()
        yield from _listed("other bytes than were sent", (
            key for key in both if not _same_bytes(sent[key], *stored[key][2:])))  # fmt: skip
        yield from _listed("wrong outcome", (
            f"{key}: {stored[key][:2]}" for key in both if not _as_expected(sent[key], stored[key])
        ))  # fmt: skip

    def _mirror(self) -> Iterator[str]:
        expected = oracle.mirror(self.messages)
        found: dict[tuple[str, Any], tuple[Any, ...]] = {}
        for kind, statement in MIRROR.items():
            width = KEY_COLUMNS.get(kind, 1)
            rows = self._rows(statement)
            keys = [row[:width] if width > 1 else row[0] for row in rows]
            found |= {(kind, key): row[width:] for key, row in zip(keys, rows, strict=True)}
            if len(set(keys)) != len(keys):
                yield f"a {kind} is in the mirror twice"
        self.counts["mirror rows"] += len(found)
        yield from _differing("mirror", expected, found)

    def _ledger(self) -> Iterator[str]:
        expected = oracle.ledger(self.story.shop, self.story.orders.values())
        found = Counter(self._rows(LEDGER))
        self.counts["ledger rows"] += found.total()
        yield from _listed("missing in the ledger", (expected - found).elements())
        yield from _listed("too much in the ledger", (found - expected).elements())

    def _rows(self, statement: str) -> Rows:
        return self.connection.execute(statement, [self.tenant]).fetchall()


def _same_bytes(message: Message, digest: bytes, body: bytes | None) -> bool:
    """Tell whether what is kept are the bytes that were sent; of a pruned body its digest."""
    kept = body is None or bytes(body) == message.body
    return kept and bytes(digest) == sha256(message.body).digest()


def _as_expected(message: Message, stored: Sequence[Any]) -> bool:
    """Tell whether what can be read is done or superseded, and the rest quarantined with reason."""
    status, error, *_ = stored
    if message.readable:
        return status in {"done", "superseded"}
    return status == "quarantined" and bool(error)


def _differing(name: str, expected: Mapping[Any, Any], found: Mapping[Any, Any]) -> Iterator[str]:
    yield from _listed(f"missing in the {name}", expected.keys() - found.keys())
    yield from _listed(f"too much in the {name}", found.keys() - expected.keys())
    yield from _listed(f"differs in the {name}", (
        f"{key}: expected {expected[key]}, found {found[key]}"
        for key in expected.keys() & found.keys() if expected[key] != found[key]))  # fmt: skip


def _listed(words: str, items: Any) -> Iterator[str]:
    """Return one sentence with the number of items and the first of them."""
    every = sorted(map(str, items))
    if every:
        yield f"{words}: {len(every)}\n    " + "\n    ".join(every[:SHOWN])
