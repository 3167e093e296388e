"""Shopify's numbers for the demo store: one serial of an order leads to every id inside it.

Serials of the history count from 1. A live order has the milliseconds since 2024 as its serial,
which no order of the history ever reaches.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

SHOP = 71_250_118
LAST_OF_HISTORY = 10**9  # no serial of the history is greater
LAST = 10**12  # nor one of a live order
_LIVE = datetime(2024, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def live_serial(now: datetime) -> int:
    """Return the serial of an order that is placed now."""
    return (now - _LIVE) // _MILLISECOND


def order(serial: int) -> int:
    return 5_412_000_000_000 + serial


def line(serial: int, position: int) -> int:
    return 13_900_000_000_000 + serial * 100 + position


def shipping_line(serial: int) -> int:
    return 4_350_000_000_000 + serial


def fulfillment(serial: int, position: int) -> int:
    return 4_820_000_000_000 + serial * 10 + position


def refund(serial: int, position: int) -> int:
    return 901_000_000_000 + serial * 10 + position


def refund_part(serial: int, refund_position: int, position: int) -> int:
    """Return the id of a line, an adjustment or a transaction of a refund."""
    return 614_000_000_000 + serial * 1_000 + refund_position * 100 + position


def edit(serial: int) -> int:
    return 78_900_000_000 + serial


def checkout(serial: int, position: int) -> int:
    return 36_500_000_000_000 + serial * 10 + position


def customer(index: int) -> int:
    return 7_100_000_000_000 + index


def product(index: int) -> int:
    return 8_300_000_000_000 + index


def variant(product_index: int, position: int) -> int:
    return 44_100_000_000_000 + product_index * 20 + position


def inventory_item(product_index: int, position: int) -> int:
    return 46_200_000_000_000 + product_index * 20 + position


def gid(resource: str, number: int) -> str:
    """Return the id that GraphQL uses for the same thing."""
    return f"gid://shopify/{resource}/{number}"


def token(*parts: object) -> str:
    """Return 32 hexadecimal digits that follow from the parts."""
    return _digest(parts).hex()


def webhook_id(*parts: object) -> str:
    """Return the id of a delivery: the same parts always give the same one."""
    return str(UUID(bytes=_digest(parts)))


def _digest(parts: tuple[object, ...]) -> bytes:
    return hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:16]
