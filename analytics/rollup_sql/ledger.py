"""Sums straight over the ledger that no rollup holds."""

from __future__ import annotations

from analytics.enums import Lens
from analytics.rollup_sql.statement import MONEY, STATEMENT, lines

# The money of a window, straight from the rows behind it, and how many they are.
_MONEY = f"""
SELECT {lines(MONEY)}, count(*) FROM shop_data_sale
WHERE tenant_id = %(tenant)s AND currency = %(currency)s AND {{days}}
"""
LEDGER_OF_WINDOW = {
    Lens.EVENT: _MONEY.format(days="day BETWEEN %(first)s AND %(last)s"),
    Lens.ORDER: _MONEY.format(
        days="""(action <> 'return' AND day BETWEEN %(first)s AND %(last)s
        OR action = 'return' AND order_day BETWEEN %(first)s AND %(last)s)"""
    ),
}

# The sums of the whole ledger of a tenant, one row for each currency.
LEDGER_TOTALS = f"""
SELECT currency, {lines(STATEMENT)} FROM shop_data_sale
WHERE tenant_id = %(tenant)s GROUP BY currency ORDER BY currency
"""
