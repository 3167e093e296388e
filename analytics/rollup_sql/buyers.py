"""Different customers of stretches of days: from the gaps between their days, or from orders."""

from __future__ import annotations

from collections.abc import Collection

from analytics.rollup_sql.customers import BUYER_DAYS, GAPS, NO_DAY
from analytics.rollup_sql.months import GAP_MONTHS

# Each window has a number and a first day; it is read in stretches of days and in whole months.
_PIECES = """
    unnest(%({kind}numbers)s::int[], %({kind}sinces)s::date[],
        %({kind}firsts)s::date[], %({kind}lasts)s::date[]) AS piece(number, since, first, last)
"""
_NEAR, _FAR = _PIECES.format(kind="near_"), _PIECES.format(kind="far_")
# What a gap adds to a window that begins on `since`.
_ADDS = f"""
    SELECT number, CASE WHEN previous_day < since THEN buyers ELSE 0 END AS buyers,
        CASE WHEN previous_day < since AND previous_day > {NO_DAY} THEN buyers
            ELSE second_buyers END AS back
"""
# What of a window is stored, by the kind of its pieces. Near its beginning it has the customers of
# each day, less those who were there before.
_STORED = {
    "month": f"""
    {_ADDS}
    FROM unnest(%(month_numbers)s::int[], %(month_sinces)s::date[], %(month_months)s::date[])
        AS piece(number, since, month)
    JOIN {GAP_MONTHS.table} AS stored USING (month)
    WHERE tenant_id = %(tenant)s
    """,
    "far": f"""
    {_ADDS} FROM {_FAR}
    JOIN {GAPS.table} AS stored ON day BETWEEN first AND last
    WHERE tenant_id = %(tenant)s AND day <> ALL(%(days)s)
    """,
    "near": f"""
    SELECT number, buyers, returning_buyers AS back FROM {_NEAR}
    JOIN {BUYER_DAYS.table} AS stored ON day BETWEEN first AND last
    WHERE tenant_id = %(tenant)s AND day <> ALL(%(days)s)
    """,
    "later": f"""
    SELECT number, -buyers AS buyers, second_buyers - buyers AS back
    FROM unnest(%(later_numbers)s::int[], %(later_sinces)s::date[], %(later_days)s::date[])
        AS piece(number, since, day)
    JOIN {GAPS.table} AS stored USING (day)
    WHERE tenant_id = %(tenant)s AND previous_day >= since
    """,
}
# %(days)s derived from the orders.
_DERIVED = f"""
    {_ADDS}
    FROM (SELECT * FROM {_NEAR} UNION ALL SELECT * FROM {_FAR}) AS piece
    JOIN ({GAPS.select}) AS derived ON day BETWEEN first AND last
"""


def buyers_select(kinds: Collection[str], *, derived: bool) -> str:
    """Return the query for the customers of windows that have pieces of these kinds alone.

    To plan it takes longer than to run it, where a window is short.
    """
    parts = [_STORED[kind] for kind in kinds] + ([_DERIVED] if derived else [])
    gaps = " UNION ALL ".join(parts)
    return f"""
    SELECT number, sum(buyers) AS buyers, sum(back) AS back
    FROM ({gaps}) AS gaps GROUP BY number
    """


_LOCAL = "(o.processed_at AT TIME ZONE %(zone)s)"
BUYERS_BY_ORDERS = f"""
SELECT number, count(*), count(*) FILTER (WHERE (
    SELECT count(*) FROM (
        SELECT FROM shop_data_order AS o
        WHERE o.tenant_id = %(tenant)s AND o.customer_shopify_id = bought.customer AND o.counts
            AND (o.day, {_LOCAL}::time) <= (bought.last, bought.until) LIMIT 2
    ) AS two) = 2)
FROM (
    SELECT DISTINCT w.number, w.last, w.until, o.customer_shopify_id AS customer
    FROM unnest(%(firsts)s::date[], %(lasts)s::date[], %(froms)s::time[], %(untils)s::time[])
        WITH ORDINALITY AS w(first, last, since, until, number)
    JOIN shop_data_order AS o ON o.day BETWEEN w.first AND w.last
        AND {_LOCAL}::time >= w.since AND (o.day < w.last OR {_LOCAL}::time <= w.until)
    WHERE o.tenant_id = %(tenant)s AND o.counts AND o.currency = %(currency)s
        AND o.customer_shopify_id IS NOT NULL
) AS bought
GROUP BY number
"""
