"""Reading again what is missing here or older than at Shopify, and deleting what is gone there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from shop_data.changes import Change, Version, digest_of
from shop_data.imports.bulk_files import BulkFile
from shop_data.imports.kinds import KINDS
from shop_data.imports.loading import load, write_changes
from shop_data.models import Reconciliation
from shop_data.payloads.values import written
from shop_data.reconciliation.differences import names_of, note_healed
from shop_data.reconciliation.lines import figures_of_orders
from shop_data.reconciliation.lists import LISTED, is_gone
from shop_data.reconciliation.plan import OF_ORDERS
from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document
from tenants.scope import tenant_scope
from xenofy.common.identifiers import uuid7

AT_ONCE = 100  # objects of one search

Alive = Callable[[], None]
ToRead = Mapping[str, list[int]]


class Chunk(NamedTuple):
    """Objects of one kind that are asked for together."""

    kind: str
    ids: list[int]


def next_chunk(to_read: ToRead) -> Chunk | None:
    """Return what is asked for next; None when nothing is left."""
    for kind in LISTED:
        if to_read.get(kind):
            return Chunk(kind, to_read[kind][:AT_ONCE])
    return None


def without(to_read: ToRead, chunk: Chunk) -> dict[str, list[int]]:
    """Return what is left to read after a chunk."""
    return {**to_read, chunk.kind: to_read[chunk.kind][len(chunk.ids) :]}


def query_of(chunk: Chunk) -> str:
    """Return the bulk query that brings a chunk."""
    search = " OR ".join(f"id:{one}" for one in chunk.ids)
    return document(KINDS[chunk.kind].query).replace("SEARCH", search)


def read_again(
    client: AdminClient,
    running: Reconciliation,
    chunk: Chunk,
    file: BulkFile,
    *,
    now: datetime,
    alive: Alive,
) -> int:
    """Write what Shopify says of a chunk, and note which figures that changed; return how many."""
    kind = KINDS[chunk.kind]
    if chunk.kind != OF_ORDERS:
        return load(client, kind, file, now=now, alive=alive)
    with tenant_scope(client.tenant_id):
        before = figures_of_orders(chunk.ids)
    rows = load(client, kind, file, now=now, alive=alive, asked_at=now)
    with tenant_scope(client.tenant_id):
        after = figures_of_orders(chunk.ids)
        note_healed(running, before, after, names_of(chunk.ids), now=now)
    return rows


def delete_gone(
    client: AdminClient,
    running: Reconciliation,
    kind: str,
    missing: Collection[int],
    *,
    now: datetime,
    alive: Alive,
) -> tuple[list[int], list[int]]:
    """Delete those that Shopify says it does not know; return these, and those it knows after all.

    Each is asked for alone.
    """
    gone: list[int] = []
    there: list[int] = []
    for one in missing:
        alive()
        (gone if is_gone(client, LISTED[kind], one) else there).append(one)
    if gone:
        _delete(client, running, kind, gone, now=now)
    return gone, there


def _delete(
    client: AdminClient, running: Reconciliation, kind: str, gone: list[int], *, now: datetime
) -> None:
    listed = LISTED[kind]
    is_money = kind == OF_ORDERS
    with tenant_scope(client.tenant_id):
        before = figures_of_orders(gone) if is_money else {}
        names = names_of(gone) if is_money else {}
    changes = [_deletion(listed.deletion, one, now) for one in gone]
    write_changes(client.tenant_id, changes, listed.writers, now=now)
    with tenant_scope(client.tenant_id):
        note_healed(running, before, {}, names, now=now)


def _deletion(topic: str, shopify_id: int, now: datetime) -> Change:
    """Return what a webhook would have told of a deletion."""
    body: dict[str, Any] = {"id": shopify_id}
    raw = written(body)
    return Change(uuid7(), topic, body, raw, Version(now, now, digest_of(raw)))
