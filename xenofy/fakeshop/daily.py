"""What the double's own ledger says: sums of its sales by shop-local day, in minor units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from xenofy.fakeshop.records import Order, Sale
from xenofy.fakeshop.state import ShopState


@dataclass(slots=True)
class Day:
    """The sums of a day. Returns are negative, a fee that the shop kept is above 0 among them."""

    orders: int = 0  # that were placed
    gross: int = 0
    discounts: int = 0  # of what was sold, positive
    returns: int = 0
    shipping: int = 0
    taxes: int = 0
    duties: int = 0
    charged: int = 0  # all of it, with gift cards and tips, which are no sales

    @property
    def net(self) -> int:
        """Return goods after discounts and returns, without shipping and tax."""
        return self.gross - self.discounts + self.returns

    @property
    def total(self) -> int:
        """Return what Shopify calls total sales."""
        return self.net + self.shipping + self.taxes + self.duties


def sales(state: ShopState) -> Iterator[tuple[datetime, Order, Sale]]:
    """Yield each row of the ledger with its moment; test orders have none that count."""
    for order in state.orders.values():
        if not order.test:
            for agreement in order.agreements:
                for sale in agreement.sales:
                    yield agreement.at, order, sale


def by_day(state: ShopState) -> dict[date, Day]:
    """Return the sums of each day on which something was sold or came back, oldest first."""
    days: dict[date, Day] = defaultdict(Day)
    for at, _, sale in sales(state):
        _add(days[_day_of(at, state)], sale)
    for order in state.orders.values():
        if not order.test:
            days[_day_of(order.processed_at, state)].orders += 1
    return dict(sorted(days.items()))


def _day_of(at: datetime, state: ShopState) -> date:
    return at.astimezone(state.settings.timezone).date()


def _add(day: Day, sale: Sale) -> None:
    day.taxes += sale.tax
    day.charged += sale.amount
    if sale.line_type == "SHIPPING":
        day.shipping += sale.net
    elif sale.line_type == "DUTY":
        day.duties += sale.amount
    elif sale.line_type in {"PRODUCT", "ADJUSTMENT"} and sale.action == "RETURN":
        day.returns += sale.net
    elif sale.line_type == "PRODUCT":
        day.gross += sale.gross
        day.discounts += sale.discount
