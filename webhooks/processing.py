"""Draining the inbox: from stored deliveries to mirror, ledger and marks.

The inbox is the queue. A batch of one tenant is claimed and its tries are counted in a first,
committed step; then it is written and marked done in ONE transaction. A process that is killed
leaves nothing half-written; its rows are free at once, or when its claim ends, seconds later.

Nothing takes for ever: PostgreSQL ends a statement after `STATEMENT_SECONDS`, a batch that goes on
failing is put back after `BATCH_SECONDS`, and the worker ends itself soon after (its watchdog).
"""

from __future__ import annotations

import gc
import logging
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from uuid import UUID

from django.db import (
    DatabaseError,
    DataError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from shop_data.changes import Change, version_of
from shop_data.payloads.values import PayloadError, parse
from shop_data.store import shop_ids
from shop_data.upserts.plans import plan_anew
from tenants.scope import tenant_scope
from tenants.state import data_changed, lock_tenant
from webhooks.beginnings import delivered_since
from webhooks.claimed import Claimed
from webhooks.feed import tell
from webhooks.origin import refuse_other_shop
from webhooks.privacy import WITHHELD, withheld
from webhooks.queue import (
    Outcome,
    claim,
    end_claim,
    release,
    settle,
    still_mine,
    tenants_with_work,
)
from webhooks.topics import SUBJECTS, TOPICS
from xenofy.common.failpoints import failpoint

__all__ = ["drain", "tenants_with_work"]

logger = logging.getLogger(__name__)

STATEMENT_SECONDS = 10
LOCK_SECONDS = 5  # for what waits for a migration; then the batch is put back
BATCH_SECONDS = 45

_LIMITS = (
    f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s';"
    f" SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"
)
_UNREACHABLE = (OperationalError, InterfaceError)
_REFUSED = (DataError, OperationalError)  # out of a column's range, beyond a limit of PostgreSQL
# SQLSTATE classes that say something about the database and nothing about what is written:
# connection, no writes for now, rollback of a deadlock, resources, locks, shutdown, system.
_OUTAGES = ("08", "25006", "40", "53", "55", "57P", "58")
_TOOK_TOO_LONG = "57014"


def drain(tenant_id: UUID, *, now: datetime, suspects: Collection[str] = (), share: int = 1) -> int:
    """Process one batch of a tenant; return how many deliveries it took.

    0 also when another worker is busy with this tenant. `suspects` are topics of which one failure
    is enough to let them wait (`webhooks.breaker`); `share` is how many tenants have work.
    """
    with tenant_scope(tenant_id):
        claimed = claim(now=now, share=share) if lock_tenant() else {}
    if not claimed:
        return 0
    failpoint("after_claim")
    try:
        with _without_collector():
            count = _process(tenant_id, claimed, now=now, suspects=suspects)
    except _UNREACHABLE:
        with suppress(DatabaseError, InterfaceError), tenant_scope(tenant_id):
            release(claimed)
            end_claim()
        raise
    failpoint("after_commit")
    return count


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep Python from looking for cycles: bodies have none, and among the hundred thousand objects
    of a batch it would look again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _process(
    tenant_id: UUID, claimed: dict[UUID, int], *, now: datetime, suspects: Collection[str]
) -> int:
    """Write what was claimed and note what became of it, in one transaction."""
    with tenant_scope(tenant_id):
        if not lock_tenant():  # another worker came between, or a pass over the rollups
            release(claimed)
            end_claim()
            return 0
        end_claim()  # the lock keeps others away from here on
        _limit()
        plan_anew(rows=len(claimed))
        events = still_mine(claimed)
        outcome = Outcome()
        until = time.monotonic() + BATCH_SECONDS
        changes, gone = withheld(events, _readable(events, outcome), now=now)
        _write(changes, outcome, now=now, until=until)
        for reasons in (outcome.unreadable, outcome.failed):
            reasons.update(dict.fromkeys(gone & reasons.keys(), WITHHELD))
        settle(events, outcome, now=now, suspects=suspects)
        tell(events, changes, without=outcome.unwritten())
        since = delivered_since(events, changes, without=outcome.unwritten())
        data_changed(now=now, known_since=since)
        failpoint("after_upsert")
    _log(tenant_id, events, outcome)
    return len(events)


def _limit() -> None:
    """Let no statement of this transaction take for ever."""
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS)


def _readable(events: Sequence[Claimed], outcome: Outcome) -> list[Change]:
    """Return the deliveries of topics that we take, parsed; note those that cannot be read."""
    changes, shops = [], shop_ids()
    for event in events:
        if event.topic in TOPICS:
            try:
                changes.append(_change(event, shops))
            except PayloadError as error:
                outcome.unreadable[event.id] = str(error)
                outcome.malformed.add(event.id)
            except Exception as error:  # noqa: BLE001  # logged there, and tried again
                _note_fault(event.id, error, outcome)
    return changes


def _change(event: Claimed, shops: Collection[int]) -> Change:
    raw = bytes(event.body)
    body = parse(raw)
    refuse_other_shop(event.topic, body, domain=event.domain, shops=shops)
    version = version_of(body, raw, event.triggered_at or event.received_at)
    is_replayed = event.replayed_at is not None
    return Change(event.id, event.topic, body, raw, version, is_replayed)


def _write(changes: list[Change], outcome: Outcome, *, now: datetime, until: float) -> None:
    """Write the changes; where one fails, find it by halves, so that its neighbours get through.

    A database that does not answer ends the batch: it says nothing about the deliveries. What
    there is no time for stays untried.
    """
    if not changes:
        return
    if time.monotonic() > until:
        outcome.untried |= {change.delivery for change in changes}
        return
    try:
        with transaction.atomic():
            outcome.superseded |= _apply(changes, now=now)
    except Exception as error:
        if _is_outage(error):
            raise
        if len(changes) == 1:
            _note_failure(changes[0], error, outcome)
            return
        middle = len(changes) // 2
        for half in (changes[:middle], changes[middle:]):
            _write(half, outcome, now=now, until=until)


def _is_outage(error: Exception) -> bool:
    if not isinstance(error, _UNREACHABLE):
        return False
    state = _sqlstate(error)
    return state is None or state.startswith(_OUTAGES)


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _note_failure(change: Change, error: Exception, outcome: Outcome) -> None:
    """Note why a delivery was not written: for what it holds, or for a fault that may be ours."""
    if isinstance(error, PayloadError):
        outcome.unreadable[change.delivery] = str(error)
    elif isinstance(error, _REFUSED) and _sqlstate(error) != _TOOK_TOO_LONG:
        outcome.unreadable[change.delivery] = f"The database refuses a value: {error}"
    else:
        _note_fault(change.delivery, error, outcome)


def _note_fault(delivery: UUID, error: Exception, outcome: Outcome) -> None:
    """Note a failure that may be ours; of a batch in which all fail the first says why."""
    if not outcome.failed:
        logger.error("Delivery failed.", extra={"delivery": delivery}, exc_info=error)
    outcome.failed[delivery] = f"{type(error).__name__}: {error}"


def _apply(changes: Sequence[Change], *, now: datetime) -> set[UUID]:
    superseded: set[UUID] = set()
    for subject in SUBJECTS:
        its_own = [change for change in changes if change.topic in subject.topics]
        if its_own:
            superseded |= subject.writer(its_own, now=now)
            failpoint("after_writer")
    return superseded


def _log(tenant_id: UUID, events: Sequence[Claimed], outcome: Outcome) -> None:
    """Say what a batch was, and count what nobody takes and nobody can read."""
    logger.debug("Inbox drained.", extra={"tenant": tenant_id, "events": len(events)})
    unknown = Counter(event.topic for event in events if event.topic not in TOPICS)
    if unknown:
        logger.info(
            "Topics without a writer.", extra={"tenant": tenant_id, "topics": dict(unknown)}
        )
    if outcome.unreadable:
        extra = {"tenant": tenant_id, "events": len(outcome.unreadable)}
        logger.warning("Deliveries quarantined.", extra=extra)
