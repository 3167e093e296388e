"""The SQL that sums ledger rows into rollups, for the days in %(days)s of one tenant.

It runs as the application under row-level security, and on Citus: the tenant is taken from the
source rows, and RETURNING keeps INSERT … SELECT off the COPY path, which the policies refuse.
The formulas are those of docs/metrics.md.
"""

from __future__ import annotations

TABLES = ("analytics_salesday", "analytics_productday")

_STATEMENT = """
    coalesce(sum(gross) FILTER (WHERE line_type = 'product' AND action <> 'return'), 0) AS gross_sales,
    coalesce(sum(discount) FILTER (WHERE line_type = 'product' AND action <> 'return'), 0) AS discounts,
    coalesce(sum(gross + discount) FILTER (
        WHERE action = 'return' AND line_type IN ('product', 'adjustment')), 0) AS returns,
    coalesce(sum(gross + discount) FILTER (WHERE line_type = 'shipping'), 0) AS shipping,
    coalesce(sum(tax), 0) AS taxes,
    coalesce(sum(gross + discount) FILTER (WHERE line_type = 'duty'), 0) AS duties,
    coalesce(sum(gross + discount) FILTER (
        WHERE line_type IN ('additional_fee', 'fee')), 0) AS additional_fees,
    coalesce(sum(gross + discount) FILTER (WHERE line_type = 'tip'), 0) AS tips,
    coalesce(sum(gross + discount) FILTER (WHERE line_type = 'gift_card'), 0) AS gift_cards_sold,
    coalesce(sum(quantity) FILTER (WHERE line_type = 'product' AND action <> 'return'), 0) AS units,
    coalesce(-sum(quantity) FILTER (WHERE line_type = 'product' AND action = 'return'), 0)
        AS units_returned
"""
_COLUMNS = (
    "gross_sales, discounts, returns, shipping, taxes, duties, additional_fees, tips,"
    " gift_cards_sold, units, units_returned"
)

# Each row of the ledger once by its own day, and each reversal once more by its order's day.
_PARTS = """
    SELECT *, day AS on_day, CASE action WHEN 'return' THEN 'reversal' ELSE 'addition' END AS part
    FROM shop_data_sale WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s)
    UNION ALL
    SELECT *, order_day, 'reversal_by_order_day'
    FROM shop_data_sale
    WHERE tenant_id = %(tenant)s AND order_day = ANY(%(days)s) AND action = 'return'
"""

_COUNTS = "order_value, rows, orders, returning_orders, new_customers"

_SALES = f"""
WITH parts AS ({_PARTS}),
sums AS (
    SELECT tenant_id, on_day AS day, currency, part, {_STATEMENT},
        coalesce(sum(gross + discount) FILTER (
            WHERE line_type = 'product' AND action = 'order'), 0) AS order_value,
        count(*) AS rows, 0 AS orders, 0 AS returning_orders, 0 AS new_customers
    FROM parts GROUP BY 1, 2, 3, 4
),
counted AS (
    SELECT tenant_id, day, currency,
        customer_shopify_id IS NOT NULL AS known,
        EXISTS (
            SELECT FROM shop_data_order AS earlier
            WHERE earlier.tenant_id = o.tenant_id
                AND earlier.customer_shopify_id = o.customer_shopify_id AND earlier.counts
                AND (earlier.processed_at, earlier.shopify_id) < (o.processed_at, o.shopify_id)
        ) AS returning
    FROM shop_data_order AS o
    WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s) AND counts
),
both_of_a_day AS (
    SELECT tenant_id, day, currency, part, {_COLUMNS}, {_COUNTS} FROM sums
    UNION ALL
    SELECT tenant_id, day, currency, 'addition', {"0, " * len(_COLUMNS.split(","))} 0, 0, count(*),
        count(*) FILTER (WHERE returning), count(*) FILTER (WHERE known AND NOT returning)
    FROM counted GROUP BY 1, 2, 3
)
INSERT INTO analytics_salesday (
    tenant_id, id, day, dimension, key, currency, part, {_COLUMNS}, {_COUNTS}
)
SELECT tenant_id, gen_random_uuid(), day, 'total', '', currency, part,
    {", ".join(f"sum({name.strip()})" for name in f"{_COLUMNS}, {_COUNTS}".split(","))}
FROM both_of_a_day
GROUP BY tenant_id, day, currency, part
ORDER BY tenant_id, day
RETURNING 1
"""

_PRODUCTS = f"""
WITH parts AS ({_PARTS})
INSERT INTO analytics_productday (
    tenant_id, id, day, product_shopify_id, currency, part, {_COLUMNS}, orders
)
SELECT tenant_id, gen_random_uuid(), on_day, coalesce(product_shopify_id, 0), currency, part,
    {_STATEMENT},
    count(DISTINCT order_id) FILTER (WHERE action = 'order')
FROM parts
WHERE line_type IN ('product', 'adjustment')
GROUP BY tenant_id, on_day, coalesce(product_shopify_id, 0), currency, part
ORDER BY tenant_id, on_day, coalesce(product_shopify_id, 0)
RETURNING 1
"""

RECOMPUTE = (_SALES, _PRODUCTS)
