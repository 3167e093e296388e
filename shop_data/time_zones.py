"""Moving a shop's days to another time zone."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from shop_data.models import Order, Rederivation
from tenants.scope import current_tenant_id

MOST_AT_ONCE = 20_000  # orders that are dated anew in the transaction of a batch
_MARK_CARTS = """
INSERT INTO shop_data_rollupmark (tenant_id, id, day)
SELECT DISTINCT ON (day) tenant_id, gen_random_uuid(), day FROM shop_data_abandonedcart
WHERE tenant_id = %(tenant)s AND day IS NOT NULL
RETURNING 1
"""
_MARK = """
INSERT INTO shop_data_rollupmark (tenant_id, id, day)
SELECT DISTINCT ON (day) tenant_id, gen_random_uuid(), day FROM (
    SELECT tenant_id, day FROM shop_data_sale WHERE tenant_id = %(tenant)s
    UNION SELECT tenant_id, order_day FROM shop_data_sale WHERE tenant_id = %(tenant)s
    UNION SELECT tenant_id, day FROM shop_data_order WHERE tenant_id = %(tenant)s
) AS days
RETURNING 1
"""
_MOVE = (
    """
    UPDATE shop_data_order SET day = (processed_at AT TIME ZONE %(zone)s)::date
    WHERE tenant_id = %(tenant)s
    """,
    # A join would read all orders of a new shop, of which PostgreSQL knows nothing, for each row.
    """
    UPDATE shop_data_sale AS s
    SET day = (s.happened_at AT TIME ZONE %(zone)s)::date,
        hour = extract(hour FROM s.happened_at AT TIME ZONE %(zone)s),
        order_day = (
            SELECT o.day FROM shop_data_order AS o
            WHERE o.tenant_id = %(tenant)s AND o.id = s.order_id)
    WHERE s.tenant_id = %(tenant)s
    """,
)
_MOVE_CARTS = """
UPDATE shop_data_abandonedcart SET day = (checkout_created_at AT TIME ZONE %(zone)s)::date
WHERE tenant_id = %(tenant)s AND checkout_created_at IS NOT NULL
"""


def move_days(zone: ZoneInfo) -> None:
    """Date every row of the tenant anew in `zone`; marks the days as they were and as they are.

    Where that are too many for one transaction, orders are derived again, some at a time, beside
    the deliveries.
    """
    statements = [_MARK_CARTS, _MOVE_CARTS, _MARK_CARTS]
    if Order.objects.order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
        Rederivation.objects.all().delete()
        Rederivation.objects.bulk_create([Rederivation()])  # from the first order on
    else:
        statements += [_MARK, *_MOVE, _MARK]
    params: dict[str, Any] = {"tenant": current_tenant_id(), "zone": zone.key}
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params)
