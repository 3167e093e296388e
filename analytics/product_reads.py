"""Sales of products from the rollups of months and days; right at any moment.

Days that wait to be recomputed are derived from the ledger by the SELECT that fills the rollup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from analytics.enums import Lens
from analytics.months import pieces
from analytics.periods import Period
from analytics.rollup_sql import PRODUCT_MONTHS, PRODUCTS
from analytics.sums import PRODUCT_COLUMNS, Sums
from tenants.scope import current_tenant_id

_COLUMNS = ", ".join(("product_shopify_id", *PRODUCT_COLUMNS))
_CHOSEN = "currency = %(currency)s AND part = ANY(%(parts)s)"
_OF_MONTHS = f"""
SELECT {_COLUMNS} FROM {PRODUCT_MONTHS.table}
WHERE tenant_id = %(tenant)s AND month = ANY(%(months)s) AND {_CHOSEN}
"""  # noqa: S608  # of constants
# A branch for each stretch: of bounds that it can see the planner makes a scan of the index.
_OF_DAYS = f"""
SELECT {_COLUMNS} FROM {PRODUCTS.table}
WHERE tenant_id = %(tenant)s AND day BETWEEN %(first_{{n}})s AND %(last_{{n}})s
    AND day <> ALL(%(days)s) AND {_CHOSEN}
"""  # noqa: S608  # of constants
_LIVE = f"SELECT {_COLUMNS} FROM ({PRODUCTS.select}) AS derived WHERE {_CHOSEN}"  # noqa: S608
_SUMS = ", ".join(f"sum({name})::bigint" for name in PRODUCT_COLUMNS)

_EACH = f"SELECT product_shopify_id, {_SUMS} FROM ({{rows}}) AS rows GROUP BY 1"  # noqa: S608
_BEST = f"""
SELECT product_shopify_id, {_SUMS},
    sum(CASE WHEN sum(units) > 0 AND product_shopify_id <> 0 THEN 1 ELSE 0 END) OVER ()::bigint,
    sum(sum(gross_sales + discounts + returns)) OVER ()::bigint
FROM ({{rows}}) AS rows GROUP BY 1
ORDER BY sum(gross_sales + discounts + returns) DESC, 1 LIMIT %(most)s
"""  # noqa: S608  # of constants


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
    (cut,) = pieces([period], PRODUCT_MONTHS, without=days)
    params = {"currency": currency, "parts": list(lens.parts), "days": days, **more}
    branches = [_OF_MONTHS] if cut.months else []
    for number, stretch in enumerate(cut.stretches):
        branches.append(_OF_DAYS.format(n=number))
        params |= {f"first_{number}": stretch.first, f"last_{number}": stretch.last}
    branches += [_LIVE] if days else []
    params |= {"months": cut.months, "tenant": current_tenant_id()}
    with connection.cursor() as cursor:
        cursor.execute(sql.format(rows=" UNION ALL ".join(branches)), params)
        return list(cursor.fetchall())
