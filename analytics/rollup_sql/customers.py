"""What customers did: unique buyers, cohorts, and totals of each customer. Guests are none.

The sequence of a customer's orders is that of (processed_at, shopify_id) of the counted ones. For
some days it is looked up by index, one customer at a time; for all days it is read once, in order.
"""

from __future__ import annotations

from analytics.rollup_sql.rollup import Rollup
from analytics.rollup_sql.statement import NET_SALES, ORDER_VALUE, parts, sums

NO_DAY = "DATE '0001-01-01'"  # psycopg knows no infinite dates

# The first order of every customer.
FIRST_ORDERS = """
    SELECT DISTINCT ON (customer_shopify_id)
        tenant_id, customer_shopify_id, day, processed_at, shopify_id
    FROM shop_data_order
    WHERE tenant_id = %(tenant)s AND counts AND customer_shopify_id IS NOT NULL
    ORDER BY customer_shopify_id, processed_at, shopify_id
"""

# The days on which customers bought; the day before on which they did, and how many orders they
# had placed before (where it is looked up: up to two of them).
_VISIT = """
    SELECT tenant_id, customer_shopify_id, day{currency}, count(*) AS orders,
        min(processed_at) AS first_at
    FROM shop_data_order
    WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s) AND counts
        AND customer_shopify_id IS NOT NULL
    GROUP BY tenant_id, customer_shopify_id, day{currency}
"""
_VISITS = f"""
    SELECT visit.*, coalesce(earlier.day, {NO_DAY}) AS previous_day, earlier.orders AS before
    FROM ({_VISIT}) AS visit,
    LATERAL (
        SELECT max(day) AS day, count(*) AS orders FROM (
            SELECT o.day FROM shop_data_order AS o
            WHERE o.tenant_id = visit.tenant_id
                AND o.customer_shopify_id = visit.customer_shopify_id AND o.counts
                AND o.processed_at < visit.first_at{{same_currency}}
            ORDER BY o.processed_at DESC, o.shopify_id DESC LIMIT 2
        ) AS last_two
    ) AS earlier
"""
_ALL_VISITS = f"""
    SELECT visit.*, coalesce(lag(day) OVER earlier, {NO_DAY}) AS previous_day,
        bigint_sum(orders) OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
            AS before
    FROM ({_VISIT}) AS visit
    WINDOW earlier AS (PARTITION BY customer_shopify_id{{currency}} ORDER BY day)
"""
_NO_CURRENCY = {"currency": "", "same_currency": ""}
_EACH_CURRENCY = {
    "currency": ", currency",
    "same_currency": " AND o.currency = visit.currency",
}

_GAPS = """
SELECT tenant_id, day, previous_day, count(*) AS buyers,
    count(*) FILTER (WHERE before = 1 OR (before = 0 AND orders > 1)) AS second_buyers
FROM ({visits}) AS visits
GROUP BY tenant_id, day, previous_day
"""
GAPS = Rollup(
    "analytics_buyergap",
    ("day", "previous_day"),
    ("buyers", "second_buyers"),
    _GAPS.format(visits=_VISITS.format(**_NO_CURRENCY)),
    select_all=_GAPS.format(visits=_ALL_VISITS.format(**_NO_CURRENCY)),
)

# All customers of a day, and those of them who by its end have two orders; from its gaps.
BUYER_DAYS = Rollup(
    "analytics_buyerday",
    ("day",),
    ("buyers", "returning_buyers"),
    f"""
    SELECT tenant_id, day, bigint_sum(buyers) AS buyers, bigint_sum(
        CASE WHEN previous_day > {NO_DAY} THEN buyers ELSE second_buyers END
    ) AS returning_buyers
    FROM {GAPS.table} WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s)
    GROUP BY tenant_id, day
    """,
    of=GAPS.table,
)

_ACTIVE = ", ".join(
    f"count(*) FILTER (WHERE orders > 0 AND previous_day < date_trunc('{grain}', day::timestamp))"
    f" AS active_{grain}"
    for grain in ("week", "month", "quarter")
)
_COHORT = (
    "greatest(date_trunc('week', {day}::timestamp), date_trunc('month', {day}::timestamp))::date"
)
# The cohort of each customer of `deeds`: by index, or with all first orders at hand.
_COHORTS_BY_INDEX = f"""
    CROSS JOIN LATERAL (
        SELECT {_COHORT.format(day="o.day")} AS cohort FROM shop_data_order AS o
        WHERE o.tenant_id = deeds.tenant_id
            AND o.customer_shopify_id = deeds.customer_shopify_id AND o.counts
        ORDER BY o.processed_at, o.shopify_id LIMIT 1
    ) AS first
"""
_ALL_COHORTS = f"""
    JOIN (
        SELECT tenant_id, customer_shopify_id, {_COHORT.format(day="day")} AS cohort
        FROM ({FIRST_ORDERS}) AS orders
    ) AS first USING (tenant_id, customer_shopify_id)
"""
_COHORTS = f"""
WITH parts AS ({parts()}),
deeds AS (
    SELECT tenant_id, customer_shopify_id, day, currency, part, max(previous_day) AS previous_day,
        {sums(("orders", "net_sales"))}
    FROM (
        SELECT tenant_id, customer_shopify_id, day, currency, 'addition' AS part,
            previous_day, orders, 0::bigint AS net_sales
        FROM ({{visits}}) AS visits
        UNION ALL
        SELECT tenant_id, customer_shopify_id, on_day, currency, part, NULL, 0, {NET_SALES}
        FROM parts
        WHERE customer_shopify_id IS NOT NULL AND line_type IN ('product', 'adjustment')
    ) AS each
    GROUP BY tenant_id, customer_shopify_id, day, currency, part
)
SELECT deeds.tenant_id, day, cohort, currency, part, {_ACTIVE}, {sums(("orders", "net_sales"))}
FROM deeds {{cohorts}}
GROUP BY deeds.tenant_id, day, cohort, currency, part
"""
COHORTS = Rollup(
    "analytics_cohortday",
    ("day", "cohort", "currency", "part"),
    ("active_week", "active_month", "active_quarter", "orders", "net_sales"),
    _COHORTS.format(visits=_VISITS.format(**_EACH_CURRENCY), cohorts=_COHORTS_BY_INDEX),
    select_all=_COHORTS.format(visits=_ALL_VISITS.format(**_EACH_CURRENCY), cohorts=_ALL_COHORTS),
)

# Of some customers: their orders by index, with the rows of each.
_TOTALS = f"""
SELECT tenant_id, customer_shopify_id, currency, count(*) FILTER (WHERE counts) AS orders,
    {sums(("order_value", "net_sales"))},
    min(processed_at) FILTER (WHERE counts) AS first_at,
    max(processed_at) FILTER (WHERE counts) AS last_at,
    (array_agg(processed_at ORDER BY processed_at, shopify_id) FILTER (WHERE counts))[2]
        AS second_at
FROM (
    SELECT o.tenant_id, o.customer_shopify_id, o.currency, o.processed_at, o.shopify_id, o.counts,
        {ORDER_VALUE} AS order_value, bigint_sum({NET_SALES}) AS net_sales
    FROM shop_data_order AS o
    JOIN shop_data_sale AS s ON s.tenant_id = o.tenant_id AND s.order_id = o.id
    WHERE o.tenant_id = %(tenant)s AND o.customer_shopify_id = ANY(%(customers)s)
    GROUP BY o.tenant_id, o.customer_shopify_id, o.currency, o.processed_at, o.shopify_id,
        o.counts
) AS orders
GROUP BY tenant_id, customer_shopify_id, currency
HAVING count(*) FILTER (WHERE counts) > 0
"""
# Of all customers: the rows of the ledger say whose they are.
_ALL_TOTALS = f"""
SELECT * FROM (
    SELECT tenant_id, customer_shopify_id, currency, count(*) AS orders,
        min(processed_at) AS first_at, max(processed_at) AS last_at,
        (array_agg(processed_at ORDER BY processed_at, shopify_id))[2] AS second_at
    FROM shop_data_order
    WHERE tenant_id = %(tenant)s AND customer_shopify_id IS NOT NULL AND counts
    GROUP BY tenant_id, customer_shopify_id, currency
) AS orders
JOIN (
    SELECT tenant_id, customer_shopify_id, currency,
        {ORDER_VALUE} AS order_value, bigint_sum({NET_SALES}) AS net_sales
    FROM shop_data_sale
    WHERE tenant_id = %(tenant)s AND customer_shopify_id IS NOT NULL
    GROUP BY tenant_id, customer_shopify_id, currency
) AS sales USING (tenant_id, customer_shopify_id, currency)
"""
CUSTOMERS = Rollup(
    "analytics_customertotal",
    ("customer_shopify_id", "currency"),
    ("orders", "order_value", "net_sales"),
    _TOTALS,
    by="customer_shopify_id",
    wanted="%(customers)s",
    moments=("first_at", "second_at", "last_at"),
    select_all=_ALL_TOTALS,
)

# Whether an order `o` has an earlier one of its customer; NULL where it has no customer.
IS_RETURNING = """(CASE WHEN o.counts AND o.customer_shopify_id IS NOT NULL THEN EXISTS (
    SELECT FROM shop_data_order AS earlier
    WHERE earlier.tenant_id = o.tenant_id
        AND earlier.customer_shopify_id = o.customer_shopify_id AND earlier.counts
        AND (earlier.processed_at, earlier.shopify_id) < (o.processed_at, o.shopify_id)) END)"""
