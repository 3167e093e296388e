"""How long orders took until their first parcel left, and until the first one was delivered."""

from __future__ import annotations

from analytics.rollup_sql.rollup import Rollup

RATIO = 1.05  # of a bucket's ends: the middle is off by at most 2.5 %
NEARLY = 1e-9  # of a bucket: whole powers of the ratio begin theirs, whatever floats make of them
LEAST_HOURS = 0.01  # half a minute, and all that went out before it was ordered

_TIMES = f"""
SELECT tenant_id, day, stage, count(*) AS orders, floor(ln(greatest(
    date_part('epoch', at - processed_at) / 3600, {LEAST_HOURS}))
    / ln({RATIO}::float8) + {NEARLY})::integer AS bucket
FROM (
    SELECT o.tenant_id, o.day, o.processed_at, o.id,
        min(f.fulfillment_created_at) AS fulfilled_at, min(f.delivered_at) AS delivered_at
    FROM shop_data_order AS o
    JOIN shop_data_fulfillment AS f ON f.tenant_id = o.tenant_id AND f.order_id = o.id
    WHERE o.tenant_id = %(tenant)s AND o.day = ANY(%(days)s) AND o.counts
        AND coalesce(f.status, '') NOT IN ('cancelled', 'error', 'failure')
    GROUP BY o.tenant_id, o.day, o.processed_at, o.id
) AS sent,
LATERAL (VALUES ('fulfilled', fulfilled_at), ('delivered', delivered_at)) AS stages(stage, at)
WHERE at IS NOT NULL
GROUP BY 1, 2, 3, 5
"""
# Of all days at once each parcel is read once; in steps they all are, for each step.
FULFILLMENT_TIMES = Rollup(
    "analytics_fulfillmenttime",
    ("day", "stage", "bucket"),
    ("orders",),
    _TIMES,
    select_all=_TIMES,
)
