"""The rows of the ledger behind a figure, and their sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from analytics.enums import Lens
from analytics.rollup_sql.customers import IS_RETURNING
from analytics.rollup_sql.statement import ORDER_HOUR, TERMS
from analytics.sales_reads import Window

AT_ONCE = 2000  # rows in memory while all are read


class LedgerRow(NamedTuple):
    """One row of the ledger; money in minor units, `amount` is what it adds to the figure."""

    key: str
    happened_at: datetime
    day: date
    order_id: int
    order_name: str | None
    action: str
    line_type: str
    quantity: int
    gross: int
    discount: int
    tax: int
    amount: int


_FROM = """
FROM shop_data_sale AS s
JOIN shop_data_order AS o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
WHERE s.tenant_id = %(tenant)s AND s.currency = %(currency)s AND {days} AND ({wanted})
    AND {condition}
"""
_DAYS = {
    Lens.EVENT: "s.day BETWEEN %(first)s AND %(last)s",
    Lens.ORDER: """(s.action <> 'return' AND s.day BETWEEN %(first)s AND %(last)s
        OR s.action = 'return' AND s.order_day BETWEEN %(first)s AND %(last)s)""",
}
_ALL = """
SELECT s.key, s.happened_at, {day}, o.shopify_id, o.name, s.action, s.line_type, s.quantity,
    s.gross, s.discount, s.tax, {amount}
{source} ORDER BY s.happened_at, o.shopify_id, s.key
"""
_SOME = _ALL + " LIMIT %(limit)s OFFSET %(offset)s"
_TOTAL = "SELECT count(*), coalesce(sum({amount}), 0)::bigint {source}"
_DAY = {
    Lens.EVENT: "s.day",
    Lens.ORDER: "CASE s.action WHEN 'return' THEN s.order_day ELSE s.day END",
}
_HOUR = {
    Lens.EVENT: "s.hour",
    Lens.ORDER: f"CASE s.action WHEN 'return' THEN {ORDER_HOUR} ELSE s.hour END",
}

# One row stands for an order that was placed: the first of those with which it was.
_PLACED = """o.counts AND s.key = (
    SELECT min(placed.key) FROM shop_data_sale AS placed
    WHERE placed.tenant_id = s.tenant_id AND placed.order_id = s.order_id
        AND placed.action = 'order')"""
# Likewise one row for each order of a product, of a variant.
_PLACED_WITH = """s.action = 'order' AND s.line_type = 'product' AND s.key = (
    SELECT min(placed.key) FROM shop_data_sale AS placed
    WHERE placed.tenant_id = s.tenant_id AND placed.order_id = s.order_id
        AND placed.action = 'order' AND placed.line_type = 'product'
        AND placed.{id} IS NOT DISTINCT FROM s.{id})"""
COUNTED = {
    "orders": ("1", _PLACED),
    "orders_of_product": ("1", _PLACED_WITH.format(id="product_shopify_id")),
    "orders_of_variant": ("1", _PLACED_WITH.format(id="variant_shopify_id")),
    "new_customers": ("1", f"{_PLACED} AND NOT {IS_RETURNING}"),
    "returning_orders": ("1", f"{_PLACED} AND {IS_RETURNING}"),
    "order_value": ("s.gross + s.discount", "s.line_type = 'product' AND s.action = 'order'"),
    "net_quantity": ("s.quantity", "s.line_type = 'product'"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The rows that some lines of the statement add up, oldest first.

    Parameters
    ----------
    lines
        fields of `Sums`, of `TERMS` or of `COUNTED`.
    condition
        which of the rows are meant; it is about %(key)s, and about what `more` holds. `s.hour`
        in it is that of the order for what the lens counts on the order's day.
    amount
        what a row adds to the figure; where it is empty, what the lines say.
    """

    lines: Sequence[str]
    window: Window
    condition: str = "true"
    amount: str = ""
    key: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def total(self) -> tuple[int, int]:
        """Return the number of all rows, and their sum."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql(_TOTAL), self._params())
            number, total = cursor.fetchone()
        return number, total

    def page(self, *, limit: int, offset: int) -> tuple[LedgerRow, ...]:
        """Return some of the rows."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql(_SOME), self._params(limit=limit, offset=offset))
            return tuple(LedgerRow(*row) for row in cursor.fetchall())

    def all(self) -> Iterator[LedgerRow]:
        """Yield all rows, of which the database sends a few at a time."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(self._sql(_ALL), self._params())
            while rows := cursor.fetchmany(AT_ONCE):
                yield from (LedgerRow(*row) for row in rows)

    def _params(self, **more: Any) -> dict[str, Any]:
        return self.window.params(key=self.key, **self.more, **more)

    def _sql(self, template: str) -> str:
        terms = [(TERMS | COUNTED)[line] for line in self.lines]
        summed = " + ".join(f"CASE WHEN {which} THEN {what} ELSE 0 END" for what, which in terms)
        source = _FROM.format(
            days=_DAYS[self.window.lens],
            wanted=" OR ".join(f"({which})" for _, which in terms),
            condition=self.condition.replace("s.hour", _HOUR[self.window.lens]),
        )
        amount, day = self.amount or summed, _DAY[self.window.lens]
        return template.format(amount=amount, source=source, day=day)
