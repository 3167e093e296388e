"""Products, stock, customers and checkouts of the double. Amounts are minor units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from xenofy.fakeshop.leaves import Address
from xenofy.fakeshop.money import Bag


@dataclass(slots=True)
class Variant:
    """A variant with its inventory item, whose id is another one."""

    id: int
    product: Product
    item_id: int
    title: str
    price: int
    sku: str | None
    created_at: datetime
    updated_at: datetime
    position: int = 1
    compare_at: int | None = None
    barcode: str | None = None
    cost: int | None = None
    grams: int = 0
    taxable: bool = True
    requires_shipping: bool = True
    tracked: bool = True


@dataclass(slots=True)
class Product:
    """A product of the catalogue."""

    id: int
    title: str
    handle: str
    vendor: str
    product_type: str
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    status: str = "active"
    tags: tuple[str, ...] = ()
    is_gift_card: bool = False
    variants: list[Variant] = field(default_factory=list)
    collection_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Collection:
    """A collection of products."""

    id: int
    title: str
    handle: str
    updated_at: datetime


@dataclass(slots=True)
class Location:
    """A place with stock."""

    id: int
    name: str
    address: Address
    created_at: datetime
    updated_at: datetime
    active: bool = True


@dataclass(slots=True)
class Level:
    """What of an item is at a location; negative stock is legal."""

    item_id: int
    location_id: int
    available: int
    created_at: datetime
    updated_at: datetime
    committed: int = 0
    incoming: int = 0


@dataclass(slots=True)
class Customer:
    """A customer; one that was merged away or erased has gone from the shop."""

    id: int
    created_at: datetime
    updated_at: datetime
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address: Address | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None
    state: str = "disabled"
    verified: bool = True
    marketing: str = "not_subscribed"
    marketing_at: datetime | None = None
    locale: str = "en"
    tax_exempt: bool = False
    order_ids: list[int] = field(default_factory=list)
    erased: bool = False


@dataclass(slots=True)
class CheckoutLine:
    """A line of a checkout that was begun."""

    id: int
    key: str
    product_id: int | None
    variant_id: int | None
    title: str
    sku: str | None
    quantity: int
    price: int


@dataclass(slots=True)
class Checkout:
    """A checkout that was begun; `completed_at` says that it was recovered."""

    id: int
    token: str
    name: str
    created_at: datetime
    updated_at: datetime
    currency: str
    lines: list[CheckoutLine]
    customer_id: int | None = None
    email: str | None = None
    address: Address | None = None
    completed_at: datetime | None = None
    order_id: int | None = None

    @property
    def total(self) -> int:
        return sum(line.price * line.quantity for line in self.lines)

    def bag(self, minor: int) -> Bag:
        return Bag(minor, self.currency, self.currency, Decimal(1))


@dataclass(slots=True, frozen=True)
class Happened:
    """An event of the Admin API's feed."""

    id: int
    at: datetime
    subject_type: str  # ORDER | PRODUCT | CUSTOMER | …
    subject_id: int
    action: str  # create | update | destroy | …
    message: str
