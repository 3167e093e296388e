"""Keeping the rollups equal to the ledger: take marks, recompute what they name, whole.

A recomputation derives rows from ledger and orders and replaces those that differ. It may run
twice, late or in any order and ends in the same rows; nothing is ever added to a sum. Whoever
recomputes holds the tenant's state row, so that there is one at a time.
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from analytics.models import ProductBoard, ProductToDate, SelfCheck, VariantToDate
from analytics.rebuilding import Progress, rebuild_tables
from analytics.rollup_sql import COARSER, CUSTOMERS, KNOWN_CUSTOMERS, KNOWN_DAYS, ROLLUPS, Rollup
from analytics.rollup_sql.marks import (
    COUNT_OF_MARKS,
    DAYS_OF_TAKEN_MARKS,
    DAYS_OF_WAITING_MARKS,
    SPAN_OF_MARKS,
)
from shop_data.marks import Mark, mark_days
from shop_data.models import RollupMark
from tenants.models import TenantState
from tenants.scope import current_tenant_id, tenant_scope
from tenants.state import data_changed, lock_tenant
from xenofy.common.failpoints import failpoint

MOST_MARKS = 200_000  # taken by one pass
MOST_READ_MARKS = 20_000  # whose days are looked up while a page is made
PASS_SECONDS = 2.0  # after which a pass leaves the rest of its days to the next one
DAYS = 31  # recomputed by one statement
BOARDS_OF_DAYS = """
DELETE FROM analytics_productboard WHERE tenant_id = %(tenant)s
    AND EXISTS (
        SELECT FROM unnest(%(days)s::date[]) AS day WHERE day BETWEEN first_day AND last_day)
RETURNING id
"""
WORK_MEM = "64MB"  # so that a day of some thousand orders is summed without temporary files


def tenants_with_marks() -> list[UUID]:
    """Return the tenants whose rollups wait to be recomputed."""
    marks = RollupMark.unscoped.using("worker").order_by()
    return list(marks.values_list("tenant_id", flat=True).distinct())


def refresh(tenant_id: UUID, *, now: datetime, seconds: float = PASS_SECONDS) -> int:
    """Recompute days and customers that are marked; return how many days.

    Newest days first. What is left after so many `seconds` is marked again and waits for the next
    pass. 0 also when a writer or another pass is busy with this tenant.
    """
    with tenant_scope(tenant_id):
        marks = _take_marks() if lock_tenant() else []
        if not marks:
            return 0
        failpoint("after_marks_taken")
        days = _days_of(marks)
        recompute_customers({customer for customer, _ in marks if customer is not None})
        failpoint("after_expand")
        done = _recompute_in_time(days, seconds)
        mark_days((None, day) for day in days[done:])
        data_changed(now=now)
        failpoint("before_rollup_commit")
    failpoint("after_rollup_commit")
    return done


def rebuild(tenant_id: UUID, *, now: datetime, progress: Progress) -> int:
    """Recompute everything of a tenant; return how many days.

    Deliveries are accepted meanwhile and processed after it. Reports say that they are being
    recomputed; should this process die, the worker does the rest.
    """
    with tenant_scope(tenant_id):
        hold_writers()
        mark_days((None, day) for day in _known_days())
        for to_date in (ProductToDate, VariantToDate):  # of days that do not all change at once
            to_date.objects.all().delete()
    with tenant_scope(tenant_id):
        hold_writers()
        days = _known_days()
        customers = [customer for (customer,) in _rows(KNOWN_CUSTOMERS)]
        rebuild_tables(tenant_id, {"days": days, "customers": customers}, progress=progress)
        RollupMark.objects.all().delete()
        ProductBoard.objects.all().delete()
        data_changed(now=now)
    return len(days)


def self_check(tenant_id: UUID, *, share: float, seed: int, now: datetime) -> int:
    """Recompute a random share of the days that are not marked, and the day before `now`.

    Return how many rows were not what the ledger adds up to; they are right now.
    """
    with tenant_scope(tenant_id):
        hold_writers()
        days = _chosen_days(share, seed, now)
        drift = recompute(days, thoroughly=True) + recompute_customers(_customers_of(days))
        SelfCheck.objects.create(at=now, days=len(days), differing_rows=drift)
        if drift:
            data_changed(now=now)
    return drift


def recompute(days: Sequence[date], *, thoroughly: bool = False) -> int:
    """Make the rollups of `days` what the ledger adds up to; return how many rows differed.

    What sums up another rollup is left alone where that one has not changed, unless `thoroughly`.
    """
    differing = {rollup.table: _write(rollup, days=list(days)) for rollup in ROLLUPS}
    for rollup in COARSER:
        if thoroughly or differing.get(rollup.of):
            differing[rollup.table] = _write(rollup, days=list(days))
    if any(differing.values()):
        _rows(BOARDS_OF_DAYS, days=list(days))
    return sum(differing.values())


def recompute_customers(customers: Collection[int]) -> int:
    """Make the totals of customers what their orders add up to; return how many differed."""
    return _write(CUSTOMERS, customers=sorted(customers)) if customers else 0


def marked_days() -> set[date]:
    """Return the days of the current tenant that wait to be recomputed.

    Where a great many marks wait, all days from the earliest of them on.
    """
    ((count,),) = _rows(COUNT_OF_MARKS, most=MOST_READ_MARKS + 1)
    if count > MOST_READ_MARKS:
        ((first, last),) = _rows(SPAN_OF_MARKS)
        return {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return {day for (day,) in _rows(DAYS_OF_WAITING_MARKS)} if count else set()


def hold_writers() -> None:
    """Keep writers of this tenant and other passes away until the transaction ends."""
    TenantState.objects.select_for_update().get()


def _take_marks() -> list[Mark]:
    """Delete marks that are here and return them; one that comes later stays for next time."""
    return [(customer, day) for customer, day in _rows(
        "DELETE FROM shop_data_rollupmark WHERE tenant_id = %(tenant)s AND id = ANY(ARRAY("
        " SELECT id FROM shop_data_rollupmark WHERE tenant_id = %(tenant)s LIMIT %(most)s))"
        " RETURNING customer_shopify_id, day",
        most=MOST_MARKS,
    )]  # fmt: skip


def _days_of(marks: Sequence[Mark]) -> list[date]:
    """Return the days that marks make old, newest first."""
    customers, days = zip(*set(marks), strict=True)
    found = _rows(DAYS_OF_TAKEN_MARKS, customers=list(customers), days=list(days))
    return sorted((day for (day,) in found), reverse=True)


def _recompute_in_time(days: Sequence[date], seconds: float) -> int:
    """Recompute from the first of `days` on until they are done or a pass has lasted too long;
    return how many are done."""
    begun = time.monotonic()
    for start in range(0, len(days), DAYS):
        if start and time.monotonic() - begun > seconds:
            return start
        recompute(days[start : start + DAYS])
    return len(days)


def _chosen_days(share: float, seed: int, now: datetime) -> list[date]:
    """Return days for a check: some at random and the last that is over or under way."""
    days = sorted(set(_known_days()) - marked_days())
    count = min(len(days), round(len(days) * share) + 1)
    yesterday = {day for day in days if now.date() - day <= timedelta(days=1)}
    return sorted(yesterday | set(random.Random(seed).sample(days, count)))  # noqa: S311


def _known_days() -> list[date]:
    return [day for (day,) in _rows(KNOWN_DAYS)]


def _customers_of(days: Sequence[date]) -> list[int]:
    sql = (
        "SELECT DISTINCT customer_shopify_id FROM shop_data_order WHERE tenant_id = %(tenant)s"
        " AND day = ANY(%(days)s) AND customer_shopify_id IS NOT NULL"
    )
    return [customer for (customer,) in _rows(sql, days=list(days))]


def _write(rollup: Rollup, **wanted: Any) -> int:
    """Write the rows of a rollup that differ; return how many that were."""
    params = {"tenant": current_tenant_id(), **wanted}
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEM}'")
        cursor.execute(rollup.write(), params)
        differing: int = cursor.rowcount
        cursor.execute(rollup.sweep, params)
    return differing


def _rows(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "tenant": current_tenant_id()})
        return list(cursor.fetchall())
