"""Golden cases: deliveries of an order, and the sales statement that has to come out, day by day.

Lines that are 0 are left out. Days are days of the shop, whose zone is UTC where a case names none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop_data.models import Order
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shops import Delivered, Shop

Statement = dict[str, dict[str, str]]
Told = tuple[list[Delivered], Statement]


@dataclass(frozen=True)
class Case:
    """Deliveries in the order in which they come, and the statement after the last one."""

    name: str
    deliveries: list[Delivered]
    expected: Statement
    by_order_day: Statement | None  # where the second lens says something else
    zone: str
    orders: int  # that count as orders

    def check(self, shop: Shop) -> None:
        """Let a shop go through the case."""
        if self.zone:
            shop.process(("shop/update", {"id": 1, "iana_timezone": self.zone}))
        shop.process(*self.deliveries)

        assert set(shop.statuses()) <= {"done", "superseded"}
        assert written(shop.statement()) == self.expected
        if self.by_order_day is not None:
            assert written(shop.statement(by_order_day=True)) == self.by_order_day
        with tenant_scope(shop.connection.tenant_id):
            assert Order.objects.filter(counts=True).count() == self.orders


class Cases(list[Case]):
    """Cases in the order in which their functions stand in a module."""

    def add(
        self,
        name: str,
        *,
        by_order_day: Statement | None = None,
        zone: str = "",
        orders: int = 1,
    ) -> Callable[[Callable[[], Told]], None]:
        """Take up the case that a function tells."""

        def take(tell: Callable[[], Told]) -> None:
            self.append(Case(name, *tell(), by_order_day, zone, orders))

        return take


def lines(**amounts: Any) -> dict[str, str]:
    """Return the lines of one day; underscores stand for spaces."""
    return {name.replace("_", " "): str(amount) for name, amount in sorted(amounts.items())}


def placed(order: OrderBuilder) -> Delivered:
    return "orders/create", order.body()


def updated(order: OrderBuilder) -> Delivered:
    return "orders/updated", order.body()


def cancelled(order: OrderBuilder, at: str) -> Delivered:
    return "orders/cancelled", order.cancel(at).body()


def written(statement: dict[str, dict[str, Decimal]]) -> Statement:
    """Return a statement as cases write it, without days on which nothing happened."""
    return {
        day: {name: str(amount) for name, amount in found.items()}
        for day, found in statement.items()
        if found
    }
