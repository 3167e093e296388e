"""The orders behind a count: those that were placed in some days and are like a row of a split."""

from __future__ import annotations

from django.db.models.expressions import RawSQL

from analytics.periods import Period
from tenants.scope import current_tenant_id

_PLACED = """(
SELECT s.order_id FROM shop_data_sale AS s
JOIN shop_data_order AS o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
WHERE s.tenant_id = %s AND s.day BETWEEN %s AND %s AND s.action = 'order'
    AND s.line_type IN ('product', 'shipping', 'duty', 'additional_fee') AND {condition})
"""


def orders_placed_as(condition: str, key: str, period: Period) -> RawSQL:
    """Return the ids of orders with a row that `condition` holds of; it is about %(key)s."""
    keys = condition.count("%(key)s")
    sql = _PLACED.format(condition=condition.replace("%(key)s", "%s"))
    return RawSQL(sql, (current_tenant_id(), period.first, period.last, *[key] * keys))  # noqa: S611
