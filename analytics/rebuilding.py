"""Filling all rollups of a tenant at once, on several connections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection

from analytics.rollup_sql import (
    BUYER_DAYS,
    CHECKOUTS,
    COHORTS,
    CUSTOMERS,
    FULFILLMENT_TIMES,
    GAP_MONTHS,
    GAPS,
    PRODUCTS_TO_DATE,
    SALES,
    VARIANTS,
    VARIANTS_TO_DATE,
    Rollup,
)
from tenants.scope import tenant_scope

AT_ONCE = 2  # connections: most machines have as many cores to spare
DAYS = 61  # of a rollup that is filled in steps
# Sums of sums come some steps after those, so that no connection waits for another.
IN_TURN = (
    *(VARIANTS, FULFILLMENT_TIMES, CHECKOUTS, SALES, VARIANTS_TO_DATE, COHORTS, GAPS, CUSTOMERS),
    *(PRODUCTS_TO_DATE, GAP_MONTHS, BUYER_DAYS),
)
MEMORY = "SET LOCAL work_mem = '128MB'"
# Where all is summed at once: by hashing, and without looking up rows one by one, whatever
# statistics say of tables that have only just been filled.
BY_HASHING = ("SET LOCAL enable_sort = off", "SET LOCAL enable_nestloop = off")

Progress = Callable[[str, int, int], None]  # what is recomputed, how many are done, of how many
Wanted = Mapping[str, Sequence[Any]]  # "days" and "customers"
Step = Future[None]


def rebuild_tables(tenant_id: UUID, wanted: Wanted, *, progress: Progress) -> None:
    """Make every rollup what ledger and orders add up to, each in transactions of its own.

    The caller holds the tenant's lock, so that nothing changes meanwhile.
    """
    steps: dict[str, list[Step]] = defaultdict(list)  # by table
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for rollup in IN_TURN:
            before = steps[rollup.of] if rollup.of else []
            for part in _parts(rollup, wanted):
                steps[rollup.table].append(pool.submit(_rebuild, tenant_id, rollup, part, before))
        submitted = list(chain.from_iterable(steps.values()))
        for done, step in enumerate(as_completed(submitted), start=1):
            step.result()
            progress("steps", done, len(submitted))


def _parts(rollup: Rollup, wanted: Wanted) -> Iterator[Wanted]:
    """Yield what one transaction fills: some days, or all where that is quicker."""
    if _at_once(rollup):
        yield wanted
        return
    days = wanted["days"]
    for start in range(0, len(days), DAYS):
        yield {"days": days[start : start + DAYS]}


def _at_once(rollup: Rollup) -> bool:
    return bool(rollup.select_all or rollup.of)


def _rebuild(tenant_id: UUID, rollup: Rollup, wanted: Wanted, before: Sequence[Step]) -> None:
    wait(before)
    params: dict[str, Any] = {**wanted, "tenant": tenant_id}
    try:
        with tenant_scope(tenant_id), connection.cursor() as cursor:
            for setting in (MEMORY, *(BY_HASHING if _at_once(rollup) else ())):
                cursor.execute(setting)
            cursor.execute(rollup.is_filled, params)
            if cursor.fetchone()[0]:
                cursor.execute(rollup.write(of_all=True), params)
                cursor.execute(rollup.sweep, params)
            else:
                cursor.execute(rollup.fill(of_all=True), params)
    finally:
        connection.close()
