"""Several writers and two workers at once end in the rollups of a full recomputation."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone

from analytics import rollups
from analytics.models import BuyerGap
from analytics.rollup_sql import COARSER, CUSTOMERS, KNOWN_CUSTOMERS, KNOWN_DAYS, ROLLUPS
from shop_data.models import Order
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books
from tests.analytics.rollup_lives import Lives
from tests.analytics.rollup_oracle import expected, stored
from tests.shops import Delivered
from webhooks.inbox import Delivery, store
from webhooks.models import InboxEvent
from webhooks.processing import drain

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 4
WORKERS = 2
STEPS = 60  # of each writer
JOIN = 240  # seconds
PAUSE = 0.05  # at most, between two steps of a writer


def in_threads(*works: Callable[[], None]) -> list[threading.Thread]:
    """Start each piece of work in a thread with a connection of its own; return the threads."""

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    return threads


class Rush:
    """Writers who tell of orders of the same customers, and workers who take that in meanwhile."""

    def __init__(self, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id
        self.over = threading.Event()
        self.failures: list[Exception] = []
        self.passes: list[int] = []  # how many days each recomputed

    def run(self) -> None:
        """Let all of them work until every writer has told everything."""
        workers = in_threads(*[self._work] * WORKERS)
        writers = in_threads(*(lambda n=n: self._write(n) for n in range(WRITERS)))
        for writer in writers:
            writer.join(JOIN)
        self.over.set()
        for worker in workers:
            worker.join(JOIN)
        assert not any(thread.is_alive() for thread in (*writers, *workers))
        assert self.failures == []

    def _write(self, number: int) -> None:
        lives = Lives(random.Random(number), first_id=number * 1_000_000 + 1)
        try:
            for _ in range(STEPS):
                self._tell(lives.step())
                time.sleep(lives.rng.random() * PAUSE)
        except Exception as error:
            self.failures.append(error)
            raise

    def _tell(self, told: list[Delivered]) -> None:
        deliveries = [
            Delivery(topic, {"webhook-id": str(uuid4())}, json.dumps(body).encode())
            for topic, body in told
        ]
        with tenant_scope(self.tenant_id):
            store(deliveries, now=timezone.now())

    def _work(self) -> None:
        try:
            while not self.over.is_set():
                drain(self.tenant_id, now=timezone.now())
                self.passes.append(rollups.refresh(self.tenant_id, now=timezone.now()))
        except Exception as error:
            self.failures.append(error)
            raise


def test_rush_ends_in_a_full_recomputation(books: Books) -> None:
    tenant_id = books.connection.tenant_id
    rush = Rush(tenant_id)

    rush.run()
    books.drain()
    while books.refresh():
        pass  # what a pass has no time for waits for the next one

    assert sum(map(bool, rush.passes)) > 3
    with tenant_scope(tenant_id):
        lost = InboxEvent.objects.exclude(status__in=["done", "superseded"])
        assert list(lost.values_list("status", "last_error")) == []
        assert Order.objects.count() > WRITERS * 5
        assert rollups.marked_days() == set()
        assert differing() == {}
        assert stored() == expected()
        assert_buyers_are_unique()


def differing() -> dict[str, int]:
    """Return how many rows of which table a full recomputation would change."""
    found = {}
    with connection.cursor() as cursor:
        tenant = {"tenant": rollups.current_tenant_id()}
        cursor.execute(KNOWN_DAYS, tenant)
        days = [day for (day,) in cursor.fetchall()]
        cursor.execute(KNOWN_CUSTOMERS, tenant)
        customers = [customer for (customer,) in cursor.fetchall()]
        for rollup in (*ROLLUPS, *COARSER, CUSTOMERS):
            cursor.execute(rollup.compare, {**tenant, "days": days, "customers": customers})
            if rows := cursor.fetchall():
                found[rollup.table] = len(rows)
    return found


def assert_buyers_are_unique() -> None:
    """Hold the unique buyers of every window of days against COUNT(DISTINCT)."""
    counted = Order.objects.filter(counts=True, customer_shopify_id__isnull=False)
    days = sorted(set(counted.values_list("day", flat=True)))
    assert len(days) > 5
    for number, first in enumerate(days):
        for last in days[number:]:
            inside = counted.filter(day__range=(first, last))
            buyers = inside.values("customer_shopify_id").distinct().count()
            gaps = BuyerGap.objects.filter(day__range=(first, last), previous_day__lt=first)
            assert sum(gaps.values_list("buyers", flat=True)) == buyers


def test_pass_leaves_a_tenant_to_whoever_writes_for_it(books: Books, tenant: Tenant) -> None:
    books.tell(*Lives(random.Random(5)).step())

    with connections["owner"].cursor() as cursor, tenant_scope(tenant.id):
        cursor.execute("BEGIN; SELECT FROM tenants_tenantstate FOR UPDATE")
        done = books.refresh()
        cursor.execute("ROLLBACK")

    assert done == 0
    with tenant_scope(tenant.id):
        assert rollups.marked_days()
    assert books.refresh() > 0


def test_two_passes_take_turns(books: Books, tenant: Tenant) -> None:
    lives = Lives(random.Random(5))
    books.tell(*(told for _ in range(30) for told in lives.step()))
    done: list[int] = []

    def work() -> None:
        done.append(rollups.refresh(tenant.id, now=timezone.now()))

    for thread in in_threads(work, work):
        thread.join(JOIN)

    assert sorted(map(bool, done)) == [False, True]
    with tenant_scope(tenant.id):
        assert stored() == expected()
