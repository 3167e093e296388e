"""The state of one shop, and the numbers it gives out."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from xenofy.fakeshop.catalogue_records import (
    Checkout,
    Collection,
    Customer,
    Happened,
    Level,
    Location,
    Product,
    Variant,
)
from xenofy.fakeshop.clock import Clock
from xenofy.fakeshop.records import Order

Listener = Callable[[str, Any], None]  # a topic, and the record (or ids) that it is about

_FIRST_NUMBER = 1001


@dataclass
class Settings:
    """What a merchant has chosen."""

    name: str = "Double"
    currency: str = "EUR"
    zone: str = "Europe/Berlin"
    taxes_included: bool = False
    country_code: str = "DE"
    plan: str = "Basic"
    email: str = "owner@example.com"

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@dataclass
class ShopState:
    """All rows of a shop by id. `version` counts changes, so that a reader may keep what it has."""

    domain: str
    clock: Clock
    settings: Settings
    created_at: datetime
    orders: dict[int, Order] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    variants: dict[int, Variant] = field(default_factory=dict)
    collections: dict[int, Collection] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    levels: dict[tuple[int, int], Level] = field(default_factory=dict)
    checkouts: dict[int, Checkout] = field(default_factory=dict)
    parts: dict[int, Any] = field(default_factory=dict)  # refunds, returns, parcels by id
    events: list[Happened] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    version: int = 0
    next_order_number: int = _FIRST_NUMBER
    _last_id: int = 0

    def __post_init__(self) -> None:
        self._last_id = 10**12 + zlib.crc32(self.domain.encode()) * 10**8

    @property
    def id(self) -> int:
        return 10**9 + zlib.crc32(self.domain.encode())

    def new_id(self) -> int:
        """Return a number that nothing else in any shop has."""
        self._last_id += 1
        return self._last_id

    def note(self, kind: str, subject_id: int, action: str, message: str) -> None:
        """Append to the feed of events."""
        at = self.clock.now()
        self.events.append(Happened(self.new_id(), at, kind, subject_id, action, message))

    def tell(self, topic: str, subject: Any) -> None:
        """Say to those who listen that something happened, while it is as it was left."""
        self.version += 1
        for listener in self.listeners:
            listener(topic, subject)
