"""Taxes by day under the names with which they were charged.

A row of the ledger may have several, so each stands for itself and has nothing but its tax. What
has no name, as rows that are still to be derived again (`Rederivation`), has the key "".
"""

from __future__ import annotations

from collections.abc import Sequence

from analytics.rollup_sql.statement import ALL_ROWS, parts

# Which ledger rows `s` have tax under the name %(key)s, and how much.
HAS_TAX = """(jsonb_exists(s.tax_lines, %(key)s)
    OR %(key)s = '' AND s.tax <> 0 AND s.tax_lines = '{}')"""
TAX = "coalesce((s.tax_lines ->> %(key)s)::bigint, s.tax)"

_NAMED = """
WITH parts AS ({parts})
SELECT tenant_id, on_day, currency, part, tax, tax_lines,
    jsonb_object_keys(
        CASE WHEN tax_lines = '{{}}' THEN '{{"": 0}}' ELSE tax_lines END) AS name
FROM parts WHERE (tax <> 0 OR tax_lines <> '{{}}') AND {rows_wanted}
"""
_SELECT = """
SELECT tenant_id, on_day AS day, '{dimension}' AS dimension, name AS key, currency, part, {values}
FROM ({named}) AS taxes
GROUP BY tenant_id, on_day, name, currency, part
"""


def taxes_select(dimension: str, values: Sequence[str], *, rows_wanted: str = ALL_ROWS) -> str:
    """Return the SELECT of a dimension in the shape of the rollup of sales."""
    tax = "bigint_sum(coalesce((tax_lines ->> name)::bigint, tax))"
    sums = {"taxes": tax, "rows": "count(*)"}
    return _SELECT.format(
        dimension=dimension,
        values=", ".join(f"{sums.get(name, '0::bigint')} AS {name}" for name in values),
        named=_NAMED.format(parts=parts(rows_wanted), rows_wanted=rows_wanted),
    )
