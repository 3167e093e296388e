"""Sales by day of each variant; id 0 is "no product", "no variant". Products are sums of variants.

An adjustment belongs to no product and is returned money all the same. An order of several variants
of a product is one order of each, and one of the product: `product_orders` counts it in the first.
"""

from __future__ import annotations

from analytics.rollup_sql.rollup import Rollup
from analytics.rollup_sql.statement import ALL_ROWS, lines, parts
from analytics.sums import PRODUCT_COLUMNS

_LINES = tuple(name for name in PRODUCT_COLUMNS if name != "orders")
_SO_FAR = "(on_moment AT TIME ZONE %(zone)s)::time <= %(clock)s"

# Rows of an order stand together, those with which it was placed in front: so one sort is enough,
# and it compares numbers first.
_SELECT = f"""
WITH parts AS ({{parts}}),
named AS (
    SELECT *, coalesce(product_shopify_id, 0) AS product,
        coalesce(variant_shopify_id, 0) AS variant, action <> 'order' AS later
    FROM parts WHERE line_type IN ('product', 'adjustment') AND {{rows_wanted}}
),
counted AS (
    SELECT *, row_number() OVER of_product = 1 AND NOT later AS is_order_of_product,
        row_number() OVER of_variant = 1 AND NOT later AS is_order
    FROM named
    WINDOW
        of_product AS (
            PARTITION BY product, order_id, on_day, part, currency ORDER BY later, variant),
        of_variant AS (
            PARTITION BY product, order_id, on_day, part, currency, later, variant)
)
SELECT tenant_id, on_day AS day, product AS product_shopify_id, variant AS variant_shopify_id,
    currency, part, {lines(_LINES)}, count(*) FILTER (WHERE is_order) AS orders,
    count(*) FILTER (WHERE is_order_of_product) AS product_orders
FROM counted
GROUP BY tenant_id, on_day, product, variant, currency, part
"""

VARIANTS = Rollup(
    "analytics_variantday",
    ("day", "product_shopify_id", "variant_shopify_id", "currency", "part"),
    (*PRODUCT_COLUMNS, "product_orders"),
    _SELECT.format(parts=parts(), rows_wanted=ALL_ROWS),
)
# What of its rows adds up to the `PRODUCT_COLUMNS` of a product.
COLUMNS_OF_PRODUCT = (*_LINES, "product_orders")

# What the rollup would hold of a day up to a time of day.
VARIANTS_SO_FAR = _SELECT.format(parts=parts(_SO_FAR), rows_wanted=_SO_FAR)
