"""Sales of products and variants from sums to date and the days around them; right at any moment.

Days that wait to be recomputed are derived from the ledger by the SELECT that fills the rollup.
Where the worker keeps all products of the window, those are read instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from analytics.enums import Lens
from analytics.periods import Period
from analytics.rollup_sql import (
    PRODUCTS_TO_DATE,
    VARIANTS,
    VARIANTS_TO_DATE,
    Rollup,
)
from analytics.rollup_sql.products import COLUMNS_OF_PRODUCT
from analytics.rollup_sql.to_date import columns_of
from analytics.sums import PRODUCT_COLUMNS, Sums
from analytics.to_date import Terms, terms
from tenants.scope import current_tenant_id

_CHOSEN = "currency = %(currency)s AND part = ANY(%(parts)s)"
_TO_DATE = """
SELECT {key}, {columns} FROM {table}
WHERE tenant_id = %(tenant)s AND until = ANY(%({name})s) AND currency = %(currency)s
"""
# A branch for each stretch: of bounds that it can see the planner makes a scan of the index.
_OF_DAYS = f"""
SELECT {{key}}, {{columns}} FROM {{table}}
WHERE tenant_id = %(tenant)s AND day BETWEEN %(first_{{name}})s AND %(last_{{name}})s
    AND {_CHOSEN}
"""  # noqa: S608  # of constants
_LIVE = f"SELECT {{key}}, {{columns}} FROM ({{select}}) AS derived WHERE {_CHOSEN}"  # noqa: S608
_COLUMNS = ", ".join(PRODUCT_COLUMNS)
# All products as the worker keeps them, unpacked once, and what is read where it does not.
_LISTS = ", ".join(f"every[{number}:{number}]" for number in range(1, len(PRODUCT_COLUMNS) + 2))
_KEPT = f"""
WITH kept AS MATERIALIZED (
    SELECT every || NULL::bigint[] AS every FROM analytics_productboard
    WHERE tenant_id = %(tenant)s AND currency = %(currency)s AND first_day = %(first)s
        AND last_day = %(last)s AND every IS NOT NULL
)
SELECT sold.* FROM kept, unnest({_LISTS}) AS sold
UNION ALL
SELECT * FROM ({{rows}}) AS summed WHERE NOT EXISTS (SELECT FROM kept)
"""  # noqa: S608  # of constants
_SUMS = ", ".join(f"bigint_sum({name})" for name in PRODUCT_COLUMNS)
_EACH_SUM = ", ".join(f"bigint_sum({name}) AS {name}" for name in PRODUCT_COLUMNS)
# What sold in the year, but not in the window, has nothing but zeros.
_ANY = " OR ".join(f"bigint_sum({name}) <> 0" for name in PRODUCT_COLUMNS)
_GROUPED = f"FROM ({{rows}}) AS rows({{key}}, {_COLUMNS}) GROUP BY {{key}} HAVING {_ANY}"

_EACH = f"SELECT {{key}}, {_SUMS} {_GROUPED}"
# What products have in common: their vendor, their type. Looked up one by one, as the planner would
# for the few that it expects, they take half of the time; OFFSET makes it read them at once.
_KINDS = f"""
SELECT coalesce(kind.{{column}}, ''), {_SUMS}
FROM (SELECT {{key}}, {_EACH_SUM} {_GROUPED}) AS sold
LEFT JOIN (
    SELECT shopify_id, {{column}} FROM shop_data_product WHERE tenant_id = %(tenant)s OFFSET 0
) AS kind ON kind.shopify_id = sold.product_shopify_id
GROUP BY 1
"""  # noqa: S608  # of constants
_BEST = f"""
SELECT {{key}}, {_SUMS},
    bigint_sum(CASE WHEN bigint_sum(units) > 0 AND product_shopify_id <> 0 THEN 1 ELSE 0 END)
        OVER (),
    bigint_sum(bigint_sum(gross_sales + discounts + returns)) OVER ()
{_GROUPED}
ORDER BY bigint_sum(gross_sales + discounts + returns) DESC, 1 LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Source:
    """The sums to date of what is read, what tells its rows apart, and its columns in days."""

    to_date: Rollup
    key: str
    columns: tuple[str, ...]


_PRODUCTS = Source(PRODUCTS_TO_DATE, "product_shopify_id", COLUMNS_OF_PRODUCT)
_VARIANTS = Source(VARIANTS_TO_DATE, "product_shopify_id, variant_shopify_id", PRODUCT_COLUMNS)


@dataclass(frozen=True, slots=True)
class BestProducts:
    """The products with the greatest net sales; how many sold at all; the net sales of all."""

    sums: dict[int, Sums]
    sold: int
    net_sales: int


def sales_by_product(
    period: Period, *, currency: str, live: frozenset[date], lens: Lens
) -> dict[int, Sums]:
    """Return the sums of each product that sold or came back; 0 is "no product"."""
    rows = _read(_EACH, period, currency, live, lens)
    return {product: _sums(values) for product, *values in rows}


def sales_by_kind(
    period: Period, *, column: str, currency: str, live: frozenset[date], lens: Lens
) -> dict[str, Sums]:
    """Return the sums of products by a column that they have in common; "" is none."""
    rows = _read(_KINDS, period, currency, live, lens, column=column)
    return {kind: _sums(values) for kind, *values in rows}


def sales_by_variant(
    period: Period, *, currency: str, live: frozenset[date], lens: Lens
) -> dict[tuple[int, int], Sums]:
    """Return the sums of each product and variant that sold or came back; 0 is "none"."""
    rows = _read(_EACH, period, currency, live, lens, of=_VARIANTS)
    return {(product, variant): _sums(values) for product, variant, *values in rows}


def best_products(
    period: Period, *, currency: str, live: frozenset[date], lens: Lens, most: int
) -> BestProducts:
    """Return the products with the greatest net sales, greatest first."""
    rows = _read(_BEST, period, currency, live, lens, most=most)
    sums = {product: _sums(values) for product, *values, _, _ in rows}
    return BestProducts(sums, *(rows[0][-2:] if rows else (0, 0)))


def _sums(values: Sequence[int]) -> Sums:
    return Sums(**dict(zip(PRODUCT_COLUMNS, values, strict=True)))


def _read(
    sql: str,
    period: Period,
    currency: str,
    live: frozenset[date],
    lens: Lens,
    *,
    of: Source = _PRODUCTS,
    column: str = "",
    **more: Any,
) -> list[tuple[Any, ...]]:
    days = [day for day in live if day in period]
    branches, params = _branches(terms(period, of.to_date, without=days), lens, of)
    if days or not branches:
        columns = ", ".join(of.columns)
        branches.append(_LIVE.format(key=of.key, columns=columns, select=VARIANTS.select))
    params |= {"currency": currency, "parts": list(lens.parts), "days": days, **more}
    rows = " UNION ALL ".join(branches)
    if of is _PRODUCTS and lens is Lens.EVENT and not days:
        rows = _KEPT.format(rows=rows)
        params |= {"first": period.first, "last": period.last}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.format(rows=rows, key=of.key, column=column),
            {**params, "tenant": current_tenant_id()},
        )
        return list(cursor.fetchall())


def _branches(terms: Terms, lens: Lens, of: Source) -> tuple[list[str], dict[str, Any]]:
    """Return the SELECTs of all terms, and their parameters."""
    branches: list[str] = []
    params: dict[str, Any] = {}
    for name, sign in (("added", ""), ("taken", "-")):
        if until := getattr(terms, name):
            columns = ", ".join(f"{sign}({each})" for each in columns_of(lens))
            shape = {"key": of.key, "columns": columns, "table": of.to_date.table}
            branches.append(_TO_DATE.format(name=name, **shape))
            params[name] = until
        columns = ", ".join(f"{sign}{each}" for each in of.columns)
        shape = {"key": of.key, "columns": columns, "table": VARIANTS.table}
        for number, days in enumerate(getattr(terms, f"{name}_days")):
            branches.append(_OF_DAYS.format(name=f"{name}_{number}", **shape))
            params |= {f"first_{name}_{number}": days.first, f"last_{name}_{number}": days.last}
    return branches, params
