"""The taxes that a line, shipping, a duty or an order names."""

from __future__ import annotations

from decimal import Decimal

from shop_data.payloads.money import MinorUnits
from shop_data.payloads.values import Body, objects, rate, word

_LENGTH = 255  # of a name, by which sales are split


def tax_names(body: Body, money: MinorUnits) -> dict[str, int]:
    """Return title and rate of each tax ("GST 18%") -> how much of it was charged."""
    names: dict[str, int] = {}
    for item in objects(body, "tax_lines"):
        charged = money.of(item, "price") or 0
        if charged:
            names[_name(item)] = names.get(_name(item), 0) + charged
    return names


def tax_rate(body: Body) -> Decimal:
    """Return the rates of all its taxes together, 0.18 for 18 %."""
    rates = (rate(item.get("rate"), "rate") for item in objects(body, "tax_lines"))
    return sum((found for found in rates if found), Decimal(0))


def _name(item: Body) -> str:
    share = rate(item.get("rate"), "rate")
    percent = "" if share is None else f"{(share * 100).normalize():f}%"
    return f"{word(item.get('title'), 'title') or ''} {percent}".strip()[:_LENGTH]
