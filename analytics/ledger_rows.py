"""The rows of the ledger behind a figure, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from analytics.enums import Lens
from analytics.rollup_sql.statement import TERMS
from analytics.sales_reads import Window


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


class Found(NamedTuple):
    """One page of the rows, oldest first, with the number and the sum of all of them."""

    rows: tuple[LedgerRow, ...]
    number: int
    total: int


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
_PAGE = """
SELECT s.key, s.happened_at, {day}, o.shopify_id, o.name, s.action, s.line_type, s.quantity,
    s.gross, s.discount, s.tax, {amount}
{source} ORDER BY s.happened_at, o.shopify_id, s.key LIMIT %(limit)s OFFSET %(offset)s
"""
_TOTAL = "SELECT count(*), coalesce(sum({amount}), 0)::bigint {source}"
_DAY = {
    Lens.EVENT: "s.day",
    Lens.ORDER: "CASE s.action WHEN 'return' THEN s.order_day ELSE s.day END",
}


def rows_behind(
    lines: Sequence[str],
    window: Window,
    *,
    condition: str,
    amount: str,
    key: str,
    limit: int,
    offset: int,
) -> Found:
    """Return the rows that some lines of the statement add up; `condition` is about %(key)s.

    `amount` is what a row adds to the figure; where it is empty, what the lines say.
    """
    terms = [TERMS[line] for line in lines]
    summed = " + ".join(f"CASE WHEN {which} THEN {what} ELSE 0 END" for what, which in terms)
    shape = {
        "amount": amount or summed,
        "source": _FROM.format(
            days=_DAYS[window.lens],
            wanted=" OR ".join(f"({which})" for _, which in terms),
            condition=condition,
        ),
        "day": _DAY[window.lens],
    }
    params = window.params(key=key, limit=limit, offset=offset)
    ((number, total),) = _rows(_TOTAL.format(**shape), params)
    page = _rows(_PAGE.format(**shape), params) if offset < number else []
    return Found(tuple(LedgerRow(*row) for row in page), number, total)


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
