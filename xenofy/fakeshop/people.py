"""Customers: joining, changing, merged with each other, erased."""

from __future__ import annotations

from typing import Any

from xenofy.fakeshop.catalogue_records import Customer
from xenofy.fakeshop.state import ShopState


def create(state: ShopState, **values: Any) -> Customer:
    """Create a customer, with the fields of `Customer` that are given."""
    now = state.clock.now()
    customer = Customer(state.new_id(), now, now, **values)
    state.customers[customer.id] = customer
    state.note("CUSTOMER", customer.id, "create", "created this customer")
    state.tell("customers/create", customer)
    return customer


def update(state: ShopState, customer: Customer, **values: Any) -> Customer:
    """Change fields of a customer."""
    for name, value in values.items():
        setattr(customer, name, value)
    customer.updated_at = state.clock.now()
    state.tell("customers/update", customer)
    return customer


def merge(state: ShopState, kept: Customer, gone: Customer) -> None:
    """Give the orders of one customer to another; the first is no more."""
    for order_id in gone.order_ids:
        order = state.orders[order_id]
        order.customer_id = kept.id
        order.updated_at = state.clock.now()
        state.tell("orders/updated", order)
    kept.order_ids = sorted([*kept.order_ids, *gone.order_ids])
    kept.updated_at = state.clock.now()
    del state.customers[gone.id]
    state.note("CUSTOMER", kept.id, "merge", "merged customers")
    state.tell("customers/merge", (kept, gone))
    state.tell("customers/update", kept)


def erase(state: ShopState, customer: Customer) -> None:
    """Take from a customer, and from the orders, what tells who it was."""
    for name in ("email", "phone", "first_name", "last_name", "address", "note"):
        setattr(customer, name, None)
    customer.erased = True
    customer.updated_at = state.clock.now()
    for order_id in customer.order_ids:
        order = state.orders[order_id]
        order.email = order.phone = order.billing = order.shipping_address = None
        order.updated_at = customer.updated_at
    state.tell("customers/redact", customer)
