"""Keeping the rollups equal to the ledger: take marks, recompute the marked days whole.

A recomputation reads the ledger and replaces a day's rows. It may run twice, late or in any
order and ends in the same rows; nothing is ever added to a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from analytics.rollup_sql import ROLLUPS
from shop_data.models import RollupMark
from tenants.models import TenantState
from tenants.scope import current_tenant_id, tenant_scope
from tenants.state import data_changed
from xenofy.common.failpoints import failpoint

WORK_MEM = "64MB"  # so that a day of some thousand orders is summed without temporary files

# The marked days, and every day on which a later order of a marked customer was sold or taken
# back: whether a later order is its customer's first one may have changed with the marked one.
_AFFECTED_DAYS = """
SELECT day FROM {marks}
UNION
SELECT s.day
FROM (SELECT customer, min(day) AS day FROM {marks} GROUP BY customer) AS earliest
JOIN shop_data_order AS o
    ON o.customer_shopify_id = earliest.customer AND o.day >= earliest.day
JOIN shop_data_sale AS s ON s.tenant_id = o.tenant_id AND s.order_id = o.id
WHERE o.tenant_id = %(tenant)s AND o.counts
"""
_DAYS_OF_TAKEN_MARKS = _AFFECTED_DAYS.format(
    marks="unnest(%(customers)s::bigint[], %(days)s::date[]) AS mark(customer, day)"
)
_DAYS_OF_WAITING_MARKS = _AFFECTED_DAYS.format(
    marks="(SELECT customer_shopify_id AS customer, day FROM shop_data_rollupmark"
    " WHERE tenant_id = %(tenant)s) AS mark"
)


def tenants_with_marks() -> list[UUID]:
    """Return the tenants whose rollups wait to be recomputed."""
    marks = RollupMark.unscoped.using("worker").order_by()
    return list(marks.values_list("tenant_id", flat=True).distinct())


def refresh(tenant_id: UUID, *, now: datetime) -> int:
    """Recompute the marked days of a tenant; return how many there were."""
    with tenant_scope(tenant_id):
        TenantState.objects.select_for_update().get()
        marks = _take_marks()
        if not marks:
            return 0
        days = _days_of(marks)
        recompute(days)
        data_changed(now=now)
        failpoint("before_rollup_commit")
    return len(days)


def recompute(days: Sequence[date]) -> None:
    """Replace the rollups of `days` with sums of the ledger."""
    params: dict[str, Any] = {"tenant": current_tenant_id(), "days": list(days)}
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEM}'")
        for rollup in ROLLUPS:
            cursor.execute(rollup.write, params)
            cursor.execute(rollup.sweep, params)


def marked_days() -> set[date]:
    """Return the days of the current tenant that wait to be recomputed."""
    return {day for (day,) in _rows(_DAYS_OF_WAITING_MARKS, {"tenant": current_tenant_id()})}


def _days_of(marks: Sequence[tuple[int | None, date]]) -> list[date]:
    customers, days = zip(*marks, strict=True)
    params = {"customers": list(customers), "days": list(days), "tenant": current_tenant_id()}
    return sorted(day for (day,) in _rows(_DAYS_OF_TAKEN_MARKS, params))


def _take_marks() -> list[tuple[int | None, date]]:
    """Delete the marks that are here and return them; one that comes later stays for next time."""
    sql = (
        "DELETE FROM shop_data_rollupmark WHERE tenant_id = %(tenant)s"
        " RETURNING customer_shopify_id, day"
    )
    return [(customer, day) for customer, day in _rows(sql, {"tenant": current_tenant_id()})]


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
