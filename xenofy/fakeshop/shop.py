"""One shop of the double: its state, and all that can happen in it."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock
from typing import Any

from xenofy.fakeshop import (
    abandoning,
    cancelling,
    editing,
    fulfilling,
    paying,
    people,
    placing,
    refunding,
    returning,
    stocking,
)
from xenofy.fakeshop.bulk import BulkOperations
from xenofy.fakeshop.catalogue_records import Checkout, Customer, Location, Product, Variant
from xenofy.fakeshop.chaos import Chaos
from xenofy.fakeshop.editing import Edited
from xenofy.fakeshop.hooks import Hooks
from xenofy.fakeshop.records import Fulfillment, Order, Refund, Return
from xenofy.fakeshop.refunding import Back
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.wanted import Basket, Item, NewVariant


class Shop:
    """What may be done to a shop. Amounts are in major units, moments the clock's."""

    def __init__(self, state: ShopState, lock: RLock, hooks: Hooks) -> None:
        self.state = state
        self.chaos = Chaos()
        self.lock = lock
        self.hooks = hooks
        self.bulk = BulkOperations()
        self.buckets: dict[str, Any] = {}  # points by app; see admin.cost
        self.found: dict[Any, Any] = {}  # what searches found last; see admin.finding

    @property
    def domain(self) -> str:
        return self.state.domain

    def keep_found(self, key: Any, value: Any) -> None:
        if len(self.found) > 20:
            self.found.clear()
        self.found[key] = value

    # ── orders ────────────────────────────────────────────────────────────────────────────────

    def place_order(self, *items: Item, **wanted: Any) -> Order:
        """Place an order of some items; `wanted` are the other fields of a `Basket`."""
        with self.lock:
            return placing.place(self.state, Basket(items or (Item(),), **wanted))

    def pay(self, order_id: int) -> None:
        """Take the money of an order that is pending or authorized."""
        with self.lock:
            paying.pay(self.state, self._order(order_id))

    def refund(self, order_id: int, **back: Any) -> Refund:
        """Give back what `back`, the fields of a `Back`, says; without it all that is left."""
        with self.lock:
            order = self._order(order_id)
            wanted = Back(**back) if back else refunding.everything_left(order, restock="return")
            return refunding.refund(self.state, order, wanted)

    def cancel(self, order_id: int, *, reason: str = "customer", with_refund: bool = True) -> None:
        with self.lock:
            order = self._order(order_id)
            cancelling.cancel(self.state, order, reason=reason, with_refund=with_refund)

    def fulfil(self, order_id: int, units: dict[int, int] | None = None, **how: Any) -> Fulfillment:
        """Send units by line id; without them all that was not sent yet."""
        with self.lock:
            return fulfilling.fulfil(self.state, self._order(order_id), units, **how)

    def deliver(self, parcel: Fulfillment) -> None:
        with self.lock:
            fulfilling.deliver(self.state, parcel)

    def delete_order(self, order_id: int) -> None:
        """Delete an order, with all that was sold in it."""
        with self.lock:
            order = self._order(order_id)
            del self.state.orders[order_id]
            parts: list[Refund | Return | Fulfillment] = [*order.refunds, *order.returns]
            for part in [*parts, *order.fulfillments]:
                del self.state.parts[part.id]
            customer = self.state.customers.get(order.customer_id or 0)
            if customer is not None:
                customer.order_ids.remove(order_id)
            self.state.note("ORDER", order_id, "destroy", "deleted this order")
            self.state.tell("orders/delete", order)

    def request_return(self, order_id: int, units: dict[int, int], **how: Any) -> Return:
        """Ask to send units by line id back."""
        with self.lock:
            return returning.request(self.state, self._order(order_id), units, **how)

    def approve_return(self, found: Return) -> None:
        with self.lock:
            returning.approve(self.state, found)

    def decline_return(self, found: Return) -> None:
        with self.lock:
            returning.decline(self.state, found)

    def process_return(self, found: Return, **how: Any) -> Refund:
        """Take back an open return, maybe for other items; see `returning.process`."""
        with self.lock:
            refund = returning.process(self.state, found, **how)
            returning.close(self.state, found)
            return refund

    def edit(self, order_id: int, **changes: Any) -> Edited:
        """Add items and remove units by line id; see `editing.edit`."""
        with self.lock:
            return editing.edit(self.state, self._order(order_id), **changes)

    # ── goods ─────────────────────────────────────────────────────────────────────────────────

    def create_product(self, title: str, *variants: NewVariant, **values: Any) -> Product:
        with self.lock:
            wanted = variants or (NewVariant(),)
            return stocking.create_product(self.state, title, wanted, **values)

    def delete_product(self, product_id: int) -> None:
        with self.lock:
            stocking.delete_product(self.state, self.state.products[product_id])

    def create_location(self, name: str) -> Location:
        with self.lock:
            return stocking.create_location(self.state, name)

    def set_stock(self, variant: Variant, place: Location, available: int) -> None:
        with self.lock:
            stocking.set_stock(self.state, variant, place, available)

    # ── checkouts ─────────────────────────────────────────────────────────────────────────────

    def begin_checkout(self, *items: Item, **values: Any) -> Checkout:
        with self.lock:
            return abandoning.begin(self.state, items or (Item(),), **values)

    def recover_checkout(self, checkout: Checkout, **wanted: Any) -> Order:
        """Let a checkout become an order after all."""
        with self.lock:
            return abandoning.recover(self.state, checkout, **wanted)

    # ── customers ─────────────────────────────────────────────────────────────────────────────

    def create_customer(self, **values: Any) -> Customer:
        with self.lock:
            return people.create(self.state, **values)

    def update_customer(self, customer_id: int, **values: Any) -> Customer:
        with self.lock:
            return people.update(self.state, self._customer(customer_id), **values)

    def merge_customers(self, kept_id: int, gone_id: int) -> None:
        """Merge one customer into another, who then has the orders of both."""
        with self.lock:
            people.merge(self.state, self._customer(kept_id), self._customer(gone_id))

    def erase_customer(self, customer_id: int) -> None:
        """Erase what is personal of a customer, as a request of privacy does."""
        with self.lock:
            people.erase(self.state, self._customer(customer_id))

    def _order(self, order_id: int) -> Order:
        return self.state.orders[order_id]

    def _customer(self, customer_id: int) -> Customer:
        return self.state.customers[customer_id]

    def orders(self) -> Sequence[Order]:
        return list(self.state.orders.values())
