"""Answers that are sent after the view has returned, and what of the tenant they may still see."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from contextvars import copy_context
from typing import Any
from uuid import UUID

from django.http import FileResponse, StreamingHttpResponse

from tenants.scope import current_tenant_id, tenant_scope

logger = logging.getLogger(__name__)
Chunks = Iterator[bytes]
Steps = Generator[bytes, None, None]


class TenantStream(StreamingHttpResponse):
    """An answer whose rows are read while it is sent, in a transaction of its own.

    Parameters
    ----------
    chunks
        begins the answer; it is called, and goes on, inside the scope of the tenant that was
        current when the answer was made, and sees one moment of the data throughout.
    broken
        is sent in place of the rest when the rest fails, before the server breaks the connection
        off. The status has gone out by then, and not every client says that a transfer broke: so
        the answer itself says it too.
    """

    def __init__(self, chunks: Callable[[], Chunks], *, broken: bytes, **more: Any) -> None:
        super().__init__(_Stream(_steps(current_tenant_id(), chunks, broken)), **more)


class WrittenFile(FileResponse):
    """A file that was written inside the scope: to send it needs no tenant."""


class _Stream:
    """Runs each step in a context that nobody else has.

    Between two steps, and after the last, whoever sends the answer has no tenant. All steps have
    to be taken by one thread, whose connection it is; our server does so.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._context = copy_context()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._context.run(next, self._steps)

    def close(self) -> None:
        """End the transaction of a stream that nobody reads any further."""
        self._context.run(self._steps.close)


def _steps(tenant_id: UUID, chunks: Callable[[], Chunks], broken: bytes) -> Steps:
    try:
        with tenant_scope(tenant_id, snapshot=True):
            yield from chunks()
    except Exception:
        logger.exception("An answer ended before its end.")
        yield broken
        raise
