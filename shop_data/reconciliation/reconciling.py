"""A reconciliation, step by step: each one is short, keeps its place, and may be the last.

First the lists of ids, then what they showed to be missing or old is read again, then the ledgers
of all orders that changed since the last time, at last the totals of days.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F

from shop_data.changes import EPOCH
from shop_data.errands import ask
from shop_data.imports import bulk
from shop_data.imports.bulk_files import BulkFile, Incomplete
from shop_data.imports.spans import Span, search
from shop_data.imports.sweeping import last_known
from shop_data.models import Import, Reconciliation, StoreInfo
from shop_data.reconciliation import events, reading, results
from shop_data.reconciliation.agreements import compare_ledgers
from shop_data.reconciliation.differences import note_open
from shop_data.reconciliation.lines import figures_of_days
from shop_data.reconciliation.lists import LISTED, Found, compare, marked_orders, seen_since
from shop_data.reconciliation.nights import next_night
from shop_data.reconciliation.plan import EVENTS, LEDGER, OF_ORDERS, READ, TOTALS, Piece, pieces
from shop_data.reconciliation.results import RECONCILIATION
from shop_data.reconciliation.totals import apart, shopifys_totals
from shop_data.shopify.client import AdminClient, admin_client
from shop_data.shopify.documents import document
from shop_data.shopify.errors import AccessDenied, NotConnected, ReauthRequired, Refused
from shop_data.store import shop_time_zone
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tenants.state import data_changed

SOON, LATER, WAIT = timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=1)
DAY = OVERLAP = timedelta(days=1)
BEHIND = timedelta(minutes=1)
FURTHEST = KEPT = timedelta(days=366)  # whose ledgers the first one compares, and history
MOST_FAILURES = 3  # of a piece
UNSEEN = "Orders that Shopify does not show without read_all_orders are not compared."

Alive = Callable[[], None]


def begin(*, now: datetime) -> Reconciliation:
    """Begin to hold the current tenant's data against Shopify, or join the one that runs.

    Its past has to be here: there is nothing to compare before that.
    """
    running = _running(now=now)
    ask(RECONCILIATION, at=now)
    return running


def step(tenant_id: UUID, *, now: datetime, alive: Alive) -> datetime | None:
    """Do what is next; return when to come again, None where no shop is connected.

    Raises `ShopifyError` where Shopify does not give what is asked for now.
    """
    try:
        client = admin_client(tenant_id)
    except (NotConnected, ReauthRequired):
        return None
    with tenant_scope(tenant_id):
        if last_known() is None or Import.objects.filter(state=Import.State.RUNNING).exists():
            return now + WAIT
        running = _running(now=now)
        night = next_night(now)
    wait = _go_on(client, running, now=now, alive=alive)
    return night if wait is None else now + wait


def _running(*, now: datetime) -> Reconciliation:
    """Return the one that runs; where none does, a new one with all that it is to compare."""
    known_since = TenantState.objects.values_list("known_since_at", flat=True).first() or now
    known_since = max(known_since, seen_since(now=now))
    last, zone = results.last_done(), shop_time_zone()
    since = last.begun_at - OVERLAP if last else max(known_since, now - FURTHEST)
    asked = last.begun_at - OVERLAP if last else now - events.ASKED_BACK
    plan = pieces(
        [kind for kind in LISTED if kind != OF_ORDERS],
        known_since=_second(known_since),
        ledger_since=_second(since),
        events=Span(_second(asked), _second(now - events.BEHIND)),
        until=_second(now - BEHIND),
    )
    running: Reconciliation
    running, _ = Reconciliation.objects.get_or_create(
        state=Reconciliation.State.RUNNING,
        defaults={
            "begun_at": now,
            "pieces": [piece.as_json() for piece in plan],
            "to_read": {OF_ORDERS: [*marked_orders(), *results.suspected_orders()]},
            "first_day": last.first_day if last else since.astimezone(zone).date() + DAY,
            "last_day": now.astimezone(zone).date() - DAY,  # the first and today are not whole
        },
    )
    return running


def _go_on(
    client: AdminClient, running: Reconciliation, *, now: datetime, alive: Alive
) -> timedelta | None:
    """Do the piece at hand; return how long to wait, None when all is done."""
    piece = Piece.from_json(running.pieces[running.place])
    if piece.what == TOTALS:
        _finish(client, running, now=now)
        return None
    try:
        if piece.what == EVENTS:
            return _take_events(client, running, piece)
        return _bring(client, running, piece, now=now, alive=alive)
    except Incomplete as error:
        return _again(client, running, piece, str(error), now=now)
    except AccessDenied as error:
        return _without(client, running, piece, error.message, now=now)


def _bring(
    client: AdminClient,
    running: Reconciliation,
    piece: Piece,
    *,
    now: datetime,
    alive: Alive,
) -> timedelta:
    """Ask for a piece, and when Shopify has collected it compare it."""
    query = _query(running, piece)
    if query is None:
        _pass(client, running)
        return timedelta(0)
    if not running.operation:
        try:
            operation = bulk.start(client, query)
        except bulk.Busy:
            return LATER
        _note(client, running, operation=operation)
        return SOON
    result = bulk.look(client, running.operation)
    if result is None:
        return SOON
    with tempfile.TemporaryDirectory(prefix="xenofy-reconciliation-") as directory:
        path = Path(directory) / "result.jsonl"
        file = bulk.fetch(client, result, path, alive=alive)
        _compare(client, running, piece, file, path, now=now, alive=alive)
    return timedelta(0)


def _take_events(client: AdminClient, running: Reconciliation, piece: Piece) -> timedelta:
    """Bring a page of Shopify's feed; `operation` is where the next one begins."""
    wanted = search("created_at", *piece.span) if piece.span else ""
    after = events.take_page(client, wanted, running.operation or None)
    if after is None:
        _pass(client, running)
    else:
        _note(client, running, operation=after)
    return timedelta(0)


def _query(running: Reconciliation, piece: Piece) -> str | None:
    """Return the bulk query of a piece; None where nothing is left to ask for."""
    if piece.what == READ:
        chunk = reading.next_chunk(running.to_read)
        return chunk and reading.query_of(chunk)
    field = "updated_at" if piece.what == LEDGER else "created_at"
    name = "bulk_agreements" if piece.what == LEDGER else LISTED[piece.what].query
    return document(name).replace("SEARCH", search(field, *piece.span) if piece.span else "")


def _compare(
    client: AdminClient,
    running: Reconciliation,
    piece: Piece,
    file: BulkFile,
    path: Path,
    *,
    now: datetime,
    alive: Alive,
) -> None:
    """Compare what a file says, and go on to the next piece."""
    if piece.what == READ:
        chunk = reading.next_chunk(running.to_read)
        assert chunk is not None  # noqa: S101 - the file is its answer
        rows = reading.read_again(client, running, chunk, file, now=now, alive=alive)
        left = reading.without(running.to_read, chunk)
        _note(client, running, operation="", to_read=left, read=F("read") + rows)
        return
    if piece.what == LEDGER:
        found = compare_ledgers(client.tenant_id, running, path, now=now, alive=alive)
        counts = {"confirmed": found.confirmed, "corrected": found.corrected}
        _pass(client, running, **{name: F(name) + count for name, count in counts.items()})
        return
    with tenant_scope(client.tenant_id):
        listed = compare(LISTED[piece.what], path, piece.span)
    _take(client, running, piece, listed, now=now, alive=alive)


def _take(
    client: AdminClient,
    running: Reconciliation,
    piece: Piece,
    found: Found,
    *,
    now: datetime,
    alive: Alive,
) -> None:
    """Delete what is gone, and note what is to be read again."""
    gone, there = reading.delete_gone(
        client, running, piece.what, found.missing, now=now, alive=alive
    )
    waiting = [*running.to_read.get(piece.what, []), *found.to_read, *there]
    theirs, ours = running.counts.get(piece.what, (0, 0))
    counts = (theirs + found.theirs, ours + found.ours)
    _pass(
        client,
        running,
        to_read={**running.to_read, piece.what: waiting},
        counts={**running.counts, piece.what: counts},
        deleted=F("deleted") + len(gone),
    )


def _finish(client: AdminClient, running: Reconciliation, *, now: datetime) -> None:
    """Compare whole days with Shopify's reports, where we may see them, and end."""
    first, last, trouble = running.first_day, running.last_day, running.trouble
    with tenant_scope(client.tenant_id):
        currency = StoreInfo.objects.values_list("currency", flat=True).first() or ""
    try:
        theirs = shopifys_totals(client, first, last, currency) if first <= last else None
    except Refused as error:
        theirs, trouble = None, f"{trouble} {error.message}".strip()
    referee = Reconciliation.Referee
    with tenant_scope(client.tenant_id):
        if theirs is not None:
            for difference in apart(figures_of_days(first, last, currency), theirs):
                note_open(running, *difference)
        elif seen_since(now=now) > EPOCH:
            trouble = f"{trouble} {UNSEEN}".strip()
        whose = referee.AGREEMENTS if theirs is None else referee.SHOPIFYQL
        _end(running, Reconciliation.State.DONE, now=now, referee=whose, trouble=trouble)
        Reconciliation.objects.filter(begun_at__lt=now - KEPT).delete()


def _second(at: datetime) -> datetime:
    """Return the second that a moment is in: Shopify is asked for whole ones."""
    return at.replace(microsecond=0)


# ── where it is ───────────────────────────────────────────────────────────────────────────────


def _note(client: AdminClient, running: Reconciliation, **changes: Any) -> None:
    with tenant_scope(client.tenant_id):
        Reconciliation.objects.filter(id=running.id).update(**changes)


def _pass(client: AdminClient, running: Reconciliation, **changes: Any) -> None:
    """Go on to the next piece."""
    place = running.place + 1
    _note(client, running, place=place, operation="", failures=0, **changes)


def _again(
    client: AdminClient, running: Reconciliation, piece: Piece, why: str, *, now: datetime
) -> timedelta | None:
    """Ask for a piece once more that did not come whole; at last the reconciliation has failed."""
    failures = running.failures + 1
    if failures < MOST_FAILURES:
        _note(client, running, operation="", failures=failures)
        return LATER * failures
    said = f"What Shopify collected of {piece.what} was not whole {failures} times. {why}"
    with tenant_scope(client.tenant_id):
        _end(running, Reconciliation.State.FAILED, now=now, trouble=said)
    return None


def _without(
    client: AdminClient, running: Reconciliation, piece: Piece, why: str, *, now: datetime
) -> timedelta | None:
    """Go on without what may not be seen; without orders there is nothing to compare."""
    if piece.what in {OF_ORDERS, LEDGER}:
        with tenant_scope(client.tenant_id):
            _end(running, Reconciliation.State.FAILED, now=now, trouble=why)
        return None
    said = f"{running.trouble} {why} {piece.what.capitalize()} were not compared.".strip()
    _pass(client, running, trouble=said)
    return timedelta(0)


def _end(running: Reconciliation, state: str, *, now: datetime, **changes: Any) -> None:
    rows = Reconciliation.objects.filter(id=running.id)
    rows.update(state=state, ended_at=now, operation="", to_read={}, **changes)
    data_changed(now=now)  # what pages say of their figures
