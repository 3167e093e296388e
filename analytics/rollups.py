"""Keeping the rollups equal to the ledger: take marks, recompute the marked days whole.

A recomputation reads the ledger and replaces a day's rows. It may run twice, late or in any
order and ends in the same rows; nothing is ever added to a sum.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from analytics.rollup_sql import ROLLUPS
from shop_data.models import RollupMark
from tenants.models import TenantState
from tenants.scope import current_tenant_id, tenant_scope
from xenofy.common.failpoints import failpoint

_LATER_ORDER_DAYS = """
SELECT DISTINCT o.day
FROM shop_data_order AS o
JOIN unnest(%(customers)s::bigint[], %(days)s::date[]) AS mark(customer, day)
    ON o.customer_shopify_id = mark.customer AND o.day >= mark.day
WHERE o.tenant_id = %(tenant)s AND o.counts
"""


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
        days = affected_days(marks)
        recompute(days)
        TenantState.objects.update(data_version=F("data_version") + 1, data_changed_at=now)
        failpoint("before_rollup_commit")
    return len(days)


def affected_days(marks: Collection[tuple[int | None, date]]) -> list[date]:
    """Return the marked days and every later order day of a marked customer.

    Whether a later order is its customer's first one may have changed with the marked one.
    """
    earliest: dict[int, date] = {}
    for customer, day in marks:
        if customer is not None:
            earliest[customer] = min(day, earliest.get(customer, day))
    params = {"customers": list(earliest), "days": list(earliest.values())}
    later = _rows(_LATER_ORDER_DAYS, {**params, "tenant": current_tenant_id()})
    return sorted({day for _, day in marks} | {day for (day,) in later})


def recompute(days: Sequence[date]) -> None:
    """Replace the rollups of `days` with sums of the ledger."""
    params: dict[str, Any] = {"tenant": current_tenant_id(), "days": list(days)}
    with connection.cursor() as cursor:
        for rollup in ROLLUPS:
            cursor.execute(
                f"DELETE FROM {rollup.table} WHERE tenant_id = %(tenant)s AND day = ANY(%(days)s)",
                params,
            )
            cursor.execute(rollup.fill, params)


def marked_days() -> set[date]:
    """Return the days of the current tenant that wait to be recomputed."""
    return set(affected_days(list(RollupMark.objects.values_list("customer_shopify_id", "day"))))


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
