"""Sales of products from sums to date and the days around them; right at any moment.

Days that wait to be recomputed are derived from the ledger by the SELECT that fills the rollup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from analytics.enums import Lens
from analytics.periods import Period
from analytics.rollup_sql import PRODUCTS, PRODUCTS_TO_DATE
from analytics.rollup_sql.to_date import columns_of
from analytics.sums import PRODUCT_COLUMNS, Sums
from analytics.to_date import Terms, terms
from tenants.scope import current_tenant_id

_CHOSEN = "currency = %(currency)s AND part = ANY(%(parts)s)"
_TO_DATE = f"""
SELECT product_shopify_id, {{columns}} FROM {PRODUCTS_TO_DATE.table}
WHERE tenant_id = %(tenant)s AND until = ANY(%({{name}})s) AND currency = %(currency)s
"""  # noqa: S608  # of constants
# A branch for each stretch: of bounds that it can see the planner makes a scan of the index.
_OF_DAYS = f"""
SELECT product_shopify_id, {{columns}} FROM {PRODUCTS.table}
WHERE tenant_id = %(tenant)s AND day BETWEEN %(first_{{name}})s AND %(last_{{name}})s
    AND {_CHOSEN}
"""  # noqa: S608  # of constants
_LIVE = f"""
SELECT product_shopify_id, {", ".join(PRODUCT_COLUMNS)} FROM ({PRODUCTS.select}) AS derived
WHERE {_CHOSEN}
"""  # noqa: S608  # of constants
_SUMS = ", ".join(f"sum({name})::bigint" for name in PRODUCT_COLUMNS)
# What sold in the year, but not in the window, has nothing but zeros.
_ANY = " OR ".join(f"sum({name}) <> 0" for name in PRODUCT_COLUMNS)
_OF_PRODUCTS = f"""
FROM ({{rows}}) AS rows(product_shopify_id, {", ".join(PRODUCT_COLUMNS)})
GROUP BY 1 HAVING {_ANY}
"""

_EACH = f"SELECT product_shopify_id, {_SUMS} {_OF_PRODUCTS}"
_BEST = f"""
SELECT product_shopify_id, {_SUMS},
    sum(CASE WHEN sum(units) > 0 AND product_shopify_id <> 0 THEN 1 ELSE 0 END) OVER ()::bigint,
    sum(sum(gross_sales + discounts + returns)) OVER ()::bigint
{_OF_PRODUCTS}
ORDER BY sum(gross_sales + discounts + returns) DESC, 1 LIMIT %(most)s
"""


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
    sql: str, period: Period, currency: str, live: frozenset[date], lens: Lens, **more: Any
) -> list[tuple[Any, ...]]:
    days = [day for day in live if day in period]
    branches, params = _branches(terms(period, PRODUCTS_TO_DATE, without=days), lens)
    branches += [_LIVE] if days or not branches else []
    params |= {"currency": currency, "parts": list(lens.parts), "days": days, **more}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.format(rows=" UNION ALL ".join(branches)),
            {**params, "tenant": current_tenant_id()},
        )
        return list(cursor.fetchall())


def _branches(of: Terms, lens: Lens) -> tuple[list[str], dict[str, Any]]:
    """Return the SELECTs of all terms, and their parameters."""
    branches: list[str] = []
    params: dict[str, Any] = {}
    for name, sign in (("added", ""), ("taken", "-")):
        if until := getattr(of, name):
            columns = ", ".join(f"{sign}({each})" for each in columns_of(lens))
            branches.append(_TO_DATE.format(columns=columns, name=name))
            params[name] = until
        columns = ", ".join(f"{sign}{each}" for each in PRODUCT_COLUMNS)
        for number, days in enumerate(getattr(of, f"{name}_days")):
            branches.append(_OF_DAYS.format(columns=columns, name=f"{name}_{number}"))
            params |= {f"first_{name}_{number}": days.first, f"last_{name}_{number}": days.last}
    return branches, params
