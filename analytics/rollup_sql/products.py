"""Sales by day of each product and of each variant; id 0 is "no product", "no variant".

An adjustment belongs to no product and is returned money all the same.
"""

from __future__ import annotations

from analytics.rollup_sql.rollup import Rollup
from analytics.rollup_sql.statement import PARTS, lines
from analytics.sums import PRODUCT_COLUMNS

_LINES = tuple(name for name in PRODUCT_COLUMNS if name != "orders")
_PRODUCT = {"product_shopify_id": "coalesce(product_shopify_id, 0)"}
_VARIANT = {**_PRODUCT, "variant_shopify_id": "coalesce(variant_shopify_id, 0)"}
_SO_FAR = "(on_moment AT TIME ZONE %(zone)s)::time <= %(clock)s"


def _select(keys: dict[str, str], *, rows_wanted: str = "true") -> str:
    named = ", ".join(f"{expression} AS {name}" for name, expression in keys.items())
    return f"""
    WITH parts AS ({PARTS})
    SELECT tenant_id, on_day AS day, {named}, currency, part, {lines(_LINES)},
        count(DISTINCT order_id) FILTER (WHERE action = 'order') AS orders
    FROM parts
    WHERE line_type IN ('product', 'adjustment') AND {rows_wanted}
    GROUP BY tenant_id, on_day, {", ".join(keys.values())}, currency, part
    """


PRODUCTS = Rollup(
    "analytics_productday",
    ("day", *_PRODUCT, "currency", "part"),
    PRODUCT_COLUMNS,
    _select(_PRODUCT),
)
VARIANTS = Rollup(
    "analytics_variantday",
    ("day", *_VARIANT, "currency", "part"),
    PRODUCT_COLUMNS,
    _select(_VARIANT),
)

# What the rollups would hold of a day up to a time of day.
PRODUCTS_SO_FAR = _select(_PRODUCT, rows_wanted=_SO_FAR)
VARIANTS_SO_FAR = _select(_VARIANT, rows_wanted=_SO_FAR)
