"""The SQL that sums ledger rows into rollups, for the days in %(days)s of one tenant.

It runs as the application under row-level security, and on Citus: the tenant is taken from the
source rows, and RETURNING keeps INSERT … SELECT off the COPY path, which the policies refuse.
The formulas are those of docs/metrics.md. What fills a table and what checks it is one SELECT.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.sums import PRODUCT_COLUMNS, ROLLUP_COLUMNS


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table of sums, and the SELECT that derives its rows from the ledger.

    `select` yields `tenant_id`, the columns of `key` (which tell the rows of a tenant apart; `day`
    is one of them) and those of `values` (all bigint), each under its name.
    """

    table: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    select: str

    @property
    def fill(self) -> str:
        """Return the statement that inserts the derived rows."""
        columns = ", ".join((*self.key, *self.values))
        return (
            f"INSERT INTO {self.table} (tenant_id, id, {columns})"
            f" SELECT tenant_id, gen_random_uuid(), {columns} FROM ({self.select}) AS derived"
            f" ORDER BY tenant_id, {', '.join(self.key)} RETURNING 1"
        )

    @property
    def compare(self) -> str:
        """Return the query for the rows that differ from what is derived now.

        Its columns: `key`, then the stored and the derived values as arrays; a row that only one
        side has leaves the other null.
        """
        key = ", ".join(self.key)
        found = f"{key}, ARRAY[{', '.join(self.values)}]::bigint[] AS found"
        return (
            f"SELECT {key}, stored.found, derived.found FROM (SELECT {found} FROM {self.table}"
            " WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s)) AS stored"
            f" FULL JOIN (SELECT {found} FROM ({self.select}) AS sums) AS derived USING ({key})"
            f" WHERE stored.found IS DISTINCT FROM derived.found ORDER BY {key}"
        )


_MONEY = """
    coalesce(sum(gross) FILTER (WHERE line_type = 'product' AND action <> 'return'), 0)
        AS gross_sales,
    coalesce(sum(discount) FILTER (WHERE line_type = 'product' AND action <> 'return'), 0)
        AS discounts,
    coalesce(sum(gross + discount) FILTER (
        WHERE action = 'return' AND line_type IN ('product', 'adjustment')), 0) AS returns,
    coalesce(sum(gross + discount) FILTER (WHERE line_type = 'shipping'), 0) AS shipping,
    coalesce(sum(tax), 0) AS taxes,
    coalesce(sum(gross + discount) FILTER (WHERE line_type = 'duty'), 0) AS duties,
    coalesce(sum(gross + discount) FILTER (
        WHERE line_type IN ('additional_fee', 'fee')), 0) AS additional_fees,
    coalesce(sum(gross + discount) FILTER (WHERE line_type = 'tip'), 0) AS tips,
    coalesce(sum(gross + discount) FILTER (WHERE line_type = 'gift_card'), 0) AS gift_cards_sold
"""
_STATEMENT = f"""{_MONEY},
    coalesce(sum(quantity) FILTER (WHERE line_type = 'product' AND action <> 'return'), 0) AS units,
    coalesce(-sum(quantity) FILTER (WHERE line_type = 'product' AND action = 'return'), 0)
        AS units_returned
"""
STATEMENT = (
    "gross_sales", "discounts", "returns", "shipping", "taxes", "duties", "additional_fees", "tips",
    "gift_cards_sold", "units", "units_returned",
)  # fmt: skip

# Each row of the ledger once by its own day, and each reversal once more by its order's day.
_PARTS = """
    SELECT *, day AS on_day, CASE action WHEN 'return' THEN 'reversal' ELSE 'addition' END AS part
    FROM shop_data_sale WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s)
    UNION ALL
    SELECT *, order_day, 'reversal_by_order_day'
    FROM shop_data_sale
    WHERE tenant_id = %(tenant)s AND order_day = ANY(%(days)s) AND action = 'return'
"""

_COUNTS = ("order_value", "rows", "orders", "returning_orders", "new_customers")

_SALES = f"""
WITH parts AS (SELECT * FROM ({_PARTS}) AS every_row {{rows_wanted}}),
sums AS (
    SELECT tenant_id, on_day AS day, currency, part, {_STATEMENT},
        coalesce(sum(gross + discount) FILTER (
            WHERE line_type = 'product' AND action = 'order'), 0) AS order_value,
        count(*) AS rows, 0 AS orders, 0 AS returning_orders, 0 AS new_customers
    FROM parts GROUP BY 1, 2, 3, 4
),
counted AS (
    SELECT tenant_id, day, currency,
        customer_shopify_id IS NOT NULL AS known,
        EXISTS (
            SELECT FROM shop_data_order AS earlier
            WHERE earlier.tenant_id = o.tenant_id
                AND earlier.customer_shopify_id = o.customer_shopify_id AND earlier.counts
                AND (earlier.processed_at, earlier.shopify_id) < (o.processed_at, o.shopify_id)
        ) AS is_returning
    FROM shop_data_order AS o
    WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s) AND counts {{orders_wanted}}
),
both_of_a_day AS (
    SELECT tenant_id, day, currency, part, {", ".join((*STATEMENT, *_COUNTS))} FROM sums
    UNION ALL
    SELECT tenant_id, day, currency, 'addition', {"0, " * len(STATEMENT)} 0, 0, count(*),
        count(*) FILTER (WHERE is_returning),
        count(*) FILTER (WHERE known AND NOT is_returning)
    FROM counted GROUP BY 1, 2, 3
)
SELECT tenant_id, day, 'total' AS dimension, '' AS key, currency, part,
    {", ".join(f"sum({name}) AS {name}" for name in (*STATEMENT, *_COUNTS))}
FROM both_of_a_day
GROUP BY tenant_id, day, currency, part
"""

_PRODUCTS = f"""
WITH parts AS ({_PARTS})
SELECT tenant_id, on_day AS day, coalesce(parts.product_shopify_id, 0) AS product_shopify_id,
    currency, part, {_STATEMENT},
    count(DISTINCT order_id) FILTER (WHERE action = 'order') AS orders
FROM parts
WHERE line_type IN ('product', 'adjustment')
GROUP BY tenant_id, on_day, coalesce(parts.product_shopify_id, 0), currency, part
"""

SALES = Rollup(
    "analytics_salesday",
    ("day", "dimension", "key", "currency", "part"),
    (*STATEMENT, *_COUNTS),
    _SALES.format(rows_wanted="", orders_wanted=""),
)
PRODUCTS = Rollup(
    "analytics_productday",
    ("day", "product_shopify_id", "currency", "part"),
    (*STATEMENT, "orders"),
    _PRODUCTS,
)
ROLLUPS = (SALES, PRODUCTS)

# Every day of the ledger, of an order or of a rollup.
KNOWN_DAYS = " UNION ".join(
    (
        "SELECT day FROM shop_data_sale WHERE tenant_id = %(tenant)s",
        "SELECT order_day FROM shop_data_sale WHERE tenant_id = %(tenant)s",
        "SELECT day FROM shop_data_order WHERE tenant_id = %(tenant)s",
        *(f"SELECT day FROM {rollup.table} WHERE tenant_id = %(tenant)s" for rollup in ROLLUPS),
    )
)

# What the rollups would hold now, in the order of `Sums`; SO_FAR reads days up to a time of day:
# the one that is running, and those that it is compared with.
_SALES_COLUMNS = ", ".join(("day", "currency", "part", *ROLLUP_COLUMNS))
SALES_NOW = f"SELECT {_SALES_COLUMNS} FROM ({SALES.select}) AS derived"
_SO_FAR = _SALES.format(
    rows_wanted="WHERE (happened_at AT TIME ZONE %(zone)s)::time <= %(clock)s",
    orders_wanted="AND (processed_at AT TIME ZONE %(zone)s)::time <= %(clock)s",
)
SALES_SO_FAR = f"SELECT {_SALES_COLUMNS} FROM ({_SO_FAR}) AS derived"
_PRODUCT_COLUMNS = ", ".join(("product_shopify_id", "currency", "part", *PRODUCT_COLUMNS))
PRODUCTS_NOW = f"SELECT {_PRODUCT_COLUMNS} FROM ({PRODUCTS.select}) AS derived"

# The money of a window, straight from the rows behind it, and how many they are.
LEDGER_OF_WINDOW = f"""
SELECT {_MONEY}, count(*) FROM shop_data_sale
WHERE tenant_id = %(tenant)s AND currency = %(currency)s AND day BETWEEN %(first)s AND %(last)s
"""

# The sums of the whole ledger of a tenant, one row for each currency.
LEDGER_TOTALS = f"""
SELECT currency, {_STATEMENT} FROM shop_data_sale
WHERE tenant_id = %(tenant)s GROUP BY currency ORDER BY currency
"""
