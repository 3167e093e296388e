"""Putting deliveries back: any of them, any number of times, with the history of their tries."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from tenants.scope import tenant_scope
from tests.shops import Shop
from tests.webhooks.inboxes import T0, customer, customers, drain, events
from webhooks import replay, retention
from webhooks.history import KEPT, history
from webhooks.models import DeliveryCount, InboxEvent
from webhooks.replay import EVERY_STATUS, PutBack, Selection

Status = InboxEvent.Status
QUARANTINED = Selection(statuses=frozenset({Status.QUARANTINED}))
EVERYTHING = Selection(statuses=EVERY_STATUS)
BAD_PRODUCT = {"id": 1, "variants": [{"id": 2, "position": 10**12}], "updated_at": T0}


def put_back(shop: Shop, selection: Selection = QUARANTINED, **more: Any) -> PutBack:
    with tenant_scope(shop.connection.tenant_id):
        return replay.put_back(selection, now=timezone.now(), by="Put back by a test.", **more)


def counts(shop: Shop) -> Counter[str]:
    with tenant_scope(shop.connection.tenant_id):
        rows = DeliveryCount.objects.values_list("status", "deliveries")
        found: Counter[str] = Counter()
        for status, number in rows:
            found[status] += number
        return +found


def test_a_delivery_that_is_put_back_is_processed_again(shop: Shop) -> None:
    shop.process(("products/create", BAD_PRODUCT))

    assert put_back(shop) == PutBack(1, 0, more=False)
    assert shop.statuses() == {"pending": 1}
    assert shop.drain() == 1
    assert shop.statuses() == {"quarantined": 1}


def test_putting_back_twice_is_putting_back_once(shop: Shop) -> None:
    shop.process(("products/create", BAD_PRODUCT))

    assert [put_back(shop).queued, put_back(shop).queued] == [1, 0]
    assert len(events(shop)[0].tries) == 2


def test_replaying_everything_changes_nothing(shop: Shop) -> None:
    for day in (1, 3, 2):
        updated_at = f"2026-03-0{day}T10:00:00Z"
        shop.process(("customers/update", customer(note=str(day), updated_at=updated_at)))
    (before,) = customers(shop)

    assert put_back(shop, EVERYTHING).queued == 3
    shop.drain()

    (after,) = customers(shop)
    assert (after.id, after.note, after.version_at) == (before.id, "3", before.version_at)
    assert set(shop.statuses()) <= {"done", "superseded"}


def test_the_counts_follow(shop: Shop) -> None:
    shop.process(("products/create", BAD_PRODUCT), ("customers/create", customer()))
    assert counts(shop) == {"quarantined": 1, "done": 1}

    put_back(shop)
    assert counts(shop) == {"done": 1}

    shop.drain()
    assert counts(shop) == {"quarantined": 1, "done": 1}


def test_the_history_of_tries_is_kept(shop: Shop) -> None:
    shop.process(("products/create", BAD_PRODUCT))
    put_back(shop)
    shop.drain()

    (event,) = events(shop)
    found = [(each.attempt, each.outcome, each.reason[:20]) for each in history(event)]
    assert found == [
        (1, "quarantined", "The database refuses"),
        (0, "put_back", "Put back by a test."),
        (1, "quarantined", "The database refuses"),
    ]
    assert all(each.at for each in history(event))


def test_a_try_during_which_the_worker_ended_is_told(shop: Shop) -> None:
    shop.deliver("products/create", BAD_PRODUCT)
    with tenant_scope(shop.connection.tenant_id):
        InboxEvent.objects.update(attempts=F("attempts") + 2)

    shop.drain()

    (event,) = events(shop)
    assert [each.outcome for each in history(event)] == ["ended", "ended", "quarantined"]


def test_the_history_has_an_end(shop: Shop) -> None:
    shop.process(("products/create", BAD_PRODUCT))
    for _ in range(KEPT):
        put_back(shop)
        shop.drain()

    assert len(events(shop)[0].tries) == KEPT


def test_topic_and_span_choose(shop: Shop) -> None:
    shop.process(("products/create", BAD_PRODUCT), ("products/update", BAD_PRODUCT | {"id": 2}))
    first, second = events(shop)
    quarantined = frozenset({Status.QUARANTINED})

    def chosen(**by: Any) -> int:
        with tenant_scope(shop.connection.tenant_id):
            selection = Selection(statuses=quarantined, **by)
            return replay.count(selection, now=timezone.now()).queued

    assert chosen(topic="products/update") == 1
    assert chosen(since=second.received_at) == 1
    assert chosen(until=second.received_at) == 1
    assert chosen(since=first.received_at, until=second.received_at + timedelta(seconds=1)) == 2
    assert chosen(ids=(first.id,)) == 1


def test_one_call_puts_back_so_many_and_says_that_there_are_more(shop: Shop) -> None:
    for number in range(5):
        shop.deliver("customers/create", b"{" + str(number).encode())
    shop.drain()

    assert put_back(shop, most=3) == PutBack(3, 0, more=True)
    assert put_back(shop, most=3) == PutBack(2, 0, more=False)


def test_what_waits_for_its_next_try_can_be_tried_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.deliver("customers/create", customer())
    with tenant_scope(shop.connection.tenant_id):
        later = timezone.now() + timedelta(hours=1)
        InboxEvent.objects.update(attempts=5, next_attempt_at=later)
    assert drain(shop) == 0

    (event,) = events(shop)
    chosen = Selection(statuses=EVERY_STATUS, ids=(event.id,))
    assert put_back(shop, chosen).queued == 1
    assert drain(shop) == 1


def test_a_pruned_delivery_cannot_be_put_back_and_that_is_said(shop: Shop) -> None:
    shop.process(("products/create", BAD_PRODUCT))
    with tenant_scope(shop.connection.tenant_id):
        retention.blank([events(shop)[0].id], now=timezone.now())

    assert put_back(shop) == PutBack(0, 1, more=False)
    assert shop.statuses() == {"quarantined": 1}


# ── manage.py replay ──────────────────────────────────────────────────────────────────────────


def command(*arguments: str) -> str:
    said = StringIO()
    call_command("replay", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_wants_to_know_which(db: None) -> None:
    with pytest.raises(CommandError, match="Say which deliveries"):
        command()


def test_the_command_counts_and_puts_back(shop: Shop) -> None:
    shop.process(("products/create", BAD_PRODUCT), ("customers/create", customer()))
    domain = shop.connection.domain

    assert ": 1 would be put back\n" in command("--tenant", domain, "--dry-run")
    assert shop.statuses() == {"quarantined": 1, "done": 1}
    assert ": 1 put back\n" in command("--tenant", domain)
    assert ": 0 put back\n" in command("--tenant", domain)
    assert ": 1 put back\n" in command("--all", "--status", "every", "--topic", "customers/create")
    shop.drain()
    assert ": 1 put back\n" in command("--id", str(events(shop)[0].id))
    assert ": 0 put back\n" in command("--until", "2026-01-01")


def test_the_command_goes_through_all_chunks(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "CHUNK", 2)
    for number in range(5):
        shop.deliver("customers/create", b"{" + str(number).encode())
    shop.drain()

    assert ": 5 put back\n" in command("--all")
    assert shop.statuses() == {"pending": 5}
