"""Bulk operations: running, polling, listing, cancelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.bulk_rules import refusals
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields
from xenofy.fakeshop.admin.filters import Read, parse
from xenofy.fakeshop.admin.names import gid, number_of
from xenofy.fakeshop.bulk import SLOTS, BulkOperation

_READS: Mapping[str, Read] = {
    "status": lambda one: one.status,
    "operation_type": lambda one: one.type,
    "created_at": lambda one: one.created_at,
    "id": lambda one: one.id,
}

fields("BulkOperation", {
    "id": lambda one: _gid(one),
    "objectCount": lambda one: one.objects,
    "rootObjectCount": lambda one: one.roots,
    "fileSize": lambda one: one.size if one.status == "COMPLETED" and one.size else None,
    "url": lambda one: None if one.is_partial else one.address,
    "partialDataUrl": lambda one: one.address if one.is_partial else None,
})  # fmt: skip


class Problem(NamedTuple):
    """A user error."""

    field: list[str]
    message: str
    code: str = "INVALID"


class Outcome(NamedTuple):
    """The payload of a mutation."""

    bulk_operation: BulkOperation | None
    user_errors: list[Problem]


def _gid(one: BulkOperation) -> str:
    return gid("BulkOperation", one.id)


@field("Mutation", "bulkOperationRunQuery")
def run(root: Any, ask: Ask, query: str, groupObjects: bool = False) -> Outcome:
    """Start an operation, or say in Shopify's words why not."""
    if found := refusals(ask.schema, query):
        return Outcome(None, [Problem(["query"], message) for message in found])
    running = ask.shop.bulk.running(ask.grant.app)
    if len(running) >= SLOTS:
        names = ", ".join(_gid(one) for one in running)
        message = f"A bulk query operation for this app and shop is already in progress: {names}."
        return Outcome(None, [Problem(["query"], message, "OPERATION_IN_PROGRESS")])
    started = BulkOperation(ask.state.new_id(), ask.grant.app, query, ask.now())
    ask.shop.bulk.start(started)
    return Outcome(started, [])


@field("Mutation", "bulkOperationCancel")
def cancel(root: Any, ask: Ask, id: str) -> Outcome:
    found = _find(ask, id)
    if found is None:
        return Outcome(None, [Problem(["id"], "Bulk operation does not exist")])
    if not found.is_running:
        message = "A bulk operation cannot be canceled when it is completed"
        return Outcome(found, [Problem([], message)])
    ask.shop.bulk.cancel(found)
    return Outcome(found, [])


@field("QueryRoot", "bulkOperation")
def one(root: Any, ask: Ask, id: str) -> BulkOperation | None:
    return _find(ask, id)


@field("QueryRoot", "bulkOperations")
def many(root: Any, ask: Ask, query: str = "", sortKey: str = "", **paging: Any) -> Page:
    wanted = parse(query, _READS, [])
    return page(ask, [one for one in _of_app(ask) if wanted(one)], **paging)


@field("QueryRoot", "currentBulkOperation")
def current(root: Any, ask: Ask, type: str = "QUERY") -> BulkOperation | None:
    return next(reversed(_of_app(ask)), None)


def _of_app(ask: Ask) -> list[BulkOperation]:
    return [one for one in ask.shop.bulk.by_id.values() if one.app == ask.grant.app]


def _find(ask: Ask, id: str) -> BulkOperation | None:
    found = ask.shop.bulk.by_id.get(number_of(id)[1])
    return found if found is not None and found.app == ask.grant.app else None
