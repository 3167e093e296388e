"""What an order charged for: every part of its total, before tax and in minor units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from shop_data.models.ledger import Sale
from shop_data.payloads.orders import Charge, Line, OrderRecord
from xenofy.common.money import allocate

LineType = Sale.LineType


class Amounts(NamedTuple):
    """Units and money of something sold; `discount` is negative or 0."""

    quantity: int
    gross: int
    discount: int
    tax: int

    @property
    def net(self) -> int:
        return self.gross + self.discount

    def part(self, start: int, stop: int) -> Amounts:
        """Return the share of the units after `start` up to `stop`; odd cents to the first ones."""
        shares = (_part(total, self.quantity, start, stop) for total in self[1:])
        return Amounts(stop - start, *shares)

    def plus(self, other: Amounts) -> Amounts:
        return Amounts(*(mine + its for mine, its in zip(self, other, strict=True)))

    def __neg__(self) -> Amounts:
        return Amounts(*(-value for value in self))

    def left_after(self, taken: Amounts) -> Amounts:
        """Return what remains of this after reversals; nothing where they were greater.

        What counts is the net: goods may have come back without their price.
        """
        gross = _left(self.gross, taken.gross)
        net = _left(self.net, taken.net)
        return Amounts(
            _left(self.quantity, taken.quantity), gross, net - gross, _left(self.tax, taken.tax)
        )

    def less(self, net: int, tax: int) -> Amounts:
        return self._replace(discount=self.discount - net, tax=self.tax - tax)


NOTHING = Amounts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sold:
    """Something of the order that was sold once and may be taken back.

    `left` is how many of its units no edit and no refund has removed; None where the body does
    not say. Shipping has one unit, what is not counted in units has none.
    """

    key: str
    line_type: str
    amounts: Amounts
    line: Line | None = None
    left: int | None = None
    tax_names: Mapping[str, int] = field(default_factory=dict)  # as the body names it

    @property
    def account(self) -> str:
        """Return under which name reversals add up: a line its own, all shipping one, …"""
        return self.line_type if self.line is None else self.key

    def reduced(self, amounts: Amounts) -> Amounts:
        """Return amounts as they add up in the account: only a line keeps units and discount."""
        if self.line is not None:
            return amounts
        return Amounts(0, amounts.net, 0, amounts.tax)


def sold_in(order: OrderRecord) -> Iterator[Sold]:
    """Yield all that the order charged for, without tax in its prices."""
    discounts = _line_discounts(order)
    taxes = _line_taxes(order, discounts)
    for line, discount, tax in zip(order.lines, discounts, taxes, strict=True):
        amounts = _before_tax(order, line.charge, line.quantity, discount, tax)
        left, names = line.current_quantity, line.charge.tax_names
        yield Sold(line.charge.key, _line_type(line), amounts, line, left, names)
    for shipping in order.shipping:
        charge = shipping.charge
        amounts = _before_tax(order, charge, 1, charge.discount, charge.tax)
        left, names = 0 if shipping.is_removed else 1, charge.tax_names
        yield Sold(charge.key, LineType.SHIPPING, amounts, left=left, tax_names=names)
    yield from _duties(order)
    if order.additional_fees:
        amounts = Amounts(0, order.additional_fees, 0, 0)
        yield Sold("additional_fees", LineType.ADDITIONAL_FEE, amounts)
    if tip := _tip_without_line(order):
        yield Sold("tip", LineType.TIP, Amounts(0, tip, 0, 0))


def _duties(order: OrderRecord) -> Iterator[Sold]:
    charges = [duty for line in order.lines for duty in line.duties]
    for charge in charges:
        amounts = _before_tax(order, charge, 0, 0, charge.tax)
        yield Sold(charge.key, LineType.DUTY, amounts, tax_names=charge.tax_names)
    rest = order.duties - sum(charge.gross for charge in charges)
    if rest > 0:
        yield Sold("duties", LineType.DUTY, Amounts(0, rest, 0, 0))


def _tip_without_line(order: OrderRecord) -> int:
    """Return the tip that stands in no line; one that does is in `total_tip_received` as well."""
    lines = sum(line.charge.gross - line.charge.discount for line in order.lines if line.is_tip)
    return max(0, order.tip - lines)


def _line_type(line: Line) -> str:
    if line.is_tip:
        return LineType.TIP
    return LineType.GIFT_CARD if line.is_gift_card else LineType.PRODUCT


def _line_discounts(order: OrderRecord) -> list[int]:
    """Return the discount of each line: what it names, and where no line and no shipping names
    one that the order has (old API versions), its share of the order's."""
    named = [line.charge.discount for line in order.lines]
    rest = order.total_discounts - sum(named) - sum(s.charge.discount for s in order.shipping)
    if rest <= 0 or order.allocates_discounts:
        return named
    weights = _net(order, named)
    return [off + share for off, share in zip(named, allocate(rest, weights), strict=True)]


def _line_taxes(order: OrderRecord, discounts: Sequence[int]) -> list[int]:
    """Return the tax of each line: its own, or where nothing names any its share of the order's."""
    charges = [*(line.charge for line in order.lines), *(s.charge for s in order.shipping)]
    duties = [duty for line in order.lines for duty in line.duties]
    if any(charge.tax for charge in [*charges, *duties]):
        return [line.charge.tax for line in order.lines]
    taxable = [
        0 if line.is_gift_card or line.is_tip else net
        for line, net in zip(order.lines, _net(order, discounts), strict=True)
    ]
    return allocate(order.total_tax, taxable)


def _net(order: OrderRecord, discounts: Sequence[int]) -> list[int]:
    return [
        max(0, line.charge.gross - off) for line, off in zip(order.lines, discounts, strict=True)
    ]


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
        gross = rounded(Decimal(charge.gross) * net / with_tax)
    else:
        gross = rounded(charge.gross / (1 + charge.tax_rate))
    return Amounts(quantity, gross, net - gross, tax)


def left_of(sold: Sequence[Amounts], taken: Sequence[Amounts]) -> list[Amounts]:
    """Return what remains of several things of one kind, each after its own reversals.

    Where one was refunded a cent too much and another a cent too little, that evens out, first
    on those of which nothing else remains.
    """
    left = [had.left_after(gone) for had, gone in zip(sold, taken, strict=True)]
    pairs = [*sold, *taken]
    net = sum(part.net for part in left) - max(0, sum(part.net for part in pairs))
    tax = sum(part.tax for part in left) - max(0, sum(part.tax for part in pairs))
    for index in sorted(range(len(left)), key=lambda index: left[index].quantity > 0):
        off_net = max(0, min(net, left[index].net))
        off_tax = max(0, min(tax, left[index].tax))
        left[index] = left[index].less(off_net, off_tax)
        net, tax = net - off_net, tax - off_tax
    return left


def rounded(value: Decimal) -> int:
    """Return the nearest whole number, a half away from zero."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def _left(had: int, gone: int) -> int:
    """Return what remains, never on the other side of nothing."""
    if had == 0:
        return 0
    return max(0, had + gone) if had > 0 else min(0, had + gone)


def _part(total: int, units: int, start: int, stop: int) -> int:
    """Return the share of units `start` to `stop` of `units`; odd cents go to the first units."""
    if units == 0:
        return 0
    each, odd = divmod(abs(total), units)
    share = each * (stop - start) + min(stop, odd) - min(start, odd)
    return -share if total < 0 else share
