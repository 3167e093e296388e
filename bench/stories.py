"""Made-up stories of shops: what happened, and the deliveries that Shopify would make of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import bodies
from bench.facts import Adjustment, Line, Order, Refund, RefundedUnits, Shop

FIRST_DAY = datetime(2026, 1, 20, tzinfo=UTC)
DAYS = 90  # both ways across the days on which clocks change
CUSTOMERS = 40
PRODUCTS = 30


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery before it is signed. `readable` is false for a body that nobody can read."""

    shop: Shop
    topic: str
    webhook_id: str
    event_id: str
    triggered_at: datetime
    body: bytes
    readable: bool = True


@dataclass
class Story:
    """One shop: its facts so far, its random choices, and how it words its deliveries."""

    shop: Shop
    draw: random.Random
    orders: dict[int, Order] = field(default_factory=dict)
    customers: dict[int, bodies.Json] = field(default_factory=dict)
    serial: int = 0

    def messages(self) -> Iterator[list[Message]]:
        """Yield groups of deliveries that belong together, for ever."""
        yield self._store()
        while True:
            yield self._order_story()
            if self.draw.random() < 0.5:
                yield self.draw.choice(
                    [self._customer_changes, self._product, self._stock, self._checkout]
                )()

    # ── orders ────────────────────────────────────────────────────────────────────────────────

    def _order_story(self) -> list[Message]:
        """Tell the life of one order from placing it to what came last."""
        order = self._place()
        told = [self._tell("orders/create", order, order.placed_at)]
        at = order.placed_at
        steps = [
            (0.7, self._pay), (0.25, self._edit), (0.1, self._edit), (0.5, self._fulfil),
            (0.25, self._give_back), (0.1, self._give_back), (0.2, self._note),
        ]  # fmt: skip
        self.draw.shuffle(steps)
        for chance, step in [*steps, (0.12, self._cancel), (0.2, self._delete)]:
            if self.draw.random() < chance:
                at += timedelta(seconds=self.draw.randrange(1, 400_000))
                told += step(order, at)
        return told

    def _place(self) -> Order:
        draw = self.draw
        order_id = self._next() + 5_000_000_000_000_000_000
        lines = [
            Line(
                id=self._next() + 4_000_000_000_000_000_000,
                product=draw.randrange(1, PRODUCTS),
                units=draw.randrange(1, 5),
                price=draw.randrange(100, 90_000),
                discount=draw.choice([0, 0, draw.randrange(1, 99)]),
                rate=draw.choice([0, 50, 180, 190]),
                gift_card=draw.random() < 0.03,
            )
            for _ in range(draw.randrange(1, 5))
        ]
        order = Order(
            id=order_id,
            placed_at=FIRST_DAY + timedelta(seconds=draw.randrange(DAYS * 86_400)),
            customer=draw.randrange(1, CUSTOMERS) if draw.random() < 0.8 else None,
            lines=lines,
            shipping=draw.choice([0, draw.randrange(1, 9_000)]),
            shipping_rate=draw.choice([0, 180]),
            tip=draw.choice([0, 0, 0, draw.randrange(1, 900)]),
            test=draw.random() < 0.03,
        )
        self.orders[order_id] = order
        return order

    def _pay(self, order: Order, at: datetime) -> list[Message]:
        """Tell it twice, as Shopify does: one body under two topics."""
        order.paid = True
        return [self._tell("orders/paid", order, at), self._tell("orders/updated", order, at)]

    def _note(self, order: Order, at: datetime) -> list[Message]:
        """Change the note twice within one second, so that only Triggered-At tells the order."""
        order.note = "first thought"
        first = self._tell("orders/updated", order, at)
        order.note = "second thought"
        return [first, self._tell("orders/updated", order, at, late=timedelta(milliseconds=300))]

    def _edit(self, order: Order, at: datetime) -> list[Message]:
        """Add units to a line, or take units of it away."""
        line = self.draw.choice(order.lines)
        units = self.draw.randrange(1, 3)
        if self.draw.random() < 0.5:
            line.added.append((at, units))
            changes = {"additions": [{"id": line.id, "delta": units}]}
        else:
            units = min(units, order.remaining(line))
            if not units:
                return []
            line.removed.append((at, units))
            changes = {"removals": [{"id": line.id, "delta": units}]}
        body = bodies.edit_body(self.shop, order, self._next(), at, changes)
        return [self._message("orders/edited", at, body), self._tell("orders/updated", order, at)]

    def _fulfil(self, order: Order, at: datetime) -> list[Message]:
        order.fulfillments.append((self._next(), at, "success"))
        body = bodies.fulfillment_body(self.shop, order, *order.fulfillments[-1])
        return [
            self._message("fulfillments/create", at, body),
            self._tell("orders/updated", order, at),
        ]

    def _give_back(self, order: Order, at: datetime) -> list[Message]:
        items = []
        for line in order.lines:
            units = self.draw.randrange(order.remaining(line) + 1)
            if units:
                subtotal, tax = (line.charged * units // line.quantity,
                                 line.tax(self.shop) * units // line.quantity)  # fmt: skip
                items.append(RefundedUnits(self._next(), line, units, subtotal, tax))
        adjustments = []
        if order.shipping and not order.refunds and self.draw.random() < 0.5:
            tax = order.shipping_tax(self.shop)
            net = order.shipping - (tax if self.shop.taxes_included else 0)
            adjustments.append(Adjustment(self._next(), "shipping_refund", -net, -tax))
        if self.draw.random() < 0.3:
            kept = self.draw.randrange(-500, 500)
            adjustments.append(Adjustment(self._next(), "refund_discrepancy", kept, 0))
        refund = Refund(self._next(), at, items, adjustments)
        order.refunds.append(refund)
        body = bodies.refund_body(self.shop, order, refund)
        return [self._message("refunds/create", at, body), self._tell("orders/updated", order, at)]

    def _cancel(self, order: Order, at: datetime) -> list[Message]:
        order.cancelled_at = at
        return [self._tell("orders/cancelled", order, at), self._tell("orders/updated", order, at)]

    def _delete(self, order: Order, at: datetime) -> list[Message]:
        """Delete an order without a customer: one who is in no other order may be known or not."""
        if order.customer is not None:
            return []
        order.deleted = True
        return [self._message("orders/delete", at, {"id": order.id})]

    def _tell(
        self, topic: str, order: Order, at: datetime, *, late: timedelta = timedelta(0)
    ) -> Message:
        customer = self._customer(order.customer) if order.customer else None
        body = bodies.order_body(self.shop, order, customer, at)
        return self._message(topic, at + late, body)

    # ── everything else ───────────────────────────────────────────────────────────────────────

    def _store(self) -> list[Message]:
        body = {
            "id": 1,
            "name": f"Soak {self.shop.number}",
            "myshopify_domain": self.shop.domain,
            "currency": self.shop.currency,
            "iana_timezone": self.shop.time_zone,
            "taxes_included": self.shop.taxes_included,
        }
        return [self._dated("shop/update", body)]

    def _customer(self, number: int) -> bodies.Json:
        if number not in self.customers:
            self.customers[number] = self._new_customer(number, FIRST_DAY)
        return self.customers[number]

    def _new_customer(self, number: int, at: datetime) -> bodies.Json:
        return {
            "id": 700 + number,
            "email": f"person{number}.{self._next()}@example.com",
            "first_name": self.draw.choice(["Asha", "José", "花子", "Zoë 🌸"]),
            "last_name": 'O\'Hara "the" / buyer',
            "created_at": bodies.local(self.shop, FIRST_DAY),
            "updated_at": bodies.local(self.shop, at),
        }

    def _customer_changes(self) -> list[Message]:
        number = self.draw.randrange(1, CUSTOMERS)
        before = datetime.fromisoformat(self._customer(number)["updated_at"])
        at = before + timedelta(seconds=self.draw.randrange(1, 90_000))
        self.customers[number] = self._new_customer(number, at)
        return [self._message("customers/update", at, self.customers[number])]

    def _product(self) -> list[Message]:
        number = self.draw.randrange(1, PRODUCTS)
        price = self.shop.money(self.draw.randrange(100, 9_000))
        body = {
            "id": number,
            "title": f"Handloom {self._next()}",
            "vendor": "Soak",
            "variants": [{"id": number * 10, "product_id": number, "title": "M", "price": price}],
        }
        return [self._dated("products/update", body)]

    def _stock(self) -> list[Message]:
        body = {
            "inventory_item_id": self.draw.randrange(1, PRODUCTS),
            "location_id": 3,
            "available": self.draw.randrange(-5, 900),
        }
        return [self._dated("inventory_levels/update", body)]

    def _checkout(self) -> list[Message]:
        body = {
            "id": self.draw.randrange(1, 500),
            "token": f"token{self._next()}",
            "currency": self.shop.currency,
            "total_price": self.shop.money(self.draw.randrange(100, 9_000)),
            "line_items": [],
        }
        return [self._dated("checkouts/update", body)]

    def _dated(self, topic: str, body: dict[str, Any]) -> Message:
        """Return a delivery of a body whose version is the number of the event."""
        at = FIRST_DAY + timedelta(seconds=self._next())
        return self._message(topic, at, {**body, "updated_at": bodies.local(self.shop, at)})

    def _message(self, topic: str, at: datetime, body: bodies.Json) -> Message:
        event = f"{self.shop.number}-{self._next()}"
        return Message(self.shop, topic, f"w-{event}", f"e-{event}", at, bodies.encode(body))

    def _next(self) -> int:
        self.serial += 1
        return self.serial
