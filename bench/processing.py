"""How fast the inbox is drained, and how long a quiet tenant waits beside a busy one."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from django.db import connections

from bench.deliveries import mixture
from bench.facts import Shop
from bench.installation import Installation
from bench.load import Result
from bench.registration import SECRET, register
from bench.sender import Sender
from bench.stories import Message, Story
from tenants.scope import tenant_scope
from webhooks import processing, queue
from webhooks.inbox import Delivery, store

CHUNK = 500  # deliveries that are stored together
ONE_BY_ONE = 10  # a smaller share of the events is enough for the slow way
PAUSE = 0.2  # seconds between deliveries of the quiet tenant
WORKERS = 2
TENANTS = 4  # that two workers drain at the same time


def measure(installation: Installation, *, events: int, backlog: int) -> None:
    """Measure and print."""
    rates: dict[str, list[float]] = {"in batches": [], "one by one": []}
    for turn in range(3):
        rates["in batches"].append(_rate(100 + turn, events, batch=queue.BATCH))
        rates["one by one"].append(_rate(200 + turn, events // ONE_BY_ONE, batch=1))
    print("\n| from the inbox to mirror, ledger and marks | events a second |\n|---|---|")
    for name, found in rates.items():
        print(f"| one process, {name} | {statistics.median(found):,.0f} |", flush=True)
    rate = _rate_of_processes(500, events)
    print(f"| {WORKERS} processes, {WORKERS} tenants, in batches | {rate:,.0f} |", flush=True)
    rate = _rate_of_workers(installation, events)
    print(f"| {WORKERS} workers, {TENANTS} tenants, rollups included | {rate:,.0f} |", flush=True)
    lags = _lags(installation, backlog)
    print(f"\nA quiet tenant while another drains {backlog:,}: {len(lags.latencies)} deliveries,"
          f" visible after p50 {lags.percentile(0.5):.0f} ms,"
          f" p99 {lags.percentile(0.99):.0f} ms; the other's backlog took"
          f" {lags.seconds:.0f} s ({backlog / lags.seconds:,.0f} events a second)")  # fmt: skip


def _rate(number: int, events: int, *, batch: int) -> float:
    """Drain the deliveries of a fresh tenant in this process; return events a second."""
    tenant = filled(Shop(number, "INR", 2, "Asia/Kolkata", taxes_included=False), events)
    before, queue.BATCH = queue.BATCH, batch
    begun = time.perf_counter()
    drained = _drain(tenant)
    queue.BATCH = before
    return drained / (time.perf_counter() - begun)


def _rate_of_processes(number: int, events: int) -> float:
    """Drain the deliveries of a tenant for each of some processes; return events a second in all.

    It is the work of workers without their rollups: to mirror, ledger and marks.
    """
    shops = [Shop(number + each, "INR", 2, "Asia/Kolkata", taxes_included=False)
             for each in range(WORKERS)]  # fmt: skip
    tenants = [filled(shop, events // WORKERS) for shop in shops]
    connections.close_all()  # so that no process has the connection of another one
    with ProcessPoolExecutor(WORKERS, get_context("fork")) as processes:
        begun = time.perf_counter()
        drained = sum(processes.map(_drain, tenants))
        return drained / (time.perf_counter() - begun)


def _drain(tenant: UUID) -> int:
    """Process all that waits; return how many deliveries that was."""
    drained = 0
    while taken := processing.drain(tenant, now=now()):
        drained += taken
    return drained


def _rate_of_workers(installation: Installation, events: int) -> float:
    """Drain the deliveries of several tenants by worker processes; return events a second.

    The workers add up the days that change meanwhile, as always.
    """
    shops = [Shop(400 + number, "INR", 2, "Asia/Kolkata", taxes_included=False)
             for number in range(TENANTS)]  # fmt: skip
    tenants = [filled(shop, events // TENANTS) for shop in shops]
    with installation.database() as connection:
        waiting = _left(connection, tenants)
        installation.workers = WORKERS
        installation.tend()
        while _left(connection, tenants) == waiting:
            time.sleep(0.01)  # until the first batch is done: starting is not what is measured
        begun, begun_with = time.perf_counter(), _left(connection, tenants)
        while _left(connection, tenants):
            time.sleep(0.05)
        return begun_with / (time.perf_counter() - begun)


def _left(connection: Any, tenants: Sequence[UUID]) -> int:
    return sum(_count_pending(connection, tenant) for tenant in tenants)


def _count_pending(connection: Any, tenant: UUID) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM webhooks_inboxevent WHERE tenant_id = %s AND status = 'pending'",
        [tenant],
    ).fetchone()
    return int(count)


def _lags(installation: Installation, backlog: int) -> Result:
    """Deliver to a quiet tenant now and then while two workers drain another's backlog."""
    busy = filled(Shop(300, "INR", 2, "Asia/Kolkata", taxes_included=False), backlog)
    shop = Shop(301, "INR", 2, "Asia/Kolkata", taxes_included=False)
    quiet = register(shop)
    source = (message for group in Story(shop, random.Random(1)).messages() for message in group)
    installation.workers = WORKERS
    result = Result()
    with installation.database() as connection:
        waiting = _left(connection, [busy])
        installation.tend()
        while _left(connection, [busy]) == waiting:
            time.sleep(0.01)  # until the first batch is done: starting is not what is measured
        begun = time.perf_counter()
        while _pending(connection, busy):
            result.latencies.append(_lag(installation, connection, quiet, next(source)))
            time.sleep(PAUSE)
    result.seconds = time.perf_counter() - begun
    return result


def _lag(installation: Installation, connection: Any, tenant: UUID, message: Message) -> float:
    """Deliver over HTTP; return the seconds until the delivery is processed."""
    begun = time.perf_counter()
    sender = Sender(installation.port, SECRET, [message])
    sender.start()
    while not sender.finished or _pending(connection, tenant):
        time.sleep(0.005)
    return time.perf_counter() - begun


def _pending(connection: Any, tenant: UUID) -> bool:
    found = connection.execute(
        "SELECT EXISTS (SELECT FROM webhooks_inboxevent"
        " WHERE tenant_id = %s AND status = 'pending')",
        [tenant],
    ).fetchone()
    return bool(found[0])


def filled(shop: Shop, events: int) -> UUID:
    """Put so many deliveries into the inbox of a new tenant; return its id."""
    tenant = register(shop)
    messages, _ = mixture([shop], events, seed=shop.number, unreadable=0)
    for start in range(0, len(messages), CHUNK):
        with tenant_scope(tenant):
            store(_deliveries(messages[start : start + CHUNK]), now=now())
    return tenant


def _deliveries(messages: Sequence[Message]) -> list[Delivery]:
    return [
        Delivery(
            message.topic,
            {
                "shop-domain": message.shop.domain,
                "webhook-id": message.webhook_id,
                "triggered-at": message.triggered_at.isoformat(),
            },
            message.body,
        )
        for message in messages
    ]


def now() -> datetime:
    return datetime.now(UTC)
