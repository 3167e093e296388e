"""Deliveries that fail, and a database that does: neither stands in the way of others."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import psycopg.errors
import pytest
from django.db import OperationalError
from django.utils import timezone

from shop_data.changes import Change
from shop_data.upserts.customers import upsert_customers
from tests.shops import Shop
from tests.webhooks.deaths import dies
from tests.webhooks.inboxes import T0, customer, customers, drain, events
from webhooks import processing, queue
from webhooks.topics import Subject

NEVER_REACHED = "before_derive_commit"  # by a batch of deliveries

# ── poison ────────────────────────────────────────────────────────────────────────────────────


def fail_at(monkeypatch: pytest.MonkeyPatch, error: BaseException, *, note: str = "poison") -> None:
    """Let the writer of customers raise whenever a batch holds the marked one."""

    def writer(changes: Sequence[Change], *, now: datetime) -> set[UUID]:
        if any(change.body.get("note") == note for change in changes):
            raise error
        return upsert_customers(changes, now=now)

    subject = Subject(writer, frozenset({"customers/create", "customers/update"}))
    monkeypatch.setattr(processing, "SUBJECTS", (subject,))


@pytest.mark.fault(30)
def test_poison_is_isolated_and_its_neighbours_get_through(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, RuntimeError("boom"))
    for number in range(11):
        shop.deliver("customers/create", customer(number, note="poison" if number == 7 else None))

    assert drain(shop) == 11

    assert len(customers(shop)) == 10
    (poison,) = [event for event in events(shop) if event.status != "done"]
    assert (poison.status, poison.attempts) == ("pending", 1)
    assert poison.last_error == "RuntimeError: boom"
    assert poison.next_attempt_at > timezone.now()


@pytest.mark.fault(30)
def test_poison_is_quarantined_after_its_last_try(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, RuntimeError("boom"))
    shop.deliver("customers/create", customer(note="poison"))

    tries = [drain(shop, later=timedelta(days=day)) for day in range(queue.MAX_ATTEMPTS + 1)]

    assert tries == [1] * queue.MAX_ATTEMPTS + [0]
    (event,) = events(shop)
    assert (event.status, event.attempts) == ("quarantined", queue.MAX_ATTEMPTS)


@pytest.mark.fault(30)
@pytest.mark.django_db(transaction=True)
def test_poison_that_takes_the_process_with_it_ends_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel does with a process that takes all memory."""

    def writer(changes: Sequence[Change], *, now: datetime) -> set[UUID]:
        if any(change.body.get("note") == "poison" for change in changes):
            os.kill(os.getpid(), signal.SIGKILL)
        return upsert_customers(changes, now=now)

    monkeypatch.setattr(processing, "SUBJECTS", (Subject(writer, frozenset({"customers/create"})),))
    for number in range(40):
        shop.deliver("customers/create", customer(number, note="poison" if number == 21 else None))

    for restart in range(100):
        drained = partial(shop.drain, later=restart * queue.CLAIM_LASTS)
        if not dies(NEVER_REACHED, drained):
            break

    (poison,) = [event for event in events(shop) if event.status != "done"]
    assert (poison.status, poison.attempts) == ("quarantined", queue.MAX_ATTEMPTS)
    assert "ended 8 times" in poison.last_error
    assert len(customers(shop)) == 39


def test_a_value_that_the_database_refuses_is_quarantined_at_once(shop: Shop) -> None:
    variant = {"id": 2, "position": 10**12}
    shop.process(("products/create", {"id": 1, "variants": [variant], "updated_at": T0}))

    (event,) = events(shop)
    assert event.status == "quarantined"
    assert event.last_error.startswith("The database refuses a value")


# ── outages ───────────────────────────────────────────────────────────────────────────────────


def outage(cause: BaseException | None) -> OperationalError:
    error = OperationalError("the database says no")
    error.__cause__ = cause
    return error


@pytest.mark.fault(34)
@pytest.mark.fault(37)
@pytest.mark.parametrize(
    "cause",
    [None, psycopg.errors.AdminShutdown(), psycopg.errors.DeadlockDetected(),
     psycopg.errors.SerializationFailure(), psycopg.errors.DiskFull(),
     psycopg.errors.ReadOnlySqlTransaction()],
    ids=["lost connection", "shutdown", "deadlock", "serialization", "disk full", "read-only"],
)  # fmt: skip
def test_an_outage_ends_the_batch_and_blames_no_delivery(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, cause: BaseException | None
) -> None:
    fail_at(monkeypatch, outage(cause))
    for note in ("poison", None):
        shop.deliver("customers/create", customer(note=note))

    with pytest.raises(OperationalError):
        drain(shop)

    assert [(event.status, event.attempts) for event in events(shop)] == [("pending", 0)] * 2
    assert customers(shop) == []


def test_a_limit_of_the_database_is_the_deliverys_fault(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, outage(psycopg.errors.ProgramLimitExceeded()))
    for number, note in ((1, "poison"), (2, None)):
        shop.deliver("customers/create", customer(number, note=note))

    drain(shop)

    assert sorted(event.status for event in events(shop)) == ["done", "quarantined"]
