"""Sales by day: their total, and what it splits into by each dimension, in one pass.

Rows of the ledger are summed for each order first: an order is counted once, and what it is like
(channel, country, ...) is looked up once. Orders that are alike are summed before they are split,
so that the passes of GROUPING SETS go over few rows; hours, which few orders share, beside them.
"""

from __future__ import annotations

from collections.abc import Collection

from analytics.enums import Dimension
from analytics.rollup_sql.customers import FIRST_ORDERS
from analytics.rollup_sql.rollup import Rollup
from analytics.rollup_sql.statement import (
    ALL_ROWS,
    ORDER_HOUR,
    ORDER_VALUE,
    STATEMENT,
    lines,
    parts,
    sums,
)
from analytics.rollup_sql.taxes import taxes_select
from analytics.sums import ROLLUP_COLUMNS

# The text by which sales are split, from what alike orders have in common; '' is "none".
KEYS = {
    Dimension.CHANNEL: "coalesce(source_name, '')",
    Dimension.COUNTRY: "coalesce(country_code, '')",
    Dimension.REGION: "coalesce(country_code || '-' || province_code, '')",
    Dimension.GATEWAY: """CASE
        WHEN jsonb_array_length(payment_gateways) = 1 THEN coalesce(payment_gateways ->> 0, '')
        ELSE coalesce((
            SELECT string_agg(DISTINCT gateway, ' + ' ORDER BY gateway)
            FROM jsonb_array_elements_text(payment_gateways) AS gateway), '') END""",
    Dimension.DISCOUNT_CODE: "discount_codes",
    Dimension.REFUND_REASON: "reason",
    Dimension.HOUR: "to_char(on_hour, 'FM00')",
    Dimension.NEW_OR_RETURNING: """CASE
        WHEN is_returning THEN 'returning' WHEN is_returning IS NOT NULL THEN 'new' ELSE '' END""",
}
_WHOLE = "tenant_id, on_day, currency, part"
_ALIKE = (
    f"{_WHOLE}, source_name, country_code, province_code, payment_gateways, discount_codes, reason,"
    " is_returning"
)
_COUNTS = ("order_value", "rows", "orders", "returning_orders", "new_customers")
_VALUES = (*STATEMENT, *_COUNTS)

# Whether an order has an earlier one of its customer: by index, or with all first orders at hand.
_HAS_EARLIER = """EXISTS (
            SELECT FROM shop_data_order AS earlier
            WHERE earlier.tenant_id = o.tenant_id
                AND earlier.customer_shopify_id = o.customer_shopify_id AND earlier.counts
                AND (earlier.processed_at, earlier.shopify_id) < (o.processed_at, o.shopify_id)
        )"""
_IS_NOT_FIRST = "(first.processed_at, first.shopify_id) < (o.processed_at, o.shopify_id)"
_FIRST_ORDERS = f"""
    LEFT JOIN ({FIRST_ORDERS}) AS first
        ON first.tenant_id = o.tenant_id AND first.customer_shopify_id = o.customer_shopify_id
"""

_SELECT = f"""
WITH parts AS ({{parts}}),
of_orders AS (
    SELECT tenant_id, order_id, on_day, currency, part, hour, reason, {lines(STATEMENT)},
        {ORDER_VALUE} AS order_value, count(*) AS rows, bool_or(action = 'order') AS placed
    FROM parts WHERE {{rows_wanted}}
    GROUP BY tenant_id, order_id, on_day, currency, part, hour, reason
),
described AS (
    SELECT sums.*, source_name, country_code, province_code, payment_gateways, discount_codes,
        placed AND counts AS is_order,
        CASE part WHEN 'reversal_by_order_day' THEN {ORDER_HOUR} ELSE hour END AS on_hour,
        CASE WHEN counts AND o.customer_shopify_id IS NOT NULL THEN {{has_earlier}} END
            AS is_returning
    FROM of_orders AS sums
    JOIN shop_data_order AS o ON o.tenant_id = sums.tenant_id AND o.id = sums.order_id
    {{first_orders}}
    WHERE o.tenant_id = %(tenant)s
),
alike AS (
    SELECT {_ALIKE}, on_hour, grouping(on_hour) AS of_all_hours,
        {sums((*STATEMENT, "order_value", "rows"))},
        count(*) FILTER (WHERE is_order) AS orders,
        count(*) FILTER (WHERE is_order AND is_returning) AS returning_orders,
        count(*) FILTER (WHERE is_order AND NOT is_returning) AS new_customers
    FROM described GROUP BY GROUPING SETS (({_ALIKE}), ({_WHOLE}, on_hour))
),
keyed AS (
    SELECT tenant_id, on_day AS day, currency, part, of_all_hours{{keys}}, {", ".join(_VALUES)}
    FROM alike
)
SELECT tenant_id, day, {{dimension}} AS dimension, {{key}} AS key, currency, part, {sums(_VALUES)}
FROM keyed
GROUP BY GROUPING SETS ({{sets}}) HAVING {{having}}
"""
# Only what was taken back has a reason.
_HAS_REASON = f"(grouping({Dimension.REFUND_REASON}) = 1 OR part <> 'addition')"
_IS_ITS_HOURS = f"of_all_hours = grouping({Dimension.HOUR})"


def sales_select(
    dimensions: Collection[Dimension], *, rows_wanted: str = ALL_ROWS, of_all: bool = False
) -> str:
    """Return the SELECT of the total and of some dimensions; `of_all` is quicker for all days."""
    if Dimension.TAX_RATE in dimensions:
        others = [each for each in dimensions if each != Dimension.TAX_RATE]
        taxes = taxes_select(Dimension.TAX_RATE, _VALUES, rows_wanted=rows_wanted)
        rest = sales_select(others, rows_wanted=rows_wanted, of_all=of_all)
        return f"({rest}) UNION ALL ({taxes})"
    split = [each for each in dimensions if each != Dimension.TOTAL]
    keys = "".join(f", {KEYS[each]} AS {each}" for each in split)
    whole = "tenant_id, day, currency, part, of_all_hours"
    having = [_IS_ITS_HOURS] if Dimension.HOUR in split else ["of_all_hours = 1"]
    having += [_HAS_REASON] if Dimension.REFUND_REASON in split else []
    cases = "".join(f" WHEN grouping({each}) = 0 THEN '{each}'" for each in split)
    return _SELECT.format(
        parts=parts(rows_wanted),
        rows_wanted=rows_wanted,
        has_earlier=_IS_NOT_FIRST if of_all else _HAS_EARLIER,
        first_orders=_FIRST_ORDERS if of_all else "",
        keys=keys,
        dimension=f"CASE{cases} ELSE 'total' END" if split else "'total'",
        key=f"coalesce({', '.join(split)}, '')" if split else "''",
        sets=", ".join([f"({whole})", *(f"({whole}, {each})" for each in split)]),
        having=" AND ".join(having),
    )


_STORED = (*KEYS, Dimension.TAX_RATE)
SALES = Rollup(
    "analytics_salesday",
    ("dimension", "day", "currency", "part", "key"),
    _VALUES,
    sales_select(_STORED),
    select_all=sales_select(_STORED, of_all=True),
)

# What the rollup would hold now, in the order of `Sums`; SO_FAR reads days up to a time of day:
# the one that is running, and those that it is compared with.
_COLUMNS = ", ".join(("day", "currency", "part", *ROLLUP_COLUMNS))
SALES_NOW = f"SELECT {_COLUMNS} FROM ({sales_select(())}) AS derived"
_SO_FAR = sales_select((), rows_wanted="(on_moment AT TIME ZONE %(zone)s)::time <= %(clock)s")
SALES_SO_FAR = f"SELECT {_COLUMNS} FROM ({_SO_FAR}) AS derived"

# The same for days that wait for no recomputation: the hours that are over as they are stored, and
# the one that is running.
_HOUR = sales_select(
    (),
    rows_wanted="on_hour = %(hour)s AND (on_moment AT TIME ZONE %(zone)s)::time <= %(clock)s",
)
SALES_BY_HOUR_SO_FAR = f"""
SELECT {_COLUMNS} FROM analytics_salesday
WHERE tenant_id = %(tenant)s AND dimension = '{Dimension.HOUR}' AND day = ANY(%(days)s)
    AND key < to_char(%(hour)s, 'FM00')
UNION ALL SELECT {_COLUMNS} FROM ({_HOUR}) AS derived
"""
