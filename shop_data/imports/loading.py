"""Writing what a bulk result tells into the mirror, as if webhooks had told it, some at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shop_data.changes import EPOCH, Change
from shop_data.imports.bulk_files import BulkFile, Node
from shop_data.imports.hands import HANDS, Chunk, Hands, Job
from shop_data.imports.kinds import ORDERS, Kind, change_of
from shop_data.imports.refunds import whole_refunds
from shop_data.payloads.graphql_shop import store_body
from shop_data.privacy.withholding import as_it_may_come_in
from shop_data.shopify.client import AdminClient
from shop_data.upserts.plans import plan_anew
from shop_data.upserts.store import upsert_store
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tenants.state import data_changed
from xenofy.common.failpoints import failpoint

CHUNK = 500  # objects of one transaction: others who write for the tenant wait that long
LARGE = 5_000  # objects: a file of fewer is written before other processes are there


def load(
    client: AdminClient,
    kind: Kind,
    file: BulkFile,
    *,
    now: datetime,
    alive: Callable[[], None],
    asked_at: datetime = EPOCH,
) -> int:
    """Write all objects of a file and return how many; what is newer here stays.

    Where a webhook told of the same moment, that one stands, unless somebody `asked_at` a moment
    how it is now: then the answer does.
    """
    refunds = whole_refunds(client, file.refunds, alive=alive)
    job = Job(client, kind, file, refunds, now, asked_at)
    chunks = [(first, min(first + CHUNK, len(file))) for first in range(0, len(file), CHUNK)]
    if kind is ORDERS and len(file) >= LARGE:
        _load_by_hands(job, chunks, alive=alive)
    else:
        _load_here(job, chunks, alive=alive)
    return len(file)


def _load_here(job: Job, chunks: Sequence[Chunk], *, alive: Callable[[], None]) -> None:
    for chunk in chunks:
        alive()
        write_changes(job.client.tenant_id, job.changes(chunk), job.kind.writers, now=job.now)
        failpoint("after_import_chunk")


def _load_by_hands(job: Job, chunks: Sequence[Chunk], *, alive: Callable[[], None]) -> None:
    with Hands(job) as hands:
        for done in range(0, len(chunks), HANDS):
            alive()
            hands.write(chunks[done : done + HANDS])
            with tenant_scope(job.client.tenant_id):
                data_changed(now=job.now)
            failpoint("after_import_chunk")


def write_changes(
    tenant_id: UUID, changes: Sequence[Change], writers: Mapping[str, Any], *, now: datetime
) -> None:
    """Let each topic's writer write its changes, in one transaction, without who was forgotten."""
    with tenant_scope(tenant_id):
        list(TenantState.objects.select_for_update().values_list("id"))  # others wait
        plan_anew(rows=len(changes))
        by_writer: dict[str, list[Change]] = defaultdict(list)
        for change in as_it_may_come_in(changes, now=now):
            by_writer[change.topic].append(change)
        for topic, of_topic in by_writer.items():
            writers[topic](of_topic, now=now)
        data_changed(now=now)


def write_store(tenant_id: UUID, shop: Node, *, now: datetime) -> None:
    """Write the shop itself, whose time zone says on which day an order was."""
    with tenant_scope(tenant_id):
        list(TenantState.objects.select_for_update().values_list("id"))
        body = {**store_body(shop), "updated_at": now.isoformat()}  # it has no version of its own
        upsert_store([change_of("shop/update", body, EPOCH)], now=now)
        data_changed(now=now)
