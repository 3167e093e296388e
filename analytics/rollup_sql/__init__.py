"""The SQL that sums ledger rows into rollups, for some days or customers of one tenant.

It runs as the application under row-level security, and on Citus: the tenant is taken from the
source rows, and RETURNING keeps INSERT … SELECT off the COPY path, which the policies refuse.
The formulas are those of docs/metrics.md. What fills a table and what checks it is one SELECT.
"""

from __future__ import annotations

from analytics.rollup_sql.checkouts import CHECKOUTS
from analytics.rollup_sql.customers import BUYER_DAYS, COHORTS, CUSTOMERS, GAPS
from analytics.rollup_sql.fulfillment import FULFILLMENT_TIMES
from analytics.rollup_sql.ledger import LEDGER_OF_WINDOW, LEDGER_TOTALS
from analytics.rollup_sql.months import GAP_MONTHS
from analytics.rollup_sql.products import VARIANTS
from analytics.rollup_sql.rollup import Rollup
from analytics.rollup_sql.sales import SALES, SALES_BY_HOUR_SO_FAR, SALES_NOW, SALES_SO_FAR
from analytics.rollup_sql.statement import STATEMENT
from analytics.rollup_sql.to_date import PRODUCTS_TO_DATE, VARIANTS_TO_DATE

__all__ = [
    "BUYER_DAYS", "CHECKOUTS", "COARSER", "COHORTS", "CUSTOMERS", "FULFILLMENT_TIMES", "GAPS",
    "GAP_MONTHS", "KNOWN_CUSTOMERS", "KNOWN_DAYS", "LEDGER_OF_WINDOW", "LEDGER_TOTALS",
    "PRODUCTS_TO_DATE", "ROLLUPS", "SALES", "SALES_BY_HOUR_SO_FAR", "SALES_NOW", "SALES_SO_FAR",
    "STATEMENT", "VARIANTS", "VARIANTS_TO_DATE", "Rollup",
]  # fmt: skip

# Those by day; CUSTOMERS is by customer.
ROLLUPS = (SALES, VARIANTS, GAPS, COHORTS, FULFILLMENT_TIMES, CHECKOUTS)
# Sums of those, written after them in this order.
COARSER = (VARIANTS_TO_DATE, PRODUCTS_TO_DATE, GAP_MONTHS, BUYER_DAYS)

# Every day of the ledger, of an order, a checkout or a rollup.
KNOWN_DAYS = " UNION ".join(
    (
        "SELECT day FROM shop_data_sale WHERE tenant_id = %(tenant)s",
        "SELECT order_day FROM shop_data_sale WHERE tenant_id = %(tenant)s",
        "SELECT day FROM shop_data_order WHERE tenant_id = %(tenant)s",
        "SELECT day FROM shop_data_abandonedcart WHERE tenant_id = %(tenant)s AND day IS NOT NULL",
        *(f"SELECT day FROM {rollup.table} WHERE tenant_id = %(tenant)s" for rollup in ROLLUPS),
    )
)

KNOWN_CUSTOMERS = """
SELECT customer_shopify_id FROM shop_data_order
WHERE tenant_id = %(tenant)s AND customer_shopify_id IS NOT NULL
UNION SELECT customer_shopify_id FROM analytics_customertotal WHERE tenant_id = %(tenant)s
"""
