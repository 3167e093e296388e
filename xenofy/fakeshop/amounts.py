"""What something in an order is worth without tax, and what some of its units are worth."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from xenofy.fakeshop.leaves import Tax
from xenofy.fakeshop.money import nearest, of_units, split
from xenofy.fakeshop.records import Line, Order, Shipping


class Worth(NamedTuple):
    """Money without tax in minor units; `discount` is positive."""

    gross: int
    discount: int
    tax: int

    @property
    def net(self) -> int:
        return self.gross - self.discount

    def of_units(self, units: int, start: int, stop: int) -> Worth:
        """Return what units `start` to `stop` of `units` are worth."""
        return Worth(*(of_units(total, units, start, stop) for total in self))


def worth(charge: Line | Shipping) -> Worth:
    """Return what a line or a shipping line charged for."""
    gross = charge.gross if isinstance(charge, Line) else charge.price
    discount = sum(share.amount for share in charge.allocations)
    if not charge.order.taxes_included:
        return Worth(gross, discount, charge.tax)
    paid = gross - discount
    net = paid - charge.tax
    rate = sum((tax.rate for tax in charge.taxes), Decimal(0))
    before = Decimal(gross) * net / paid if paid else gross / (1 + rate)
    return Worth(nearest(before), nearest(before) - net, charge.tax)


def worth_of_units(line: Line, start: int, stop: int) -> Worth:
    return worth(line).of_units(line.quantity, start, stop)


def shown(amount: Worth, order: Order) -> int:
    """Return what is left after discounts as the shop shows it: with tax where prices have it."""
    return amount.net + (amount.tax if order.taxes_included else 0)


def taxes_of(taxes: tuple[Tax, ...], amount: int) -> tuple[Tax, ...]:
    """Return `amount` of tax under the names that the whole has; signed as `amount` is."""
    shares = split(abs(amount), [tax.amount for tax in taxes])
    sign = -1 if amount < 0 else 1
    return tuple(
        Tax(tax.title, tax.rate, sign * share) for tax, share in zip(taxes, shares, strict=True)
    )
