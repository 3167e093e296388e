"""What truly happened in a made-up shop: the ground on which deliveries and expectations stand.

All amounts are minor units of the shop's currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop whose deliveries are made up. Every shop uses the same ids for its resources."""

    number: int
    currency: str
    places: int  # decimal places of the currency
    time_zone: str
    taxes_included: bool

    @property
    def domain(self) -> str:
        return f"soak-{self.number}.myshopify.com"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def money(self, minor: int) -> str:
        """Return an amount as Shopify writes it."""
        sign = "-" if minor < 0 else ""
        whole, part = divmod(abs(minor), 10**self.places)
        return f"{sign}{whole}" + (f".{part:0{self.places}}" if self.places else "")


KINDS = (  # currency, decimal places, time zone, prices with tax
    ("INR", 2, "Asia/Kolkata", False),
    ("EUR", 2, "Europe/Berlin", True),
    ("JPY", 0, "Asia/Tokyo", False),
    ("KWD", 3, "Asia/Kuwait", False),
    ("USD", 2, "America/New_York", False),
)


def shops(count: int) -> list[Shop]:
    """Return shops with different currencies, time zones and kinds of tax."""
    return [Shop(number, *KINDS[number % len(KINDS)]) for number in range(count)]


@dataclass(slots=True)
class Line:
    """A line of an order; `added` and `removed` are units that edits changed, with the moment."""

    id: int
    product: int
    units: int
    price: int
    discount: int
    rate: int  # tax in thousandths
    gift_card: bool = False
    added: list[tuple[datetime, int]] = field(default_factory=list)
    removed: list[tuple[datetime, int]] = field(default_factory=list)

    @property
    def quantity(self) -> int:
        return self.units + sum(units for _, units in self.added)

    @property
    def charged(self) -> int:
        return self.price * self.quantity - self.discount

    def tax(self, shop: Shop) -> int:
        """Return the tax that the body names for the line."""
        return _tax(self.charged, self.rate, included=shop.taxes_included)


@dataclass(frozen=True, slots=True)
class RefundedUnits:
    """Units of a line given back, with what the refund says they were worth."""

    id: int
    line: Line
    units: int
    subtotal: int
    tax: int


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An order adjustment of a refund: shipping given back, or more or less than the lines."""

    id: int
    kind: str
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund."""

    id: int
    at: datetime
    lines: list[RefundedUnits]
    adjustments: list[Adjustment]


@dataclass(slots=True)
class Order:
    """An order with all that happened to it so far."""

    id: int
    placed_at: datetime
    customer: int | None
    lines: list[Line]
    shipping: int
    shipping_rate: int
    tip: int = 0
    test: bool = False
    paid: bool = False
    note: str = ""
    cancelled_at: datetime | None = None
    deleted: bool = False
    refunds: list[Refund] = field(default_factory=list)
    fulfillments: list[tuple[int, datetime, str]] = field(default_factory=list)

    def shipping_tax(self, shop: Shop) -> int:
        return _tax(self.shipping, self.shipping_rate, included=shop.taxes_included)

    def refunded_units(self, line: Line) -> int:
        return sum(
            item.units for refund in self.refunds for item in refund.lines if item.line is line
        )

    def remaining(self, line: Line) -> int:
        """Return the units that are neither refunded nor removed."""
        removed = sum(units for _, units in line.removed)
        return 0 if self.cancelled_at else line.quantity - self.refunded_units(line) - removed


def _tax(amount: int, rate: int, *, included: bool) -> int:
    return amount * rate // (1000 + rate) if included else amount * rate // 1000
