"""Products and variants in the calendar year so far, at the end of each third of a month.

Whatever a window begins and ends with, it is the difference of two of these and a few days; so it
costs products, not days. Stored is every third that is over and has sales. Whoever recomputes a
day recomputes the thirds of its year from that day on, and those that have none yet.
"""

from __future__ import annotations

from analytics.enums import Lens
from analytics.rollup_sql.rollup import Rollup
from analytics.sums import PRODUCT_COLUMNS

_RETURNED = {"returns": "returns", "taxes_returned": "taxes", "units_returned": "units_returned"}
_BY_ORDER_DAY = "_by_order_day"


def _of_part(name: str, part: str) -> str:
    return f"coalesce(sum({name}) FILTER (WHERE part = '{part}'), 0)"


# Each column as a sum over rows of days; only reversals have anything returned, and nothing else.
SUMMED = {
    **{name: f"sum({name})" for name in ("gross_sales", "discounts", "units", "orders")},
    "taxes": _of_part("taxes", "addition"),
    **{name: _of_part(of_day, "reversal") for name, of_day in _RETURNED.items()},
    **{
        name + _BY_ORDER_DAY: _of_part(of_day, "reversal_by_order_day")
        for name, of_day in _RETURNED.items()
    },
}
VALUES = tuple(SUMMED)


def columns_of(lens: Lens) -> tuple[str, ...]:
    """Return what of a row stands for each of `PRODUCT_COLUMNS`."""
    suffix = "" if lens is Lens.EVENT else _BY_ORDER_DAY
    returned = {name: name + suffix for name in ("returns", "units_returned")}
    returned["taxes"] = f"taxes + taxes_returned{suffix}"
    return tuple(returned.get(name, name) for name in PRODUCT_COLUMNS)


_MONTH = "date_trunc('month', {}::timestamp)"
_YEAR = "date_trunc('year', {}::timestamp)::date"
# The last day of the third of a month that `day` lies in.
_THIRD = f"""CASE WHEN extract(day FROM day) <= 20
    THEN {_MONTH.format("day")}::date + CASE WHEN extract(day FROM day) <= 10 THEN 9 ELSE 19 END
    ELSE ({_MONTH.format("day")} + interval '1 month')::date - 1 END"""

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


def _to_date(table: str, days: str, key: tuple[str, ...]) -> Rollup:
    """Return the rollup of days' sums by `key`; what was before the wanted ones is built upon."""
    wanted = _WANTED.format(days=days, table=table)
    names = ", ".join(("tenant_id", *key))
    sums = ", ".join(f"{expression}::bigint AS {name}" for name, expression in SUMMED.items())
    running = ", ".join(f"(sum({name}) OVER so_far)::bigint AS {name}" for name in VALUES)
    select = f"""
    WITH wanted AS (
        SELECT until, {_YEAR.format("until")} AS year FROM unnest({wanted}) AS until
    ),
    begun AS (
        SELECT year, max(until) AS last, coalesce((
            SELECT max(stored.until) FROM {table} AS stored
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
        SELECT year, until, {names}, {", ".join(VALUES)}
        FROM begun JOIN {table} AS stored ON until = base AND base > year
        WHERE tenant_id = %(tenant)s
        UNION ALL
        SELECT year, {_THIRD}, {names}, {sums}
        FROM begun JOIN {days} AS days ON day > base AND day <= last
        WHERE tenant_id = %(tenant)s
        GROUP BY 1, 2, {names}
    ),
    sold AS (SELECT year, {names}, min(until) AS since FROM sums GROUP BY year, {names})
    SELECT {names}, until, {", ".join(VALUES)} FROM (
        SELECT {names}, until, is_wanted, {running}
        FROM sold JOIN steps USING (year) LEFT JOIN sums USING (year, until, {names})
        WHERE until >= since
        WINDOW so_far AS (PARTITION BY year, {names} ORDER BY until)
    ) AS running WHERE is_wanted
    """
    return Rollup(table, ("until", *key), VALUES, select, by="until", wanted=wanted, of=days)


PRODUCTS_TO_DATE = _to_date(
    "analytics_producttodate", "analytics_productday", ("product_shopify_id", "currency")
)
VARIANTS_TO_DATE = _to_date(
    "analytics_varianttodate",
    "analytics_variantday",
    ("product_shopify_id", "variant_shopify_id", "currency"),
)
