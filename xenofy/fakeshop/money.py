"""Money of the double: whole minor units of the shop's currency, seen in one or two currencies."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

Amount = Decimal | str | int  # in major units, as people write it

_NO_MINOR_UNIT = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "PYG", "UGX"})
_THOUSANDTHS = frozenset({"KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"})


class Bag(NamedTuple):
    """An amount in minor units of `currency`, which a buyer sees in `presentment`.

    `rate` is how much of the presentment currency one unit of the shop's currency is.
    """

    minor: int
    currency: str
    presentment: str
    rate: Decimal

    def shop_side(self) -> Money:
        return Money(major(self.minor, self.currency), self.currency)

    def buyer_side(self) -> Money:
        if self.presentment == self.currency:
            return self.shop_side()
        value = (major(self.minor, self.currency) * self.rate).quantize(
            Decimal(1).scaleb(-digits(self.presentment)), ROUND_HALF_UP
        )
        return Money(value, self.presentment)


class Money(NamedTuple):
    """An amount in major units, and its currency."""

    amount: Decimal
    currency: str


def digits(currency: str) -> int:
    """Return how many decimals amounts of a currency have."""
    if currency in _NO_MINOR_UNIT:
        return 0
    return 3 if currency in _THOUSANDTHS else 2


def minor(amount: Amount, currency: str) -> int:
    """Return an amount in minor units; refuse one that has more decimals than its currency."""
    scaled = Decimal(amount).scaleb(digits(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more decimals than {currency}.")
    return int(scaled)


def major(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-digits(currency))


def padded(amount: Decimal, currency: str) -> str:
    """Return an amount as REST writes it: "10.00"."""
    return f"{amount:.{digits(currency)}f}"


def bare(amount: Decimal) -> str:
    """Return an amount as GraphQL writes it: "13.5", "10.0"."""
    text = f"{amount:f}"
    if "." not in text:
        return f"{text}.0"
    text = text.rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def nearest(value: Decimal) -> int:
    """Return the nearest whole number, a half away from zero."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion; what does not divide goes to the first ones, a unit each.

    Shopify's words: "allocated one at a time, starting with the first line item".
    """
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    odd = total - sum(shares)
    for index, weight in enumerate(weights):
        if odd and weight:
            shares[index] += 1
            odd -= 1
    return shares


def of_units(total: int, units: int, start: int, stop: int) -> int:
    """Return what units `start` to `stop` of `units` are worth; odd cents are the first ones'."""
    if units == 0:
        return 0
    each, odd = divmod(abs(total), units)
    share = each * (stop - start) + min(stop, odd) - min(start, odd)
    return -share if total < 0 else share
