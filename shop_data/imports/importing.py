"""An import, step by step: each one is short, keeps its place in the tables and may be the last.

Pieces come newest first, so that the last weeks are there within minutes. After each piece of
orders every order since its beginning is known; the figures then say so.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q

from shop_data.errands import ask
from shop_data.imports import bulk
from shop_data.imports.bulk_files import BulkFile, Incomplete
from shop_data.imports.kinds import KINDS, ORDERS, OTHERS
from shop_data.imports.loading import load
from shop_data.imports.planning import orders_between, plan
from shop_data.imports.spans import Span, search
from shop_data.models import Import, ImportPiece
from shop_data.shopify.client import AdminClient, admin_client
from shop_data.shopify.documents import document
from shop_data.shopify.errors import AccessDenied
from shop_data.shopify.people import are_people_withheld
from shop_data.upserts.store import note_people
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tenants.state import data_changed

IMPORT = "import"  # the errand
SOON, LATER = timedelta(seconds=1), timedelta(seconds=10)
MOST_FAILURES = 3  # of a piece

Alive = Callable[[], None]


def begin(*, now: datetime) -> Import:
    """Begin to import the past of the current tenant, or join the import of it that runs.

    What is fetched of the last changes is given up for it: the past brings them too.
    """
    _end(Q(kind=Import.Kind.CHANGES), Import.State.CANCELLED, now=now)
    found: Import
    found, _ = Import.objects.get_or_create(state=Import.State.RUNNING, defaults={"begun_at": now})
    ask(IMPORT, at=now)
    return found


def begin_changes(span: Span, *, now: datetime) -> Import:
    """Begin to fetch what changed in a span of time; no other import of the tenant may run."""
    kind, state = Import.Kind.CHANGES, Import.State.RUNNING
    running: Import = Import.objects.create(
        kind=kind, state=state, begun_at=now, since_at=span.since
    )
    changing = [each for each in (ORDERS, *OTHERS) if each.is_searched]
    for place, each in enumerate(changing):
        ImportPiece.objects.create(
            of=running, place=place, kind=each.name, since_at=span.since, until_at=span.until
        )
    ask(IMPORT, at=now)
    return running


def cancel(*, now: datetime) -> bool:
    """End the import of the past that runs, and tell whether one did; what it has brought stays."""
    ended = _end(Q(kind=Import.Kind.PAST), Import.State.CANCELLED, trouble="", now=now)
    ask(IMPORT, at=now)  # Shopify still has to be told
    return ended


def step(tenant_id: UUID, *, now: datetime, alive: Alive) -> datetime | None:
    """Do what is next of the tenant's import; return when the step after it is due, if any.

    `alive` is called now and then while it takes long. Raises `ShopifyError` where Shopify does not
    give what is asked for now.
    """
    client = admin_client(tenant_id)
    with tenant_scope(tenant_id):
        running = Import.objects.filter(state=Import.State.RUNNING).first()
        left = ImportPiece.objects.filter(_is_left()).exclude(operation="").select_related("of")
        unwanted = list(left)
        piece = _next_piece(running) if running else None
    _leave(client, unwanted)
    if running is None:
        return None
    if running.since_at is None:
        plan(client, running, now=now)
    elif piece is None:
        _finish(tenant_id, running, now=now)
    else:
        return now + _bring(client, running, piece, now=now, alive=alive)
    return now


def _bring(
    client: AdminClient, running: Import, piece: ImportPiece, *, now: datetime, alive: Alive
) -> timedelta:
    """Take a piece a step further; return how long to wait until the next step."""
    try:
        if piece.operation in {"", bulk.STARTING}:
            return _start(client, running, piece)
        result = bulk.look(client, piece.operation)
        if result is None:
            return SOON
        with tempfile.TemporaryDirectory(prefix="xenofy-import-") as directory:
            path, kinds = Path(directory) / "result.jsonl", KINDS[piece.kind].connections
            file = bulk.fetch(client, result, path, alive=alive, kinds=kinds)
            _check(piece, file)
            rows = load(client, KINDS[piece.kind], file, now=now, alive=alive)
    except Incomplete as error:
        return _again(client.tenant_id, piece, str(error), now=now)
    except AccessDenied as error:
        return _without(client.tenant_id, piece, str(error), now=now)
    _note_brought(client.tenant_id, piece, rows=rows, now=now)
    return timedelta(0)


def _start(client: AdminClient, running: Import, piece: ImportPiece) -> timedelta:
    """Let Shopify collect a piece. One that was started before we were killed is gone on with."""
    query = _query(running, piece)
    operation = bulk.find_running(client, query) if piece.operation == bulk.STARTING else None
    if operation is None:
        counted = _counted(client, running, piece)
        _note(client, piece, operation=bulk.STARTING, counted=counted)
        try:
            operation = bulk.start(client, query)
        except bulk.Busy:
            return LATER
    _note(client, piece, operation=operation)
    return SOON


def _note(client: AdminClient, piece: ImportPiece, **what: Any) -> None:
    with tenant_scope(client.tenant_id):
        ImportPiece.objects.filter(id=piece.id).update(**what)


def _query(running: Import, piece: ImportPiece) -> str:
    return document(KINDS[piece.kind].query).replace("SEARCH", _search(running, piece))


def _search(running: Import, piece: ImportPiece) -> str:
    """Return Shopify's search for what is of a piece; everything without a span.

    Orders of the past by when they were created: so that none is in two spans, whatever day it
    counts for. Sorting would lose rows of a bulk operation.
    """
    if piece.since_at is None:
        return ""
    field = "created_at" if running.kind == Import.Kind.PAST else "updated_at"
    return search(field, piece.since_at, piece.until_at)


def _counted(client: AdminClient, running: Import, piece: ImportPiece) -> int | None:
    """Ask how many orders there are to bring; None where that is not sure before they come.

    An order that changes leaves the span of its last change.
    """
    if piece.kind != ORDERS.name or running.kind != Import.Kind.PAST or piece.since_at is None:
        return None
    return orders_between(client, piece.since_at, piece.until_at)


def _check(piece: ImportPiece, file: BulkFile) -> None:
    """Raise `Incomplete` for a file with fewer orders than Shopify counted when it began it."""
    if piece.counted is not None and len(file) < piece.counted:
        raise Incomplete(f"Shopify counts {piece.counted:,} orders; the file has {len(file):,}.")


# ── how far it is ─────────────────────────────────────────────────────────────────────────────


def _next_piece(running: Import) -> ImportPiece | None:
    left = ImportPiece.objects.filter(of=running, ended_at=None).order_by("place")
    piece: ImportPiece | None = left.first()
    return piece


def _note_brought(tenant_id: UUID, piece: ImportPiece, *, rows: int, now: datetime) -> None:
    with tenant_scope(tenant_id):
        ImportPiece.objects.filter(id=piece.id).update(rows=rows, ended_at=now, operation="")
        if piece.kind == ORDERS.name:
            data_changed(now=now, known_since=piece.since_at)


def _again(tenant_id: UUID, piece: ImportPiece, why: str, *, now: datetime) -> timedelta:
    """Let a piece that came incomplete be collected once more; at last the import has failed."""
    failures = piece.failures + 1
    with tenant_scope(tenant_id):
        ImportPiece.objects.filter(id=piece.id).update(failures=failures, operation="")
        if failures >= MOST_FAILURES:
            said = f"What Shopify collected of {piece.kind} was not whole {failures} times. {why}"
            _end(Q(id=piece.of_id), Import.State.FAILED, trouble=said, now=now)
    return LATER * failures


def _without(tenant_id: UUID, piece: ImportPiece, why: str, *, now: datetime) -> timedelta:
    """Go on without what may not be seen, first without names; without orders an import is none."""
    kind = KINDS[piece.kind]
    asks_again = kind.has_people and not are_people_withheld(tenant_id)
    with tenant_scope(tenant_id):
        if asks_again:
            note_people(withheld_at=now)
            ImportPiece.objects.filter(id=piece.id).update(operation="")
            return SOON
        if kind is ORDERS:
            said = f"{why} There are no {kind.empties}."
            _end(Q(id=piece.of_id), Import.State.FAILED, trouble=said, now=now)
            return SOON
        ImportPiece.objects.filter(id=piece.id).update(ended_at=now, operation="", rows=0)
        running = Import.objects.get(id=piece.of_id)
        said = f"{running.trouble} {why} There are no {kind.empties}.".strip()
        Import.objects.filter(id=running.id).update(trouble=said)
    return SOON


def _finish(tenant_id: UUID, running: Import, *, now: datetime) -> None:
    with tenant_scope(tenant_id):
        _end(Q(id=running.id), Import.State.DONE, now=now)


def _end(which: Q, state: Import.State, *, now: datetime, trouble: str | None = None) -> bool:
    """End one that runs in the current tenant, and tell whether it did; no page waits for more."""
    running = Import.objects.filter(which, state=Import.State.RUNNING)
    said = {} if trouble is None else {"trouble": trouble}
    if not running.update(state=state, ended_at=now, **said):
        return False
    TenantState.objects.update(history_since=None)
    data_changed(now=now)
    return True


def _is_left() -> Q:
    """Match pieces that nobody waits for any more."""
    return Q(ended_at=None) & ~Q(of__state=Import.State.RUNNING)


def _leave(client: AdminClient, pieces: Collection[Any]) -> None:
    """Tell Shopify of bulk operations that nobody waits for."""
    for piece in pieces:
        operation = piece.operation
        if operation == bulk.STARTING:
            operation = bulk.find_running(client, _query(piece.of, piece))
        if operation:
            bulk.cancel(client, operation)
        _note(client, piece, operation="")
