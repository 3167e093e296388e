"""Online checkouts by the day they were begun: those that were completed, and those left open.

One with a contact that is open counts as abandoned once it is old enough; what is younger is
taken off when it is read, so that no row changes by time alone.
"""

from __future__ import annotations

from analytics.rollup_sql.rollup import Rollup

OFFLINE = ("pos", "iphone", "android", "shopify_draft_order")  # sources that are no online store

_ONLINE = f"coalesce(source_name, '') NOT IN {OFFLINE}"
_OPEN = "completed_at IS NULL AND (email > '' OR phone > '')"

CHECKOUTS = Rollup(
    "analytics_checkoutday",
    ("day",),
    ("completed", "left_open"),
    f"""
    SELECT tenant_id, day, count(completed_at) AS completed,
        count(*) FILTER (WHERE {_OPEN}) AS left_open
    FROM shop_data_abandonedcart
    WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s) AND {_ONLINE}
    GROUP BY tenant_id, day
    """,
)

# Completed and abandoned ones of the days in {inside}; %(days)s are derived from the checkouts.
CHECKOUTS_BY_DAY = f"""
SELECT day, sum(completed), greatest(sum(left_open), 0) FROM (
    SELECT day, completed, left_open FROM {CHECKOUTS.table}
    WHERE tenant_id = %(tenant)s AND day <> ALL(%(days)s)
    UNION ALL SELECT day, completed, left_open FROM ({CHECKOUTS.select}) AS derived
    UNION ALL SELECT day, 0, -1 FROM shop_data_abandonedcart
    WHERE tenant_id = %(tenant)s AND checkout_created_at > %(since)s AND {_OPEN} AND {_ONLINE}
) AS checkouts WHERE {{inside}} GROUP BY day
"""
