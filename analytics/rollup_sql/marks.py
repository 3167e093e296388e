"""Which days a mark (customer, day) makes old: more than its own, where customers have a history.

What the rollups say of an order depends on the orders of its customer before it:

- the next day on which the customer ordered, since it looks back at the marked day (in each
  currency, because cohorts do so in theirs);
- where no counted order lies before the earliest marked day, the customer's first order may be
  another than it was: then all days of the customer's orders, with their edits and reversals.

Every writer marks the days of what it found and of what it left, so that each mark stands for
itself: a pass that does not see another's write yet leaves that one's mark for the next pass.
"""

from __future__ import annotations

_AFFECTED = """
WITH mark AS (SELECT DISTINCT customer, day FROM {marks}),
earliest AS (
    SELECT customer, min(day) AS day FROM mark WHERE customer IS NOT NULL GROUP BY customer
),
history AS (
    SELECT customer, day, EXISTS (
        SELECT FROM shop_data_order AS o
        WHERE o.tenant_id = %(tenant)s AND o.customer_shopify_id = earliest.customer
            AND o.counts AND o.day < earliest.day
    ) AS begins_before
    FROM earliest
)
SELECT day FROM mark
UNION
SELECT later.day
FROM mark JOIN history USING (customer),
LATERAL (
    SELECT min(o.day) AS day FROM shop_data_order AS o
    WHERE o.tenant_id = %(tenant)s AND o.customer_shopify_id = mark.customer AND o.counts
        AND o.day > mark.day
    GROUP BY o.currency
) AS later
WHERE begins_before
UNION
SELECT days.day
FROM history
JOIN shop_data_order AS o ON o.customer_shopify_id = history.customer
JOIN shop_data_sale AS s ON s.tenant_id = o.tenant_id AND s.order_id = o.id,
LATERAL (VALUES (s.day), (s.order_day)) AS days(day)
WHERE o.tenant_id = %(tenant)s AND NOT begins_before
"""

DAYS_OF_TAKEN_MARKS = _AFFECTED.format(
    marks="unnest(%(customers)s::bigint[], %(days)s::date[]) AS taken(customer, day)"
)
DAYS_OF_WAITING_MARKS = _AFFECTED.format(
    marks="(SELECT customer_shopify_id AS customer, day FROM shop_data_rollupmark"
    " WHERE tenant_id = %(tenant)s) AS waiting"
)

COUNT_OF_MARKS = """
SELECT count(*) FROM (
    SELECT FROM shop_data_rollupmark WHERE tenant_id = %(tenant)s LIMIT %(most)s
) AS marks
"""

# From the first marked day to the last one on which a marked customer can have ordered.
SPAN_OF_MARKS = """
SELECT min(day), greatest(max(day), (
    SELECT max(day) FROM analytics_salesday WHERE tenant_id = %(tenant)s AND dimension = 'total'))
FROM shop_data_rollupmark WHERE tenant_id = %(tenant)s
"""
