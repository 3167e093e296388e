"""Products and variants in the calendar year so far, at the end of each third of a month.

Whatever a window begins and ends with, it is the difference of two of these and a few days; so it
costs products, not days. Stored is every third that is over and has sales. Whoever recomputes a
day recomputes the thirds of its year from that day on, and those that have none yet. Variants are
summed from their days, products from their variants.
"""

from __future__ import annotations

from analytics.enums import Lens
from analytics.rollup_sql.products import VARIANTS
from analytics.rollup_sql.rollup import Rollup
from analytics.sums import PRODUCT_COLUMNS

_RETURNED = {"returns": "returns", "taxes_returned": "taxes", "units_returned": "units_returned"}
_BY_ORDER_DAY = "_by_order_day"


def _of_part(name: str, part: str) -> str:
    return f"bigint_sum({name}) FILTER (WHERE part = '{part}')"


# Each column as a sum over rows of days; only reversals have anything returned, and nothing else.
_SOLD = ("gross_sales", "discounts", "units", "orders")
SUMMED = {
    **{name: f"bigint_sum({name})" for name in (*_SOLD, "product_orders")},
    "taxes": _of_part("taxes", "addition"),
    **{name: _of_part(of_day, "reversal") for name, of_day in _RETURNED.items()},
    **{
        name + _BY_ORDER_DAY: _of_part(of_day, "reversal_by_order_day")
        for name, of_day in _RETURNED.items()
    },
}
VALUES = tuple(SUMMED)
PRODUCT_VALUES = tuple(name for name in VALUES if name != "product_orders")


def columns_of(lens: Lens) -> tuple[str, ...]:
    """Return what of a row stands for each of `PRODUCT_COLUMNS`."""
    suffix = "" if lens is Lens.EVENT else _BY_ORDER_DAY
    returned = {name: name + suffix for name in ("returns", "units_returned")}
    returned["taxes"] = f"taxes + taxes_returned{suffix}"
    return tuple(returned.get(name, name) for name in PRODUCT_COLUMNS)


_MONTH = "date_trunc('month', {}::timestamp)"
_YEAR = "date_trunc('year', {}::timestamp)::date"
# The thirds to be stored: those that are, and those with sales that are over.
_KNOWN = f"""
    SELECT until, is_stored FROM (
        SELECT min(day) AS first, max(day) AS last FROM {{days}} WHERE tenant_id = %(tenant)s
    ) AS span,
    LATERAL generate_series({_MONTH.format("span.first")}, greatest(span.last, (
        SELECT max(until) FROM {{table}} WHERE tenant_id = %(tenant)s)), '1 month') AS month,
    LATERAL (VALUES
        (month::date, month::date + 9), (month::date + 10, month::date + 19),
        (month::date + 20, (month + interval '1 month')::date - 1)
    ) AS third(since, until),
    LATERAL (SELECT EXISTS (
        SELECT FROM {{table}} AS stored
        WHERE stored.tenant_id = %(tenant)s AND stored.until = third.until
    ) AS is_stored) AS there
    WHERE is_stored OR third.until < span.last AND EXISTS (
        SELECT FROM {{days}} AS days
        WHERE days.tenant_id = %(tenant)s AND days.day BETWEEN third.since AND third.until)
"""
# Of each year those from the first of %(days)s on, or from the first that is missing.
_WANTED = f"""ARRAY(
    WITH known AS ({_KNOWN}),
    begun AS (
        SELECT {_YEAR.format("since")} AS year, min(since) AS since FROM (
            SELECT unnest(%(days)s::date[]) UNION ALL SELECT until FROM known WHERE NOT is_stored
        ) AS changed(since) GROUP BY 1
    )
    SELECT until FROM known JOIN begun ON {_YEAR.format("until")} = year AND until >= since
)"""


def _wanted(table: str) -> str:
    return _WANTED.format(days=VARIANTS.table, table=table)


_TABLE = "analytics_varianttodate"
_KEY = ("product_shopify_id", "variant_shopify_id", "currency")
_NAMES = ", ".join(("tenant_id", *_KEY))
_SUMS = ", ".join(f"{expression} AS {name}" for name, expression in SUMMED.items())
_RUNNING = ", ".join(f"bigint_sum({name}) OVER so_far AS {name}" for name in VALUES)
# The thirds that are wanted are summed one by one; what was before them is built upon.
_VARIANTS = f"""
WITH wanted AS (
    SELECT until, {_YEAR.format("until")} AS year,
        CASE WHEN extract(day FROM until) > 20
            THEN {_MONTH.format("until")}::date + 20 ELSE until - 9 END AS since
    FROM unnest({_wanted(_TABLE)}) AS until
),
begun AS (
    SELECT year, coalesce((
        SELECT max(stored.until) FROM {_TABLE} AS stored
        WHERE stored.tenant_id = %(tenant)s AND stored.until >= year
            AND stored.until < min(wanted.until)
    ), year - 1) AS base
    FROM wanted GROUP BY year
),
steps AS (
    SELECT year, until, true AS is_wanted FROM wanted
    UNION ALL SELECT year, base, false FROM begun
),
sums AS (
    SELECT year, until, {_NAMES}, {", ".join(VALUES)}
    FROM begun JOIN {_TABLE} AS stored ON until = base AND base > year
    WHERE tenant_id = %(tenant)s
    UNION ALL
    SELECT year, until, of_third.*
    FROM wanted, LATERAL (
        SELECT {_NAMES}, {_SUMS} FROM {VARIANTS.table}
        WHERE tenant_id = %(tenant)s AND day BETWEEN since AND until
        GROUP BY {_NAMES}
    ) AS of_third
),
sold AS (SELECT year, {_NAMES}, min(until) AS since FROM sums GROUP BY year, {_NAMES})
SELECT {_NAMES}, until, {", ".join(VALUES)} FROM (
    SELECT {_NAMES}, until, is_wanted, {_RUNNING}
    FROM sold JOIN steps USING (year) LEFT JOIN sums USING (year, until, {_NAMES})
    WHERE until >= since
    WINDOW so_far AS (PARTITION BY year, {_NAMES} ORDER BY until)
) AS running WHERE is_wanted
"""
VARIANTS_TO_DATE = Rollup(
    _TABLE,
    ("until", *_KEY),
    VALUES,
    _VARIANTS,
    by="until",
    wanted=_wanted(_TABLE),
    of=VARIANTS.table,
)

_OF_VARIANTS = {"orders": "product_orders"}
_PRODUCTS = ", ".join(
    f"bigint_sum({_OF_VARIANTS.get(name, name)}) AS {name}" for name in PRODUCT_VALUES
)
_WANTED_PRODUCTS = _wanted("analytics_producttodate")
PRODUCTS_TO_DATE = Rollup(
    "analytics_producttodate",
    ("until", "product_shopify_id", "currency"),
    PRODUCT_VALUES,
    f"""
    SELECT tenant_id, until, product_shopify_id, currency, {_PRODUCTS} FROM {_TABLE}
    WHERE tenant_id = %(tenant)s AND until = ANY({_WANTED_PRODUCTS})
    GROUP BY tenant_id, until, product_shopify_id, currency
    """,
    by="until",
    wanted=_WANTED_PRODUCTS,
    of=_TABLE,
)
