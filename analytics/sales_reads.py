"""Sales of a window from the rollups, split by a dimension, day or both; right at any moment.

Days that wait to be recomputed are derived from the ledger by the SELECT that fills the rollup.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection

from analytics.enums import Dimension, Lens
from analytics.periods import Period
from analytics.product_reads import sales_by_kind, sales_by_product, sales_by_variant
from analytics.rollup_sql import VARIANTS
from analytics.rollup_sql.products import COLUMNS_OF_PRODUCT, VARIANTS_SO_FAR
from analytics.rollup_sql.sales import sales_select
from analytics.sums import NO_SUMS, PRODUCT_COLUMNS, ROLLUP_COLUMNS, Sums, total_of
from tenants.scope import current_tenant_id

Key = tuple[Any, ...]
K = TypeVar("K")

_STORED = """
SELECT {group}, {sums} FROM {table}
WHERE tenant_id = %(tenant)s AND day BETWEEN %(first)s AND %(last)s AND day <> ALL(%(days)s)
    AND currency = %(currency)s AND part = ANY(%(parts)s){dimension}
GROUP BY {group}
"""
_DERIVED = """
SELECT {group}, {sums} FROM ({select}) AS derived
WHERE currency = %(currency)s AND part = ANY(%(parts)s){dimension}
GROUP BY {group}
"""
_OF_DIMENSION = " AND dimension = %(dimension)s"
_SO_FAR = "(on_moment AT TIME ZONE %(zone)s)::time <= %(clock)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which sales are summed: the days, in one currency, through a lens.

    `live` are the days whose rollups are still to come. Of the last day, a window with a `clock`
    holds only what happened up to that time in `zone`.
    """

    period: Period
    currency: str
    lens: Lens
    live: frozenset[date]
    zone: ZoneInfo
    clock: time | None = None

    def params(self, **more: Any) -> dict[str, Any]:
        """Return the parameters of every statement about the window."""
        return {
            "tenant": current_tenant_id(),
            "first": self.period.first,
            "last": self.period.last,
            "currency": self.currency,
            "parts": self.lens.parts,
            "zone": self.zone.key,
            "clock": self.clock,
            **more,
        }

    def derived_days(self) -> tuple[list[date], list[date]]:
        """Return the days to derive whole, and those to derive up to the clock."""
        cut = [self.period.last] if self.clock is not None else []
        return [day for day in self.live if day in self.period and day not in cut], cut

    def parts(self) -> tuple[Period | None, Window | None]:
        """Return the days that are looked at whole, and the window of the one that is cut."""
        if self.clock is None:
            return self.period, None
        first, last = self.period.first, self.period.last
        whole = Period(first, last - timedelta(days=1)) if first < last else None
        return whole, replace(self, period=Period(last, last))

    def asked(self) -> dict[str, Any]:
        """Return what the reads of products take of the window, but for its days."""
        return {"currency": self.currency, "live": self.live, "lens": self.lens}


def sales_by(window: Window, dimension: Dimension, group: Sequence[str]) -> dict[Key, Sums]:
    """Return the sums of each `group` ("day", "key" or both) of a dimension that has rows."""
    split = [] if dimension is Dimension.TOTAL else [dimension]
    return _summed(
        window,
        group,
        dict(zip(ROLLUP_COLUMNS, ROLLUP_COLUMNS, strict=True)),
        table="analytics_salesday",
        select=sales_select(split),
        so_far=sales_select(split, rows_wanted=_SO_FAR),
        dimension=dimension,
    )


def products_by(window: Window) -> dict[int, Sums]:
    """Return the sums of each product; 0 is "no product"."""
    whole, cut = window.parts()
    found = sales_by_product(whole, **window.asked()) if whole else {}
    group = ("product_shopify_id",)
    until = _until_clock(cut, group, COLUMNS_OF_PRODUCT) if cut else {}
    return _together(found, {product: sums for (product,), sums in until.items()})


def whole_days_by_kind(window: Window, column: str) -> dict[str, Sums]:
    """Return the sums of products by a column of theirs, but those of a day that is cut."""
    whole, _ = window.parts()
    return sales_by_kind(whole, column=column, **window.asked()) if whole else {}


def variants_by(window: Window) -> dict[tuple[int, int], Sums]:
    """Return the sums of each product and variant; 0 is "none"."""
    whole, cut = window.parts()
    group = ("product_shopify_id", "variant_shopify_id")
    found = sales_by_variant(whole, **window.asked()) if whole else {}
    until = _until_clock(cut, group, PRODUCT_COLUMNS) if cut else {}
    return _together(
        found, {(product, variant): sums for (product, variant), sums in until.items()}
    )


def _together(found: dict[K, Sums], more: dict[K, Sums]) -> dict[K, Sums]:
    return found | {key: total_of([found.get(key, NO_SUMS), more[key]]) for key in more}


def _until_clock(window: Window, group: Sequence[str], columns: Sequence[str]) -> dict[Key, Sums]:
    """Return the sums of products or variants; `columns` are what adds up to `PRODUCT_COLUMNS`."""
    return _summed(
        window,
        group,
        dict(zip(PRODUCT_COLUMNS, columns, strict=True)),
        table=VARIANTS.table,
        select=VARIANTS.select,
        so_far=VARIANTS_SO_FAR,
    )


def _summed(
    window: Window,
    group: Sequence[str],
    columns: Mapping[str, str],
    *,
    table: str,
    select: str,
    so_far: str,
    dimension: Dimension | None = None,
) -> dict[Key, Sums]:
    shape = {
        "group": ", ".join(group),
        "sums": ", ".join(f"sum({column})" for column in columns.values()),
        "dimension": _OF_DIMENSION if dimension else "",
    }
    whole, cut = window.derived_days()
    statements: list[tuple[str, Collection[date]]] = [
        (_STORED.format(table=table, **shape), [*whole, *cut])
    ]
    statements += [(_DERIVED.format(select=select, **shape), whole)] if whole else []
    statements += [(_DERIVED.format(select=so_far, **shape), cut)] if cut else []
    parts: dict[Key, list[Sums]] = defaultdict(list)
    with connection.cursor() as cursor:
        for sql, days in statements:
            cursor.execute(sql, window.params(days=list(days), dimension=dimension))
            for row in cursor.fetchall():
                values = dict(zip(columns, map(int, row[len(group) :]), strict=True))
                parts[row[: len(group)]].append(Sums(**values))
    return {key: total_of(sums) for key, sums in parts.items()}
