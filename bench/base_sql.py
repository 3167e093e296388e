"""What the reports are measured against: the best SQL straight over ledger and orders.

Run by the owner: no policies, and two parallel workers. `INDEXES` are what a careful person would
add for them.
"""

from __future__ import annotations

INDEXES = (
    """CREATE INDEX bench_order_of_customer_by_day ON shop_data_order
        (tenant_id, customer_shopify_id, day) WHERE counts""",
    """CREATE INDEX bench_order_day_customer ON shop_data_order
        (tenant_id, day, customer_shopify_id) INCLUDE (currency) WHERE counts""",
    """CREATE INDEX bench_sale_product ON shop_data_sale
        (tenant_id, day, product_shopify_id)
        INCLUDE (currency, action, line_type, order_id, variant_shopify_id, quantity, gross,
            discount, tax)
        WHERE line_type IN ('product', 'adjustment')""",
)
_SOLD = "line_type = 'product' AND action <> 'return'"
_BACK = "line_type IN ('product', 'adjustment') AND action = 'return'"
_LINES = f"""
    sum(gross) FILTER (WHERE {_SOLD}), sum(discount) FILTER (WHERE {_SOLD}),
    sum(gross + discount) FILTER (WHERE {_BACK}),
    sum(gross + discount) FILTER (WHERE line_type = 'shipping'), sum(tax),
    sum(gross + discount) FILTER (WHERE line_type = 'duty'),
    sum(gross + discount) FILTER (WHERE line_type IN ('additional_fee', 'fee')),
    sum(gross + discount) FILTER (WHERE line_type = 'tip'),
    sum(gross + discount) FILTER (WHERE line_type = 'gift_card'),
    sum(quantity) FILTER (WHERE {_SOLD}),
    -sum(quantity) FILTER (WHERE line_type = 'product' AND action = 'return')"""
_SALE = "FROM shop_data_sale AS s WHERE s.tenant_id = %(tenant)s AND s.currency = 'INR'"
_INSIDE = "AND s.day BETWEEN %(first)s AND %(last)s"
_ORDER = "FROM shop_data_order AS o WHERE o.tenant_id = %(tenant)s AND o.counts"
_ORDERED = "AND o.day BETWEEN %(first)s AND %(last)s"
_JOINED = f"""FROM shop_data_sale AS s JOIN shop_data_order AS o
    ON o.tenant_id = s.tenant_id AND o.id = s.order_id
    WHERE s.tenant_id = %(tenant)s AND s.currency = 'INR' {_INSIDE}"""

STATEMENT = f"SELECT {_LINES} {_SALE} {_INSIDE}"
# Orders and different customers of each day; returning ones are left out, in favour of this side.
BY_DAY = f"""
    SELECT * FROM (SELECT s.day, {_LINES} {_SALE} {_INSIDE} GROUP BY s.day) AS lines
    LEFT JOIN (
        SELECT day, sum(orders) AS orders, count(customer_shopify_id) AS customers FROM (
            SELECT o.day, o.customer_shopify_id, count(*) AS orders {_ORDER} {_ORDERED}
                AND o.currency = 'INR' GROUP BY o.day, o.customer_shopify_id
        ) AS bought GROUP BY day
    ) AS orders USING (day)"""
BY_HOUR = f"""SELECT extract(isodow FROM s.day), s.hour, {_LINES} {_SALE} {_INSIDE}
    GROUP BY 1, 2"""
BY_CHANNEL = f"SELECT o.source_name, {_LINES} {_JOINED} GROUP BY 1"
BY_COUNTRY = f"SELECT o.country_code, {_LINES} {_JOINED} GROUP BY 1"
BY_GATEWAY = f"SELECT o.payment_gateways, {_LINES} {_JOINED} GROUP BY 1"
BY_CODE = f"SELECT o.discount_codes, {_LINES} {_JOINED} GROUP BY 1"
# One name a row in this data, so that no row has to be taken apart.
BY_TAX = f"""SELECT name, sum(amount) FROM (
    SELECT (SELECT jsonb_object_keys(s.tax_lines)) AS name, tax AS amount {_SALE} {_INSIDE}
        AND tax <> 0
    ) AS taxes GROUP BY 1"""
BY_REASON = f"""SELECT s.reason, sum(gross + discount), sum(-quantity) {_SALE} {_INSIDE}
    AND action = 'return' GROUP BY 1"""
BY_REGION = f"SELECT o.country_code, o.province_code, {_LINES} {_JOINED} GROUP BY 1, 2"
_OF_PRODUCT = f"""sum(gross) FILTER (WHERE {_SOLD}), sum(discount) FILTER (WHERE {_SOLD}),
    sum(gross + discount) FILTER (WHERE action = 'return'), sum(tax),
    sum(quantity) FILTER (WHERE {_SOLD}), -sum(quantity) FILTER (WHERE action = 'return')"""
_PRODUCT_ROWS = f"{_SALE} {_INSIDE} AND line_type IN ('product', 'adjustment')"
_ORDERS = "count(DISTINCT order_id) FILTER (WHERE action = 'order')"
BY_PRODUCT = f"""
    SELECT sold.*, title FROM (
        SELECT product_shopify_id, {_OF_PRODUCT}, {_ORDERS} {_PRODUCT_ROWS} GROUP BY 1
    ) AS sold
    LEFT JOIN shop_data_product AS p
        ON p.tenant_id = %(tenant)s AND p.shopify_id = sold.product_shopify_id"""
BY_VARIANT = f"""
    SELECT sold.*, title FROM (
        SELECT variant_shopify_id, {_OF_PRODUCT}, {_ORDERS} {_PRODUCT_ROWS} GROUP BY 1
    ) AS sold
    LEFT JOIN shop_data_variant AS v
        ON v.tenant_id = %(tenant)s AND v.shopify_id = sold.variant_shopify_id"""
BY_VENDOR = f"""
    SELECT p.vendor, {_OF_PRODUCT} FROM shop_data_sale AS s LEFT JOIN shop_data_product AS p
        ON p.tenant_id = s.tenant_id AND p.shopify_id = s.product_shopify_id
    WHERE s.tenant_id = %(tenant)s AND s.currency = 'INR' {_INSIDE}
        AND line_type IN ('product', 'adjustment') GROUP BY 1"""
BY_TYPE = BY_VENDOR.replace("p.vendor", "p.product_type")
TIMES = f"""
    SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY sent - processed_at),
        percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY delivered - processed_at)
    FROM (
        SELECT o.processed_at, min(f.fulfillment_created_at) AS sent,
            min(f.delivered_at) AS delivered
        FROM shop_data_order AS o
        JOIN shop_data_fulfillment AS f ON f.tenant_id = o.tenant_id AND f.order_id = o.id
        WHERE o.tenant_id = %(tenant)s AND o.counts {_ORDERED} GROUP BY o.id, o.processed_at
    ) AS sent"""
CARTS = """
    SELECT day, count(*) FILTER (WHERE completed_at IS NULL), count(completed_at),
        sum(total_price) FILTER (WHERE completed_at IS NULL)
    FROM shop_data_abandonedcart
    WHERE tenant_id = %(tenant)s AND day BETWEEN %(first)s AND %(last)s GROUP BY day"""
TOP_PRODUCTS = f"""SELECT product_shopify_id, sum(quantity), sum(gross + discount) {_SALE} {_INSIDE}
    AND line_type IN ('product', 'adjustment') GROUP BY 1 ORDER BY 3 DESC LIMIT 8"""
BUYERS = f"SELECT count(DISTINCT customer_shopify_id) {_ORDER} {_ORDERED}"
NEW_AND_RETURNING = f"""
    SELECT o.processed_at > first.at, {_LINES} FROM shop_data_sale AS s
    JOIN shop_data_order AS o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
    LEFT JOIN (SELECT customer_shopify_id, min(processed_at) AS at {_ORDER} GROUP BY 1) AS first
        ON first.customer_shopify_id = o.customer_shopify_id
    WHERE s.tenant_id = %(tenant)s AND s.currency = 'INR' {_INSIDE} GROUP BY 1"""
COHORTS = f"""
    WITH first AS (
        SELECT customer_shopify_id, date_trunc('month', min(day)::timestamp) AS month {_ORDER}
            AND customer_shopify_id IS NOT NULL GROUP BY 1)
    SELECT first.month, date_trunc('month', o.day::timestamp), count(DISTINCT customer_shopify_id)
    FROM shop_data_order AS o JOIN first USING (customer_shopify_id)
    WHERE o.tenant_id = %(tenant)s AND o.counts AND first.month >= %(first)s GROUP BY 1, 2"""
RFM = f"""
    WITH customer AS (
        SELECT customer_shopify_id, max(processed_at) AS last, count(*) AS orders,
            sum(total_price_minor) AS net {_ORDER}
            AND customer_shopify_id IS NOT NULL GROUP BY 1)
    SELECT (last > %(first)s)::int, CASE WHEN orders >= 10 THEN 5 WHEN orders >= 5 THEN 4
        WHEN orders >= 3 THEN 3 ELSE orders END, count(*), sum(net) FROM customer GROUP BY 1, 2"""
BEST_CUSTOMERS = f"""SELECT s.customer_shopify_id, sum(gross + discount) {_SALE}
    AND line_type IN ('product', 'adjustment') AND customer_shopify_id IS NOT NULL
    GROUP BY 1 ORDER BY 2 DESC LIMIT 50"""
