"""What became of online checkouts, by the day they were begun and by currency.

One with a contact that is open counts as abandoned once it is old enough; what is younger is
taken off when it is read, so that no row changes by time alone.
"""

from __future__ import annotations

from analytics.rollup_sql.rollup import Rollup

GRACE_MINUTES = 10  # a checkout younger than this may still be completed
OFFLINE = ("pos", "iphone", "android", "shopify_draft_order")  # sources that are no online store
THOUSANDTHS = 1000  # of a unit: no currency has smaller coins, and SQL needs no table of them

_ONLINE = f"coalesce(source_name, '') NOT IN {OFFLINE}"
_HAS_CONTACT = "(email > '' OR phone > '')"
_OPEN = f"completed_at IS NULL AND {_HAS_CONTACT}"
_RECOVERED = (
    f"completed_at > checkout_created_at + interval '{GRACE_MINUTES} minutes' AND {_HAS_CONTACT}"
)
_CURRENCY = "coalesce(currency, '')"
_WORTH = f"round({THOUSANDTHS} * coalesce({{worth}}, 0))::bigint"


def _worth_of(which: str) -> str:
    return _WORTH.format(worth=f"sum(total_price) FILTER (WHERE {which})")


CHECKOUTS = Rollup(
    "analytics_checkoutday",
    ("day", "currency"),
    ("completed", "left_open", "left_value", "with_email", "recovered", "recovered_value"),
    f"""
    SELECT tenant_id, day, {_CURRENCY} AS currency, count(completed_at) AS completed,
        count(*) FILTER (WHERE {_OPEN}) AS left_open, {_worth_of(_OPEN)} AS left_value,
        count(*) FILTER (WHERE {_OPEN} AND email > '') AS with_email,
        count(*) FILTER (WHERE {_RECOVERED}) AS recovered,
        {_worth_of(_RECOVERED)} AS recovered_value
    FROM shop_data_abandonedcart
    WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s) AND {_ONLINE}
    GROUP BY tenant_id, day, {_CURRENCY}
    """,
)

_SUMS = ", ".join(f"greatest(sum({name}), 0)::bigint" for name in CHECKOUTS.values)
_COLUMNS = ", ".join(("day", "currency", *CHECKOUTS.values))
# The days that {inside} matches, in the order of the rollup's values; %(days)s are derived from
# the checkouts.
CHECKOUTS_BY_DAY = f"""
SELECT day, {_SUMS} FROM (
    SELECT {_COLUMNS} FROM {CHECKOUTS.table} WHERE tenant_id = %(tenant)s AND day <> ALL(%(days)s)
    UNION ALL SELECT {_COLUMNS} FROM ({CHECKOUTS.select}) AS derived
    UNION ALL SELECT day, {_CURRENCY}, 0, -1, -{_WORTH.format(worth="total_price")},
        -(coalesce(email, '') > '')::int, 0, 0
    FROM shop_data_abandonedcart
    WHERE tenant_id = %(tenant)s AND checkout_created_at > %(since)s AND {_OPEN} AND {_ONLINE}
) AS checkouts WHERE {{inside}} GROUP BY day
"""
