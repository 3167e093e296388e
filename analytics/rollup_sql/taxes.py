"""Taxes by day under the names with which they were charged.

A row of the ledger may have several, so each stands for itself and has nothing but its tax. What
has no name, as rows that are still to be derived again (`Rederivation`), has the key "".
"""

from __future__ import annotations

from collections.abc import Sequence

from analytics.rollup_sql.statement import PARTS

_NAMED = """
WITH parts AS ({parts})
SELECT tenant_id, on_day, name, currency, part, tax
FROM (
    SELECT tenant_id, on_day, on_moment, name, currency, part, amount::bigint AS tax
    FROM parts, jsonb_each_text(tax_lines) AS taxes (name, amount) WHERE tax_lines <> '{{}}'
    UNION ALL
    SELECT tenant_id, on_day, on_moment, '', currency, part, tax
    FROM parts WHERE tax <> 0 AND tax_lines = '{{}}'
) AS taxed {rows_wanted}
"""
_SELECT = """
SELECT tenant_id, on_day AS day, '{dimension}' AS dimension, name AS key, currency, part, {values}
FROM ({named}) AS taxes
GROUP BY tenant_id, on_day, name, currency, part
"""

# Which ledger rows `s` have tax under the name %(key)s, and how much.
HAS_TAX = """(jsonb_exists(s.tax_lines, %(key)s)
    OR %(key)s = '' AND s.tax <> 0 AND s.tax_lines = '{}')"""
TAX = "coalesce((s.tax_lines ->> %(key)s)::bigint, s.tax)"


def taxes_select(dimension: str, values: Sequence[str], *, rows_wanted: str = "") -> str:
    """Return the SELECT of a dimension in the shape of the rollup of sales."""
    sums = {"taxes": "sum(tax)::bigint", "rows": "count(*)"}
    return _SELECT.format(
        dimension=dimension,
        values=", ".join(f"{sums.get(name, '0::bigint')} AS {name}" for name in values),
        named=_NAMED.format(parts=PARTS, rows_wanted=rows_wanted),
    )
