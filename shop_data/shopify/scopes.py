"""What our app asks to read in a shop, and what stays empty where that was not granted."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple


class Scope(NamedTuple):
    """A right in Shopify, and in words what is missing without it; an optional one is not asked
    for again when it was left out."""

    name: str
    empties: str
    optional: bool = False


SCOPES = (
    Scope("read_orders", "Overview, Sales, Orders, Abandoned carts and every figure of money"),
    Scope("read_all_orders", "Orders older than 60 days, and so every comparison with last year"),
    Scope("read_products", "Products, vendors, types and collections"),
    Scope("read_inventory", "Stock, what it is worth and what will run out"),
    Scope("read_locations", "The names of the places where stock is kept"),
    Scope("read_customers", "Customers, cohorts, segments and what a customer is worth"),
    Scope("read_customer_merge", "Which customers became one; they count as two", optional=True),
    Scope("read_returns", "Returns, and the reasons for which things come back"),
    Scope("read_fulfillments", "Fulfilment: how long parcels take"),
    Scope("read_discounts", "Which discounts there are; those used in orders are known anyway"),
    Scope("read_reports", "The nightly comparison with Shopify’s own reports", optional=True),
    Scope("read_shopify_payments_disputes", "Disputes of payments as they happen", optional=True),
)
_WRITING = "write_"  # who may write may read


def asked_for() -> str:
    """Return what an authorisation asks for, as Shopify wants it."""
    return ",".join(scope.name for scope in SCOPES)


def missing(granted: Collection[str]) -> list[Scope]:
    """Return what was not granted, in the order of its weight."""
    return [scope for scope in SCOPES if not _has(scope, granted)]


def _has(scope: Scope, granted: Collection[str]) -> bool:
    return scope.name in granted or scope.name.replace("read_", _WRITING, 1) in granted
