"""Derive the sale ledger of one order: a pure function of what is known of it.

Rules and sources: docs/metrics.md. Amounts are minor units of the shop's currency, before tax;
what is taken back is negative. What happened to an order is booked in the order in which it
happened, so that what becomes known later changes no earlier day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shop_data.agreed_sales import with_agreed
from shop_data.known_orders import KnownOrder
from shop_data.models.ledger import Sale
from shop_data.payloads.orders import OrderRecord, line_key
from shop_data.payloads.refunds import SHIPPING, RefundedLine, RefundedShipping, RefundRecord
from shop_data.payloads.values import PayloadError
from shop_data.sale_rows import SaleRow
from shop_data.sold import NOTHING, Amounts, Sold, left_of, rounded, sold_in
from shop_data.tax_names import TaxNames

Action = Sale.Action
LineType = Sale.LineType
EDITED = "edit"  # the reason of what an edit took away


def derive_sales(known: KnownOrder, zone: ZoneInfo) -> list[SaleRow]:
    """Return the rows of an order; none for a test and while no body of it has come."""
    order = known.record()
    if order is None or order.test:
        return []
    derived = _Derivation(known, order, zone).rows()
    rows = with_agreed(derived, known.facts.agreed, order, zone)
    if len({row.key for row in rows}) < len(rows):
        raise PayloadError("The order names one of its lines twice.")
    return rows


class _Event(NamedTuple):
    """Something that took back a part of the order; at one moment the lower rank comes first."""

    at: datetime
    rank: int
    name: str
    happen: Callable[[], None]


class _Back(NamedTuple):
    """A part of a refund."""

    key: str
    sold: Sold
    amounts: Amounts
    why: str


class _Derivation:
    """The rows of one order in the making: sold and added, then refunded, removed, cancelled."""

    def __init__(self, known: KnownOrder, order: OrderRecord, zone: ZoneInfo) -> None:
        self.known = known
        self.order = order
        self.zone = zone
        self.order_day = order.processed_at.astimezone(zone).date()
        self.sold = list(sold_in(order))
        self.refunds = known.all_refunds(order)
        self.taken_back: dict[str, Amounts] = defaultdict(lambda: NOTHING)  # by account
        self.tax_names = TaxNames(order, self.sold)
        self.is_cancelled = False
        self.owed = 0  # what a cancellation has reversed and no refund has paid out yet
        self.found: list[SaleRow] = []

    def rows(self) -> list[SaleRow]:
        for sold in self.sold:
            self._sell(sold)
        for event in sorted(self._reversals(), key=lambda event: event[:3]):
            event.happen()
        return self.found

    def _sell(self, sold: Sold) -> None:
        """Book what was ordered on the order's day, and what an edit added on its own."""
        units = sold.amounts.quantity
        added = self.known.added_units(sold.key, units)
        done = units - sum(added.values())
        if done > 0 or not added:
            amounts = sold.amounts.part(0, done) if added else sold.amounts
            self._book(sold.key, Action.ORDER, sold, self.order.processed_at, amounts)
        for at, more in sorted(added.items()):
            amounts = sold.amounts.part(done, done + more)
            self._book(f"{sold.key}:added:{at.isoformat()}", Action.UPDATE, sold, at, amounts)
            done += more

    def _reversals(self) -> Iterator[_Event]:
        for at, refund in self.refunds:
            yield _Event(at, 0, f"{refund.id:020}", partial(self._refund, refund, at))
        for sold in self.sold:
            removed = self.known.removed_units(sold.key, self._removed(sold))
            for at, units in removed.items():
                yield _Event(at, 1, sold.key, partial(self._remove, sold, at, units))
        if self.order.cancelled_at is not None:
            yield _Event(
                self.order.cancelled_at, 2, "", partial(self._cancel, self.order.cancelled_at)
            )

    # ── edited away ───────────────────────────────────────────────────────────────────────────

    def _removed(self, sold: Sold) -> int:
        """Return how many units edits took away: what is gone without a refund.

        A cancellation leaves nothing of any line; then what the order last said before it counts.
        """
        kept = sold.amounts.quantity - self._refunded_units(sold)
        if self.order.cancelled_at is not None:
            gone = self.known.removed_while_open(sold.key)
        else:
            gone = 0 if sold.left is None else kept - sold.left
        return max(0, min(gone, kept))

    def _refunded_units(self, sold: Sold) -> int:
        items = (item for _, refund in self.refunds for item in refund.lines)
        return sum(item.quantity for item in items if line_key(item.line_id) == sold.key)

    def _remove(self, sold: Sold, at: datetime, units: int) -> None:
        start = -self.taken_back[sold.account].quantity
        amounts = -sold.amounts.part(start, start + units)
        self._take_back(f"{sold.key}:removed:{at.isoformat()}", sold, at, amounts, why=EDITED)

    # ── refunded ──────────────────────────────────────────────────────────────────────────────

    def _refund(self, refund: RefundRecord, at: datetime) -> None:
        """Book a refund. After a cancellation it pays out what that has reversed already, and
        only what it gives beyond that, or keeps, is new."""
        for back in self._given_back_by(refund):
            if self.is_cancelled:
                self.owed = max(0, self.owed + back.amounts.net + back.amounts.tax)
            else:
                self._take_back(back.key, back.sold, at, back.amounts, why=back.why)
        self._adjust(refund, at)

    def _given_back_by(self, refund: RefundRecord) -> Iterator[_Back]:
        """Yield what a refund names; odd cents follow from what has been taken back by then."""
        name = f"refund:{refund.id}"
        for item in refund.lines:
            named = (sold for sold in self.sold if sold.key == line_key(item.line_id))
            sold = next(named, None) or Sold(line_key(item.line_id), LineType.PRODUCT, NOTHING)
            amounts = self._given_back(sold, item)
            yield _Back(f"{name}:line:{item.id}", sold, amounts, item.restock_type)
        for position, amounts in enumerate(self._shipping_in(refund)):
            key = f"{name}:shipping:{position}"
            yield _Back(key, Sold(key, LineType.SHIPPING, NOTHING), amounts, SHIPPING)
        others = [("duties", LineType.DUTY, refund.duties),
                  ("fees", LineType.ADDITIONAL_FEE, refund.additional_fees)]  # fmt: skip
        for what, line_type, amount in others:
            if amount:
                key = f"{name}:{what}"
                yield _Back(key, Sold(key, line_type, NOTHING), Amounts(0, -amount, 0, 0), "")

    def _given_back(self, sold: Sold, item: RefundedLine) -> Amounts:
        """Return the reversal of refunded units, with the net and tax that the refund names.

        A refund without amounts (older bodies) is worth the units' share of the line.
        """
        start = -self.taken_back[sold.account].quantity
        share = sold.amounts.part(start, start + item.quantity)
        tax = share.tax if item.tax is None else item.tax
        net = share.net if item.subtotal is None else self._without_tax(item.subtotal, tax)
        gross = share.gross if sold.line else net
        return Amounts(-item.quantity, -gross, gross - net, -tax)

    def _shipping_in(self, refund: RefundRecord) -> list[Amounts]:
        """Return shipping given back: adjustments and `refund_shipping_lines` tell one fact."""
        adjustments = [item for item in refund.adjustments if item.is_shipping]
        told = [Amounts(0, item.amount, 0, item.tax) for item in adjustments]
        return told or [self._shipping_given_back(line) for line in refund.shipping]

    def _shipping_given_back(self, line: RefundedShipping) -> Amounts:
        """Return the reversal of refunded shipping; tax that it does not name is in proportion."""
        if line.tax is not None:
            return Amounts(0, -self._without_tax(line.amount, line.tax), 0, -line.tax)
        sold = next((sold for sold in self.sold if sold.key == line.key), None)
        charged = sold.reduced(sold.amounts) if sold else NOTHING
        paid = charged.gross + (charged.tax if self.order.taxes_included else 0)
        tax = rounded(Decimal(charged.tax) * line.amount / paid) if paid else 0
        return Amounts(0, -self._without_tax(line.amount, tax), 0, -tax)

    def _without_tax(self, amount: int, tax: int) -> int:
        """Return a refund's subtotal before tax, which it contains in a tax-inclusive shop."""
        return amount - tax if self.order.taxes_included else amount

    def _adjust(self, refund: RefundRecord, at: datetime) -> None:
        for item in refund.adjustments:
            if item.is_shipping:
                continue
            amounts = self._beyond_owed(item.amount, item.tax)
            if any(amounts):
                key = f"refund:{refund.id}:adjustment:{item.id}"
                sold = Sold(key, LineType.ADJUSTMENT, NOTHING)
                self._take_back(key, sold, at, amounts, why=item.reason)

    def _beyond_owed(self, net: int, tax: int) -> Amounts:
        """Return an adjustment without what of it pays out what the cancellation reversed."""
        paid = min(self.owed, max(0, -(net + tax)))
        self.owed -= paid
        paid_net = min(paid, max(0, -net))
        return Amounts(0, net + paid_net, 0, tax + paid - paid_net)

    # ── cancelled ─────────────────────────────────────────────────────────────────────────────

    def _cancel(self, at: datetime) -> None:
        """Reverse what neither refunds nor edits have reversed."""
        self.is_cancelled = True
        for accounts in self._accounts():
            taken = [self.taken_back[sold.account] for sold, _ in accounts]
            left = left_of([had for _, had in accounts], taken)
            for (sold, _), amounts in zip(accounts, left, strict=True):
                if any(amounts):
                    self.owed += amounts.net + amounts.tax
                    key = f"{sold.account}:cancelled"
                    self._take_back(key, sold, at, -amounts, why=self.order.cancel_reason)

    def _accounts(self) -> Iterable[list[tuple[Sold, Amounts]]]:
        """Return, for each kind of line, its accounts and all that was sold under each."""
        by_account: dict[str, tuple[Sold, Amounts]] = {}
        for sold in self.sold:
            _, had = by_account.get(sold.account, (sold, NOTHING))
            by_account[sold.account] = sold, had.plus(sold.reduced(sold.amounts))
        by_type: dict[str, list[tuple[Sold, Amounts]]] = defaultdict(list)
        for sold, had in by_account.values():
            by_type[sold.line_type].append((sold, had))
        return by_type.values()

    # ── rows ──────────────────────────────────────────────────────────────────────────────────

    def _take_back(self, key: str, sold: Sold, at: datetime, amounts: Amounts, *, why: str) -> None:
        back = self.taken_back[sold.account]
        self.taken_back[sold.account] = back.plus(sold.reduced(amounts))
        names = self.tax_names.given_back(sold, amounts.tax)
        self._append(key, Action.RETURN, sold, at, amounts, reason=why, tax_lines=names)

    def _book(self, key: str, action: str, sold: Sold, at: datetime, amounts: Amounts) -> None:
        names = self.tax_names.charged(sold, amounts.tax)
        self._append(key, action, sold, at, amounts, reason="", tax_lines=names)

    def _append(
        self, key: str, action: str, sold: Sold, at: datetime, amounts: Amounts, **said: Any
    ) -> None:
        local = at.astimezone(self.zone)
        line = sold.line
        self.found.append(
            SaleRow(
                key,
                action,
                sold.line_type,
                at,
                local.date(),
                local.hour,
                self.order_day,
                line.id if line else None,
                line.product_id if line else None,
                line.variant_id if line else None,
                self.order.customer_id,
                amounts.quantity if line else 0,
                *amounts[1:],
                self.order.currency,
                **said,
            )
        )
