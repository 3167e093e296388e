"""The feed of what happened, and the older one of what was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Page, check_page_size, page
from xenofy.fakeshop.admin.fields import field, fields, nothing
from xenofy.fakeshop.admin.filters import Read, parse
from xenofy.fakeshop.admin.names import gid
from xenofy.fakeshop.catalogue_records import Happened
from xenofy.fakeshop.state import ShopState

KEPT = timedelta(days=365)
_SUBJECTS = {
    "ORDER": "Order",
    "CUSTOMER": "Customer",
    "PRODUCT": "Product",
    "COLLECTION": "Collection",
}
_DELETED = ("PRODUCT", "COLLECTION")  # of which `deletionEvents` tells

fields("BasicEvent", {
    "subjectId": lambda event: _subject(event),
    "createdAt": lambda event: event.at,
})  # fmt: skip
nothing("BasicEvent", "appTitle", "author")
nothing("BasicEvent", "attributeToApp", "attributeToUser", "criticalAlert", value=False)


def remembered(state: ShopState) -> list[Happened]:
    """Return the events that are still kept."""
    since = state.clock.now() - KEPT
    return [event for event in state.events if event.at >= since]


class Deleted(NamedTuple):
    """An event of the older feed."""

    id: int
    subject_id: str
    subject_type: str
    occurred_at: datetime


_READS: dict[str, Read] = {
    "id": lambda one: one.id,
    "occurred_at": lambda one: one.occurred_at,
}


@field("QueryRoot", "deletionEvents")
def deletions(
    root: Any,
    ask: Ask,
    subjectTypes: Sequence[str] | None = None,
    query: str = "",
    sortKey: str = "ID",
    **paging: Any,
) -> Page:
    ask.needs("read_products", "deletionEvents")
    check_page_size(paging.get("first"), paging.get("last"))
    wanted, kinds = parse(query, _READS, []), subjectTypes or _DELETED
    gone = (
        Deleted(event.id, _subject(event), event.subject_type, event.at)
        for event in remembered(ask.state)
        if event.action == "destroy" and event.subject_type in kinds
    )
    return page(ask, [one for one in gone if wanted(one)], **paging)


def _subject(event: Happened) -> str:
    return gid(_SUBJECTS[event.subject_type], event.subject_id)
