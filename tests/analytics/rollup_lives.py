"""Orders that are placed, moved, edited, refunded, cancelled, sent and deleted at random, and
checkouts that are begun, left, completed, moved and deleted.

Few customers, few days: so that orders meet, first orders change hands and days run empty.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.builders import Body, OrderBuilder
from tests.shops import Delivered

START = datetime(2026, 3, 20, 17, tzinfo=UTC)  # days later there is another week, month, quarter
SPLITS: dict[str, list[Any]] = {
    "source_name": ["web", "pos", None],
    "payment_gateway_names": [["cash"], ["card", "gift_card"], ["gift_card", "card"], []],
    "country_code": ["IN", "FR", None],
    "province_code": ["KA", "MH", None],
    "discount_codes": [[], [{"code": "HELLO"}], [{"code": "HELLO"}, {"code": "AUTUMN"}]],
    "cancel_reason": ["fraud", "other", None],
}


@dataclass
class Life:
    """An order with what is not in its builder: where it came from and what was sent."""

    order: OrderBuilder
    split: dict[str, Any]
    parcels: list[Body] = field(default_factory=list)

    def body(self) -> Body:
        place = {name: self.split[name] for name in ("country_code", "province_code")}
        body = {**self.order.body(), **self.split, "fulfillments": list(self.parcels)}
        return {**body, "shipping_address": place, "billing_address": None}


@dataclass
class Lives:
    """A few customers and their orders; every step is something that Shopify would tell."""

    rng: random.Random
    first_id: int = 1
    customers: int = 5
    days: int = 26
    lives: list[Life] = field(default_factory=list)
    moves: int = 0

    def step(self) -> list[Delivered]:
        """Let one thing happen; return what is delivered of it, in any order and maybe twice."""
        self.moves += 1
        if len(self.lives) < 4 or self.rng.random() < 0.3:
            return [("orders/create", self._place().body())]
        life = self.rng.choice(self.lives)
        life.order.updated_at = self._now()
        told = self.rng.choice(self._happenings())(life)
        if self.rng.random() < 0.1:
            told = [*told, self.rng.choice(told)]
        self.rng.shuffle(told)
        return told

    def _happenings(self) -> list[Callable[[Life], list[Delivered]]]:
        return [
            *(self._move, self._move, self._hand_over, self._hand_over, self._edit, self._refund),
            *(self._refund, self._cancel, self._change_split, self._delete, self._lose_line),
            *(self._send, self._send, self._send, self._check_out, self._check_out),
            *(self._check_out, self._check_out),
        ]

    def _place(self) -> Life:
        order = OrderBuilder(
            id=self.first_id + len(self.lives) + self.moves * 1000,
            at=self._moment(),
            currency=self.rng.choice(["INR", "INR", "USD"]),
            customer=self._customer(),
            tax_rate=Decimal("0.05"),
            taxes=self.rng.choice([("VAT",), ("CGST", "SGST")]),
            test=self.rng.random() < 0.05,
        )
        gift_card = self.rng.random() < 0.1
        for _ in range(self.rng.randint(1, 3)):
            product = None if gift_card else self.rng.choice([None, 7001, 7002])
            order.line(f"{self.rng.randint(1, 99)}.50", self.rng.randint(1, 3),
                       product_id=product, gift_card=gift_card)  # fmt: skip
        order.ship("90")
        order.updated_at = self._now()
        life = Life(order, {name: self.rng.choice(given) for name, given in SPLITS.items()})
        self.lives.append(life)
        return life

    def _move(self, life: Life) -> list[Delivered]:
        life.order.at = self._moment()
        return [("orders/updated", life.body())]

    def _hand_over(self, life: Life) -> list[Delivered]:
        life.order.customer = self._customer()
        return [("orders/updated", life.body())]

    def _edit(self, life: Life) -> list[Delivered]:
        line = self.rng.choice(life.order.lines)
        removed = {line.id: 1} if line.left and self.rng.random() < 0.5 else {}
        edit = life.order.edit(self._moment(), add=[("12.50", 2)], remove=removed)
        life.order.updated_at = self._now()
        return [("orders/edited", edit), ("orders/updated", life.body())]

    def _lose_line(self, life: Life) -> list[Delivered]:
        line = life.order.lines[-1]
        if len(life.order.lines) > 1 and line.left == line.quantity:
            life.order.lines.remove(line)
        return [("orders/updated", life.body())]

    def _refund(self, life: Life) -> list[Delivered]:
        line = self.rng.choice(life.order.lines)
        if line.refunded + line.removed >= line.quantity:
            return self._change_split(life)
        refund = life.order.refund(self._moment(), units={line.id: 1}, kept="0.50")
        life.order.updated_at = self._now()
        return [("refunds/create", refund), ("orders/updated", life.body())]

    def _cancel(self, life: Life) -> list[Delivered]:
        life.order.cancelled_at = None if life.order.cancelled_at else self._moment()
        return [("orders/updated", life.body())]

    def _change_split(self, life: Life) -> list[Delivered]:
        name = self.rng.choice(list(SPLITS))
        life.split[name] = self.rng.choice(SPLITS[name])
        return [("orders/updated", life.body())]

    def _send(self, life: Life) -> list[Delivered]:
        parcel = {
            "id": life.order.id * 10 + len(life.parcels),
            "order_id": life.order.id,
            "status": self.rng.choice(["success", "success", "cancelled"]),
            "shipment_status": self.rng.choice([None, "delivered"]),
            "created_at": (START + timedelta(hours=self.rng.randrange(24 * 60))).isoformat(),
            "updated_at": self._now(),
        }
        if self.rng.random() < 0.5:
            return [("fulfillments/create", parcel)]
        life.parcels.append(parcel)
        return [("orders/updated", life.body())]

    def _delete(self, life: Life) -> list[Delivered]:
        self.lives.remove(life)
        return [("orders/delete", {"id": life.order.id})]

    def _check_out(self, _: Life) -> list[Delivered]:
        number = self.first_id + self.rng.randrange(20)
        if self.rng.random() < 0.1:
            return [("checkouts/delete", {"id": number})]
        begun = START + timedelta(hours=self.rng.randrange(0, 24 * self.days, 5))
        ended = begun + timedelta(minutes=self.rng.choice([5, 10, 11, 3000]))
        body = {
            "id": number,
            "created_at": begun.isoformat(),
            "updated_at": self._now(),
            "completed_at": self.rng.choice([None, ended.isoformat()]),
            "email": self.rng.choice([None, "c1@example.com"]),
            "phone": self.rng.choice([None, "+911234567890"]),
            "currency": self.rng.choice(["INR", "USD", None]),
            "source_name": self.rng.choice(["web", "pos", None]),
            "total_price": self.rng.choice(["12.50", "0.125", None]),
        }
        if self.rng.random() < 0.2:
            del body["created_at"]
        return [("checkouts/update", body)]

    def _customer(self) -> Body | None:
        number = self.rng.randint(0, self.customers)
        return {"id": number, "email": f"c{number}@example.com"} if number else None

    def _moment(self) -> str:
        """Return a moment, often the same for several orders."""
        hours = self.rng.randrange(0, 24 * self.days, 5)
        return (START + timedelta(hours=hours)).isoformat()

    def _now(self) -> str:
        """Return when Shopify says that this happened, later than all before."""
        return (START + timedelta(days=60, seconds=self.moves)).isoformat()
