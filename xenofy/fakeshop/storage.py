"""The place where the files of bulk operations are, for those who know the address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from re import Match

from xenofy.fakeshop.bulk import HOST, BulkOperation
from xenofy.fakeshop.http import Answer, Hangup, Request
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.world import World

_GONE = b"<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>"


def download(world: World, request: Request, path: Match[str]) -> Answer:
    """Answer the file of an operation; 400 when its address has expired, as Google does."""
    found = _found(world, int(path["id"]))
    if request.host != HOST or found is None:
        return Answer(404, b"", "application/xml")
    shop, operation = found
    lasts, ended = timedelta(seconds=shop.chaos.bulk_lasts), operation.completed_at
    if ended is not None and world.clock.now() >= ended + lasts:
        return Answer(400, _GONE, "application/xml")
    if shop.chaos.bulk_breaks > 0:
        shop.chaos.bulk_breaks -= 1
        return Answer(200, _broken(operation), "application/jsonl")
    return Answer(200, operation.read(), "application/jsonl")


def _broken(operation: BulkOperation) -> Iterator[bytes]:
    """Yield half of a file, then end the connection."""
    left = operation.size // 2
    for part in operation.read():
        yield part[:left]
        left -= len(part)
        if left <= 0:
            raise Hangup


def _found(world: World, number: int) -> tuple[Shop, BulkOperation] | None:
    """Return an operation that has a file, and its shop."""
    for shop in map(world.shop, world.domains()):
        operation = shop.bulk.by_id.get(number)
        if operation is not None and operation.address is not None:
            return shop, operation
    return None
