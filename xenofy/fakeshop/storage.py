"""The place where the files of bulk operations are, for those who know the address."""

from __future__ import annotations

from re import Match

from xenofy.fakeshop.bulk import FILE_LASTS, HOST, BulkOperation
from xenofy.fakeshop.http import Answer, Request
from xenofy.fakeshop.world import World

_GONE = b"<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>"


def download(world: World, request: Request, path: Match[str]) -> Answer:
    """Answer the file of an operation; 400 when its address has expired, as Google does."""
    operation = _operation(world, int(path["id"]))
    if request.host != HOST or operation is None or operation.address is None:
        return Answer(404, b"", "application/xml")
    ended = operation.completed_at
    if ended is not None and world.clock.now() >= ended + FILE_LASTS:
        return Answer(400, _GONE, "application/xml")
    return Answer(200, operation.read(), "application/jsonl")


def _operation(world: World, number: int) -> BulkOperation | None:
    for domain in world.domains():
        shop = world.find(domain)
        if shop is not None and number in shop.bulk.by_id:
            return shop.bulk.by_id[number]
    return None
