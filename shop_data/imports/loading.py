"""Writing what a bulk result tells into the mirror, as if webhooks had told it, some at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from shop_data.changes import EPOCH, Change, version_of
from shop_data.imports.bulk_files import BulkFile, Node
from shop_data.imports.kinds import ORDERS, Kind
from shop_data.imports.refunds import with_refunds
from shop_data.payloads.graphql_shop import store_body
from shop_data.payloads.values import parse, written
from shop_data.privacy.withholding import anybody_forgotten, withhold
from shop_data.shopify.client import AdminClient
from shop_data.upserts.store import upsert_store
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tenants.state import data_changed
from xenofy.common.failpoints import failpoint
from xenofy.common.identifiers import uuid7

CHUNK = 500  # objects of one transaction: others who write for the tenant wait that long
Each = TypeVar("Each")


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
    for nodes in _chunks(file.nodes(kind.connections)):
        alive()
        if kind is ORDERS:
            with_refunds(client, nodes)
        write(client.tenant_id, kind, nodes, now=now, asked_at=asked_at)
        failpoint("after_import_chunk")
    return len(file)


def write(
    tenant_id: UUID, kind: Kind, nodes: Sequence[Node], *, now: datetime, asked_at: datetime = EPOCH
) -> None:
    """Write some objects in one transaction; `asked_at` as in `load`."""
    changes = [_change(*told, asked_at) for node in nodes for told in kind.told(node)]
    write_changes(tenant_id, changes, kind.writers, now=now)


def write_changes(
    tenant_id: UUID, changes: Sequence[Change], writers: Mapping[str, Any], *, now: datetime
) -> None:
    """Let each topic's writer write its changes, in one transaction, without who was forgotten."""
    with tenant_scope(tenant_id):
        list(TenantState.objects.select_for_update().values_list("id"))  # others wait
        scrubbed = withhold(changes, now=now) if anybody_forgotten() else {}
        by_writer: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_writer[change.topic].append(scrubbed.get(change.delivery, change))
        for topic, of_topic in by_writer.items():
            writers[topic](of_topic, now=now)
        data_changed(now=now)


def write_store(tenant_id: UUID, shop: Node, *, now: datetime) -> None:
    """Write the shop itself, whose time zone says on which day an order was."""
    with tenant_scope(tenant_id):
        list(TenantState.objects.select_for_update().values_list("id"))
        body = {**store_body(shop), "updated_at": now.isoformat()}  # it has no version of its own
        upsert_store([_change("shop/update", body, EPOCH)], now=now)
        data_changed(now=now)


def _change(topic: str, body: dict[str, Any], asked_at: datetime) -> Change:
    """Return what an object tells."""
    raw = written(body)
    parsed = parse(raw)
    return Change(uuid7(), topic, parsed, raw, version_of(parsed, raw, asked_at))


def _chunks(nodes: Iterable[Each]) -> Iterator[list[Each]]:
    rest = iter(nodes)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
