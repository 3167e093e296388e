"""Money in Shopify's bodies. Everything is counted in paise, whole numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xenofy.common.money import from_minor

RUPEE = 100
CURRENCY = "INR"

# Paise for one unit; what a buyer abroad sees (presentment money) is converted with it.
RATES = {"AED": 2_290, "AUD": 5_620, "CAD": 6_150, "GBP": 11_200, "SGD": 6_480, "USD": 8_420}

Bag = dict[str, dict[str, str]]


def text(paise: int) -> str:
    """Write an amount as Shopify does: "1234.50"."""
    sign = "-" if paise < 0 else ""
    return f"{sign}{abs(paise) // 100}.{abs(paise) % 100:02}"


def number(paise: int) -> Decimal:
    """Return an amount for the few fields that are JSON numbers."""
    return from_minor(paise, CURRENCY)


def paise(written: str | Decimal) -> int:
    """Read what `text` or `number` wrote, which has two places always."""
    return int(str(written).replace(".", ""))


def bag(amount: int, presentment: str = CURRENCY) -> Bag:
    """Return a money set: the amount in the shop's and in the buyer's currency."""
    shop = {"amount": text(amount), "currency_code": CURRENCY}
    if presentment == CURRENCY:
        return {"shop_money": shop, "presentment_money": shop}
    seen = {"amount": text(_converted(amount, RATES[presentment])), "currency_code": presentment}
    return {"shop_money": shop, "presentment_money": seen}


def put(body: dict[str, Any], field: str, amount: int, presentment: str) -> None:
    """Write a money field and its set into a body."""
    body[field] = text(amount)
    body[f"{field}_set"] = bag(amount, presentment)


def part(amount: int, per_mille: int, *, of: int = 1_000) -> int:
    """Return `per_mille` of `of` parts of an amount, rounded half up."""
    return (2 * amount * per_mille + of) // (2 * of)


def tax_inside(with_tax: int, component: int, rate: int) -> int:
    """Return the share of one tax in an amount that contains `rate` per mille of taxes in all."""
    return part(with_tax, component, of=1_000 + rate)


def _converted(amount: int, rate: int) -> int:
    sign = -1 if amount < 0 else 1
    return sign * ((2 * abs(amount) * 100 + rate) // (2 * rate))
