"""Filling all rollups of a tenant at once, on several connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any
from uuid import UUID

from django.db import connection

from analytics.rollup_sql import COARSER, CUSTOMERS, ROLLUPS, Rollup
from tenants.scope import tenant_scope

AT_ONCE = 2  # connections: most machines have as many cores to spare
DAYS = 31  # of a rollup that is filled in steps
WORK_MEM = "128MB"

Progress = Callable[[str, int, int], None]  # what is recomputed, how many are done, of how many
Wanted = Mapping[str, Sequence[Any]]  # "days" and "customers"


def rebuild_tables(tenant_id: UUID, wanted: Wanted, *, progress: Progress) -> None:
    """Make every rollup what ledger and orders add up to, each in transactions of its own.

    The caller holds the tenant's lock, so that nothing changes meanwhile.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        steps = [pool.submit(_rebuild, tenant_id, *step) for step in _steps(wanted)]
        for done, step in enumerate(as_completed(steps), start=1):
            step.result()
            progress("steps", done, len(steps) + len(COARSER))
        months = [pool.submit(_rebuild, tenant_id, rollup, wanted) for rollup in COARSER]
        for done, step in enumerate(months, start=len(steps) + 1):
            step.result()
            progress("steps", done, len(steps) + len(COARSER))


def _steps(wanted: Wanted) -> Iterator[tuple[Rollup, Wanted]]:
    """Yield what one transaction fills: a whole rollup where that is quicker, else some days.

    What takes longest comes first, so that no connection is left over with it.
    """
    whole = [rollup for rollup in (*ROLLUPS, CUSTOMERS) if rollup.select_all]
    yield from ((rollup, wanted) for rollup in whole)
    days = wanted["days"]
    for rollup in ROLLUPS:
        if rollup not in whole:
            for start in range(0, len(days), DAYS):
                yield rollup, {"days": days[start : start + DAYS]}


def _rebuild(tenant_id: UUID, rollup: Rollup, wanted: Wanted) -> None:
    params: dict[str, Any] = {**wanted, "tenant": tenant_id}
    try:
        with tenant_scope(tenant_id), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL work_mem = '{WORK_MEM}'")
            cursor.execute(rollup.is_filled, params)
            if cursor.fetchone()[0]:
                cursor.execute(rollup.write(of_all=True), params)
                cursor.execute(rollup.sweep, params)
            else:
                cursor.execute(rollup.fill(of_all=True), params)
    finally:
        connection.close()
