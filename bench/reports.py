"""Reports, rebuild and recomputation, beside SQL straight over the base tables of the same data.

Builds a large tenant, one with a tenth of its orders and the same products, and small ones beside
them. Every pair takes turns in one run; a report is measured as the page calls it, Python included,
and what the database took of it is told apart.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import django

from bench import mark_cost, pages
from bench.cpu import database_seconds
from bench.installation import Installation, machine, prepare_environment

BIG, TENTH = UUID(int=1), UUID(int=2)
YEAR, MONTH = timedelta(days=364), timedelta(days=29)
SALE_DAY_ORDERS = 5_000


@dataclass(frozen=True)
class Took:
    """Milliseconds, in all and in the database, and the number of statements."""

    whole: float
    database: float
    queries: int


def main(given: list[str]) -> int:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="bench reports", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_200_000)
    parser.add_argument("--small", type=int, default=200, help="tenants beside the two")
    parser.add_argument("--products", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args(given)
    installation = Installation(prepare_environment(), workers=0)
    django.setup()
    try:
        installation.start_database()
        print(machine(installation), flush=True)
        build(arguments.orders, arguments.products, arguments.small)
        measure(arguments.rounds)
    finally:
        installation.stop()
    return 0


def build(orders: int, products: int, small: int) -> None:
    """Write all tenants, and fill their rollups; tells how long that took."""
    from bench.data import Size, build_tenant, without_indexes  # noqa: PLC0415

    begun = time.monotonic()
    with without_indexes(say=_say):
        for number in range(small):
            build_tenant(UUID(int=1000 + number), f"small {number}", Size(300, 150, 50), say=_say)
        for tenant, name, count in ((TENTH, "tenth", orders // 10), (BIG, "large", orders)):
            build_tenant(tenant, name, Size(count, max(count // 4, 1), products), say=_say)
    _say(f"  built in {time.monotonic() - begun:.0f} s\n")


def measure(rounds: int) -> None:
    """Measure everything on what is built."""
    print("| rollups | seconds | CPU of the database | load |\n|---|---|---|---|")
    _rebuild(TENTH, "rebuild of a tenth of the orders")
    _rebuild(BIG, "rebuild")
    _rebuild(BIG, "rebuild over rows that stand there already")
    _recompute(rounds)
    _boards()
    _reports(rounds)
    _overviews(rounds)
    pages.measure({"large": BIG, "tenth": TENTH}, rounds * 6)
    mark_cost.measure(rounds)


# ── rollups ───────────────────────────────────────────────────────────────────────────────────


def _rebuild(tenant: UUID, what: str) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from analytics import rollups  # noqa: PLC0415
    from bench.database import owner_connection  # noqa: PLC0415

    begun, used = time.monotonic(), database_seconds()
    rollups.rebuild(tenant, now=timezone.now(), progress=lambda *_: None)
    took, cpu = time.monotonic() - begun, database_seconds() - used
    print(f"| {what} | {took:.1f} | {cpu:.1f} | {os.getloadavg()[0]:.1f} |", flush=True)
    with owner_connection() as connection:
        connection.execute("VACUUM ANALYZE")


def _recompute(rounds: int) -> None:
    from analytics import rollups  # noqa: PLC0415
    from bench.data import PEAK_DAY  # noqa: PLC0415
    from shop_data.models import Order  # noqa: PLC0415
    from tenants.scope import tenant_scope  # noqa: PLC0415

    day = date.fromisoformat(PEAK_DAY)
    with tenant_scope(BIG):
        orders = Order.objects.filter(day=day).count()
    for what, change in (("", None), (", of a product changed, with all later sums", _change)):
        took, used = [], []
        for _ in range(rounds):
            with tenant_scope(BIG):
                if change:
                    change(day)
                begun, before = time.monotonic(), database_seconds()
                rollups.recompute([day])
                took.append(time.monotonic() - begun)
                used.append(database_seconds() - before)
        print(f"| one day of {orders:,} orders{what} | {statistics.median(took):.3f}"
              f" | {statistics.mean(used):.3f} | {os.getloadavg()[0]:.1f} |",
              flush=True)  # fmt: skip


def _change(day: date) -> None:
    """Make one row of a rollup wrong, so that what sums it up is recomputed too."""
    from django.db.models import F  # noqa: PLC0415

    from analytics.models import VariantDay  # noqa: PLC0415

    VariantDay.objects.filter(day=day, product_shopify_id=1).update(units=F("units") + 1)


def _boards() -> None:
    from analytics.leaderboards import keep_boards  # noqa: PLC0415
    from bench.report_pairs import NOW  # noqa: PLC0415

    print("\n| boards of best products | kept | seconds |\n|---|---|---|")
    for name, tenant in (("large", BIG), ("tenth", TENTH)):
        begun = time.monotonic()
        kept = keep_boards(tenant, now=NOW)
        print(f"| {name} | {kept} | {time.monotonic() - begun:.2f} |", flush=True)


# ── reports ───────────────────────────────────────────────────────────────────────────────────


def _reports(rounds: int) -> None:
    """Print each report beside its yardstick."""
    from bench.base_sql import INDEXES  # noqa: PLC0415
    from bench.database import owner_connection  # noqa: PLC0415
    from bench.report_pairs import LAST, pairs  # noqa: PLC0415

    with owner_connection() as owner:
        for index in INDEXES:
            owner.execute(index)
        owner.execute("VACUUM ANALYZE")
        owner.execute("SET max_parallel_workers_per_gather = 2")
        owner.execute("SET work_mem = '64MB'")
        print("\n| report | days | ms | of that database | statements | base tables ms | ratio |"
              "\n|---|---|---|---|---|---|---|")  # fmt: skip
        for pair in pairs():
            params = {"tenant": BIG, "first": LAST - pair.back, "last": LAST}
            ours, base = [], []
            for _ in range(rounds):
                ours.append(_timed(BIG, pair.report))
                begun = time.perf_counter()
                for _ in range(pair.times):
                    owner.execute(pair.sql, params).fetchall()
                base.append((time.perf_counter() - begun) * 1000)
            _print_pair(pair.name, pair.back.days + 1, _median(ours), statistics.median(base))
        for index in INDEXES:
            owner.execute(f"DROP INDEX {index.split()[2]}")


def _print_pair(name: str, days: int, ours: Took, base: float) -> None:
    ratio = base / ours.database
    print(f"| {name} | {days} | {ours.whole:.1f} | {ours.database:.1f} | {ours.queries}"
          f" | {base:,.0f} | {ratio:,.0f} |", flush=True)  # fmt: skip


def _overviews(rounds: int) -> None:
    from bench.report_pairs import overviews  # noqa: PLC0415

    print("\n| Overview | ms | of that database | statements | a tenth of the orders"
          " | ratio of the database |\n|---|---|---|---|---|---|")  # fmt: skip
    for name, report in overviews().items():
        big, tenth = [], []
        for _ in range(rounds):
            big.append(_timed(BIG, report))
            tenth.append(_timed(TENTH, report))
        ours, less = _median(big), _median(tenth)
        print(f"| {name} | {ours.whole:.1f} | {ours.database:.1f} | {ours.queries}"
              f" | {less.database:.1f} | {ours.database / less.database:.2f} |",
              flush=True)  # fmt: skip


def _timed(tenant: UUID, report: Callable[[], Any]) -> Took:
    from tenants.scope import tenant_scope  # noqa: PLC0415

    with tenant_scope(tenant), _watched() as queries:
        begun = time.perf_counter()
        report()
        whole = time.perf_counter() - begun
    return Took(whole * 1000, sum(queries) * 1000, len(queries))


def _median(took: list[Took]) -> Took:
    return sorted(took, key=lambda each: each.database)[len(took) // 2]


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Note how long each statement of the application takes."""
    from django.db import connection  # noqa: PLC0415

    took: list[float] = []

    def note(execute: Any, *statement: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            took.append(time.perf_counter() - begun)

    with connection.execute_wrapper(note):
        yield took


def _say(line: str) -> None:
    print(line, flush=True)
