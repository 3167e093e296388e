"""Bulk operations: started, looked after, fetched into a file, ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from shop_data.imports.bulk_files import BulkFile, Incomplete
from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document
from shop_data.shopify.errors import AccessDenied, Refused, Unreachable
from shop_data.shopify.people import are_people_withheld, without_people

_RUNNING = {"CREATED", "RUNNING", "CANCELING"}
STARTING = "starting"  # stands for the id of an operation that may have been started
_FULL = {"OPERATION_IN_PROGRESS", "LIMIT_REACHED"}


class Busy(Exception):
    """Shopify runs as many bulk operations for us as it does at a time."""


class Result(NamedTuple):
    """A bulk operation that is complete; without an address it found nothing."""

    url: str | None
    objects: int
    roots: int


def start(client: AdminClient, query: str) -> str:
    """Start a bulk operation and return its id; raise `Busy` when there is no place for it.

    Who somebody is is not asked for where Shopify does not show that.
    """
    asked = {"query": _as_asked(client, query)}
    try:
        data = client.run(document("start_bulk"), asked)["bulkOperationRunQuery"]
    except Refused as error:
        if _FULL & {each.get("code") for each in error.errors}:
            raise Busy from error
        raise
    if not data.get("bulkOperation"):
        raise Refused("Shopify does not begin to collect, and does not say why.")
    return str(data["bulkOperation"]["id"])


def find_running(client: AdminClient, query: str) -> str | None:
    """Return the id of an operation of ours that runs and asks this; None where none does."""
    asked = _as_asked(client, query).strip()
    found = client.run(document("recent_bulk"))["bulkOperations"]["nodes"]
    running = (one for one in found if one["status"] in _RUNNING)
    return next((one["id"] for one in running if one["query"].strip() == asked), None)


def _as_asked(client: AdminClient, query: str) -> str:
    """Return a query as Shopify gets it: without people where it does not show them."""
    return without_people(query) if are_people_withheld(client.tenant_id) else query


def look(client: AdminClient, operation: str) -> Result | None:
    """Return what a bulk operation has found; None while it runs.

    Raises `AccessDenied` where our app may not see it, and `Incomplete` when it ended otherwise.
    """
    found: Mapping[str, Any] | None = client.run(document("poll_bulk"), {"id": operation})[
        "bulkOperation"
    ]
    if found is None:
        raise Incomplete("Shopify does not know the bulk operation any more.")
    if found["status"] in _RUNNING:
        return None
    if found.get("errorCode") == "ACCESS_DENIED":
        raise AccessDenied("Shopify does not let Xenofy see this.", fields=(), scopes=(), data={})
    if found["status"] != "COMPLETED":
        raise Incomplete(f"Shopify ended it: {found.get('errorCode') or found['status']}.")
    return Result(found.get("url"), int(found["objectCount"]), int(found["rootObjectCount"]))


def fetch(
    client: AdminClient,
    result: Result,
    path: Path,
    *,
    alive: Callable[[], None],
    kinds: Collection[str] | None = None,
) -> BulkFile:
    """Write a result to a file and return it checked; raise `Incomplete` for less than all.

    One that lies at Shopify no more, a week after it was collected, has to be collected again.
    """
    path.write_bytes(b"")
    try:
        if result.url is not None:
            _download(client, result.url, path, alive=alive)
    except Refused as error:
        raise Incomplete(error.message) from error
    return BulkFile(path, objects=result.objects, roots=result.roots, kinds=kinds, alive=alive)


def _download(client: AdminClient, url: str, path: Path, *, alive: Callable[[], None]) -> None:
    """Write what is at an address; what breaks off goes on there, as long as more comes."""
    with path.open("wb") as file:
        while True:
            begun = file.tell()
            try:
                with client.download(url, begin=begun) as pieces:
                    for piece in pieces:
                        file.write(piece)
                        alive()
            except Unreachable:
                if file.tell() == begun:
                    raise
            else:
                return


def cancel(client: AdminClient, operation: str) -> None:
    """Tell Shopify that nobody waits for a bulk operation any more.

    One that has ended meanwhile, or that Shopify knows no more, is refused: it needs no end.
    """
    with suppress(Refused):
        client.run(document("cancel_bulk"), {"id": operation})
