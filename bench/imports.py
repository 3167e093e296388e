"""Importing orders: from files of bulk operations to mirror, ledger and rollups, beside plain COPY.

The files are written by a process of its own, so that the peak of memory is the import's alone. The
yardstick copies the very rows that the import has written into tables with the same indexes, made
empty for it, in one process.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from uuid import UUID

import django

from bench.bulk_results import Result, results
from bench.cpu import database_seconds
from bench.installation import Installation, machine, prepare_environment

TABLES = (
    *("customer", "order", "orderdocument", "orderitem", "orderaddress", "discountuse"),
    *("fulfillment", "sale"),
)


class Took(NamedTuple):
    """Seconds by the clock, and of the CPU: ours and the database's."""

    clock: float
    ours: float
    database: float


def main(given: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench import", description=__doc__)
    parser.add_argument("--orders", type=int, default=50_000)
    arguments = parser.parse_args(given)
    installation = Installation(prepare_environment(), workers=0)
    django.setup()
    try:
        installation.start_database()
        print(machine(installation), flush=True)
        _measure(installation, arguments.orders)
    finally:
        installation.stop()
    return 0


def _measure(installation: Installation, orders: int) -> None:
    from bench.facts import shops  # noqa: PLC0415
    from bench.registration import register  # noqa: PLC0415

    files = _files(installation.directory, orders)
    tenant, other = map(register, shops(2))
    print(f"\n{orders:,} orders in {len(files)} files of {_megabytes(files):,.0f} MB in all\n")
    print(
        "| | seconds | our CPU | CPU of the database | orders a second | load |\n"
        + "|---" * 6
        + "|"
    )
    loaded = _told("files to mirror, ledger and marks", orders, lambda: _load(tenant, files))
    _told("the same of another shop, by one process", orders, lambda: _load_alone(other, files))
    _told("marks to rollups", orders, lambda: _roll_up(tenant))
    copied = _told("plain COPY of the same rows", orders, lambda: _copy(installation, tenant))
    peak = max(resource.getrusage(who).ru_maxrss for who in
               (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024  # fmt: skip
    print(f"\nTo mirror and ledger at {copied.clock / loaded.clock:.1%} of plain COPY;"
          f" at most {peak:,.0f} MB of memory in a process.")  # fmt: skip


def _files(directory: Path, orders: int) -> list[Result]:
    with get_context("fork").Pool(1) as pool:
        return pool.apply(_write, (directory, orders))


def _write(directory: Path, orders: int) -> list[Result]:
    return list(results(directory, orders))


def _megabytes(files: Sequence[Result]) -> float:
    return sum(file.path.stat().st_size for file in files) / 1e6


def _told(what: str, orders: int, measured: Callable[[], float | None]) -> Took:
    """Measure and print; what returns its own seconds took those by the clock."""
    begun, ours, database = time.monotonic(), _our_seconds(), database_seconds()
    its_own = measured()
    took = Took(its_own or time.monotonic() - begun, _our_seconds() - ours,
                database_seconds() - database)  # fmt: skip
    print(f"| {what} | {took.clock:,.1f} | {took.ours:,.1f} | {took.database:,.1f}"
          f" | {orders / took.clock:,.0f} | {os.getloadavg()[0]:.1f} |", flush=True)  # fmt: skip
    return took


def _our_seconds() -> float:
    """Return the CPU that this process and those that it has started and seen end have used."""
    return sum(os.times()[:4])


def _load(tenant: UUID, files: Sequence[Result]) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from shop_data.imports.bulk_files import BulkFile  # noqa: PLC0415
    from shop_data.imports.kinds import ORDERS  # noqa: PLC0415
    from shop_data.imports.loading import load  # noqa: PLC0415
    from shop_data.shopify.client import AdminClient  # noqa: PLC0415

    client = AdminClient(tenant, tenant, "nobody.myshopify.com")  # which is asked for nothing
    for path, objects, roots in files:
        file = BulkFile(path, objects=objects, roots=roots)
        load(client, ORDERS, file, now=timezone.now(), alive=lambda: None)


def _load_alone(tenant: UUID, files: Sequence[Result]) -> None:
    from shop_data.imports import loading  # noqa: PLC0415

    with patch.object(loading, "LARGE", sys.maxsize):
        _load(tenant, files)


def _roll_up(tenant: UUID) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from analytics import rollups  # noqa: PLC0415

    while rollups.refresh(tenant, now=timezone.now(), seconds=60):
        pass


def _copy(installation: Installation, tenant: UUID) -> float:
    """Copy the rows of each table into an empty one like it; return the seconds of writing."""
    seconds = 0.0
    with installation.database() as connection:
        connection.execute("CREATE SCHEMA copied")
        for name in TABLES:
            table = f"shop_data_{name}"
            connection.execute(f"CREATE TABLE copied.{table} (LIKE {table} INCLUDING ALL)")
            seconds += _copied(connection, table, tenant)
    time.sleep(0.2)  # until the server has noted what its process has used
    return seconds


def _copied(connection: Any, table: str, tenant: UUID) -> float:
    rows = BytesIO()
    its_rows = f"SELECT * FROM {table} WHERE tenant_id = '{tenant}'"
    with connection.cursor().copy(f"COPY ({its_rows}) TO STDOUT (FORMAT BINARY)") as read:
        for piece in read:
            rows.write(piece)
    begun = time.monotonic()
    with connection.cursor().copy(f"COPY copied.{table} FROM STDIN (FORMAT BINARY)") as write:
        write.write(rows.getbuffer())
    return time.monotonic() - begun
