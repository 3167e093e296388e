"""Files that were uploaded: read first, taken when somebody confirms; `manage.py sync` does both.

A step takes some thousand records and keeps its place: whoever is killed meanwhile loses a chunk
at most, and what is written twice is there once.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID

from django.db.models import F, Min

from shop_data.csv_exports.exports import Export, Record, export_of
from shop_data.csv_exports.loading import CHUNK, note_known, write
from shop_data.csv_exports.rows import Table, Unreadable
from shop_data.csv_exports.understanding import Understanding, records_in, understand
from shop_data.errands import ask
from shop_data.models import CsvUpload
from tenants.scope import tenant_scope
from xenofy.common.errors import Conflict

CSV = "csv"  # the errand
MOST_WAITING = 20  # uploads of a shop that are not taken yet
KEPT, REMEMBERED = timedelta(days=1), timedelta(days=90)  # a content, and what came of it
_RECORDS_A_STEP = 10 * CHUNK
_PART = 2**16  # bytes that are inflated at once
State = CsvUpload.State
_WAITING = (State.READING, State.UNDERSTOOD, State.TAKING)


class TooMany(Conflict):
    """The shop has as many uploads as may wait."""

    def __init__(self) -> None:
        super().__init__(f"{MOST_WAITING} files wait already. Import or drop some of them first.")


def keep(name: str, parts: Iterable[bytes], *, now: datetime) -> CsvUpload:
    """Keep a file of the current tenant and let it be read; raise `TooMany`."""
    if CsvUpload.objects.filter(state__in=_WAITING).count() >= MOST_WAITING:
        raise TooMany
    squeezing, squeezed, size = zlib.compressobj(1), io.BytesIO(), 0
    for part in parts:
        size += len(part)
        squeezed.write(squeezing.compress(part))
    squeezed.write(squeezing.flush())
    upload: CsvUpload = CsvUpload.objects.create(
        name=name[:255], size=size, content=squeezed.getvalue(), uploaded_at=now
    )
    ask(CSV, at=now)
    return upload


def confirm(upload_id: UUID, *, holds_all: bool = False, now: datetime) -> bool:
    """Let what was understood be taken; false where there is nothing to take.

    `holds_all`: the owner says that the file has every order of its days.
    """
    rows = CsvUpload.objects.filter(id=upload_id, state=State.UNDERSTOOD)
    ask(CSV, at=now)
    return bool(rows.update(state=State.TAKING, holds_all=holds_all))


def drop(upload_id: UUID, *, now: datetime) -> bool:
    """Forget a file that waits; what has been taken of it stays."""
    rows = CsvUpload.objects.filter(id=upload_id, state__in=_WAITING)
    return bool(rows.update(state=State.DROPPED, content=None, ended_at=now))


def step(tenant_id: UUID, *, now: datetime, alive: Callable[[], None]) -> datetime | None:
    """Read a file, or take some of one that was confirmed; return when the next step is due."""
    with tenant_scope(tenant_id):
        _clear(now)
        rows = CsvUpload.objects.filter(state__in=(State.READING, State.TAKING))
        upload = rows.order_by("uploaded_at", "id").first()
        waiting_since = CsvUpload.objects.filter(state__in=_WAITING).aggregate(
            at=Min("uploaded_at")
        )["at"]
    if upload is None:
        return waiting_since + KEPT if waiting_since else None
    if upload.state == State.READING:
        _understand(tenant_id, upload, now=now, alive=alive)
    else:
        _take(tenant_id, upload, now=now, alive=alive)
    return now


def _clear(now: datetime) -> None:
    """Drop what nobody confirmed for a day, and forget what was long ago."""
    old = CsvUpload.objects.filter(state__in=(State.READING, State.UNDERSTOOD))
    old.filter(uploaded_at__lte=now - KEPT).update(
        state=State.DROPPED, content=None, ended_at=now, trouble="It waited for a day."
    )
    CsvUpload.objects.filter(uploaded_at__lt=now - REMEMBERED).delete()


def _understand(
    tenant_id: UUID, upload: CsvUpload, *, now: datetime, alive: Callable[[], None]
) -> None:
    said: dict[str, Any]
    try:
        found = understand(
            tenant_id,
            opened(upload),
            uploaded_at=upload.uploaded_at,
            alive=alive,
            before=upload.understood,
            most=_RECORDS_A_STEP,
        )
    except Unreadable as error:
        said = {"state": State.REFUSED, "trouble": str(error), "content": None, "ended_at": now,
                "understood": {}}  # fmt: skip
    else:
        state = State.UNDERSTOOD if found.is_whole else State.READING
        said = {"state": state, "understood": vars(found)}
    with tenant_scope(tenant_id):
        CsvUpload.objects.filter(id=upload.id, state=State.READING).update(**said)


def _take(tenant_id: UUID, upload: CsvUpload, *, now: datetime, alive: Callable[[], None]) -> None:
    """Take the next records; whoever drops the upload meanwhile ends it."""
    table = Table(opened(upload))
    export = export_of(table)
    left = islice(records_in(export, table, Understanding(export.name, [], [])), upload.done, None)
    some = islice(left, _RECORDS_A_STEP)
    while records := list(islice(some, CHUNK)):
        alive()
        if not _take_chunk(tenant_id, upload, export, records, now=now):
            return
    if next(left, None) is None:
        with tenant_scope(tenant_id):
            rows = CsvUpload.objects.filter(id=upload.id, state=State.TAKING)
            if rows.update(state=State.DONE, content=None, ended_at=now) and upload.holds_all:
                note_known(upload.understood["days"], now=now)


def _take_chunk(
    tenant_id: UUID, upload: CsvUpload, export: Export, records: list[Record], *, now: datetime
) -> bool:
    with tenant_scope(tenant_id):
        written = write(tenant_id, export, records, uploaded_at=upload.uploaded_at, now=now)
        rows = CsvUpload.objects.filter(id=upload.id, state=State.TAKING)
        return bool(rows.update(done=F("done") + len(records), written=F("written") + written))


# ── contents ──────────────────────────────────────────────────────────────────────────────────


def opened(upload: CsvUpload) -> BinaryIO:
    """Return the content as a file, of which little is in memory at once."""
    return io.BufferedReader(_Inflated(bytes(upload.content or b"")))


class _Inflated(io.RawIOBase):
    def __init__(self, squeezed: bytes) -> None:
        self._parts = _inflated(squeezed)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or next(self._parts, b"")
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _inflated(squeezed: bytes) -> Iterator[bytes]:
    inflating = zlib.decompressobj()
    waiting = squeezed
    while waiting:
        part = inflating.decompress(waiting, _PART)
        waiting = inflating.unconsumed_tail
        if part:
            yield part
    if rest := inflating.flush():
        yield rest
