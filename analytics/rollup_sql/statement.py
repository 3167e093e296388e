"""The lines of the sales statement as sums over ledger rows (docs/metrics.md).

`bigint_sum` adds up whole numbers as such, 0 where there are none: PostgreSQL's own sum of them is
a `numeric`, which costs several times as much (analytics/migrations/0009).
"""

from __future__ import annotations

_SOLD = "line_type = 'product' AND action <> 'return'"
_TAKEN_BACK = "action = 'return' AND line_type IN ('product', 'adjustment')"


def _sum(expression: str, where: str) -> str:
    return f"bigint_sum({expression}) FILTER (WHERE {where})"


# What of a row a line adds up, and which rows.
TERMS = {
    "gross_sales": ("gross", _SOLD),
    "discounts": ("discount", _SOLD),
    "returns": ("gross + discount", _TAKEN_BACK),
    "shipping": ("gross + discount", "line_type = 'shipping'"),
    "taxes": ("tax", "tax <> 0"),
    "duties": ("gross + discount", "line_type = 'duty'"),
    "additional_fees": ("gross + discount", "line_type IN ('additional_fee', 'fee')"),
    "tips": ("gross + discount", "line_type = 'tip'"),
    "gift_cards_sold": ("gross + discount", "line_type = 'gift_card'"),
    "units": ("quantity", _SOLD),
    "units_returned": ("-quantity", "line_type = 'product' AND action = 'return'"),
}
LINES = {name: _sum(*term) for name, term in TERMS.items()}
ORDER_VALUE = _sum("gross + discount", "line_type = 'product' AND action = 'order'")
STATEMENT = tuple(LINES)
MONEY = STATEMENT[: STATEMENT.index("units")]

# What stands for a line in `sum(...)`: net sales of one row, as in "Net sales" of docs/metrics.md.
NET_SALES = f"CASE WHEN line_type = 'product' OR ({_TAKEN_BACK}) THEN gross + discount ELSE 0 END"

# The shop's hour at which an order `o` was placed; in UTC until the shop has told its zone.
ORDER_HOUR = """extract(hour FROM o.processed_at AT TIME ZONE coalesce(
    (SELECT iana_timezone FROM shop_data_storeinfo WHERE tenant_id = %(tenant)s), 'UTC')
)::smallint"""

# Each row of the ledger once by its own day, and each reversal once more by its order's day.
_PARTS = """
    SELECT s.*, s.day AS on_day,
        CASE s.action WHEN 'return' THEN 'reversal' ELSE 'addition' END AS part{own}
    FROM shop_data_sale AS s WHERE s.tenant_id = %(tenant)s AND s.day = ANY(%(days)s)
    UNION ALL
    SELECT s.*, s.order_day, 'reversal_by_order_day'{of_order}
    FROM shop_data_sale AS s {orders}
    WHERE s.tenant_id = %(tenant)s AND s.order_day = ANY(%(days)s) AND s.action = 'return'{wanted}
"""
_WHOLE_DAYS = _PARTS.format(own="", of_order="", orders="", wanted="")
_BY_MOMENT = _PARTS.format(
    own=", s.hour AS on_hour, s.happened_at AS on_moment",
    of_order=f", {ORDER_HOUR}, o.processed_at",
    orders="JOIN shop_data_order AS o ON o.tenant_id = s.tenant_id AND o.id = s.order_id",
    wanted=" AND 'reversal_by_order_day' = ANY(%(parts)s)",
)
ALL_ROWS = "true"


def parts(rows_wanted: str = ALL_ROWS) -> str:
    """Return the rows of days; a condition may be about their hour and moment on that day.

    Then reversals by their orders' days are read where %(parts)s has them: each order is looked up.
    """
    return _WHOLE_DAYS if rows_wanted == ALL_ROWS else _BY_MOMENT


def lines(names: tuple[str, ...]) -> str:
    """Return the select list of these lines."""
    return ", ".join(f"{LINES[name]} AS {name}" for name in names)


def sums(names: tuple[str, ...]) -> str:
    """Return the select list that adds up columns of sums."""
    return ", ".join(f"bigint_sum({name}) AS {name}" for name in names)
