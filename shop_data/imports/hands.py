"""Writing a large file of orders by some processes at once: most of the work is Python's.

Each process, a hand, reads the lines of a chunk and writes their orders in transactions of its own.
While it writes it shares the tenant with the other hands alone: deliveries wait as for one writer,
and find a moment between two rounds. Hands whose process was killed end after their chunk.
"""

from __future__ import annotations

import logging
import pickle
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import connection, connections

from shop_data.changes import Change
from shop_data.imports.bulk_files import BulkFile
from shop_data.imports.kinds import ORDERS, Kind, change_of
from shop_data.imports.refunds import Refunds, put_refunds
from shop_data.privacy.withholding import as_it_may_come_in
from shop_data.shopify.client import AdminClient
from shop_data.upserts.orders import upsert_orders, write_customers
from shop_data.upserts.plans import plan_anew
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)

HANDS = 2
Chunk = tuple[int, int]  # from the first object of it to the one after the last

_SHARE = "SELECT 1 FROM tenants_tenantstate WHERE tenant_id = %s FOR SHARE"


class Job(NamedTuple):
    """A file to write, of objects of a kind; `asked_at` when somebody asked how they are."""

    client: AdminClient
    kind: Kind
    file: BulkFile
    refunds: Refunds
    now: datetime
    asked_at: datetime

    def changes(self, chunk: Chunk) -> list[Change]:
        """Return what the objects of a chunk tell."""
        nodes = list(self.file.nodes(self.kind.connections, *chunk))
        if self.kind is ORDERS:
            put_refunds(nodes, self.refunds)
        return [change_of(*told, self.asked_at) for node in nodes for told in self.kind.told(node)]


class Hands:
    """Some processes that write chunks; they live inside of `with`."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._ends: list[Connection] = []
        self._processes: list[Any] = []

    def __enter__(self) -> Self:
        connections.close_all()  # so that no hand has the connection of another one
        for _ in range(HANDS):
            ours, theirs = get_context("fork").Pipe()
            self._ends.append(ours)
            given = (self._job, theirs, list(self._ends))
            process = get_context("fork").Process(target=_work, args=given, daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
        return self

    def __exit__(self, *error: object) -> None:
        for end in self._ends:
            end.close()
        for process in self._processes:
            process.join()

    def write(self, chunks: Sequence[Chunk]) -> None:
        """Let each hand write a chunk, wait for all of them, and raise what one has raised."""
        busy = list(zip(self._ends, chunks, strict=False))
        for end, chunk in busy:
            end.send(chunk)
        said = [end.recv() for end, _ in busy]
        for error in filter(None, said):
            raise error


def _work(job: Job, end: Connection, of_parent: Sequence[Connection]) -> None:
    """Write what comes until the other side of `end` is closed."""
    for other in of_parent:  # while one process holds it, nobody learns that it was closed
        other.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            chunk = end.recv()
        except EOFError:
            return
        end.send(_done(job, chunk))


def _done(job: Job, chunk: Chunk) -> Exception | None:
    """Write a chunk; return what went wrong."""
    try:
        _write(job, chunk)
    except Exception as error:
        logger.exception("A hand of an import failed.", extra={"tenant": job.client.tenant_id})
        return _sendable(error)
    return None


def _sendable(error: Exception) -> Exception:
    """Return an error that can travel: some of ours take more than their message."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 – our own
    except TypeError:
        return RuntimeError(str(error))
    return error


def _write(job: Job, chunk: Chunk) -> None:
    """Write some orders. Their customers come first and alone: two hands may know the same."""
    changes = job.changes(chunk)
    with _shared(job.client.tenant_id):
        write_customers(as_it_may_come_in(changes, now=job.now), now=job.now)
    with _shared(job.client.tenant_id):
        plan_anew(rows=len(changes))
        known = as_it_may_come_in(changes, now=job.now)
        upsert_orders(known, now=job.now, has_customers=True)


@contextmanager
def _shared(tenant_id: UUID) -> Iterator[None]:
    """Run a transaction beside other hands, while nobody else writes for the tenant."""
    with tenant_scope(tenant_id), connection.cursor() as cursor:
        cursor.execute(_SHARE, [tenant_id])
        yield
