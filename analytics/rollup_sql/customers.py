"""What customers did: unique buyers, cohorts, and totals of each customer. Guests are none.

The sequence of a customer's orders is that of (processed_at, shopify_id) of the counted ones.
"""

from __future__ import annotations

from analytics.rollup_sql.rollup import Rollup
from analytics.rollup_sql.statement import NET_SALES, ORDER_VALUE, PARTS

NO_DAY = "DATE '0001-01-01'"  # psycopg knows no infinite dates

# The days on which customers bought, with up to two orders before the first of the day.
_VISITS = """
    SELECT visit.*, coalesce(earlier.day, {no_day}) AS previous_day, earlier.orders AS before
    FROM (
        SELECT tenant_id, customer_shopify_id, day{currency}, count(*) AS orders,
            min(processed_at) AS first_at
        FROM shop_data_order
        WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s) AND counts
            AND customer_shopify_id IS NOT NULL
        GROUP BY tenant_id, customer_shopify_id, day{currency}
    ) AS visit,
    LATERAL (
        SELECT max(day) AS day, count(*) AS orders FROM (
            SELECT o.day FROM shop_data_order AS o
            WHERE o.tenant_id = visit.tenant_id
                AND o.customer_shopify_id = visit.customer_shopify_id AND o.counts
                AND o.processed_at < visit.first_at{same_currency}
            ORDER BY o.processed_at DESC, o.shopify_id DESC LIMIT 2
        ) AS last_two
    ) AS earlier
"""

GAPS = Rollup(
    "analytics_buyergap",
    ("day", "previous_day"),
    ("buyers", "second_buyers"),
    f"""
    SELECT tenant_id, day, previous_day, count(*) AS buyers,
        count(*) FILTER (WHERE before = 1 OR (before = 0 AND orders > 1)) AS second_buyers
    FROM ({_VISITS.format(no_day=NO_DAY, currency="", same_currency="")}) AS visits
    GROUP BY tenant_id, day, previous_day
    """,
)

_FIRST_DAYS = """
    SELECT customer.*, first.day::timestamp AS first_day
    FROM (SELECT DISTINCT tenant_id, customer_shopify_id FROM deeds) AS customer,
    LATERAL (
        SELECT o.day FROM shop_data_order AS o
        WHERE o.tenant_id = customer.tenant_id
            AND o.customer_shopify_id = customer.customer_shopify_id AND o.counts
        ORDER BY o.processed_at, o.shopify_id LIMIT 1
    ) AS first
"""
_SEEN_BEFORE = "previous_day >= date_trunc('{}', day::timestamp)"
_ACTIVE = ", ".join(
    f"count(*) FILTER (WHERE orders > 0 AND NOT {_SEEN_BEFORE.format(grain)}) AS active_{grain}"
    for grain in ("week", "month", "quarter")
)
_VISITS_OF_CURRENCY = _VISITS.format(
    no_day=NO_DAY, currency=", currency", same_currency=" AND o.currency = visit.currency"
)

COHORTS = Rollup(
    "analytics_cohortday",
    ("day", "cohort", "currency", "part"),
    ("active_week", "active_month", "active_quarter", "orders", "net_sales"),
    f"""
    WITH parts AS ({PARTS}),
    deeds AS (
        SELECT tenant_id, customer_shopify_id, day, currency, 'addition' AS part,
            previous_day, orders, 0 AS net_sales
        FROM ({_VISITS_OF_CURRENCY}) AS visits
        UNION ALL
        SELECT parts.tenant_id, o.customer_shopify_id, on_day, parts.currency, part,
            NULL, 0, sum({NET_SALES})
        FROM parts
        JOIN shop_data_order AS o ON o.tenant_id = parts.tenant_id AND o.id = parts.order_id
        WHERE o.tenant_id = %(tenant)s AND o.counts AND o.customer_shopify_id IS NOT NULL
        GROUP BY parts.tenant_id, o.customer_shopify_id, on_day, parts.currency, part
    ),
    customers AS ({_FIRST_DAYS})
    SELECT tenant_id, day,
        greatest(date_trunc('week', first_day), date_trunc('month', first_day))::date AS cohort,
        currency, part, {_ACTIVE}, sum(orders)::bigint AS orders,
        sum(net_sales)::bigint AS net_sales
    FROM deeds JOIN customers USING (tenant_id, customer_shopify_id)
    GROUP BY 1, 2, 3, 4, 5
    """,
)

CUSTOMERS = Rollup(
    "analytics_customertotal",
    ("customer_shopify_id", "currency"),
    ("orders", "order_value", "net_sales"),
    f"""
    SELECT tenant_id, customer_shopify_id, currency, min(processed_at) AS first_at,
        (array_agg(processed_at ORDER BY processed_at, shopify_id))[2] AS second_at,
        max(processed_at) AS last_at, count(*) AS orders,
        sum(order_value)::bigint AS order_value, sum(net_sales)::bigint AS net_sales
    FROM (
        SELECT o.tenant_id, o.customer_shopify_id, o.currency, o.processed_at, o.shopify_id,
            {ORDER_VALUE} AS order_value, sum({NET_SALES})::bigint AS net_sales
        FROM shop_data_order AS o
        JOIN shop_data_sale AS s ON s.tenant_id = o.tenant_id AND s.order_id = o.id
        WHERE o.tenant_id = %(tenant)s AND o.customer_shopify_id = ANY(%(customers)s) AND o.counts
        GROUP BY o.tenant_id, o.customer_shopify_id, o.currency, o.processed_at, o.shopify_id
    ) AS orders
    GROUP BY tenant_id, customer_shopify_id, currency
    """,
    by="customer_shopify_id",
    moments=("first_at", "second_at", "last_at"),
)
