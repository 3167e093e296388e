"""Values as REST writes them: money in bags and padded text, global ids, postal addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xenofy.fakeshop.leaves import Address, Tax
from xenofy.fakeshop.money import Bag, major, padded
from xenofy.fakeshop.records import Order

Body = dict[str, Any]


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def text(order: Order, minor: int) -> str:
    """Return an amount in the shop's currency: "10.00"."""
    return padded(major(minor, order.currency), order.currency)


def bag(order: Order, minor: int) -> Body:
    """Return an amount in both currencies."""
    return money_set(order.bag(minor))


def money_set(both: Bag) -> Body:
    shop, buyer = both.shop_side(), both.buyer_side()
    return {
        "shop_money": {
            "amount": padded(shop.amount, shop.currency),
            "currency_code": shop.currency,
        },
        "presentment_money": {
            "amount": padded(buyer.amount, buyer.currency),
            "currency_code": buyer.currency,
        },
    }


def both(name: str, order: Order, minor: int) -> Body:
    """Return a field and its `_set`."""
    return {name: text(order, minor), f"{name}_set": bag(order, minor)}


def tax_lines(order: Order, taxes: Sequence[Tax]) -> list[Body]:
    return [
        {
            "channel_liable": False,
            **both("price", order, tax.amount),
            "rate": float(tax.rate),
            "title": tax.title,
        }
        for tax in taxes
    ]


def address(found: Address | None) -> Body | None:
    if found is None:
        return None
    return {
        "first_name": found.first_name,
        "address1": found.address1,
        "phone": found.phone,
        "city": found.city,
        "zip": found.zip,
        "province": found.province,
        "country": found.country,
        "last_name": found.last_name,
        "address2": found.address2,
        "company": found.company,
        "latitude": None,
        "longitude": None,
        "name": found.name,
        "country_code": found.country_code,
        "province_code": found.province_code,
    }
