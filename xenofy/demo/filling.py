"""Putting the demo store's history into the inbox: the newest month first, and once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from shop_data.models import Order
from tenants.models import TenantState
from tenants.scope import tenant_scope
from webhooks.inbox import Delivery, store
from webhooks.models import InboxEvent
from xenofy.demo.history import History, Month
from xenofy.demo.identifiers import LAST_OF_HISTORY, order

AHEAD = 4_000  # deliveries that may wait for the worker
CHUNK = 500  # deliveries in one transaction
PAUSE = 0.1  # seconds between looks at the worker
PATIENCE = 15.0  # seconds without progress after which the silence is explained

Say = Callable[[str], None]
Clock = Callable[[], datetime]


def fill(tenant_id: UUID, history: History, *, clock: Clock, say: Say) -> None:
    """Store the history and return when the worker has processed it.

    What a run that was cut off has stored is left out; a history that is complete costs one look.
    """
    if _is_complete(tenant_id):
        return
    _say_since(tenant_id, history.first)
    _store(tenant_id, history.opening(), clock)
    months = history.months()
    for left, month in zip(range(len(months) - 1, -1, -1), months, strict=True):
        if not _is_stored(tenant_id, month):
            _fill_month(tenant_id, history, month, clock=clock, say=say)
        say(f"{month.first:%B %Y} stored, {len(month.visits):,} orders; {_to_go(left)}")
    _wait(tenant_id, below=1, say=say)
    _say_since(tenant_id, None)
    say(f"All of {len(history.visits):,} orders since {history.first:%B %Y} are in.")


def _fill_month(tenant_id: UUID, history: History, month: Month, *, clock: Clock, say: Say) -> None:
    for chunk in _chunks(history.deliveries(visit) for visit in month.visits):
        _wait(tenant_id, below=AHEAD, say=say)
        _store(tenant_id, chunk, clock)


def _chunks(orders: Iterable[Sequence[Delivery]]) -> Iterator[list[Delivery]]:
    """Yield deliveries in groups that never part those of one order."""
    chunk: list[Delivery] = []
    for deliveries in orders:
        chunk += deliveries
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _store(tenant_id: UUID, deliveries: Iterable[Delivery], clock: Clock) -> None:
    with tenant_scope(tenant_id):
        store(deliveries, now=clock())


def _is_complete(tenant_id: UUID) -> bool:
    with tenant_scope(tenant_id):
        state = TenantState.objects.get()
        begun = Order.objects.filter(shopify_id__range=(order(1), order(LAST_OF_HISTORY)))
        return state.history_since is None and begun.exists()


def _is_stored(tenant_id: UUID, month: Month) -> bool:
    """Tell whether the last order of a month is here, which comes after all others."""
    last = order(month.visits[-1].serial)
    with tenant_scope(tenant_id):
        return Order.objects.filter(shopify_id=last).exists()


def _say_since(tenant_id: UUID, first: date | None) -> None:
    with tenant_scope(tenant_id):
        TenantState.objects.update(history_since=first)


def _wait(tenant_id: UUID, *, below: int, say: Say) -> None:
    """Wait until fewer than `below` deliveries are left for the worker."""
    explained_at = time.monotonic() + PATIENCE
    before = None
    while (waiting := _waiting(tenant_id)) >= below:
        if before is None or waiting < before:
            before, explained_at = waiting, time.monotonic() + PATIENCE
        elif time.monotonic() >= explained_at:
            say(f"{waiting:,} deliveries wait for the worker, who takes none. Is it running?")
            explained_at = math.inf
        time.sleep(PAUSE)


def _waiting(tenant_id: UUID) -> int:
    with tenant_scope(tenant_id):
        return InboxEvent.objects.filter(status=InboxEvent.Status.PENDING).count()


def _to_go(months: int) -> str:
    if months == 0:
        return "the last one"
    return f"{months} month{'s' if months > 1 else ''} to go"
