"""Writing the file of a bulk operation: JSON Lines, in which children stand anywhere.

A file is written in slices, one with each request, so that a large shop answers meanwhile.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from random import Random

from graphql import GraphQLError, parse

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.bulk_lines import BulkReader
from xenofy.fakeshop.admin.schema import schema
from xenofy.fakeshop.bulk import BulkOperation, end

_WINDOW = 2000  # lines that are shuffled together
_SLICE = 3.0  # seconds that a request waits for files at most


def go_on(ask: Ask) -> None:
    """Write on the files of all operations that are due, and end those that are whole."""
    until = time.monotonic() + _SLICE
    for operation in ask.shop.bulk.due(ask.now()):
        if operation.writing is None:
            bulk = Ask(ask.shop, ask.grant, ask.version, schema(), is_bulk=True)
            operation.writing = _written(operation, bulk)
        for _ in operation.writing:
            if time.monotonic() > until:
                return
        end(operation, ask.shop.chaos, ask.now())
        ask.state.tell("bulk_operations/finish", operation)


def _written(operation: BulkOperation, ask: Ask) -> Iterator[None]:
    """Write all lines, pausing now and then; a refused field ends it early.

    What the double cannot answer is its fault: the file then does not call itself complete.
    """
    reader = BulkReader(schema(), parse(operation.query), ask)
    shuffle, window = Random(operation.id), list[bytes]()  # noqa: S311 – an order, not a secret
    try:
        for row, selected, kind in reader.roots():
            lines = reader.lines(row, selected, kind)
            operation.roots += 1
            operation.objects += len(lines)
            window += [json.dumps(line).encode() + b"\n" for line in lines]
            if len(window) >= _WINDOW:
                _flush(operation, window, shuffle)
                yield
    except GraphQLError:
        operation.error_code = "ACCESS_DENIED"
    except Exception:
        operation.error_code = "INTERNAL_SERVER_ERROR"
        raise
    _flush(operation, window, shuffle)


def _flush(operation: BulkOperation, window: list[bytes], shuffle: Random) -> None:
    shuffle.shuffle(window)
    operation.write(b"".join(window))
    window.clear()
