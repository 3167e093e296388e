"""Different customers of stretches of days: from the gaps between their days, or from orders."""

from __future__ import annotations

from analytics.rollup_sql.customers import GAPS, NO_DAY
from analytics.rollup_sql.months import GAP_MONTHS

# Each window has a number and a first day; it is read in stretches of days and in whole months.
_STORED = f"""
    SELECT number, since, previous_day, buyers, second_buyers
    FROM unnest(%(month_numbers)s::int[], %(month_sinces)s::date[], %(months)s::date[])
        AS piece(number, since, month)
    JOIN {GAP_MONTHS.table} AS stored USING (month)
    WHERE tenant_id = %(tenant)s
    UNION ALL
    SELECT number, since, previous_day, buyers, second_buyers
    FROM unnest(%(numbers)s::int[], %(sinces)s::date[], %(firsts)s::date[], %(lasts)s::date[])
        AS piece(number, since, first, last)
    JOIN {GAPS.table} AS stored ON day BETWEEN first AND last
    WHERE tenant_id = %(tenant)s AND day <> ALL(%(days)s)
"""
_DERIVED = f"""
    UNION ALL
    SELECT number, since, previous_day, buyers, second_buyers
    FROM unnest(%(numbers)s::int[], %(sinces)s::date[], %(firsts)s::date[], %(lasts)s::date[])
        AS piece(number, since, first, last)
    JOIN ({GAPS.select}) AS derived ON day BETWEEN first AND last
"""
_OF_GAPS = f"""
SELECT number, coalesce(sum(buyers) FILTER (WHERE previous_day < since), 0) AS buyers,
    coalesce(sum(buyers) FILTER (WHERE previous_day < since AND previous_day > {NO_DAY}), 0)
    + coalesce(sum(second_buyers)
        FILTER (WHERE previous_day >= since OR previous_day = {NO_DAY}), 0) AS returning
FROM ({{gaps}}) AS gaps GROUP BY number
"""
BUYERS = _OF_GAPS.format(gaps=_STORED)
BUYERS_NOW = _OF_GAPS.format(gaps=_STORED + _DERIVED)  # %(days)s derived from the orders

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
