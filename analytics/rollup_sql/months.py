"""Rollups of days summed by calendar month, for windows that would read a great many days.

Only months that are over: all before that of the newest day. Whoever recomputes days recomputes
their months with them, and the month before the newest one when that has none yet. So a month is
stored whole or not at all, and readers take from days what is not.
"""

from __future__ import annotations

from analytics.rollup_sql.rollup import Rollup
from analytics.rollup_sql.statement import sums

_MONTH = "date_trunc('month', {}::timestamp)::date"
_NEWEST = f"(SELECT {_MONTH.format('max(day)')} FROM {{days}} WHERE tenant_id = %(tenant)s)"
# The months of %(days)s, and the newest that is over and not stored yet.
_WANTED = f"""ARRAY(
    SELECT {_MONTH.format("one")} FROM unnest(%(days)s::date[]) AS one
    UNION SELECT month FROM (
        SELECT {_MONTH.format("max(day)")} AS month FROM {{days}}
        WHERE tenant_id = %(tenant)s AND day < {_NEWEST}
    ) AS over
    WHERE NOT EXISTS (
        SELECT FROM {{months}} AS stored
        WHERE stored.tenant_id = %(tenant)s AND stored.month = over.month)
)"""


def _by_month(months: str, days: str, key: tuple[str, ...], values: tuple[str, ...]) -> Rollup:
    wanted = _WANTED.format(months=months, days=days)
    names = ", ".join(("tenant_id", "wanted.month", *key))
    select = f"""
    SELECT {names}, {sums(values)}
    FROM unnest({wanted}) AS wanted(month)
    JOIN {days} AS days
        ON day >= wanted.month AND day < (wanted.month + interval '1 month')::date
    WHERE tenant_id = %(tenant)s AND wanted.month < {_NEWEST.format(days=days)}
    GROUP BY {names}
    """
    return Rollup(months, ("month", *key), values, select, by="month", wanted=wanted, of=days)


GAP_MONTHS = _by_month(
    "analytics_buyergapmonth",
    "analytics_buyergap",
    ("previous_day",),
    ("buyers", "second_buyers"),
)
