"""Derive the sale ledger of one order: a pure function of what is known of it.

Rules and sources: docs/metrics.md. Amounts are minor units of the shop's currency, before tax;
what is taken back is negative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shop_data.known_orders import KnownOrder
from shop_data.models.ledger import Sale
from shop_data.payloads.orders import Charge, Line, OrderRecord, RefundRecord
from shop_data.payloads.values import PayloadError
from xenofy.common.money import allocate

Action = Sale.Action
LineType = Sale.LineType


class SaleRow(NamedTuple):
    """A row of the ledger before it has an id; its fields are the columns of `Sale`."""

    key: str
    action: str
    line_type: str
    happened_at: datetime
    day: date
    hour: int
    order_day: date
    line_item_shopify_id: int | None
    product_shopify_id: int | None
    variant_shopify_id: int | None
    customer_shopify_id: int | None
    quantity: int
    gross: int
    discount: int
    tax: int
    currency: str


class Amounts(NamedTuple):
    """Units and money of something sold; `discount` is negative or 0."""

    quantity: int
    gross: int
    discount: int
    tax: int

    def part(self, start: int, stop: int) -> Amounts:
        """Return the share of the units after `start` up to `stop`, odd cents to the first units."""
        return Amounts(stop - start, *(_part(total, self.quantity, start, stop) for total in self[1:]))

    def __neg__(self) -> Amounts:
        return Amounts(*(-value for value in self))

    def minus(self, other: Amounts) -> Amounts:
        return Amounts(*(mine - its for mine, its in zip(self, other, strict=True)))


NOTHING = Amounts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sold:
    """Something of the order that was sold once and may be taken back."""

    key: str
    line_type: str
    amounts: Amounts
    line: Line | None = None


def counts_as_order(rows: list[SaleRow]) -> bool:
    """Tell whether the order is one of "orders": more than gift cards and tips was sold."""
    uncounted = {LineType.GIFT_CARD, LineType.TIP}
    return any(row.action == Action.ORDER and row.line_type not in uncounted for row in rows)


def derive_sales(known: KnownOrder, zone: ZoneInfo) -> list[SaleRow]:
    """Return the rows of an order, in a fixed order; none for a test and for a body still to come."""
    order = known.record()
    if order is None or order.test:
        return []
    rows = _Derivation(known, order, zone).rows()
    if len({row.key for row in rows}) < len(rows):
        raise PayloadError("The order names one of its lines twice.")
    return rows


class _Derivation:
    """The rows of one order in the making: sold, added and removed, refunded, cancelled."""

    def __init__(self, known: KnownOrder, order: OrderRecord, zone: ZoneInfo) -> None:
        self.known = known
        self.order = order
        self.zone = zone
        self.order_day = order.processed_at.astimezone(zone).date()
        self.sold = list(_sold(order))
        self.taken_back = {sold.key: NOTHING for sold in self.sold}
        self.found: list[SaleRow] = []

    def rows(self) -> list[SaleRow]:
        for sold in self.sold:
            self._sell(sold)
        for refund in self.known.all_refunds(self.order):
            self._refund(refund, refund.at or self.order.processed_at)
        for sold in self.sold:
            self._remove_by_edit(sold)
        if self.order.cancelled_at is not None:
            self._cancel(self.order.cancelled_at)
        return self.found

    def _sell(self, sold: Sold) -> None:
        """Book what was ordered on the order's day, and what an edit added on its own."""
        added = {}
        if sold.line is not None:
            added = self.known.added_units(sold.line.id, sold.line.quantity)
        ordered = sold.amounts.quantity - sum(added.values())
        if ordered > 0 or not added:
            amounts = sold.amounts.part(0, ordered) if added else sold.amounts
            self._book(sold.key, Action.ORDER, sold, self.order.processed_at, amounts)
        for at, units in sorted(added.items()):
            amounts = sold.amounts.part(ordered, ordered + units)
            self._book(f"{sold.key}:added:{at.isoformat()}", Action.UPDATE, sold, at, amounts)
            ordered += units

    def _remove_by_edit(self, sold: Sold) -> None:
        """Take back, on the day of the edit, units that are gone without a refund."""
        line = sold.line
        if line is None or line.current_quantity is None or self.order.cancelled_at is not None:
            return
        back = -self.taken_back[sold.key].quantity
        gone = max(0, line.quantity - line.current_quantity - back)
        for at, units in sorted(self.known.removed_units(line.id, gone).items()):
            amounts = -sold.amounts.part(back, back + units)
            self._take_back(f"{sold.key}:removed:{at.isoformat()}", sold, at, amounts)
            back += units

    def _refund(self, refund: RefundRecord, at: datetime) -> None:
        by_key = {sold.key: sold for sold in self.sold}
        prefix = f"refund:{refund.id}"
        for item in refund.lines:
            sold = by_key.get(f"line:{item.line_id}")
            if sold is not None:
                amounts = self._given_back(sold, item.quantity, item.subtotal, item.tax)
                self._take_back(f"{prefix}:line:{item.id}", sold, at, amounts)
        for adjustment in refund.adjustments:
            is_shipping = adjustment.kind == "shipping_refund"
            line_type = LineType.SHIPPING if is_shipping else LineType.ADJUSTMENT
            amounts = Amounts(0, adjustment.amount, 0, adjustment.tax)
            self._give_back(f"{prefix}:adjustment:{adjustment.id}", line_type, at, amounts)
        if not any(adjustment.kind == "shipping_refund" for adjustment in refund.adjustments):
            for charge in refund.shipping:
                self._refund_shipping(f"{prefix}:shipping:{charge.key}", charge, at)
        if refund.duties:
            amounts = Amounts(0, -refund.duties, 0, 0)
            self._give_back(f"{prefix}:duties", LineType.DUTY, at, amounts)
        if refund.additional_fees:
            amounts = Amounts(0, -refund.additional_fees, 0, 0)
            self._give_back(f"{prefix}:fees", LineType.ADDITIONAL_FEE, at, amounts)

    def _given_back(
        self, sold: Sold, units: int, subtotal: int | None, tax: int | None
    ) -> Amounts:
        """Return the reversal of refunded units, with the net and tax that the refund names.

        A refund without amounts (older bodies) is worth the units' share of the line.
        """
        start = -self.taken_back[sold.key].quantity
        share = sold.amounts.part(start, start + units)
        tax = share.tax if tax is None else tax
        net = share.gross + share.discount
        if subtotal is not None:
            net = subtotal - tax if self.order.taxes_included else subtotal
        return Amounts(-units, -share.gross, share.gross - net, -tax)

    def _refund_shipping(self, key: str, charge: Charge, at: datetime) -> None:
        """Book `refund_shipping_lines`, with tax in proportion to that of the shipping line."""
        sold = next((sold for sold in self.sold if sold.key == f"shipping:{charge.key}"), None)
        net = sold.amounts.gross + sold.amounts.discount if sold else 0
        tax = _rounded(Decimal(sold.amounts.tax) * charge.gross / net) if sold and net else 0
        self._give_back(key, LineType.SHIPPING, at, Amounts(0, -charge.gross, 0, -tax))

    def _give_back(self, key: str, line_type: str, at: datetime, amounts: Amounts) -> None:
        """Book a refund of no line, and count it against what a cancellation would still reverse."""
        target = next((sold for sold in self.sold if sold.line_type == line_type), None)
        if target is not None:
            self._count(target, amounts)
        self._book(key, Action.RETURN, Sold(key, line_type, amounts), at, amounts)

    def _cancel(self, at: datetime) -> None:
        """Reverse what no refund has reversed."""
        for sold in self.sold:
            back = self.taken_back[sold.key]
            left = [_left(had, gone) for had, gone in zip(sold.amounts, back, strict=True)]
            if any(left):
                self._take_back(f"{sold.key}:cancelled", sold, at, -Amounts(*left))

    def _take_back(self, key: str, sold: Sold, at: datetime, amounts: Amounts) -> None:
        self._count(sold, amounts)
        self._book(key, Action.RETURN, sold, at, amounts)

    def _count(self, sold: Sold, amounts: Amounts) -> None:
        self.taken_back[sold.key] = self.taken_back[sold.key].minus(-amounts)

    def _book(self, key: str, action: str, sold: Sold, at: datetime, amounts: Amounts) -> None:
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
                *amounts,
                self.order.currency,
            )
        )


# ── what was sold ─────────────────────────────────────────────────────────────────────────────


def _sold(order: OrderRecord) -> Iterator[Sold]:
    """Yield all that the order charged for, without tax in its prices."""
    discounts = _line_discounts(order)
    taxes = _line_taxes(order, discounts)
    for line, discount, tax in zip(order.lines, discounts, taxes, strict=True):
        amounts = _before_tax(order, line.charge, line.quantity, discount, tax)
        yield Sold(line.charge.key, _line_type(line), amounts, line)
    for charge in order.shipping:
        amounts = _before_tax(order, charge, 0, charge.discount or 0, charge.tax or 0)
        yield Sold(charge.key, LineType.SHIPPING, amounts)
    yield from _duties(order)
    if order.additional_fees:
        amounts = Amounts(0, order.additional_fees, 0, 0)
        yield Sold("additional_fees", LineType.ADDITIONAL_FEE, amounts)
    # A tip may stand as a line too: it counts once.
    if order.tip and not any(line.is_tip for line in order.lines):
        yield Sold("tip", LineType.TIP, Amounts(0, order.tip, 0, 0))


def _duties(order: OrderRecord) -> Iterator[Sold]:
    charges = [duty for line in order.lines for duty in line.duties]
    for charge in charges:
        amounts = _before_tax(order, charge, 0, 0, charge.tax or 0)
        yield Sold(charge.key, LineType.DUTY, amounts)
    if not charges and order.duties:
        yield Sold("duties", LineType.DUTY, Amounts(0, order.duties, 0, 0))


def _line_type(line: Line) -> str:
    if line.is_tip:
        return LineType.TIP
    return LineType.GIFT_CARD if line.is_gift_card else LineType.PRODUCT


def _line_discounts(order: OrderRecord) -> list[int]:
    """Return the discount of each line: its allocations, or its share of the order's where a body
    (of an old API version) has none."""
    return _each_line(order, lambda charge: charge.discount, order.total_discounts, _gross)


def _line_taxes(order: OrderRecord, discounts: list[int]) -> list[int]:
    """Return the tax of each line: its own tax lines, or its share of the order's."""
    net = [line.charge.gross - off for line, off in zip(order.lines, discounts, strict=True)]
    return _each_line(order, lambda charge: charge.tax, order.total_tax, lambda _: net)


def _each_line(
    order: OrderRecord,
    of: Callable[[Charge], int | None],
    total: int | None,
    weights: Callable[[OrderRecord], list[int]],
) -> list[int]:
    values = [of(line.charge) for line in order.lines]
    if values and all(value is None for value in values):
        return allocate(total or 0, weights(order))
    return [value or 0 for value in values]


def _gross(order: OrderRecord) -> list[int]:
    return [line.charge.gross for line in order.lines]


def _before_tax(
    order: OrderRecord, charge: Charge, quantity: int, discount: int, tax: int
) -> Amounts:
    """Return what was charged; in a tax-inclusive shop with the tax taken out of price and
    discount in proportion."""
    if not order.taxes_included:
        return Amounts(quantity, charge.gross, -discount, tax)
    with_tax = charge.gross - discount
    net = with_tax - tax
    if with_tax:
        gross = _rounded(Decimal(charge.gross) * net / with_tax)
    else:
        gross = _rounded(charge.gross / (1 + charge.tax_rate))
    return Amounts(quantity, gross, net - gross, tax)


def _rounded(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


def _left(had: int, gone: int) -> int:
    """Return what remains of an amount after its reversals; nothing where they were greater."""
    return max(0, had + gone) if had > 0 else min(0, had + gone)


def _part(total: int, units: int, start: int, stop: int) -> int:
    """Return the share of units `start` to `stop` of `units`; odd cents go to the first units."""
    if units == 0:
        return 0
    each, odd = divmod(abs(total), units)
    share = each * (stop - start) + min(stop, odd) - min(start, odd)
    return -share if total < 0 else share
