"""What somebody buys, what is taken off, and how it is paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from xenofy.fakeshop.catalogue_records import Customer
from xenofy.fakeshop.leaves import Discount, Visit
from xenofy.fakeshop.money import major
from xenofy.fakeshop.seeds.assortment import Assortment
from xenofy.fakeshop.seeds.buyers import BY_CODE
from xenofy.fakeshop.seeds.chance import drawn
from xenofy.fakeshop.seeds.seasons import is_sale
from xenofy.fakeshop.wanted import Item, automatic, code

FREE_FROM = 80  # what goods cost, in euro, for shipping to be free
_LINES = {1: 60, 2: 25, 3: 11, 5: 4}
_UNITS = {1: 84, 2: 13, 4: 3}
_PAYMENTS = {"paid": 90, "authorized": 5, "pending": 5}
_GATEWAYS = {"shopify_payments": 70, "paypal": 25, "manual": 5}
_WAYS: dict[tuple[str, str | None, tuple[str | None, str | None, str | None] | None], float] = {
    ("direct", None, None): 34,
    ("google", "https://www.google.com/", None): 30,
    ("instagram", "https://instagram.com/", ("instagram", "social", "spring")): 18,
    ("email", None, ("newsletter", "email", "weekly")): 18,
}


def items(rng: Random, goods: Assortment, customer: Customer) -> list[Item]:
    """Return what is bought; a gift card now and then, and duties on what goes overseas."""
    if rng.random() < 0.015:
        return [Item(variant_id=rng.choice(goods.gift_cards).id)]
    duty = "4.00" if _country(customer) == "US" else 0
    return [
        Item(variant_id=goods.picked(rng).id, quantity=drawn(rng, _UNITS), duty=duty)
        for _ in range(drawn(rng, _LINES))
    ]


def terms(
    rng: Random, goods: Assortment, customer: Customer, bought: Sequence[Item], now: datetime
) -> dict[str, Any]:
    """Return the other fields of the basket of an order in the web shop."""
    country = BY_CODE[_country(customer)]
    found: dict[str, Any] = {
        "taxes": country.taxes,
        "shipping": _shipping(goods, bought),
        "discounts": _discounts(rng, customer, now),
        "payment": drawn(rng, _PAYMENTS),
        "gateway": drawn(rng, _GATEWAYS),
        "visit": _visit(rng, now),
        "test": rng.random() < 0.003,
    }
    if country.currency != "EUR":
        found |= {"presentment": country.currency, "rate": Decimal(country.rate)}
    if rng.random() < 0.01:
        found["gift_card"] = "10.00"
    return found


def at_the_till(goods: Assortment, rng: Random) -> dict[str, Any]:
    """Return the fields of a basket that is bought in the shop itself, by nobody who is known."""
    return {
        "taxes": BY_CODE["DE"].taxes,
        "source_name": "pos",
        "gateway": "cash" if rng.random() < 0.3 else "shopify_payments",
        "location_id": goods.locations[-1],
        "tip": "2.00" if rng.random() < 0.05 else 0,
    }


def _country(customer: Customer) -> str:
    return customer.address.country_code if customer.address else "DE"


def _shipping(goods: Assortment, bought: Sequence[Item]) -> str:
    prices = {one.id: one.price for one in (*goods.variants, *goods.gift_cards)}
    worth = sum(prices[item.variant_id or 0] * item.quantity for item in bought)
    return "0" if major(worth, "EUR") >= FREE_FROM else "4.90"


def _discounts(rng: Random, customer: Customer, now: datetime) -> list[Discount]:
    found = []
    if is_sale(now.date()):
        found.append(automatic("Winter sale", "20"))
    if not customer.order_ids and rng.random() < 0.25:
        found.append(code("WELCOME10", "10"))
    elif rng.random() < 0.06:
        found.append(code("THANKS5", "5", percent=False))
    elif rng.random() < 0.03:
        found.append(code("FREESHIP", "100", shipping=True))
    return found


def _visit(rng: Random, now: datetime) -> Visit:
    source, referrer, utm = drawn(rng, _WAYS)
    landing = rng.choice(("/", "/collections/knitwear", "/collections/home"))
    return Visit(now - timedelta(minutes=rng.randint(2, 90)), landing, referrer, source, utm)
