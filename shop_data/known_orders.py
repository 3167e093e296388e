"""All that is known of one order, gathered from deliveries in any order.

The newest body of the order says what it is now. Other deliveries add facts that it does not
hold: refunds that came ahead of it, the moments of edits, and when each quantity of a line was
first seen. Every fact is a union, a minimum or a maximum over deliveries, so that the same
deliveries end in the same knowledge however they were shuffled or repeated.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shop_data.changes import Version
from shop_data.payloads.orders import OrderRecord, RefundRecord, order_record, refund_record
from shop_data.payloads.values import (
    Body,
    child,
    identifier,
    moment,
    objects,
    parse,
    required_identifier,
    whole,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FAST = 1  # zlib level: a body shrinks to a fifth, and more effort gains little

UNKNOWN_VERSION = Version(_EPOCH, _EPOCH, UUID(int=0))

Moments = dict[str, int]  # quantity (as JSON key) -> earliest microsecond at which it was seen


@dataclass
class Edit:
    """What one `orders/edited` says: units added to and removed from lines at a moment."""

    at: int
    additions: dict[str, int]
    removals: dict[str, int]


@dataclass
class KnownOrder:
    """The knowledge of one order. `raw_body` is None while only other deliveries have come."""

    shopify_id: int
    version: Version = UNKNOWN_VERSION
    raw_body: bytes | None = None
    refunds: dict[str, str] = field(default_factory=dict)  # refund id -> its JSON
    edits: dict[str, Edit] = field(default_factory=dict)
    first_seen_at: int | None = None  # of the earliest body
    first_quantities: dict[str, int] = field(default_factory=dict)
    quantities: dict[str, Moments] = field(default_factory=dict)
    removals: dict[str, Moments] = field(default_factory=dict)

    # ── learning ──────────────────────────────────────────────────────────────────────────────

    def learn_order(self, body: Body, raw: bytes, version: Version) -> bool:
        """Take in a body of the order; tell whether it is the newest so far."""
        self._observe_lines(body, _microseconds(version.at))
        if self.raw_body is not None and version < self.version:
            return False
        self.raw_body, self.version = raw, version
        return True

    def learn_refund(self, body: Body, raw: bytes) -> None:
        """Take in a refund; of two deliveries of one refund the greater text stays."""
        key = str(required_identifier(body))
        self.refunds[key] = max(self.refunds.get(key, ""), raw.decode())

    def learn_edit(self, edit: Body, at: datetime) -> None:
        """Take in an edit, which names lines and by how many units they changed."""
        lines = child(edit, "line_items") or {}
        self.edits[str(required_identifier(edit))] = Edit(
            _microseconds(moment(edit.get("created_at"), "created_at") or at),
            _deltas(lines, "additions"),
            _deltas(lines, "removals"),
        )

    def _observe_lines(self, body: Body, at: int) -> None:
        quantities = {
            str(required_identifier(line)): whole(line.get("quantity"), "quantity") or 0
            for line in objects(body, "line_items")
        }
        if self.first_seen_at is None or (at, sorted(quantities.items())) < (
            self.first_seen_at,
            sorted(self.first_quantities.items()),
        ):
            self.first_seen_at, self.first_quantities = at, quantities
        for line_id, count in quantities.items():
            _note(self.quantities, line_id, count, at)
        if body.get("cancelled_at") is None:
            for line_id, count in _removed_units(body).items():
                _note(self.removals, line_id, count, at)

    # ── telling ───────────────────────────────────────────────────────────────────────────────

    def record(self) -> OrderRecord | None:
        """Return the order as it is known now; None while no body of it has come."""
        return None if self.raw_body is None else order_record(self.body())

    def body(self) -> dict[str, Any]:
        """Return the newest body."""
        return parse(self.raw_body or b"{}")

    def all_refunds(self, order: OrderRecord) -> list[RefundRecord]:
        """Return every refund, oldest first; the order's own copy of one wins."""
        found = {int(key): refund_record(parse(text.encode()), order.currency)
                 for key, text in self.refunds.items()}  # fmt: skip
        found |= {refund.id: refund for refund in order.refunds}
        return sorted(found.values(), key=lambda refund: (refund.at or order.processed_at, refund.id))

    def added_units(self, line_id: int, quantity: int) -> dict[datetime, int]:
        """Return moment -> units of a line that an edit added; what is not here was ordered."""
        key = str(line_id)
        named = sorted((edit.at, edit.additions[key]) for edit in self.edits.values()
                       if edit.additions.get(key))  # fmt: skip
        ordered = self.first_quantities.get(key, 0)
        ordered = max(0, min(ordered, quantity - sum(delta for _, delta in named)))
        return _spread(quantity - ordered, ordered, named, self.quantities.get(key, {}))

    def removed_units(self, line_id: int, removed: int) -> dict[datetime, int]:
        """Return moment -> units of a line that an edit took away, `removed` in all."""
        key = str(line_id)
        named = sorted((edit.at, edit.removals[key]) for edit in self.edits.values()
                       if edit.removals.get(key))  # fmt: skip
        return _spread(removed, 0, named, self.removals.get(key, {}))

    # ── keeping ───────────────────────────────────────────────────────────────────────────────

    def packed_body(self) -> bytes | None:
        return None if self.raw_body is None else zlib.compress(self.raw_body, _FAST)

    def packed_facts(self) -> bytes:
        facts = {
            "refunds": self.refunds,
            "edits": {
                key: [edit.at, edit.additions, edit.removals] for key, edit in self.edits.items()
            },
            "first": [self.first_seen_at, self.first_quantities],
            "quantities": self.quantities,
            "removals": self.removals,
        }
        return zlib.compress(json.dumps(facts, separators=(",", ":"), sort_keys=True).encode(), _FAST)

    @classmethod
    def unpack(
        cls, shopify_id: int, version: Version, body: bytes | None, facts: bytes | None
    ) -> KnownOrder:
        """Return what `packed_body` and `packed_facts` kept."""
        kept = json.loads(zlib.decompress(facts)) if facts else {}
        first_at, first = kept.get("first", (None, {}))
        return cls(
            shopify_id,
            version,
            zlib.decompress(body) if body else None,
            kept.get("refunds", {}),
            {key: Edit(*edit) for key, edit in kept.get("edits", {}).items()},
            first_at,
            first,
            kept.get("quantities", {}),
            kept.get("removals", {}),
        )


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _at(microseconds: int) -> datetime:
    return _EPOCH + microseconds * _MICROSECOND


def _note(kept: dict[str, Moments], line_id: str, count: int, at: int) -> None:
    if count:
        moments = kept.setdefault(line_id, {})
        moments[str(count)] = min(moments.get(str(count), at), at)


def _deltas(lines: Mapping[str, Any], name: str) -> dict[str, int]:
    return {
        str(required_identifier(item)): whole(item.get("delta"), "delta") or 0
        for item in objects(lines, name)
    }


def _removed_units(body: Body) -> dict[str, int]:
    """Return line -> units that are neither there any more nor refunded in this body."""
    refunded: dict[int | None, int] = {}
    for refund in objects(body, "refunds"):
        for item in objects(refund, "refund_line_items"):
            line_id = identifier(item.get("line_item_id"), "line_item_id")
            units = whole(item.get("quantity"), "quantity") or 0
            refunded[line_id] = refunded.get(line_id, 0) + units
    removed = {}
    for line in objects(body, "line_items"):
        if line.get("current_quantity") is not None:
            line_id = required_identifier(line)
            left = whole(line["current_quantity"], "current_quantity") or 0
            had = whole(line.get("quantity"), "quantity") or 0
            removed[str(line_id)] = max(0, had - left - refunded.get(line_id, 0))
    return removed


def _spread(
    units: int, below: int, named: list[tuple[int, int]], seen: Moments
) -> dict[datetime, int]:
    """Give each of `units` its moment: that of the edit that names it, else of the first sight.

    `seen` maps a level (units so far, `below` included) to the earliest moment at which the line
    stood at that level.
    """
    chunks: list[tuple[int, int]] = []
    done = 0
    for at, delta in named:
        chunks.append((at, min(delta, units - done)))
        done += chunks[-1][1]
    for level in sorted(int(count) for count in seen):
        reached = min(level - below, units)
        chunks.append((min(at for count, at in seen.items() if int(count) >= level), reached - done))
        done = max(done, reached)
    spread: dict[datetime, int] = {}
    for at, count in chunks:
        if count > 0:
            spread[_at(at)] = spread.get(_at(at), 0) + count
    return spread
