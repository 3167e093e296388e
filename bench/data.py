"""Made-up shops of any size, written straight into mirror and ledger by the owner.

24 months of orders with growth and one day of a great sale, a few customers who buy often and many
who buy once, products by popularity, a refund for one line in sixteen. The same seed gives the same
data. Secondary indexes are made when all rows are there, and foreign keys are not tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bench.database import owner_connection

LAST_DAY = "2026-11-24"
DAYS = 730
PEAK_DAY = "2026-11-10"  # one order in so many is placed on it
PEAK_SHARE = 400
VERSION = "version_at, version_triggered_at, version_digest, synced_at"
VERSION_VALUES = f"'{LAST_DAY}'::timestamptz, '{LAST_DAY}'::timestamptz, gen_random_uuid(), now()"


@dataclass(frozen=True)
class Size:
    """How much one tenant holds."""

    orders: int
    customers: int
    products: int


LARGE = (
    *("shop_data_order", "shop_data_orderitem", "shop_data_sale", "shop_data_customer"),
    *("shop_data_fulfillment", "shop_data_abandonedcart"),
)
_SECONDARY = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid)
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisunique
"""

STEPS: dict[str, str] = {
    "tenant": """
        INSERT INTO tenants_tenant (id, name, is_demo, created_at, updated_at)
        VALUES (%(tenant)s, %(name)s, false, now(), now())
    """,
    "state": """
        INSERT INTO tenants_tenantstate (tenant_id, id, data_version, known_since_at)
        VALUES (%(tenant)s, uuidv7(), 1, '2000-01-01')
    """,
    "store": f"""
        INSERT INTO shop_data_storeinfo (tenant_id, id, shopify_id, name, currency, iana_timezone,
            {VERSION})
        VALUES (%(tenant)s, uuidv7(), 1, %(name)s, 'INR', 'Asia/Kolkata', {VERSION_VALUES})
    """,
    "customers": f"""
        INSERT INTO shop_data_customer (tenant_id, id, shopify_id, first_name, last_name, email,
            email_search, name_search, customer_created_at, {VERSION})
        SELECT %(tenant)s, uuidv7(), n, 'Person', n::text, n || '@example.com',
            n || '@example.com', 'person ' || n, '2024-11-25'::timestamptz, {VERSION_VALUES}
        FROM generate_series(1, %(customers)s) AS n
    """,
    "products": f"""
        INSERT INTO shop_data_product (tenant_id, id, shopify_id, title, title_search, vendor,
            product_type, price, inventory_quantity, {VERSION})
        SELECT %(tenant)s, uuidv7(), n, 'Product ' || n, 'product ' || n,
            'Vendor ' || n %% 40, 'Type ' || n %% 25, 100 + n %% 900, n %% 200, {VERSION_VALUES}
        FROM generate_series(1, %(products)s) AS n
    """,
    "variants": f"""
        INSERT INTO shop_data_variant (tenant_id, id, shopify_id, product_id, position, title, sku,
            sku_search, price, inventory_quantity, {VERSION})
        SELECT tenant_id, uuidv7(), shopify_id * 10, id, 1, 'Default Title', 'SKU-' || shopify_id,
            'sku-' || shopify_id,
            price, inventory_quantity, {VERSION_VALUES}
        FROM shop_data_product WHERE tenant_id = %(tenant)s
    """,
    "orders": f"""
        INSERT INTO shop_data_order (tenant_id, id, shopify_id, name, customer_id,
            customer_shopify_id, currency, total_price, total_price_minor, test, financial_status,
            source_name, payment_gateways, discount_codes, country_code, province_code,
            processed_at, day, counts, fulfillment_status, email, email_search, name_search,
            {VERSION})
        SELECT %(tenant)s, uuidv7(), drawn.n, '#' || drawn.n, c.id, c.shopify_id, 'INR',
            0, 0, false, CASE n %% 50 WHEN 0 THEN 'refunded' WHEN 1 THEN 'pending' ELSE 'paid' END,
            drawn.channel, jsonb_build_array(drawn.gateway),
            CASE WHEN drawn.n %% 5 = 0 THEN 'CODE' || drawn.n %% 40 ELSE '' END,
            drawn.country, CASE WHEN drawn.country = 'IN' THEN drawn.province END, drawn.at,
            (drawn.at AT TIME ZONE 'Asia/Kolkata')::date, true,
            CASE WHEN drawn.at < '2026-11-20' THEN 'fulfilled' END, c.email, c.email_search,
            '#' || drawn.n, {VERSION_VALUES}
        FROM (
            SELECT n,
                CASE WHEN random() > 0.05
                    THEN 1 + floor(%(customers)s * random() ^ 2)::bigint END AS customer,
                (ARRAY['web', 'web', 'web', 'pos', 'instagram'])[1 + floor(5 * random())::int]
                    AS channel,
                (ARRAY['card', 'upi', 'upi', 'cash_on_delivery'])[1 + floor(4 * random())::int]
                    AS gateway,
                (ARRAY['IN', 'IN', 'IN', 'IN', 'IN', 'US', 'GB', 'AE'])[
                    1 + floor(8 * random())::int] AS country,
                (ARRAY['MH', 'KA', 'TN', 'DL', 'GJ', 'WB'])[1 + floor(6 * random())::int]
                    AS province,
                CASE WHEN n %% {PEAK_SHARE} = 0 THEN '{PEAK_DAY}'::date
                    ELSE '{LAST_DAY}'::date - floor({DAYS} * (1 - random() ^ 0.7))::int END
                    + interval '18 hours' * random() AS at
            FROM generate_series(1, %(orders)s) AS n
        ) AS drawn
        LEFT JOIN shop_data_customer AS c
            ON c.tenant_id = %(tenant)s AND c.shopify_id = drawn.customer
        ORDER BY drawn.at
    """,
    "items": """
        INSERT INTO shop_data_orderitem (tenant_id, id, order_id, shopify_id, position,
            product_shopify_id, variant_shopify_id, title, vendor, quantity, current_quantity,
            price, total_discount, gift_card)
        SELECT tenant_id, uuidv7(), order_id, row_number() OVER (), position, product,
            product * 10, 'Product ' || product, 'Vendor ' || product %% 40, quantity, quantity,
            100 + product %% 900, CASE WHEN discounted THEN 20 ELSE 0 END, false
        FROM (
            SELECT o.tenant_id, o.id AS order_id, position,
                1 + floor(%(products)s * random() ^ 3)::bigint AS product,
                1 + floor(1.3 * random())::int AS quantity, random() < 0.2 AS discounted
            FROM shop_data_order AS o,
                LATERAL generate_series(1, 1 + (o.shopify_id %% 4)::int) AS position
            WHERE o.tenant_id = %(tenant)s
            ORDER BY o.processed_at
        ) AS lines
    """,
    "sales": """
        INSERT INTO shop_data_sale (tenant_id, id, order_id, key, action, line_type, happened_at,
            day, hour, order_day, line_item_shopify_id, product_shopify_id, variant_shopify_id,
            customer_shopify_id, quantity, gross, discount, tax, currency, source, tax_lines)
        SELECT o.tenant_id, uuidv7(), o.id, 'line:' || i.shopify_id, 'order', 'product',
            o.processed_at, o.day, extract(hour FROM o.processed_at AT TIME ZONE 'Asia/Kolkata'),
            o.day, i.shopify_id, i.product_shopify_id, i.variant_shopify_id, o.customer_shopify_id,
            i.quantity, (i.price * i.quantity * 100)::bigint, (-i.total_discount * 100)::bigint,
            (i.price * i.quantity * 5)::bigint, 'INR', 'derived',
            jsonb_build_object('GST 5%%', (i.price * i.quantity * 5)::bigint)
        FROM shop_data_order AS o
        JOIN shop_data_orderitem AS i ON i.tenant_id = o.tenant_id AND i.order_id = o.id
        WHERE o.tenant_id = %(tenant)s
        UNION ALL
        SELECT o.tenant_id, uuidv7(), o.id, 'shipping:1', 'order', 'shipping',
            o.processed_at, o.day, extract(hour FROM o.processed_at AT TIME ZONE 'Asia/Kolkata'),
            o.day, NULL, NULL, NULL, o.customer_shopify_id, 0, 4900, 0, 0, 'INR', 'derived',
            '{}'::jsonb
        FROM shop_data_order AS o WHERE o.tenant_id = %(tenant)s
        ORDER BY 8
    """,
    "refunds": """
        INSERT INTO shop_data_sale (tenant_id, id, order_id, key, action, line_type, happened_at,
            day, hour, order_day, line_item_shopify_id, product_shopify_id, variant_shopify_id,
            customer_shopify_id, quantity, gross, discount, tax, currency, source, tax_lines,
            reason)
        SELECT tenant_id, uuidv7(), order_id, 'refund:' || line_item_shopify_id, 'return',
            'product', at, (at AT TIME ZONE 'Asia/Kolkata')::date,
            extract(hour FROM at AT TIME ZONE 'Asia/Kolkata'), order_day, line_item_shopify_id,
            product_shopify_id, variant_shopify_id, customer_shopify_id, -quantity, -gross,
            -discount, -tax, currency, source, jsonb_build_object('GST 5%%', -tax),
            (ARRAY['return', 'no_restock', 'cancel'])[1 + (line_item_shopify_id / 16 %% 3)::int]
        FROM (
            SELECT s.*, least(s.happened_at + interval '20 days' * random(),
                '2026-11-25'::timestamptz - interval '6 hours') AS at
            FROM shop_data_sale AS s
            WHERE s.tenant_id = %(tenant)s AND line_type = 'product'
                AND line_item_shopify_id %% 16 = 0
            ORDER BY s.day
        ) AS back
    """,
    "fulfillments": f"""
        INSERT INTO shop_data_fulfillment (tenant_id, id, shopify_id, order_id, order_shopify_id,
            tracking_numbers, lines, fulfillment_created_at, delivered_at, {VERSION})
        SELECT tenant_id, uuidv7(), shopify_id, id, shopify_id, '[]'::jsonb, '[]'::jsonb, sent,
            sent + interval '6 days' * random() ^ 2, {VERSION_VALUES}
        FROM (
            SELECT o.*, processed_at + interval '3 days' * random() ^ 2 AS sent
            FROM shop_data_order AS o WHERE o.tenant_id = %(tenant)s
            ORDER BY processed_at
        ) AS packed
    """,
    "carts": f"""
        INSERT INTO shop_data_abandonedcart (tenant_id, id, shopify_id, email, currency,
            total_price, lines, checkout_created_at, completed_at, day, {VERSION})
        SELECT tenant_id, uuidv7(), shopify_id, 'person@example.com', currency, 999,
            '[]'::jsonb, processed_at - interval '5 minutes',
            CASE WHEN shopify_id %% 2 = 0 THEN processed_at END, day, {VERSION_VALUES}
        FROM shop_data_order WHERE tenant_id = %(tenant)s AND shopify_id %% 4 < 3
        ORDER BY processed_at
    """,
    "totals": """
        UPDATE shop_data_order AS o
        SET total_price = sums.total / 100.0, total_price_minor = sums.total
        FROM (
            SELECT order_id, sum(gross + discount + tax) AS total FROM shop_data_sale
            WHERE tenant_id = %(tenant)s AND action = 'order' GROUP BY order_id
        ) AS sums
        WHERE o.tenant_id = %(tenant)s AND o.id = sums.order_id
    """,
}


def build_tenant(tenant: UUID, name: str, size: Size, *, say: Callable[[str], None]) -> None:
    """Write one tenant; says how long each step took."""
    params: dict[str, Any] = {"tenant": tenant, "name": name, **vars(size)}
    with owner_connection() as connection, connection.transaction():
        connection.execute("SELECT setseed(0.42)")
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        connection.execute("SET LOCAL work_mem = '256MB'")
        # Statistics know nothing of rows that this transaction writes.
        connection.execute("SET LOCAL enable_nestloop = off")
        for step, statement in STEPS.items():
            begun = time.monotonic()
            rows = connection.execute(statement, params).rowcount
            took = time.monotonic() - begun
            if took > 2:
                say(f"  {name}: {rows:,} {step} in {took:.0f} s")


@contextmanager
def without_indexes(*, say: Callable[[str], None]) -> Iterator[None]:
    """Drop the indexes of the large tables that are no constraints, and make them afterwards."""
    with owner_connection() as connection:
        found = connection.execute(_SECONDARY, [list(LARGE)]).fetchall()
        for name, _ in found:
            connection.execute(f'DROP INDEX "{name}"')
    yield
    begun = time.monotonic()
    with owner_connection() as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        for _, definition in found:
            connection.execute(definition)
        connection.execute("VACUUM ANALYZE")
    say(f"  {len(found)} indexes and statistics in {time.monotonic() - begun:.0f} s")
