"""All that is known of one order, gathered from deliveries in any order.

The newest body of the order says what it is now. Other deliveries add facts that it does not
hold: refunds that came ahead of it, the moments of edits, when each quantity of a line was first
seen, and fields that only older bodies had. Every fact is a union, a minimum or a maximum over
deliveries, so that the same deliveries end in the same knowledge however they were shuffled or
repeated.

Lines are named by their key in the ledger ("line:1"), shipping lines too ("shipping:2").
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from shop_data.changes import (
    EPOCH,
    UNKNOWN_VERSION,
    Version,
    digest_of,
    microseconds,
    moment_of,
)
from shop_data.kept_fields import (
    Kept,
    fields_digest,
    forget_kept,
    keep_absent,
    keep_from_older,
    values_of,
)
from shop_data.payloads.edits import EditRecord, removed_in, units_in
from shop_data.payloads.orders import OrderRecord, order_record
from shop_data.payloads.refunds import RefundRecord, refund_record, refunded_at
from shop_data.payloads.values import (
    Body,
    child,
    identifier,
    objects,
    parse,
    required_identifier,
    written,
)
from shop_data.sightings import Moments, Units, note, spread

_FAST = 1  # zlib level: a body shrinks to a fifth, and more effort gains little

Packed = bytes | memoryview


class Edit(NamedTuple):
    """What one `orders/edited` says: units added to and removed from lines at a microsecond."""

    at: int
    additions: Units
    removals: Units

    def order(self) -> list[Any]:
        """Return what two deliveries of one edit are compared by."""
        return [self.at, sorted(self.additions.items()), sorted(self.removals.items())]


@dataclass
class Facts:
    """What deliveries told beside the newest body; JSON keeps it, field by field."""

    refunds: dict[str, str] = field(default_factory=dict)  # refund id -> its JSON
    undated: dict[str, int] = field(default_factory=dict)  # refund id -> when it was first seen
    edits: dict[str, Edit] = field(default_factory=dict)
    first_seen_at: int | None = None  # of the earliest body
    first_units: Units = field(default_factory=dict)
    units: dict[str, Moments] = field(default_factory=dict)
    removed: dict[str, Moments] = field(default_factory=dict)
    open_version: list[Any] = field(default_factory=UNKNOWN_VERSION.as_json)
    removed_while_open: Units = field(default_factory=dict)  # by the newest body not cancelled
    fields: str = ""  # digest of which fields the newest body has
    kept: Kept = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)  # a customer -> who they became
    is_tied: bool = False  # another body claims the moments of the newest one
    agreed: list[Any] = field(default_factory=list)  # `Agreed`, where we derive something else

    def pack(self) -> bytes:
        written = json.dumps(vars(self), separators=(",", ":"), sort_keys=True)
        return zlib.compress(written.encode(), _FAST)

    def of_others(self) -> Facts:
        """Return only what came otherwise than in bodies of the order."""
        return Facts(
            refunds=self.refunds, undated=self.undated, edits=self.edits, merged=self.merged
        )

    @classmethod
    def unpack(cls, packed: Packed) -> Facts:
        kept = json.loads(zlib.decompress(packed))
        return cls(**{**kept, "edits": {key: Edit(*edit) for key, edit in kept["edits"].items()}})


class KnownOrder:
    """The knowledge of one order. `raw_body` is None while only other deliveries have come."""

    def __init__(
        self,
        shopify_id: int,
        version: Version = UNKNOWN_VERSION,
        raw_body: bytes | None = None,
        facts: Facts | None = None,
    ) -> None:
        self.shopify_id = shopify_id
        self.version = version
        self.raw_body = raw_body
        self.facts = facts or Facts()
        self._parsed: Body | None = None  # of `raw_body`

    # ── learning ──────────────────────────────────────────────────────────────────────────────

    def learn_order(self, body: Body, raw: bytes, version: Version) -> bool:
        """Take in a body of the order; tell whether it changes what the order is now.

        What a CSV export told stands alone: its lines have no numbers of Shopify's, so that nothing
        of it is put beside another body, be that the newer or the older one.
        """
        if self.raw_body is not None and EPOCH in (self.version.at, version.at):
            if version < self.version:
                return False
            self.raw_body, self.facts = None, self.facts.of_others()
        if "line_items" in body:
            self._observe(body, version)
        self._note_tie(version)
        fields = fields_digest(body)
        has_others = self.raw_body is not None and fields != self.facts.fields
        if self.raw_body is not None and version < self.version:
            newest = self._newest() if has_others else body
            return keep_from_older(self.facts.kept, body, version, newest)
        if has_others:
            keep_absent(self.facts.kept, self._newest(), self.version, body)
        self.raw_body, self.version, self._parsed = raw, version, body
        self.facts.fields = fields
        return True

    def learn_refund(self, body: Body, raw: bytes, at: datetime) -> None:
        """Take in a refund told at a moment; of two deliveries of one the greater text stays."""
        key = str(required_identifier(body))
        self.facts.refunds[key] = max(self.facts.refunds.get(key, ""), raw.decode())
        self._date([body], microseconds(at))

    def learn_edit(self, edit: EditRecord) -> None:
        """Take in an edit, which names lines and by how many units they changed."""
        new = Edit(microseconds(edit.at), edit.additions, edit.removals)
        self.facts.edits[str(edit.id)] = min(
            self.facts.edits.get(str(edit.id), new), new, key=Edit.order
        )

    def learn_merges(self, merges: Mapping[int, int | None]) -> None:
        """Take in who customers are after all merges; None for those who are themselves."""
        who = {**self.facts.merged, **{str(gone): kept for gone, kept in merges.items()}}
        self.facts.merged = {gone: kept for gone, kept in who.items() if kept is not None}

    def learn_agreed(self, agreed: list[Any]) -> None:
        """Take in what Shopify's agreements say (`Agreed.as_json`); the latest told stays."""
        if self.facts.agreed[:1] <= agreed[:1]:
            self.facts.agreed = agreed

    def forget(self, forgotten: Callable[[Body], Body], refund: Callable[[Body], Body]) -> None:
        """Keep of bodies of the order and of refunds only what these functions return."""
        facts = self.facts
        if self.raw_body is not None:
            self._parsed = forgotten(self._newest())
            self.raw_body = written(self._parsed)
            self.version = self.version._replace(digest=digest_of(self.raw_body))
            facts.fields = fields_digest(self._parsed)
        facts.kept = forget_kept(facts.kept, forgotten(values_of(facts.kept)))
        facts.refunds = {
            key: written(refund(parse(text.encode()))).decode()
            for key, text in facts.refunds.items()
        }

    def rename(self, names: Mapping[int, int]) -> None:
        """Give customers who became others the numbers that they have now."""
        self.facts.merged = {
            str(names.get(int(gone), int(gone))): names.get(kept, kept)
            for gone, kept in self.facts.merged.items()
        }

    def _observe(self, body: Body, version: Version) -> None:
        """Note when the body says that each line had how many units, and lost how many."""
        at, units, facts = microseconds(version.at), units_in(body), self.facts
        self._date(objects(body, "refunds"), at)
        first = (facts.first_seen_at, sorted(facts.first_units.items()))
        if facts.first_seen_at is None or (at, sorted(units.items())) < first:
            facts.first_seen_at, facts.first_units = at, units
        note(facts.units, units, at)
        if body.get("cancelled_at") is None:
            removed = removed_in(body)
            note(facts.removed, removed, at)
            if version.as_json() >= facts.open_version:
                facts.open_version, facts.removed_while_open = version.as_json(), removed

    def _note_tie(self, version: Version) -> None:
        """Note whether two bodies claim one moment: which is the newer one nobody knows then."""
        if version.moments > self.version.moments:
            self.facts.is_tied = False
        elif version.moments == self.version.moments and version.triggered_at > EPOCH:
            self.facts.is_tied |= version.digest != self.version.digest

    def _date(self, refunds: Iterable[Body], at: int) -> None:
        """Note when refunds without a date of their own were first seen."""
        for refund in refunds:
            if refunded_at(refund) is None:
                key = str(required_identifier(refund))
                self.facts.undated[key] = min(self.facts.undated.get(key, at), at)

    # ── telling ───────────────────────────────────────────────────────────────────────────────

    def record(self) -> OrderRecord | None:
        """Return the order as it is known now; None while no body of it has come."""
        return None if self.raw_body is None else order_record(self.body())

    def body(self) -> Body:
        """Return the newest body, with fields that only older ones have, and whose order it is
        since customers were merged."""
        body = {**values_of(self.facts.kept), **self._newest()}
        customer = child(body, "customer") if self.facts.merged else None
        kept = self.facts.merged.get(str(identifier((customer or {}).get("id"), "customer.id")))
        return {**body, "customer": {**customer, "id": kept}} if customer and kept else body

    def needs_fresh_read(self) -> bool:
        """Tell whether the body may be stale: another one is as new, or an edit is newer, which
        names lines and not what they cost."""
        edits = self.facts.edits.values()
        return self.facts.is_tied or any(edit.at > microseconds(self.version.at) for edit in edits)

    def all_refunds(self, order: OrderRecord) -> list[tuple[datetime, RefundRecord]]:
        """Return every refund with its moment, oldest first; the order's own copy of one wins."""
        own = {str(refund.id) for refund in order.refunds}
        others = [refund_record(parse(text.encode()), order.currency)
                  for key, text in self.facts.refunds.items() if key not in own]  # fmt: skip
        dated = [(self._moment_of(refund), refund) for refund in [*order.refunds, *others]]
        return sorted(dated, key=lambda pair: (pair[0], pair[1].id))

    def _moment_of(self, refund: RefundRecord) -> datetime:
        """Return when a refund happened; where it does not say, when it was first seen."""
        seen = self.facts.undated.get(str(refund.id), microseconds(self.version.at))
        return refund.at or moment_of(seen)

    def added_units(self, key: str, units: int) -> dict[datetime, int]:
        """Return moment -> how many of a line's `units` an edit added; the others were ordered."""
        named = [(edit.at, edit.additions[key]) for edit in self._edits() if key in edit.additions]
        ordered = min(self.facts.first_units.get(key, 0), units - sum(count for _, count in named))
        ordered = max(0, ordered)
        if ordered >= units:
            return {}
        return spread(units - ordered, ordered, named, self.facts.units.get(key, {}))

    def removed_units(self, key: str, removed: int) -> dict[datetime, int]:
        """Return moment -> units of a line that an edit took away, `removed` in all."""
        if removed <= 0:
            return {}
        named = [(edit.at, edit.removals[key]) for edit in self._edits() if key in edit.removals]
        return spread(removed, 0, named, self.facts.removed.get(key, {}))

    def removed_while_open(self, key: str) -> int:
        """Return how many units were gone without a refund before the order was cancelled."""
        return self.facts.removed_while_open.get(key, 0)

    def _edits(self) -> list[Edit]:
        """Return the edits that the newest body shows already, oldest first."""
        shown = [edit for edit in self.facts.edits.values()
                 if edit.at <= microseconds(self.version.at)]  # fmt: skip
        return sorted(shown, key=lambda edit: edit.at)

    def _newest(self) -> Body:
        if self._parsed is None:
            self._parsed = parse(self.raw_body or b"{}")
        return self._parsed

    # ── keeping ───────────────────────────────────────────────────────────────────────────────

    def packed_body(self) -> bytes | None:
        return None if self.raw_body is None else zlib.compress(self.raw_body, _FAST)

    def packed_facts(self) -> bytes:
        return self.facts.pack()

    @classmethod
    def unpack(
        cls, shopify_id: int, version: Version, body: Packed | None, facts: Packed | None
    ) -> KnownOrder:
        """Return what `packed_body` and `packed_facts` kept."""
        raw_body = zlib.decompress(body) if body else None
        return cls(shopify_id, version, raw_body, Facts.unpack(facts) if facts else None)
