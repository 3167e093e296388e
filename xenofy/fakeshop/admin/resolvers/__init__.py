"""What answers each type, by subject. Importing this fills the registry of fields."""

from xenofy.fakeshop.admin.resolvers import (
    bulk,
    checkouts,
    customers,
    dispatch,
    events,
    lines,
    orders,
    products,
    refunds,
    reports,
    roots,
    sales,
    shared,
    shops,
    webhooks,
)

__all__ = [
    "bulk",
    "checkouts",
    "customers",
    "dispatch",
    "events",
    "lines",
    "orders",
    "products",
    "refunds",
    "reports",
    "roots",
    "sales",
    "shared",
    "shops",
    "webhooks",
]
