"""How somebody who uses the double says what is to be bought; amounts are in major units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from xenofy.fakeshop.leaves import Address, Discount, Visit
from xenofy.fakeshop.money import Amount


@dataclass(frozen=True, slots=True)
class Item:
    """Something to buy. Without a variant it is a custom line that no product stands behind."""

    price: Amount = "10.00"
    quantity: int = 1
    title: str = "Scarf"
    variant_id: int | None = None
    sku: str | None = None
    is_gift_card: bool = False
    taxable: bool = True
    duty: Amount = 0


@dataclass(frozen=True, slots=True)
class NewVariant:
    """A variant of a new product."""

    price: Amount = "10.00"
    title: str = "Default Title"
    sku: str | None = None
    cost: Amount | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax that everything taxable carries; 0.19 is 19 %."""

    title: str
    rate: Decimal


def code(label: str, value: Amount, *, percent: bool = True, shipping: bool = False) -> Discount:
    """Return a discount by code, of `value` per cent or of an amount."""
    return Discount("code", label, Decimal(value), percent, shipping)


def automatic(label: str, value: Amount, *, percent: bool = True) -> Discount:
    """Return a discount that applies without a code."""
    return Discount("automatic", label, Decimal(value), percent)


@dataclass(frozen=True, slots=True)
class Basket:
    """An order to be placed."""

    items: Sequence[Item] = (Item(),)
    customer_id: int | None = None
    email: str | None = None
    address: Address | None = None
    shipping: Amount = 0
    shipping_title: str = "Standard"
    discounts: Sequence[Discount] = ()
    taxes: Sequence[Rate] = ()
    tip: Amount = 0
    payment: str = "paid"  # paid | authorized | pending
    gateway: str = "shopify_payments"
    gift_card: Amount = 0  # what a gift card pays of it
    presentment: str | None = None
    rate: Decimal = Decimal(1)
    source_name: str = "web"
    processed_at: datetime | None = None  # an import tells an earlier moment than now
    test: bool = False
    tags: Sequence[str] = ()
    note: str | None = None
    visit: Visit | None = None
    location_id: int | None = None
    checkout_id: int | None = None
    checkout_token: str | None = None
