"""The smallest things that records are made of. Amounts are minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(slots=True)
class Address:
    """A postal address; the codes are those of ISO 3166."""

    country_code: str
    country: str = ""
    province_code: str | None = None
    province: str | None = None
    city: str | None = None
    zip: str | None = None
    address1: str | None = None
    address2: str | None = None
    company: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    id: int = 0

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)


@dataclass(slots=True, frozen=True)
class Tax:
    """A tax on something: its title and rate, and what of it was charged."""

    title: str
    rate: Decimal
    amount: int


@dataclass(slots=True, frozen=True)
class Allocation:
    """What a discount of the order takes off something."""

    index: int
    amount: int


@dataclass(slots=True, frozen=True)
class Duty:
    """A duty on a line, without tax."""

    id: int
    amount: int


@dataclass(slots=True, frozen=True)
class Discount:
    """A discount of an order. `value` is a percentage or an amount in major units."""

    kind: str  # code | automatic | manual
    label: str
    value: Decimal
    is_percentage: bool
    targets_shipping: bool = False


@dataclass(slots=True)
class Visit:
    """A visit that led to an order."""

    at: datetime
    landing_page: str
    referrer: str | None = None
    source: str = "direct"
    utm: tuple[str | None, str | None, str | None] | None = None  # source, medium, campaign
