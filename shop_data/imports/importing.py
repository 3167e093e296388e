"""An import, step by step: each one is short, keeps its place in the tables and may be the last.

Pieces come newest first, so that the last weeks are there within minutes. After each piece of
orders every order since its beginning is known; the figures then say so.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q

from shop_data.errands import ask
from shop_data.imports import bulk
from shop_data.imports.bulk_files import Incomplete
from shop_data.imports.kinds import KINDS, ORDERS, OTHERS, Kind
from shop_data.imports.loading import load, write_store
from shop_data.imports.spans import Span, months
from shop_data.models import Import, ImportPiece
from shop_data.payloads.values import moment
from shop_data.shopify.client import AdminClient, admin_client
from shop_data.shopify.documents import document
from shop_data.shopify.errors import AccessDenied
from shop_data.store import shop_time_zone
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tenants.state import data_changed

IMPORT = "import"  # the errand
SOON, LATER = timedelta(seconds=1), timedelta(seconds=10)
MOST_FAILURES = 3  # of a piece
RECENT = timedelta(days=60)  # what Shopify shows of orders without the scope read_all_orders
ALL_ORDERS = "read_all_orders"

Alive = Callable[[], None]


def begin(*, now: datetime) -> Import:
    """Begin to import the past of the current tenant, or join the one import that runs."""
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


def cancel(*, now: datetime) -> None:
    """End the import that runs; what it has brought stays."""
    _end(Import.State.CANCELLED, "", now=now)
    ask(IMPORT, at=now)  # Shopify still has to be told


def step(tenant_id: UUID, *, now: datetime, alive: Alive) -> datetime | None:
    """Do what is next of the tenant's import; return when the step after it is due, if any.

    `alive` is called now and then while it takes long. Raises `ShopifyError` where Shopify does not
    give what is asked for now.
    """
    client = admin_client(tenant_id)
    with tenant_scope(tenant_id):
        running = Import.objects.filter(state=Import.State.RUNNING).first()
        left = list(ImportPiece.objects.filter(_is_left()).exclude(operation=""))
        piece = _next_piece(running) if running else None
    if running is None:
        _leave(client, left)
        return None
    if running.since_at is None:
        _plan(client, running, now=now)
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
        if not piece.operation:
            return _start(client, running, piece)
        result = bulk.look(client, piece.operation)
        if result is None:
            return SOON
        with tempfile.TemporaryDirectory(prefix="xenofy-import-") as directory:
            file = bulk.fetch(client, result, Path(directory) / "result.jsonl")
            rows = load(client, KINDS[piece.kind], file, now=now, alive=alive)
    except Incomplete as error:
        return _again(client.tenant_id, piece, str(error), now=now)
    except AccessDenied as error:
        return _without(client.tenant_id, piece, str(error), now=now)
    _note_brought(client.tenant_id, piece, rows=rows, now=now)
    return timedelta(0)


def _start(client: AdminClient, running: Import, piece: ImportPiece) -> timedelta:
    field = "created_at" if running.kind == Import.Kind.PAST else "updated_at"
    span = Span(piece.since_at, piece.until_at) if piece.since_at and piece.until_at else None
    query = document(KINDS[piece.kind].query).replace("SEARCH", search_of(field, span))
    try:
        operation = bulk.start(client, query)
    except bulk.Busy:
        return LATER
    with tenant_scope(client.tenant_id):
        ImportPiece.objects.filter(id=piece.id).update(operation=operation)
    return SOON


def search_of(field: str, span: Span | None) -> str:
    """Return Shopify's search for what is of a span; everything without one.

    Orders of the past by when they were created: so that none is in two spans, whatever day it
    counts for. Sorting would lose rows of a bulk operation.
    """
    if span is None:
        return ""
    return f"{field}:>='{_stamp(span.since)}' AND {field}:<'{_stamp(span.until)}'"


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


# ── what is to be brought ─────────────────────────────────────────────────────────────────────


def _plan(client: AdminClient, running: Import, *, now: datetime) -> None:
    """Ask what there is and what we may see, and write down the pieces."""
    answer = client.run(document("store"))
    scopes = {scope["handle"] for scope in answer["currentAppInstallation"]["accessScopes"]}
    since = _first_moment(client, answer["shop"], scopes, now=now)
    # Shopify's clock may be behind ours: what comes in the last minute, webhooks tell.
    pieces = list(_pieces(scopes, since, now))
    search = f"created_at:>='{_stamp(since)}'"
    count = client.run(document("orders_count"), {"query": search})["ordersCount"]
    write_store(client.tenant_id, answer["shop"], now=now)
    with tenant_scope(client.tenant_id):
        ImportPiece.objects.filter(of=running).delete()
        for place, (kind, span) in enumerate(pieces):
            since_until = {"since_at": span.since, "until_at": span.until} if span else {}
            ImportPiece.objects.create(of=running, place=place, kind=kind.name, **since_until)
        Import.objects.filter(id=running.id).update(
            since_at=since, orders=count["count"], trouble=_what_is_missing(scopes)
        )
        first = since.astimezone(shop_time_zone()).date()
        TenantState.objects.update(history_since=first)


def _first_moment(
    client: AdminClient, shop: Mapping[str, Any], scopes: Collection[str], *, now: datetime
) -> datetime:
    """Return from when on there are orders that we may see.

    That is when the shop was made or, where orders were brought along from elsewhere, the oldest.
    """
    created_at = moment(shop["createdAt"], "shop.createdAt") or now - RECENT
    if ALL_ORDERS not in scopes:
        return max(created_at, now - RECENT)
    if not _may_see(ORDERS, scopes):
        return created_at
    oldest = client.run(document("first_order"))["orders"]["nodes"]
    found = [moment(order["createdAt"], "createdAt") for order in oldest]
    return min([created_at, *(at for at in found if at)])


def _pieces(
    scopes: Collection[str], since: datetime, now: datetime
) -> Iterator[tuple[Kind, Span | None]]:
    """Yield what is brought in this order: the newest month, all that is no order, older months."""
    of_orders = [(ORDERS, span) for span in months(since, now + timedelta(minutes=1))]
    yield from of_orders[:1] if _may_see(ORDERS, scopes) else ()
    yield from ((kind, None) for kind in OTHERS if _may_see(kind, scopes))
    yield from of_orders[1:] if _may_see(ORDERS, scopes) else ()


def _may_see(kind: Kind, scopes: Collection[str]) -> bool:
    return set(kind.needs) <= set(scopes)


def _what_is_missing(scopes: Collection[str]) -> str:
    said = [
        f"Without the scopes {', '.join(kind.needs)} there are no {kind.empties}."
        for kind in (ORDERS, *OTHERS)
        if not _may_see(kind, scopes)
    ]
    if ALL_ORDERS not in scopes:
        said.append("Without read_all_orders Shopify shows the orders of the last 60 days only.")
    return " ".join(said)


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
            _end(Import.State.FAILED, said, now=now)
    return LATER * failures


def _without(tenant_id: UUID, piece: ImportPiece, why: str, *, now: datetime) -> timedelta:
    """Go on without what may not be seen; without orders an import is none."""
    kind = KINDS[piece.kind]
    with tenant_scope(tenant_id):
        if kind is ORDERS:
            _end(Import.State.FAILED, f"{why} There are no {kind.empties}.", now=now)
            return SOON
        ImportPiece.objects.filter(id=piece.id).update(ended_at=now, operation="", rows=0)
        running = Import.objects.get(id=piece.of_id)
        said = f"{running.trouble} {why} There are no {kind.empties}.".strip()
        Import.objects.filter(id=running.id).update(trouble=said)
    return SOON


def _finish(tenant_id: UUID, running: Import, *, now: datetime) -> None:
    with tenant_scope(tenant_id):
        _end(Import.State.DONE, running.trouble, now=now)


def _end(state: Import.State, trouble: str, *, now: datetime) -> None:
    """End the import that runs in the current tenant; no page waits for more."""
    running = Import.objects.filter(state=Import.State.RUNNING)
    if running.update(state=state, ended_at=now, trouble=trouble):
        TenantState.objects.update(history_since=None)
        data_changed(now=now)


def _is_left() -> Q:
    """Match pieces that nobody waits for any more."""
    return Q(ended_at=None) & ~Q(of__state=Import.State.RUNNING)


def _leave(client: AdminClient, pieces: Collection[Any]) -> None:
    """Tell Shopify of bulk operations that nobody waits for."""
    for piece in pieces:
        bulk.cancel(client, piece.operation)
        with tenant_scope(client.tenant_id):
            ImportPiece.objects.filter(id=piece.id).update(operation="")
