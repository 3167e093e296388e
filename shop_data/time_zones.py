"""Moving a shop's days to another time zone."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from tenants.scope import current_tenant_id

_MARK = """
INSERT INTO shop_data_rollupmark (tenant_id, id, day)
SELECT DISTINCT ON (day) tenant_id, gen_random_uuid(), day FROM (
    SELECT tenant_id, day FROM shop_data_sale WHERE tenant_id = %(tenant)s
    UNION SELECT tenant_id, order_day FROM shop_data_sale WHERE tenant_id = %(tenant)s
    UNION SELECT tenant_id, day FROM shop_data_order WHERE tenant_id = %(tenant)s
    UNION SELECT tenant_id, day FROM shop_data_abandonedcart
        WHERE tenant_id = %(tenant)s AND day IS NOT NULL
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
    """
    UPDATE shop_data_abandonedcart
    SET day = (checkout_created_at AT TIME ZONE %(zone)s)::date
    WHERE tenant_id = %(tenant)s AND checkout_created_at IS NOT NULL
    """,
)


def move_days(zone: ZoneInfo) -> None:
    """Date every row of the tenant anew in `zone`; marks the days as they were and as they are."""
    params: dict[str, Any] = {"tenant": current_tenant_id(), "zone": zone.key}
    with connection.cursor() as cursor:
        cursor.execute(_MARK, params)
        for statement in _MOVE:
            cursor.execute(statement, params)
        cursor.execute(_MARK, params)
