"""Amounts of bodies as Shopify writes them: rounded, taxed, in two currencies."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

Body = dict[str, Any]

PLACES = {"JPY": 0, "KWD": 3}


class Money:
    """The currency and the taxes of an order in the making."""

    currency: str
    tax_rate: Decimal
    taxes: Sequence[str]  # that share the rate
    taxes_included: bool
    presentment: tuple[str, Decimal] | None  # currency and how much of it is one of ours

    def _tax(self, net: Decimal) -> Decimal:
        base = net / (1 + self.tax_rate) if self.taxes_included else net
        return self._round(base * self.tax_rate)

    def _tax_lines(self, tax: Decimal) -> list[Body]:
        if not self.tax_rate:
            return []
        each = self._round(tax / len(self.taxes))
        rest = tax - each * (len(self.taxes) - 1)
        return [
            {"title": title, "rate": float(self.tax_rate / len(self.taxes)), **self._money(
                "price", each if number else rest)}
            for number, title in enumerate(self.taxes)
        ]  # fmt: skip

    def _share(self, total: Decimal, quantity: int, start: int, units: int) -> Decimal:
        """Return the worth of some units: the sums up to a unit are rounded, not the units."""
        upto = (self._round(total * count / quantity, ROUND_HALF_EVEN)
                for count in (start + units, start))  # fmt: skip
        after, before = upto
        return after - before

    def _round(self, amount: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
        places = PLACES.get(self.currency, 2)
        return amount.quantize(Decimal(1).scaleb(-places), rounding)

    def _text(self, amount: Decimal) -> str:
        return str(self._round(amount))

    def _money(self, name: str, amount: Decimal) -> Body:
        return {name: self._text(amount), f"{name}_set": self._set(amount)}

    def _set(self, amount: Decimal) -> Body:
        code, rate = self.presentment or (self.currency, Decimal(1))
        seen = (amount * rate).quantize(Decimal("0.01"))
        return {
            "shop_money": {"amount": self._text(amount), "currency_code": self.currency},
            "presentment_money": {"amount": str(seen), "currency_code": code},
        }
