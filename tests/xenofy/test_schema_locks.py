"""A migration beside deliveries and readers: nobody waits long, and it gets done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections

from tests.factories import ConnectionFactory, TenantFactory
from tests.shops import Shop
from tests.webhooks.processes import other_session, wait_until
from xenofy import schema_locks
from xenofy.schema_locks import patiently

pytestmark = pytest.mark.django_db(transaction=True)
STALL = 5.0  # seconds for which Shopify waits for an answer


def alter() -> None:
    """Change the inbox, for which nobody may use it, to what it is."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE webhooks_inboxevent ALTER COLUMN topic SET NOT NULL")


def in_thread(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    return run


@pytest.mark.fault(38)
def test_a_migration_that_waits_for_a_reader_holds_up_no_delivery(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema_locks, "PAUSE", 0.2)
    shop = Shop(ConnectionFactory(tenant=TenantFactory()))
    told: list[str] = []
    seconds: list[float] = []
    over = threading.Event()

    def deliver() -> None:
        while not over.is_set():
            begun = time.monotonic()
            shop.deliver("orders/create", b"{}")
            seconds.append(time.monotonic() - begun)

    with other_session() as reader, ThreadPoolExecutor(2) as pool:
        reader.execute("SELECT count(*) FROM webhooks_inboxevent")
        migration = pool.submit(in_thread(lambda: patiently(alter, alias="owner", say=told.append)))
        deliveries = pool.submit(in_thread(deliver))
        wait_until(lambda: bool(told))
        assert not migration.done()
        reader.commit()
        migration.result()
        over.set()
        deliveries.result()

    assert max(seconds) < STALL
    assert shop.statuses() == {"pending": len(seconds)}


def test_it_gives_up_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_locks, "PATIENCE", 0)
    monkeypatch.setattr(schema_locks, "LOCK_SECONDS", 0.01)

    with other_session() as reader:
        reader.execute("SELECT count(*) FROM webhooks_inboxevent")
        with pytest.raises(OperationalError, match="lock timeout"):
            patiently(alter, alias="owner", say=print)


def test_afterwards_locks_are_waited_for_as_before() -> None:
    assert patiently(lambda: 7, alias="owner", say=print) == 7

    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
